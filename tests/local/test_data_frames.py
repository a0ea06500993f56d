"""Frames, chunks, previews and descriptions, of tasks and of jobs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.media_samples import (
    BLUE,
    RED,
    colour_at,
    jobs_of,
    meta_of,
    near,
    new_task,
    numbered,
    opened,
    picture,
    task_of,
    zipped,
)

from cvat_local.embedded import LocalServer
from cvat_local.resources.data.frames import TaskMedia
from cvat_local.storage.engine import reading, writing
from cvat_local.storage.tables import Job, Task

Api = Callable[..., Client]


@pytest.fixture(scope="module")
def client(api: Api) -> Client:
    return api()


@pytest.fixture(scope="module")
def task(client: Client) -> int:
    """Eight frames in chunks of three; jobs 0-3, 2-5 and 4-7."""
    return task_of(client, numbered(8), {"segment_size": 4, "overlap": 2}, chunk_size=3)


@pytest.fixture(scope="module")
def second_job(client: Client, task: int) -> int:
    number: int = jobs_of(client, task)[1]["id"]
    return number


@pytest.fixture(scope="module")
def ground_truth(server: LocalServer, task: int) -> int:
    """A job with frames 1 and 4 of the task."""
    with writing(server.application.engine) as db:
        job = Job(task_id=task, type="ground_truth", start_frame=0, stop_frame=7, frames=[1, 4])
        db.add(job)
        db.flush()
        return job.id


def greys(content: bytes) -> list[int]:
    """What the numbered images in a chunk show: their number, or -1 for a placeholder."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as chunk:
        assert [name.split(".")[0] for name in chunk.namelist()] == [
            f"{n:06d}" for n in range(len(chunk.namelist()))
        ]
        for name in chunk.namelist():
            image = opened(chunk.read(name))
            found.append(-1 if image.size == (1, 1) else round(colour_at(image, 5, 5)[0] / 10))
    return found


class TestTask:
    @pytest.mark.parametrize(("number", "frames"), [(0, [0, 1, 2]), (1, [3, 4, 5]), (2, [6, 7])])
    def test_chunks(self, client: Client, task: int, number: int, frames: list[int]) -> None:
        for quality, suffix in (("compressed", ".jpeg"), ("original", ".jpg")):
            answer = client.get(
                f"/api/tasks/{task}/data",
                query={"type": "chunk", "number": number, "quality": quality},
            )
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "application/zip"
            assert greys(answer.data) == frames
            with zipfile.ZipFile(io.BytesIO(answer.data)) as chunk:
                assert all(name.endswith(suffix) for name in chunk.namelist())

    def test_original_chunk_has_the_bytes_that_were_sent(self, client: Client, task: int) -> None:
        answer = client.get(
            f"/api/tasks/{task}/data", query={"type": "chunk", "number": 1, "quality": "original"}
        )
        with zipfile.ZipFile(io.BytesIO(answer.data)) as chunk:
            assert chunk.read("000001.jpg") == numbered(8)[4][1]

    def test_headers_of_chunks(self, client: Client, task: int) -> None:
        first, again = (
            client.get(f"/api/tasks/{task}/data", query={"type": "chunk", "number": 0})
            for _ in range(2)
        )
        start = zlib.crc32(str(len(first.data)).encode())
        assert first.headers["X-Checksum"] == str(zlib.crc32(first.data[:1000], start))
        assert first.headers["X-Updated-Date"] == meta_of(client, task)["chunks_updated_date"]
        assert again.data == first.data

    def test_frames_have_no_headers_of_chunks(self, client: Client, task: int) -> None:
        answer = client.get(f"/api/tasks/{task}/data", query={"type": "frame", "number": 0})
        assert "X-Checksum" not in answer.headers

    def test_the_quality_of_the_task_is_used(self, client: Client) -> None:
        from PIL import Image

        noise = io.BytesIO()
        Image.effect_noise((64, 64), 90).save(noise, "PNG")
        sizes = []
        for quality in (5, 95):
            number = task_of(client, [("a.png", noise.getvalue())], image_quality=quality)
            answer = client.get(f"/api/tasks/{number}/data", query={"type": "frame", "number": 0})
            sizes.append(len(answer.data))
        assert sizes[0] < sizes[1] / 2

    def test_preview(self, client: Client) -> None:
        large = picture(BLUE, (1024, 512), "PNG")
        number = task_of(client, [("a.png", large), ("b.jpg", picture(RED))])
        for path in ("preview", "data?type=preview"):
            answer = client.get(f"/api/tasks/{number}/{path}")
            assert answer.headers["Content-Type"] == "image/jpeg"
            assert opened(answer.data).size == (256, 128)
            assert near(colour_at(opened(answer.data), 100, 100), BLUE)

    def test_small_pictures_are_not_enlarged(self, client: Client, task: int) -> None:
        assert opened(client.get(f"/api/tasks/{task}/preview").data).size == (40, 30)

    def test_no_context_images(self, client: Client, task: int) -> None:
        answer = client.get(f"/api/tasks/{task}/data", query={"type": "context_image", "number": 0})
        assert (answer.status, len(answer.data)) == (200, 22)
        assert "Content-Type" not in answer.headers

    def test_context_images(self, client: Client) -> None:
        archive = zipped(
            [
                ("a.jpg", picture(RED)),
                ("related_images/a_jpg/left.png", picture(BLUE, (20, 10), "PNG")),
            ]
        )
        number = task_of(client, [("imgs.zip", archive)])
        answer = client.get(
            f"/api/tasks/{number}/data", query={"type": "context_image", "number": 0}
        )
        assert answer.headers["Content-Type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as chunk:
            assert chunk.namelist() == ["left.jpg"]
            image = opened(chunk.read("left.jpg"))
        assert (image.format, image.size) == ("JPEG", (20, 10))
        assert near(colour_at(image, 5, 5), BLUE)

    @pytest.mark.parametrize(
        ("query", "kind"),
        [
            ({}, list),
            ({"type": "x"}, list),
            ({"type": "frame"}, list),
            ({"type": "chunk"}, list),
            ({"type": "frame", "number": 0, "quality": "x"}, list),
            ({"type": "frame", "number": "x"}, list),
            ({"type": "frame", "number": "1.5"}, list),
            ({"type": "frame", "number": 8}, str),
            ({"type": "frame", "number": -1}, str),
            ({"type": "chunk", "number": 3}, str),
            ({"type": "chunk", "number": -1}, str),
            ({"type": "context_image", "number": 9}, str),
        ],
    )
    def test_wrong_queries(
        self, client: Client, task: int, query: dict[str, Any], kind: type
    ) -> None:
        answer = client.get(f"/api/tasks/{task}/data", query=query)
        assert answer.status == 400
        assert isinstance(answer.json(), kind)

    def test_before_there_is_data(self, client: Client) -> None:
        number = new_task(client)
        for path in ("data?type=chunk&number=0", "data?type=frame&number=0", "data/meta"):
            assert client.get(f"/api/tasks/{number}/{path}").status == 400
        answer = client.get(f"/api/tasks/{number}/preview")
        assert answer.status == 404
        assert answer.headers["Content-Type"].startswith("text/")

    def test_preview_of_a_project(self, client: Client) -> None:
        project = client.post("/api/projects", json={"name": "p"}).json()["id"]
        assert client.get(f"/api/projects/{project}/preview").status == 404
        new_task(client, project_id=project)
        assert client.get(f"/api/projects/{project}/preview").status == 404
        task_of(client, [("a.jpg", picture(BLUE))], {"project_id": project})
        task_of(client, [("a.jpg", picture(RED))], {"project_id": project})
        answer = client.get(f"/api/projects/{project}/preview")
        assert near(colour_at(opened(answer.data), 5, 5), BLUE)

    def test_head_and_ranges(self, client: Client, task: int) -> None:
        path = f"/api/tasks/{task}/data?type=frame&number=0&quality=original"
        head = client.request("HEAD", path)
        whole = client.get(path)
        part = client.get(path, headers={"Range": "bytes=10-19"})
        assert (head.status, head.headers["Content-Length"]) == (200, str(len(whole.data)))
        assert (part.status, part.data) == (206, whole.data[10:20])


class TestJob:
    @pytest.mark.parametrize(
        ("query", "frames"),
        [
            ({"number": 0}, [2]),
            ({"number": 1}, [3, 4, 5]),
            ({"index": 0}, [2, 3, 4]),
            ({"index": 1}, [5]),
        ],
    )
    def test_chunks(
        self, client: Client, second_job: int, query: dict[str, int], frames: list[int]
    ) -> None:
        answer = client.get(f"/api/jobs/{second_job}/data", query={"type": "chunk", **query})
        assert greys(answer.data) == frames
        assert "X-Checksum" in answer.headers

    def test_frames_have_their_number_in_the_task(self, client: Client, second_job: int) -> None:
        answer = client.get(f"/api/jobs/{second_job}/data", query={"type": "frame", "number": 3})
        assert near(colour_at(opened(answer.data), 5, 5), (30, 30, 30))

    def test_preview_is_the_first_frame_of_the_job(self, client: Client, second_job: int) -> None:
        for path in ("preview", "data?type=preview"):
            answer = client.get(f"/api/jobs/{second_job}/{path}")
            assert opened(answer.data).size == (42, 30)

    @pytest.mark.parametrize(
        ("query", "kind"),
        [
            ({"type": "chunk"}, list),
            ({"type": "chunk", "number": 0, "index": 0}, list),
            ({"type": "chunk", "number": 2}, list),
            ({"type": "chunk", "index": 2}, list),
            ({"type": "chunk", "index": -1}, list),
            ({"type": "frame", "number": 0}, str),
            ({"type": "frame"}, list),
        ],
    )
    def test_wrong_queries(
        self, client: Client, second_job: int, query: dict[str, Any], kind: type
    ) -> None:
        answer = client.get(f"/api/jobs/{second_job}/data", query=query)
        assert answer.status == 400
        assert isinstance(answer.json(), kind)

    def test_description(self, client: Client, second_job: int) -> None:
        meta = client.get(f"/api/jobs/{second_job}/data/meta").json()
        assert (meta["size"], meta["start_frame"], meta["stop_frame"]) == (4, 2, 5)
        assert [frame["name"] for frame in meta["frames"]] == [f"{n:02d}.jpg" for n in range(2, 6)]
        assert meta["included_frames"] is None

    def test_description_in_source_numbers(self, client: Client) -> None:
        number = task_of(
            client, numbered(12), {"segment_size": 3}, start_frame=2, frame_filter="step=2"
        )
        job = jobs_of(client, number)[1]["id"]
        meta = client.get(f"/api/jobs/{job}/data/meta").json()
        assert (meta["size"], meta["start_frame"], meta["stop_frame"]) == (2, 8, 10)
        assert [frame["name"] for frame in meta["frames"]] == ["08.jpg", "10.jpg"]


class TestGroundTruth:
    def test_chunks(self, client: Client, ground_truth: int) -> None:
        def chunk(**query: int) -> list[int]:
            return greys(
                client.get(f"/api/jobs/{ground_truth}/data", query={"type": "chunk", **query}).data
            )

        assert chunk(number=0) == [-1, 1, -1]
        assert chunk(number=1) == [-1, 4, -1]
        assert chunk(number=2) == [-1, -1]
        assert chunk(index=0) == [1, 4]

    def test_frames_that_are_not_included(self, client: Client, ground_truth: int) -> None:
        path = f"/api/jobs/{ground_truth}/data"
        assert client.get(path, query={"type": "frame", "number": 4}).status == 200
        assert client.get(path, query={"type": "frame", "number": 0}).status == 400
        preview = client.get(f"/api/jobs/{ground_truth}/preview")
        assert opened(preview.data).size == (41, 30)

    def test_description(self, client: Client, ground_truth: int) -> None:
        meta = client.get(f"/api/jobs/{ground_truth}/data/meta").json()
        assert (meta["size"], meta["start_frame"], meta["stop_frame"]) == (2, 0, 7)
        assert meta["included_frames"] == [1, 4]
        names = [frame["name"] for frame in meta["frames"]]
        assert [n for n, name in enumerate(names) if name != "placeholder.jpg"] == [1, 4]
        assert meta["frames"][0]["width"] == 40


class TestDeletedFrames:
    @pytest.fixture
    def own(self, client: Client) -> tuple[int, int]:
        """A task of 8 frames and its job 2-5."""
        number = task_of(client, numbered(8), {"segment_size": 4, "overlap": 2})
        return number, jobs_of(client, number)[1]["id"]

    def delete(self, client: Client, path: str, frames: list[int]) -> tuple[int, Any]:
        answer = client.patch(f"/api/{path}/data/meta", json={"deleted_frames": frames})
        return answer.status, answer.json()

    def test_task_and_job_see_the_same(self, client: Client, own: tuple[int, int]) -> None:
        task, job = own
        status, meta = self.delete(client, f"tasks/{task}", [1, 5])
        assert (status, meta["deleted_frames"], meta["size"]) == (200, [1, 5], 8)
        assert client.get(f"/api/jobs/{job}/data/meta").json()["deleted_frames"] == [5]

        status, meta = self.delete(client, f"jobs/{job}", [4])
        assert (status, meta["deleted_frames"], meta["size"]) == (200, [4], 4)
        assert meta_of(client, task)["deleted_frames"] == [1, 4]

        self.delete(client, f"tasks/{task}", [])
        assert meta_of(client, task)["deleted_frames"] == []

    def test_frames_stay_readable(self, client: Client, own: tuple[int, int]) -> None:
        task, _ = own
        self.delete(client, f"tasks/{task}", [1])
        answer = client.get(f"/api/tasks/{task}/data", query={"type": "frame", "number": 1})
        assert answer.status == 200

    @pytest.mark.parametrize("frames", [[100], [-1], [1, 1]])
    def test_wrong_frames(self, client: Client, own: tuple[int, int], frames: list[int]) -> None:
        status, body = self.delete(client, f"tasks/{own[0]}", frames)
        assert status == 400
        assert list(body) == ["deleted_frames"]

    def test_frames_outside_of_the_job(self, client: Client, own: tuple[int, int]) -> None:
        status, body = self.delete(client, f"jobs/{own[1]}", [0])
        assert (status, isinstance(body, list)) == (400, True)
        assert meta_of(client, own[0])["deleted_frames"] == []

    def test_an_empty_change(self, client: Client, own: tuple[int, int]) -> None:
        self.delete(client, f"tasks/{own[0]}", [3])
        answer = client.patch(f"/api/tasks/{own[0]}/data/meta", json={})
        assert (answer.status, answer.json()["deleted_frames"]) == (200, [3])

    def test_rights(self, api: Api, own: tuple[int, int]) -> None:
        assert self.delete(api("ann"), f"tasks/{own[0]}", [1])[0] == 403
        assert self.delete(api("ann"), f"jobs/{own[1]}", [3])[0] == 403


class TestForOtherParts:
    """What exports use."""

    def test_paths(self, server: LocalServer, task: int) -> None:
        with reading(server.application.engine) as db:
            found = db.get(Task, task)
            assert found is not None
            assert found.data is not None
            media = TaskMedia(server.application.files, found.data)
            path = media.frame_file(3, "original").path
            assert path.read_bytes() == numbered(8)[3][1]
            jpegs = [file.path for file in media.frame_files([7, 0], "compressed")]
            assert [opened(jpeg.read_bytes()).size for jpeg in jpegs] == [(47, 30), (40, 30)]
            with pytest.raises(ValueError, match="no frame 8"):
                media.frame_file(8, "original")
