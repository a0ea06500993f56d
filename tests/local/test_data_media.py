"""What becomes of uploaded media: frames, their order, their jobs."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.local.conftest import Client
from tests.local.media_samples import (
    BLUE,
    GREEN,
    RED,
    attach,
    colour_at,
    created,
    finish,
    jobs_of,
    meta_of,
    names_of,
    near,
    new_task,
    numbered,
    opened,
    picture,
    refused,
    task_of,
    zipped,
)

Api = Callable[..., Client]


@pytest.fixture(scope="module")
def client(api: Api) -> Client:
    return api()


def frame(client: Client, task: int, number: int, quality: str = "compressed") -> Any:
    answer = client.get(
        f"/api/tasks/{task}/data", query={"type": "frame", "number": number, "quality": quality}
    )
    assert answer.status == 200, answer.data
    return answer


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "image_format", "media_type"),
        [
            ("a.jpg", "JPEG", "image/jpeg"),
            ("a.JPEG", "JPEG", "image/jpeg"),
            ("a.png", "PNG", "image/png"),
            ("a.webp", "WEBP", "image/webp"),
            ("a.gif", "GIF", "image/gif"),
            ("a.tif", "TIFF", "image/tiff"),
            ("a.bmp", "BMP", "image/bmp"),
        ],
    )
    def test_original_and_compressed(
        self, client: Client, name: str, image_format: str, media_type: str
    ) -> None:
        content = picture(BLUE, (50, 40), image_format)
        task = task_of(client, [(name, content)])

        original = frame(client, task, 0, "original")
        assert original.headers["Content-Type"] == media_type
        assert original.data == content
        compressed = frame(client, task, 0)
        assert compressed.headers["Content-Type"] == "image/jpeg"
        image = opened(compressed.data)
        assert (image.format, image.size) == ("JPEG", (50, 40))
        assert near(colour_at(image, 25, 20), BLUE)

    def test_several_formats_in_one_task(self, client: Client) -> None:
        task = task_of(
            client,
            [
                ("a.jpg", picture(RED)),
                ("b.png", picture(GREEN, (50, 40), "PNG")),
                ("c.webp", picture(BLUE, (30, 20), "WEBP")),
            ],
        )
        sizes = [(frame["width"], frame["height"]) for frame in meta_of(client, task)["frames"]]
        assert sizes == [(40, 30), (50, 40), (30, 20)]
        colours = [colour_at(opened(frame(client, task, n).data), 5, 5) for n in range(3)]
        assert all(map(near, colours, (RED, GREEN, BLUE)))

    def test_a_rotated_photograph(self, client: Client) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        stored = Image.new("RGB", (60, 40), GREEN)
        stored.paste(RED, (0, 0, 30, 20))
        path = "rot.jpg"
        buffer = io.BytesIO()
        stored.save(buffer, "JPEG", exif=exif, quality=95)

        task = task_of(client, [(path, buffer.getvalue())])

        described = meta_of(client, task)["frames"][0]
        assert (described["name"], described["width"], described["height"]) == (path, 40, 60)
        for quality in ("original", "compressed"):
            image = opened(frame(client, task, 0, quality).data)
            assert image.size == (40, 60)
            assert 0x0112 not in image.getexif()
            assert near(colour_at(image, 35, 5), RED)
            assert near(colour_at(image, 5, 55), GREEN)

    def test_16_bit_png(self, client: Client) -> None:
        values = np.linspace(1000, 3000, 40 * 50).reshape(40, 50).astype(np.uint16)
        buffer = io.BytesIO()
        Image.fromarray(values).save(buffer, "PNG")
        task = task_of(client, [("a.png", buffer.getvalue())], image_quality=100)

        assert frame(client, task, 0, "original").data == buffer.getvalue()
        image = opened(frame(client, task, 0).data)
        assert image.mode == "L"
        shown = np.asarray(image).astype(int)
        assert shown[0, 0] < 5
        assert shown[-1, -1] > 250
        assert abs(shown[20, 25] - 128) < 8

    def test_transparency(self, client: Client) -> None:
        buffer = io.BytesIO()
        Image.new("RGBA", (20, 10), (0, 0, 255, 100)).save(buffer, "PNG")
        task = task_of(client, [("a.png", buffer.getvalue())])
        assert opened(frame(client, task, 0, "original").data).mode == "RGBA"
        image = opened(frame(client, task, 0).data)
        assert image.mode == "RGB"
        assert near(colour_at(image, 5, 5), BLUE)

    def test_files_that_are_no_images_are_left_out(self, client: Client) -> None:
        task = task_of(client, [("a.txt", b"hello"), ("a.jpg", picture())])
        assert names_of(client, task) == ["a.jpg"]


class TestArchive:
    def test_folders(self, client: Client) -> None:
        archive = zipped(
            [
                ("b/2.jpg", picture(RED)),
                ("b/10.jpg", picture(GREEN, (41, 30))),
                ("a.jpg", picture(BLUE, (42, 30))),
                ("__MACOSX/a.jpg", b"junk"),
                ("readme.txt", b"hello"),
            ]
        )
        task = task_of(client, [("imgs.zip", archive)])
        assert names_of(client, task) == ["a.jpg", "b/10.jpg", "b/2.jpg"]
        assert near(colour_at(opened(frame(client, task, 1).data), 5, 5), GREEN)
        assert near(colour_at(opened(frame(client, task, 2).data), 5, 5), RED)

    def test_predefined_order_is_that_of_the_archive(self, client: Client) -> None:
        archive = zipped((name, picture()) for name in ("c.jpg", "a.jpg", "b.jpg"))
        task = task_of(client, [("imgs.zip", archive)], sorting_method="predefined")
        assert names_of(client, task) == ["c.jpg", "a.jpg", "b.jpg"]

    def test_context_images(self, client: Client) -> None:
        archive = zipped(
            [
                ("a.jpg", picture(RED)),
                ("b.jpg", picture(RED)),
                ("related_images/a_jpg/left.png", picture(BLUE, (20, 10), "PNG")),
                ("related_images/a_jpg/right.jpg", picture(GREEN, (20, 10))),
            ]
        )
        task = task_of(client, [("imgs.zip", archive)])
        described = [
            (frame["name"], frame["related_files"], frame["has_related_context"])
            for frame in meta_of(client, task)["frames"]
        ]
        assert described == [("a.jpg", 2, True), ("b.jpg", 0, False)]

    def test_a_damaged_image_inside(self, client: Client) -> None:
        archive = zipped([("x/a.jpg", picture()), ("x/b.jpg", b"broken")])
        task = new_task(client)
        assert "'x/b.jpg'" in refused(client, attach(client, task, [("imgs.zip", archive)]))


class TestOrderAndSelection:
    files = tuple((f"{n}.jpg", picture(RED)) for n in (10, 2, 1))

    @pytest.mark.parametrize(
        ("method", "names"),
        [
            ("lexicographical", ["1.jpg", "10.jpg", "2.jpg"]),
            ("natural", ["1.jpg", "2.jpg", "10.jpg"]),
            ("predefined", ["10.jpg", "2.jpg", "1.jpg"]),
        ],
    )
    def test_order(self, client: Client, method: str, names: list[str]) -> None:
        assert names_of(client, task_of(client, self.files, sorting_method=method)) == names

    def test_random(self, client: Client) -> None:
        task = task_of(client, numbered(12), sorting_method="random")
        names = names_of(client, task)
        assert sorted(names) == [f"{n:02d}.jpg" for n in range(12)]
        # The pictures are where their names are.
        for number in (0, 5, 11):
            grey = int(names[number][:2]) * 10
            shown = colour_at(opened(frame(client, task, number).data), 5, 5)
            assert near(shown, (grey, grey, grey))

    def test_start_stop_and_step(self, client: Client) -> None:
        task = task_of(client, numbered(10), start_frame=1, stop_frame=8, frame_filter="step=3")
        meta = meta_of(client, task)
        assert [frame["name"] for frame in meta["frames"]] == ["01.jpg", "04.jpg", "07.jpg"]
        assert (meta["size"], meta["start_frame"], meta["stop_frame"]) == (3, 1, 7)
        assert meta["frame_filter"] == "step=3"
        assert near(colour_at(opened(frame(client, task, 1).data), 5, 5), (40, 40, 40))

    def test_stop_beyond_the_end(self, client: Client) -> None:
        meta = meta_of(client, task_of(client, numbered(4), stop_frame=100))
        assert (meta["size"], meta["start_frame"], meta["stop_frame"]) == (4, 0, 3)

    def test_chunk_size_depends_on_the_first_frame(self, client: Client) -> None:
        large = picture(RED, (3000, 2000), "PNG")
        task = task_of(client, [("a.png", large), ("b.jpg", picture())])
        assert meta_of(client, task)["chunk_size"] == 12
        assert meta_of(client, task_of(client, numbered(5), chunk_size=2))["chunk_size"] == 2


class TestJobs:
    def ranges(self, client: Client, task: int) -> list[tuple[int, int]]:
        return [(job["start_frame"], job["stop_frame"]) for job in jobs_of(client, task)]

    @pytest.mark.parametrize(
        ("fields", "count", "ranges", "sizes"),
        [
            ({"segment_size": 4, "overlap": 2}, 8, [(0, 3), (2, 5), (4, 7)], (4, 2)),
            ({"segment_size": 3, "overlap": 10}, 6, [(0, 2), (2, 4), (4, 5)], (3, 1)),
            ({"segment_size": 100}, 3, [(0, 2)], (3, 0)),
            ({}, 3, [(0, 2)], (3, 0)),
        ],
    )
    def test_ranges(
        self,
        client: Client,
        fields: dict[str, int],
        count: int,
        ranges: list[tuple[int, int]],
        sizes: tuple[int, int],
    ) -> None:
        task = task_of(client, numbered(count), fields)
        assert self.ranges(client, task) == ranges
        answer = client.get(f"/api/tasks/{task}").json()
        assert (answer["segment_size"], answer["overlap"]) == sizes

    def test_replicas_follow_their_job(self, client: Client) -> None:
        task = task_of(client, numbered(4), {"segment_size": 2, "consensus_replicas": 2})
        jobs = jobs_of(client, task)
        assert [(job["type"], job["start_frame"]) for job in jobs] == [
            ("annotation", 0),
            ("replica", 0),
            ("replica", 0),
            ("annotation", 2),
            ("replica", 2),
            ("replica", 2),
        ]
        assert [job["parent_job_id"] for job in jobs[:3]] == [None, jobs[0]["id"], jobs[0]["id"]]

    def test_jobs_by_files(self, client: Client) -> None:
        task = new_task(client)
        attach(client, task, numbered(7), {"Upload-Multiple": ""})
        mapping = [["03.jpg", "01.jpg"], ["05.jpg"]]
        created(client, finish(client, task, job_file_mapping=mapping))
        assert names_of(client, task) == ["03.jpg", "01.jpg", "05.jpg"]
        assert self.ranges(client, task) == [(0, 1), (2, 2)]
        answer = client.get(f"/api/tasks/{task}").json()
        assert (answer["segment_size"], answer["overlap"]) == (0, 0)

    @pytest.mark.parametrize(
        ("fields", "parameters", "reason"),
        [
            ({"segment_size": 2}, {}, "segment_size"),
            ({}, {"sorting_method": "natural"}, "sorting_method"),
            ({}, {"start_frame": 1}, "start_frame"),
            ({}, {"frame_filter": "step=2"}, "frame_filter"),
            ({}, {"job_file_mapping": [["zz.jpg"]]}, "'zz.jpg', which was not uploaded"),
            ({}, {"job_file_mapping": [["00.jpg"], []]}, "without files"),
        ],
    )
    def test_what_jobs_by_files_exclude(
        self, client: Client, fields: dict[str, Any], parameters: dict[str, Any], reason: str
    ) -> None:
        task = new_task(client, **fields)
        attach(client, task, numbered(2), {"Upload-Multiple": ""})
        answer = finish(client, task, **{"job_file_mapping": [["00.jpg"]], **parameters})
        assert reason in refused(client, answer)
