"""Tasks as datasets: the same by all policies, and without the server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cvat_local.embedded import LocalServer
from cvat_sdk import Client, Config, make_client
from cvat_sdk.core.proxies.tasks import Task
from cvat_sdk.datasets import (
    MediaDownloadPolicy,
    TaskDataset,
    UnsupportedDatasetError,
    UpdatePolicy,
)
from cvat_sdk.datasets.caching import make_cache_manager
from cvat_sdk.datasets.task_dataset import _opened

Pictures = Callable[..., list[Path]]
PRELOAD, CHUNKS, FRAMES = MediaDownloadPolicy


@pytest.fixture
def high(local_server: LocalServer, tmp_path: Path) -> Iterator[Client]:
    config = Config(status_check_period=0.05, cache_dir=tmp_path / "cache")
    credentials = (local_server.username, local_server.password)
    with make_client(local_server.url, credentials=credentials, config=config) as client:
        yield client


@pytest.fixture
def files(pictures: Pictures) -> list[Path]:
    return sorted(pictures(7))


@pytest.fixture
def task(high: Client, files: list[Path]) -> Task:
    """Seven frames in chunks of two, of which one is deleted; a tag and shapes."""
    task = high.tasks.create_from_data(
        {"name": "a", "labels": [{"name": "car"}, {"name": "bus"}]},
        files,
        data_params={"chunk_size": 2, "image_quality": 70},
    )
    label = task.get_labels()[0].id
    shape = {"type": "rectangle", "label_id": label, "points": [1, 1, 5, 5]}
    task.set_annotations(
        {
            "tags": [{"frame": 1, "label_id": label}],
            "shapes": [{**shape, "frame": frame} for frame in (0, 0, 3)],
        }
    )
    task.remove_frames_by_ids([3])
    return task.fetch()  # type: ignore[no-any-return]  # the same task


def colours(samples: Any) -> list[Any]:
    return [sample.media.load_image().convert("RGB").getpixel((0, 0)) for sample in samples]


@pytest.mark.parametrize("policy", [PRELOAD, CHUNKS, FRAMES])
def test_samples_are_the_frames(
    high: Client, task: Task, files: list[Path], policy: MediaDownloadPolicy
) -> None:
    dataset = TaskDataset(high, task.id, media_download_policy=policy)
    assert [label.name for label in dataset.labels] == ["car", "bus"]
    assert [sample.frame_index for sample in dataset.samples] == [0, 1, 2, 4, 5, 6]
    assert [sample.frame_name for sample in dataset.samples] == [
        path.name for index, path in enumerate(files) if index != 3
    ]
    counts = [
        (len(s.annotations.tags), len(s.annotations.shapes))
        for s in dataset.samples
        if s.annotations
    ]
    assert counts == [(0, 2), (1, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
    expected = []
    for index, path in enumerate(files):
        if index != 3:
            with Image.open(path) as image:
                expected.append(image.convert("RGB").getpixel((0, 0)))
    assert colours(dataset.samples) == expected
    with dataset.iter_samples() as samples:
        assert colours(samples) == expected


def test_it_works_without_the_server(
    high: Client, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    online = TaskDataset(high, task.id)
    with pytest.raises(FileNotFoundError):
        TaskDataset(high, task.id + 1000, update_policy=UpdatePolicy.NEVER)
    monkeypatch.setattr(
        "urllib3.connectionpool.HTTPConnectionPool.urlopen",
        lambda *args, **options: pytest.fail("the server was asked"),
    )
    offline = TaskDataset(high, task.id, update_policy=UpdatePolicy.NEVER)
    assert colours(offline.samples) == colours(online.samples)
    assert [s.annotations for s in offline.samples] == [s.annotations for s in online.samples]
    assert offline.labels == online.labels
    with pytest.raises(AssertionError):
        TaskDataset(high, task.id, update_policy=UpdatePolicy.NEVER, media_download_policy=FRAMES)


def test_what_has_changed_is_read_anew(high: Client, task: Task) -> None:
    TaskDataset(high, task.id)
    task.remove_annotations()
    task.update({"name": "changed"})
    dataset = TaskDataset(high, task.id)
    assert all(sample.annotations and not sample.annotations.shapes for sample in dataset.samples)


def test_what_is_broken_is_read_anew(
    high: Client, task: Task, caplog: pytest.LogCaptureFixture
) -> None:
    before = colours(TaskDataset(high, task.id).samples)
    manager = make_cache_manager(high, UpdatePolicy.IF_MISSING_OR_STALE)
    (manager.chunk_dir(task.id) / "1.zip").write_bytes(b"PK cut")
    (manager.task_dir(task.id) / "annotations.json").write_text("{")
    dataset = TaskDataset(high, task.id)
    assert colours(dataset.samples) == before
    assert dataset.samples[0].annotations
    assert len(dataset.samples[0].annotations.shapes) == 2
    assert "Failed to load annotations" in caplog.text
    manager.task_json_path(task.id).write_text("[]")
    assert colours(TaskDataset(high, task.id).samples) == before


def test_annotations_may_be_left_out(high: Client, task: Task) -> None:
    dataset = TaskDataset(high, task.id, load_annotations=False)
    assert {sample.annotations for sample in dataset.samples} == {None}


def test_temporary_chunks_leave_nothing(
    high: Client, task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dataset = TaskDataset(high, task.id, media_download_policy=CHUNKS)
    with dataset.iter_samples(temporary_chunks=True) as samples:
        first = next(samples)
        (folder,) = tmp_path.glob(f"cvat-task-{task.id}-chunks-*")
        assert first.media.load_image().size == (16, 12)
        assert len(list(samples)) == 5
    with dataset.iter_samples(temporary_chunks=True) as samples:
        next(samples)  # and no further
    assert not folder.exists()
    assert list(tmp_path.glob("cvat-task-*")) == []
    assert not make_cache_manager(high, UpdatePolicy.NEVER).chunk_dir(task.id).exists()
    with (
        pytest.raises(AssertionError),
        TaskDataset(high, task.id).iter_samples(temporary_chunks=True),
    ):
        pass


def test_what_is_about_to_be_removed_is_not_open(high: Client, task: Task) -> None:
    """Windows removes no file that is."""
    TaskDataset(high, task.id).samples[0].media.load_image()
    assert _opened.cache_info().currsize == 1
    dataset = TaskDataset(high, task.id, media_download_policy=CHUNKS)
    assert _opened.cache_info().currsize == 0
    with dataset.iter_samples(temporary_chunks=True) as samples:
        next(samples).media.load_image()
        assert _opened.cache_info().currsize == 0


def test_a_task_without_data(high: Client) -> None:
    task = high.tasks.create({"name": "empty"})
    with pytest.raises(UnsupportedDatasetError, match="no data"):
        TaskDataset(high, task.id)


def test_projects_are_kept(high: Client) -> None:
    project = high.projects.create({"name": "p", "labels": [{"name": "car"}]})
    inside = high.tasks.create({"name": "t", "project_id": project.id})
    online = make_cache_manager(high, UpdatePolicy.IF_MISSING_OR_STALE)
    online.retrieve_project(project.id)
    online.retrieve_task(inside.id)
    offline = make_cache_manager(high, UpdatePolicy.NEVER).retrieve_project(project.id)
    assert [task.id for task in offline.get_tasks()] == [inside.id]
    assert [label.name for label in offline.get_labels()] == ["car"]
