"""Tasks with a pool of ground truth, whose frames their jobs show as honeypots."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.media_samples import (
    attach,
    jobs_of,
    meta_of,
    names_of,
    new_task,
    numbered,
    refused,
    task_of,
    wait,
)

from cvat_local.media.errors import MediaError
from cvat_local.media.honeypots import lay_out, least_used
from cvat_local.media.validation import generator

Api = Callable[..., Client]

PARAMS = {
    "mode": "gt_pool",
    "frame_selection_method": "manual",
    "frames": ["01.jpg", "04.jpg", "08.jpg"],
    "frames_per_job_count": 2,
    "random_seed": 3,
}


@pytest.fixture(scope="module")
def client(api: Api) -> Client:
    return api()


@pytest.fixture
def task(client: Client) -> int:
    """Ten images in jobs 0-5 and 6-10 and a pool 11-13 of 01.jpg, 04.jpg and 08.jpg."""
    return with_pool(client, PARAMS)


def with_pool(client: Client, params: dict[str, Any]) -> int:
    return task_of(
        client,
        numbered(10),
        {"segment_size": 4, "labels": [{"name": "cat"}]},
        sorting_method="random",
        validation_params=json.dumps(params),
    )


def layout(client: Client, task: int) -> Any:
    return client.get(f"/api/tasks/{task}/validation_layout").json()


def change(client: Client, task: int, **fields: Any) -> tuple[int, Any]:
    answer = client.patch(f"/api/tasks/{task}/validation_layout", json=fields)
    return answer.status, answer.json()


def change_job(client: Client, job: int, **fields: Any) -> tuple[int, Any]:
    answer = client.patch(f"/api/jobs/{job}/validation_layout", json=fields)
    return answer.status, answer.json()


def boxes(client: Client, task: int, *frames: int) -> dict[str, Any]:
    """A document with a box on each of the frames."""
    label = client.get("/api/labels", query={"task_id": task}).json()["results"][0]["id"]
    box = {"type": "rectangle", "label_id": label, "points": [1, 1, 9, 9]}
    return {"tags": [], "tracks": [], "shapes": [{**box, "frame": frame} for frame in frames]}


def annotated(client: Client, path: str) -> list[int]:
    shapes = client.get(f"/api/{path}/annotations").json()["shapes"]
    return sorted(shape["frame"] for shape in shapes)


class TestRules:
    def test_each_job_shows_frames_of_the_pool(self) -> None:
        found = lay_out(10, [1, 4, 8], 2, 4, generator(1))
        assert [(part.start, part.stop) for part in found.segments] == [(0, 5), (6, 10)]
        assert (found.pool.start, found.pool.stop) == (11, 13)
        assert found.frames[11:] == (1, 4, 8)
        for part in found.segments:
            shown = set(found.frames[part.start : part.stop + 1])
            assert len(shown & {1, 4, 8}) == 2
        assert set(found.frames) == set(range(10))
        assert found == lay_out(10, [1, 4, 8], 2, 4, generator(1))

    def test_frames_are_shown_equally_often(self) -> None:
        uses: Counter[int] = Counter()
        for _ in range(6):
            assert len(set(least_used([1, 2, 3, 4], uses, 2, generator(None)))) == 2
        assert set(uses.values()) == {3}

    def test_what_cannot_be(self) -> None:
        with pytest.raises(MediaError, match="All frames"):
            lay_out(2, [0, 1], 1, 0, generator(1))
        with pytest.raises(MediaError, match="shows 2"):
            lay_out(3, [0], 2, 0, generator(1))


class TestCreation:
    def test_jobs_frames_and_layout(self, client: Client, task: int) -> None:
        jobs = jobs_of(client, task)
        ranges = [(job["type"], job["start_frame"], job["stop_frame"]) for job in jobs]
        assert ranges == [
            ("annotation", 0, 5),
            ("annotation", 6, 10),
            ("ground_truth", 11, 13),
        ]
        document = client.get(f"/api/tasks/{task}").json()
        shown = {key: document[key] for key in ("size", "segment_size", "overlap", "mode")}
        assert shown == {"size": 14, "segment_size": 0, "overlap": 0, "mode": "annotation"}
        assert document["validation_mode"] == "gt_pool"
        found = layout(client, task)
        assert (found["mode"], found["frames_per_job_count"]) == ("gt_pool", 2)
        assert (found["validation_frames"], found["honeypot_count"]) == ([11, 12, 13], 4)
        names = names_of(client, task)
        assert names[11:] == ["01.jpg", "04.jpg", "08.jpg"]
        for place, real in zip(
            found["honeypot_frames"], found["honeypot_real_frames"], strict=True
        ):
            assert names[place] == names[real]
        per_job = [client.get(f"/api/jobs/{job['id']}/validation_layout").json() for job in jobs]
        assert [part["honeypot_count"] for part in per_job] == [2, 2, 0]
        places = [place for part in per_job for place in part["honeypot_frames"]]
        assert places == found["honeypot_frames"]
        assert meta_of(client, task)["stop_frame"] == 13

    def test_the_same_seed_makes_the_same_task(self, client: Client, task: int) -> None:
        assert names_of(client, with_pool(client, PARAMS)) == names_of(client, task)

    @pytest.mark.parametrize(
        ("change", "sorting"),
        [
            ({}, "natural"),
            ({"frames": ["zz.jpg"]}, "random"),
            ({"frames": [f"{n:02d}.jpg" for n in range(10)]}, "random"),
            ({"frames_per_job_count": 4}, "random"),
        ],
    )
    def test_what_cannot_be_fails_the_request(
        self, client: Client, change: dict[str, Any], sorting: str
    ) -> None:
        number = new_task(client, segment_size=4)
        params = json.dumps({**PARAMS, **change})
        sent = attach(
            client, number, numbered(10), sorting_method=sorting, validation_params=params
        )
        assert refused(client, sent)

    def test_wrong_input_is_refused(self, client: Client) -> None:
        number = new_task(client)
        wrong: list[dict[str, Any]] = [
            {"frame_selection_method": "random_per_job", "frames_per_job_count": 1},
            {"frame_selection_method": "random_uniform", "frame_count": 1},
        ]
        for params in wrong:
            body = {"sorting_method": "random", "validation_params": {"mode": "gt_pool", **params}}
            answer = client.post(f"/api/tasks/{number}/data", json=body)
            assert (answer.status, answer.json().keys()) == (400, {"validation_params"})

    def test_there_is_one_ground_truth_job_that_stays(self, client: Client, task: int) -> None:
        truth = jobs_of(client, task)[2]["id"]
        assert client.delete(f"/api/jobs/{truth}").status == 400
        body = {"type": "ground_truth", "task_id": task, "frame_selection_method": "manual"}
        assert client.post("/api/jobs", json={**body, "frames": [1]}).status == 400

    def test_a_backup_brings_all_of_it_along(self, client: Client, task: int) -> None:
        client.put(f"/api/tasks/{task}/annotations", json=boxes(client, task, 11))
        change(client, task, disabled_frames=[12])
        sent = client.post(f"/api/tasks/{task}/backup/export", json={}).json()
        archive = client.get(wait(client, sent["rq_id"])["result_url"]).data
        with zipfile.ZipFile(io.BytesIO(archive)) as content:
            described = json.loads(content.read("task.json"))
            assert described["data"]["validation_layout"] == {
                "mode": "gt_pool",
                "frames": ["01.jpg", "04.jpg", "08.jpg"],
                "frames_per_job_count": 2,
            }
            assert len([name for name in content.namelist() if name.endswith(".jpg")]) == 10
        files = {"task_file": ("b.zip", archive)}
        sent = client.post("/api/tasks/backup", fields=files).json()
        restored = wait(client, sent["rq_id"])["result_id"]
        assert layout(client, restored) == layout(client, task)
        assert names_of(client, restored) == names_of(client, task)
        assert annotated(client, f"tasks/{restored}") == annotated(client, f"tasks/{task}")
        assert (
            meta_of(client, restored)["deleted_frames"] == meta_of(client, task)["deleted_frames"]
        )


class TestHoneypots:
    def test_a_job_is_given_others(self, client: Client, task: int) -> None:
        job = jobs_of(client, task)[0]["id"]
        manual = {"frame_selection_method": "manual"}
        status, found = change_job(client, job, **manual, honeypot_real_frames=[13, 13])
        assert (status, found["honeypot_real_frames"]) == (200, [13, 13])
        names = names_of(client, task)
        assert {names[place] for place in found["honeypot_frames"]} == {"08.jpg"}
        status, found = change_job(client, job, frame_selection_method="random_uniform")
        assert (status, len(set(found["honeypot_real_frames"]))) == (200, 2)

    def test_a_changed_honeypot_is_another_image_without_annotations(
        self, client: Client, task: int
    ) -> None:
        job = jobs_of(client, task)[0]["id"]
        manual = {"frame_selection_method": "manual"}
        _, found = change_job(client, job, **manual, honeypot_real_frames=[11, 12])
        first, second = found["honeypot_frames"]
        document = boxes(client, task, *range(6))
        assert client.put(f"/api/jobs/{job}/annotations", json=document).status == 200
        frame = {"type": "frame", "number": first}
        before = client.get(f"/api/jobs/{job}/data", query=frame).data
        dated = meta_of(client, task)["chunks_updated_date"]
        change_job(client, job, **manual, honeypot_real_frames=[11, 12])
        assert meta_of(client, task)["chunks_updated_date"] == dated
        change_job(client, job, **manual, honeypot_real_frames=[13, 12])
        assert annotated(client, f"jobs/{job}") == [n for n in range(6) if n != first]
        assert client.get(f"/api/jobs/{job}/data", query=frame).data != before
        assert meta_of(client, task)["chunks_updated_date"] > dated
        assert second in annotated(client, f"jobs/{job}")

    def test_wrong_input_changes_nothing(self, client: Client, task: int) -> None:
        job, _, truth = (job["id"] for job in jobs_of(client, task))
        before = layout(client, task)
        manual = {"frame_selection_method": "manual"}
        random = {"frame_selection_method": "random_uniform"}
        wrong_in_a_job: list[dict[str, Any]] = [
            {},
            manual,
            {"honeypot_real_frames": [11, 12]},
            {**manual, "honeypot_real_frames": [11]},
            {**manual, "honeypot_real_frames": [0, 11]},
            {**random, "honeypot_real_frames": [11, 12]},
            {"frame_selection_method": "random_per_job"},
        ]
        for fields in wrong_in_a_job:
            assert change_job(client, job, **fields)[0] == 400
        assert change_job(client, truth, **random)[0] == 400
        wrong_in_a_task: list[dict[str, Any]] = [
            {**manual, "honeypot_real_frames": [11, 12, 13]},
            {**manual, "honeypot_real_frames": [11, 0, 13, 11]},
            {"disabled_frames": [0]},
            {"disabled_frames": [11, 12], **random},
            {"disabled_frames": [12], **manual, "honeypot_real_frames": [11, 12, 13, 11]},
        ]
        for fields in wrong_in_a_task:
            assert change(client, task, **fields)[0] == 400
        assert change(client, task) == (200, before)

    def test_all_of_a_task_at_once(self, client: Client, task: int) -> None:
        status, found = change(
            client, task, frame_selection_method="manual", honeypot_real_frames=[11, 12, 13, 11]
        )
        assert (status, found["honeypot_real_frames"]) == (200, [11, 12, 13, 11])
        fields = {"frame_selection_method": "random_uniform", "disabled_frames": [12]}
        status, found = change(client, task, **fields)
        assert (status, set(found["honeypot_real_frames"])) == (200, {11, 13})

    def test_a_disabled_frame_is_deleted_with_its_honeypots(
        self, client: Client, task: int
    ) -> None:
        manual = {"frame_selection_method": "manual"}
        _, found = change(client, task, **manual, honeypot_real_frames=[11, 12, 13, 12])
        second, last = found["honeypot_frames"][1], found["honeypot_frames"][3]
        truth = jobs_of(client, task)[2]["id"]
        path = f"/api/jobs/{truth}/data/meta"
        assert client.patch(path, json={"deleted_frames": [12]}).status == 200
        assert layout(client, task)["disabled_frames"] == [12]
        assert meta_of(client, task)["deleted_frames"] == sorted([second, last, 12])
        change(client, task, **manual, honeypot_real_frames=[11, 13, 13, 11])
        assert meta_of(client, task)["deleted_frames"] == [12]
        change(client, task, disabled_frames=[])
        assert meta_of(client, task)["deleted_frames"] == []

    def test_frames_of_the_pool_are_not_deleted_in_the_task(
        self, client: Client, task: int
    ) -> None:
        path = f"/api/tasks/{task}/data/meta"
        answer = client.patch(path, json={"deleted_frames": [11]})
        assert (answer.status, answer.json().keys()) == (400, {"deleted_frames"})
        assert client.patch(path, json={"deleted_frames": [0]}).status == 200


class TestAnnotations:
    def test_those_of_the_pool_come_onto_its_honeypots(self, client: Client, task: int) -> None:
        found = layout(client, task)
        shown = dict(zip(found["honeypot_frames"], found["honeypot_real_frames"], strict=True))
        places = [place for place, real in shown.items() if real == 11]
        ordinary = next(n for n in range(11) if n not in shown)
        document = boxes(client, task, ordinary, 11, *shown)
        assert client.put(f"/api/tasks/{task}/annotations", json=document).status == 200
        assert annotated(client, f"tasks/{task}") == sorted([ordinary, *places, 11])
        assert annotated(client, f"jobs/{jobs_of(client, task)[2]['id']}") == [11]

    def test_those_of_the_pool_are_edited_in_its_job(self, client: Client, task: int) -> None:
        stored = client.put(f"/api/tasks/{task}/annotations", json=boxes(client, task, 11)).json()
        stored["shapes"] = [shape for shape in stored["shapes"] if shape["frame"] == 11]
        for action in ("update", "delete"):
            answer = client.patch(
                f"/api/tasks/{task}/annotations", query={"action": action}, json=stored
            )
            assert (answer.status, type(answer.json())) == (400, list)

    def test_there_are_no_tracks(self, client: Client, task: int) -> None:
        document = boxes(client, task, 0)
        (shape,) = document.pop("shapes")
        label = shape.pop("label_id")
        document["tracks"] = [{"label_id": label, "frame": 0, "shapes": [shape]}]
        job = jobs_of(client, task)[0]["id"]
        for path in (f"tasks/{task}", f"jobs/{job}"):
            answer = client.put(f"/api/{path}/annotations", json=document)
            assert (answer.status, type(answer.json())) == (400, list)

    def test_an_export_has_every_image_once(self, client: Client, task: int) -> None:
        client.put(f"/api/tasks/{task}/annotations", json=boxes(client, task, 11))
        query = {"format": "CVAT for images 1.1"}
        sent = client.post(f"/api/tasks/{task}/dataset/export", query=query).json()
        content = client.get(wait(client, sent["rq_id"])["result_url"]).data
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            images = ET.fromstring(archive.read("annotations.xml")).findall("image")
        assert sorted(image.get("name", "") for image in images) == [
            f"{n:02d}.jpg" for n in range(10)
        ]
        assert [image.get("id") for image in images if image.find("box") is not None] == ["11"]
