"""Tasks, jobs, projects and the others as objects with methods, on a server."""

from __future__ import annotations

import copy
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from tests.core.watching import Watching

from cvat_local.embedded import LocalServer
from cvat_sdk import Client, Config, make_client, models
from cvat_sdk.core.proxies.annotations import AnnotationUpdateAction
from cvat_sdk.core.proxies.jobs import Job
from cvat_sdk.core.proxies.tasks import ResourceType, Task
from cvat_sdk.core.proxies.types import Location
from cvat_sdk.exceptions import ApiException, ApiValueError

Pictures = Callable[..., list[Path]]


@pytest.fixture
def high(local_server: LocalServer) -> Iterator[Client]:
    credentials = (local_server.username, local_server.password)
    config = Config(status_check_period=0.05)
    with make_client(local_server.url, credentials=credentials, config=config) as client:
        yield client


@pytest.fixture
def task(high: Client, pictures: Pictures) -> Task:
    spec = models.TaskWriteRequest("a task", labels=[{"name": "car"}])
    return high.tasks.create_from_data(spec, pictures(3))


def test_a_task_from_files(
    high: Client, pictures: Pictures, caplog: pytest.LogCaptureFixture
) -> None:
    reporter = Watching()
    files = pictures(5)
    with caplog.at_level(logging.INFO, "cvat_sdk.core.client"):
        task = high.tasks.create_from_data(
            {"name": "mine", "labels": [{"name": "car"}]},
            files,
            data_params={"image_quality": 51, "sorting_method": "predefined", "frame_step": 2},
            pbar=reporter,
        )
    assert (task.name, task.size, task.image_quality) == ("mine", 3, 51)
    assert [frame.name for frame in task.get_frames_info()] == [path.name for path in files[::2]]
    assert reporter.done == reporter.total == sum(path.stat().st_size for path in files)
    assert f"Created task ID: {task.id} NAME: mine" in caplog.text
    assert isinstance(task, models.ITaskRead)
    assert repr(task) == f"<Task: id={task.id}>"
    assert "'name': 'mine'" in str(task)


def test_wrong_specifications(high: Client, pictures: Pictures) -> None:
    before = len(high.tasks.list())
    for spec in (
        models.TaskWriteRequest("a", project_id=1, labels=[{"name": "car"}]),
        {"name": "a", "project_id": 1, "labels": [{"name": "car"}]},
    ):
        with pytest.raises(ApiValueError, match="project_id or labels"):
            high.tasks.create_from_data(spec, pictures(1))
    with pytest.warns(UserWarning, match="image_qality"), pytest.raises(ApiException):
        high.tasks.retrieve(high.tasks.create({"name": "b"}).id).upload_data(
            pictures(1), params={"image_qality": 5}
        ) or high.tasks.retrieve(10**6)
    assert len(high.tasks.list()) == before + 1


def test_fields_are_attributes(task: Task) -> None:
    assert not hasattr(task, "nonsense")
    with pytest.raises(AttributeError):
        task.nonsense  # noqa: B018 - what is tried
    with pytest.warns(UserWarning, match="update"):
        task.name = "here only"
    assert task.fetch().name == "here only"
    assert copy.copy(task).id == task.id


def test_frames(task: Task, tmp_path: Path, pictures: Pictures) -> None:
    original = sorted(pictures(3))[1].read_bytes()
    (path,) = task.download_frames([1], outdir=tmp_path / "new" / "out")
    assert path == tmp_path / "new" / "out" / "frame_000001.png"
    assert path.read_bytes() == original  # as it is on the server, not written anew
    (other,) = task.download_frames(
        [1], outdir=tmp_path, image_extension=".jpg", filename_pattern="f{frame_id}{frame_ext}"
    )
    assert other.name == "f1.jpg"
    with Image.open(other) as image:
        assert image.format == "JPEG"
    assert isinstance(task.get_frame(0), io.BytesIO)
    assert task.get_preview().read(3)
    chunk = io.BytesIO()
    task.download_chunk(0, chunk, quality="original")
    with zipfile.ZipFile(chunk) as archive:
        assert len(archive.namelist()) == 3
    task.remove_frames_by_ids([2])
    assert task.get_meta().deleted_frames == [2]
    (job,) = task.get_jobs()
    assert job.get_frame(0, quality="original").read(4) == original[:4]
    assert job.get_frame(0).read(2)
    assert job.get_preview().read(3)


def test_annotations(task: Task) -> None:
    (label,) = task.get_labels()
    shape = {"type": "rectangle", "label_id": label.id, "frame": 0, "points": [1, 1, 5, 5]}
    task.set_annotations(
        {"shapes": [shape, {**shape, "frame": 1}], "tags": [{"frame": 2, "label_id": label.id}]}
    )
    task.update_annotations(
        {"shapes": [{**shape, "frame": 2}]}, action=AnnotationUpdateAction.CREATE
    )
    annotations = task.get_annotations()
    assert [entry.frame for entry in annotations.shapes] == [0, 1, 2]
    task.remove_annotations(ids=[annotations.shapes[0].id, annotations.tags[0].id])
    left = task.get_annotations()
    assert [entry.frame for entry in left.shapes] == [1, 2]
    assert left.tags == []
    task.remove_annotations(ids=[])
    assert len(task.get_annotations().shapes) == 2
    (job,) = task.get_jobs()
    assert len(job.get_annotations().shapes) == 2
    task.remove_annotations()
    assert task.get_annotations().shapes == []


def test_exports_and_imports(high: Client, task: Task, tmp_path: Path) -> None:
    (label,) = task.get_labels()
    shape = {"type": "rectangle", "label_id": label.id, "frame": 0, "points": [1, 1, 5, 5]}
    task.set_annotations({"shapes": [shape]})
    reporter = Watching()
    path = task.export_dataset("COCO 1.0", tmp_path / "a.zip", pbar=reporter)
    assert path == tmp_path / "a.zip"
    assert reporter.done == reporter.total == path.stat().st_size
    with pytest.raises(FileExistsError):
        task.export_dataset("COCO 1.0", path)
    with pytest.raises(ValueError, match="cloud_storage_id"):
        task.export_dataset("COCO 1.0", "x", location=Location.CLOUD_STORAGE)
    task.remove_annotations()
    task.import_annotations("COCO 1.0", path)
    assert len(task.get_annotations().shapes) == 1
    (job,) = task.get_jobs()
    annotations = job.export_dataset("COCO 1.0", tmp_path / "b.zip", include_images=False)
    assert annotations
    job.import_annotations("COCO 1.0", annotations)
    again = high.tasks.create_from_data(
        {"name": "again", "labels": [{"name": "car"}]},
        sorted((tmp_path / "pictures").iterdir()),
        annotation_path=annotations,
        annotation_format="COCO 1.0",
    )
    assert len(again.get_annotations().shapes) == 1


def test_lists(high: Client, task: Task) -> None:
    task.update({"name": "a name like no other"})
    assert task.name == "a name like no other"
    (found,) = high.tasks.list(name__contains="like no")
    assert found.id == task.id
    assert [entry.id for entry in high.tasks.list(filter={"==": [{"var": "id"}, task.id]})] == [
        task.id
    ]
    assert [
        entry["id"] for entry in json.loads(high.tasks.list(return_json=True, id__in=[task.id]))
    ] == [task.id]
    ids = [entry.id for entry in high.tasks.list(ordering="-id")]
    assert ids == sorted(ids, reverse=True)
    with pytest.raises(TypeError, match="page"):
        high.tasks.list(page=2)


def test_jobs_projects_and_others(high: Client, task: Task, pictures: Pictures) -> None:
    (job,) = task.get_jobs()
    assert isinstance(job, Job)
    assert job.update(models.PatchedJobWriteRequest(stage="validation")).stage == "validation"
    assert high.jobs.retrieve(job.id).task_id == task.id
    assert [label.name for label in job.get_labels()] == ["car"]
    project = high.projects.create({"name": "all", "labels": [{"name": "bus"}]})
    inside = high.tasks.create({"name": "inside", "project_id": project.id})
    assert [entry.id for entry in project.get_tasks()] == [inside.id]
    assert [label.name for label in inside.get_labels()] == ["bus"]
    assert project.update({"name": "renamed"}).name == "renamed"
    user = high.users.retrieve_current_user()
    assert high.users.retrieve(user.id).username == user.username
    project.remove()
    with pytest.raises(ApiException):
        project.fetch()


def test_an_organization_of_another_context(high: Client) -> None:
    """What belongs to an object is found whatever organization the client is set to."""
    organization = high.organizations.create({"slug": "lab7"})
    with high.organization_context("lab7"):
        project = high.projects.create({"name": "of the lab", "labels": [{"name": "car"}]})
        high.tasks.create({"name": "of the lab too", "project_id": project.id})
    assert [entry.name for entry in project.get_tasks()] == ["of the lab too"]
    assert [label.name for label in project.get_labels()] == ["car"]
    organization.remove()


def test_deleting_several(high: Client, caplog: pytest.LogCaptureFixture) -> None:
    ids = [high.tasks.create({"name": "x"}).id for _ in range(2)]
    with caplog.at_level(logging.INFO, "cvat_sdk.core.client"):
        high.tasks.remove_by_ids(task_ids=[*ids, 10**6])
    assert f"Task ID {ids[0]} deleted" in caplog.text
    assert f"Task ID {10**6} not found" in caplog.text


def test_enumerations() -> None:
    assert [str(kind) for kind in ResourceType] == ["local", "share", "remote"]
    assert repr(ResourceType.LOCAL) == "local"
    assert str(Location.CLOUD_STORAGE) == Location.CLOUD_STORAGE == "cloud_storage"
