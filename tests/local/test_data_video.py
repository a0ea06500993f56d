"""Tasks made of a video."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from tests.local.conftest import Client
from tests.local.media_samples import attach, jobs_of, meta_of, new_task, opened, refused, task_of

from cvat_local.embedded import LocalServer
from cvat_local.resources.data.frames import TaskMedia
from cvat_local.storage.engine import reading
from cvat_local.storage.tables import Task

Api = Callable[..., Client]


@pytest.fixture(scope="module")
def client(api: Api) -> Client:
    return api()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """50 frames of 160 x 120; frame n has the grey value 5n."""
    path: Path = tmp_path_factory.mktemp("video") / "v.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"g": "12", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(50):
            picture = Image.new("RGB", (160, 120), (number * 5,) * 3)
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())
    return path.read_bytes()


@pytest.fixture(scope="module")
def task(client: Client, clip: bytes) -> int:
    return task_of(client, [("v.mp4", clip)], {"segment_size": 20})


def number_of(image: Image.Image) -> int:
    return round(float(np.asarray(image.convert("L")).mean()) / 5)


def get(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/{path}/data", query=query)
    assert answer.status == 200, answer.data
    return answer


def mp4_numbers(content: bytes) -> list[int]:
    with av.open(io.BytesIO(content)) as container:
        return [number_of(frame.to_image()) for frame in container.decode(video=0)]


def zip_numbers(content: bytes) -> list[int]:
    with zipfile.ZipFile(io.BytesIO(content)) as chunk:
        return [number_of(opened(chunk.read(name))) for name in chunk.namelist()]


def test_task(client: Client, task: int) -> None:
    answer = client.get(f"/api/tasks/{task}").json()
    expected = {
        "mode": "interpolation",
        "size": 50,
        "segment_size": 20,
        "overlap": 5,
        "data_chunk_size": 36,
        "data_original_chunk_type": "video",
        "data_compressed_chunk_type": "video",
    }
    assert {key: answer[key] for key in expected} == expected
    ranges = [(job["start_frame"], job["stop_frame"]) for job in jobs_of(client, task)]
    assert ranges == [(0, 19), (15, 34), (30, 49)]


def test_description(client: Client, task: int) -> None:
    meta = meta_of(client, task)
    assert meta["frames"] == [
        {
            "width": 160,
            "height": 120,
            "name": "v.mp4",
            "related_files": 0,
            "has_related_context": False,
        }
    ]
    assert (meta["size"], meta["stop_frame"], meta["chapters"]) == (50, 49, [])
    job = jobs_of(client, task)[1]["id"]
    job_meta = client.get(f"/api/jobs/{job}/data/meta").json()
    assert (job_meta["size"], job_meta["start_frame"], job_meta["stop_frame"]) == (20, 15, 34)
    assert len(job_meta["frames"]) == 1


@pytest.mark.parametrize("number", [0, 13, 49])
def test_frames_are_png_in_both_qualities(client: Client, task: int, number: int) -> None:
    for quality in ("original", "compressed"):
        answer = get(client, f"tasks/{task}", type="frame", number=number, quality=quality)
        assert answer.headers["Content-Type"] == "image/png"
        image = opened(answer.data)
        assert (image.format, image.size, number_of(image)) == ("PNG", (160, 120), number)


@pytest.mark.parametrize(("number", "frames"), [(0, range(36)), (1, range(36, 50))])
def test_chunks_are_videos(client: Client, task: int, number: int, frames: range) -> None:
    for quality in ("original", "compressed"):
        answer = get(client, f"tasks/{task}", type="chunk", number=number, quality=quality)
        assert answer.headers["Content-Type"] == "video/mp4"
        assert mp4_numbers(answer.data) == list(frames)
        assert "X-Checksum" in answer.headers


def test_chunks_of_a_job(client: Client, task: int) -> None:
    job = jobs_of(client, task)[1]["id"]
    assert mp4_numbers(get(client, f"jobs/{job}", type="chunk", index=0).data) == [*range(15, 35)]
    assert mp4_numbers(get(client, f"jobs/{job}", type="chunk", number=0).data) == [*range(15, 35)]
    image = opened(get(client, f"jobs/{job}", type="frame", number=20).data)
    assert number_of(image) == 20
    assert number_of(opened(client.get(f"/api/jobs/{job}/preview").data)) == 15


def test_zip_chunks(client: Client, clip: bytes) -> None:
    task = task_of(client, [("v.mp4", clip)], use_zip_chunks=True, chunk_size=10)
    answer = client.get(f"/api/tasks/{task}").json()
    assert answer["data_compressed_chunk_type"] == "imageset"
    assert answer["data_original_chunk_type"] == "video"
    compressed = get(client, f"tasks/{task}", type="chunk", number=4)
    assert compressed.headers["Content-Type"] == "application/zip"
    assert zip_numbers(compressed.data) == list(range(40, 50))
    original = get(client, f"tasks/{task}", type="chunk", number=4, quality="original")
    assert mp4_numbers(original.data) == list(range(40, 50))
    frame = get(client, f"tasks/{task}", type="frame", number=3)
    assert frame.headers["Content-Type"] == "image/jpeg"


def test_start_stop_and_step(client: Client, clip: bytes) -> None:
    task = task_of(client, [("v.mp4", clip)], start_frame=5, stop_frame=30, frame_filter="step=5")
    meta = meta_of(client, task)
    assert (meta["size"], meta["start_frame"], meta["stop_frame"]) == (6, 5, 30)
    assert client.get(f"/api/tasks/{task}").json()["overlap"] == 3
    frames = mp4_numbers(get(client, f"tasks/{task}", type="chunk", number=0).data)
    assert frames == [5, 10, 15, 20, 25, 30]
    assert number_of(opened(get(client, f"tasks/{task}", type="frame", number=2).data)) == 15


def test_many_frames_for_an_export(server: LocalServer, task: int) -> None:
    with reading(server.application.engine) as db:
        found = db.get(Task, task)
        assert found is not None
        assert found.data is not None
        media = TaskMedia(server.application.files, found.data)
        files = media.frame_files([2, 3, 30], "original")
        assert [number_of(opened(file.path.read_bytes())) for file in files] == [2, 3, 30]


@pytest.mark.parametrize(
    ("names", "reason"), [(["v.mp4", "w.mp4"], "2 video"), (["v.mp4", "a.jpg"], "1 image, 1 video")]
)
def test_one_video_and_nothing_else(
    client: Client, clip: bytes, names: list[str], reason: str
) -> None:
    task = new_task(client)
    assert reason in refused(client, attach(client, task, [(name, clip) for name in names]))
