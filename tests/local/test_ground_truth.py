"""Ground truth jobs: the choice of their frames, what they hold, and which of it counts."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.media_samples import (
    attach,
    jobs_of,
    new_task,
    numbered,
    refused,
    task_of,
    wait,
)

from cvat_local.media.errors import MediaError
from cvat_local.media.segments import split
from cvat_local.media.validation import FrameChoice, choose

Api = Callable[..., Client]


@pytest.fixture(scope="module")
def client(api: Api) -> Client:
    return api()


@pytest.fixture
def task(client: Client) -> int:
    """Ten frames in jobs of four."""
    return task_of(client, numbered(10), {"segment_size": 4})


def create(client: Client, task: int, method: str | None, **fields: Any) -> tuple[int, Any]:
    body = {"type": "ground_truth", "task_id": task, "frame_selection_method": method, **fields}
    if method is None:
        del body["frame_selection_method"]
    answer = client.post("/api/jobs", json=body)
    return answer.status, answer.json()


def layout(client: Client, task: int) -> Any:
    return client.get(f"/api/tasks/{task}/validation_layout").json()


def disable(client: Client, task: int, frames: list[int]) -> tuple[int, Any]:
    answer = client.patch(f"/api/tasks/{task}/validation_layout", json={"disabled_frames": frames})
    return answer.status, answer.json()


class TestChoice:
    """What a real server chooses of ten frames in jobs of four."""

    @pytest.mark.parametrize(
        ("method", "numbers", "seed", "expected"),
        [
            ("random_uniform", {"frame_count": 3}, 1, [1, 7, 8]),
            ("random_uniform", {"frame_count": 3}, 42, [4, 6, 8]),
            ("random_uniform", {"frame_count": 1}, 1, [2]),
            ("random_uniform", {"frame_share": 0.2}, 1, [2, 9]),
            ("random_per_job", {"frames_per_job_count": 2}, 1, [0, 3, 4, 6, 8, 9]),
            ("random_per_job", {"frames_per_job_count": 1}, 1, [0, 7, 9]),
            ("random_per_job", {"frames_per_job_count": 1}, 5, [1, 5, 8]),
        ],
    )
    def test_the_same_seed_chooses_the_same(
        self, method: str, numbers: dict[str, Any], seed: int, expected: list[int]
    ) -> None:
        choice = FrameChoice(frame_selection_method=method, random_seed=seed, **numbers)
        assert choose(choice, 10, split(10, 4).segments, 4) == expected

    def test_of_twelve_frames(self) -> None:
        uniform = FrameChoice(
            frame_selection_method="random_uniform", frame_share=0.25, random_seed=1
        )
        assert choose(uniform, 12, (), 0) == [2, 8, 9]
        each = FrameChoice(
            frame_selection_method="random_per_job", frames_per_job_count=1, random_seed=1
        )
        assert choose(each, 12, split(12, 4).segments, 4) == [0, 7, 10]

    def test_a_small_share_is_one_frame(self) -> None:
        choice = FrameChoice(frame_selection_method="random_uniform", frame_share=0.01)
        assert len(choose(choice, 10, (), 0)) == 1

    def test_deleted_frames_are_not_drawn(self) -> None:
        choice = FrameChoice(frame_selection_method="random_uniform", frame_count=2)
        assert choose(choice, 4, (), 0, deleted=[0, 2]) == [1, 3]
        with pytest.raises(MediaError):
            choose(choice, 3, (), 0, deleted=[0, 2])

    def test_frames_of_an_overlap_count_for_both_jobs(self) -> None:
        segments = split(6, 4, 2).segments
        choice = FrameChoice(frame_selection_method="random_per_job", frames_per_job_count=4)
        assert choose(choice, 6, segments, 4, overlap=2) == [0, 1, 2, 3, 4, 5]


class TestCreation:
    def test_a_job_of_chosen_frames(self, client: Client, task: int) -> None:
        status, job = create(client, task, "random_uniform", frame_count=3, random_seed=1)
        assert status == 201
        shown = {key: job[key] for key in ("type", "start_frame", "stop_frame", "frame_count")}
        assert shown == {
            "type": "ground_truth",
            "start_frame": 0,
            "stop_frame": 9,
            "frame_count": 3,
        }
        document = client.get(f"/api/tasks/{task}").json()
        assert (document["validation_mode"], document["jobs"]["count"]) == ("gt", 4)
        assert layout(client, task) == {
            "mode": "gt",
            "frames_per_job_count": None,
            "validation_frames": [1, 7, 8],
            "disabled_frames": [],
        }
        assert client.get(f"/api/jobs/{job['id']}/validation_layout").json() == {}

    def test_there_is_one_a_task_until_it_is_deleted(self, client: Client, task: int) -> None:
        _, job = create(client, task, "manual", frames=[9, 2, 5])
        status, error = create(client, task, "manual", frames=[1])
        assert (status, type(error)) == (400, list)
        assert disable(client, task, [5])[0] == 200
        assert client.delete(f"/api/jobs/{job['id']}").status == 204
        assert layout(client, task) == {"mode": None, "frames_per_job_count": None}
        assert client.get(f"/api/tasks/{task}").json()["validation_mode"] is None
        assert create(client, task, "manual", frames=[5])[0] == 201
        assert layout(client, task)["disabled_frames"] == []

    @pytest.mark.parametrize(
        ("method", "fields", "expected"),
        [
            (None, {}, {"frame_selection_method"}),
            (None, {"frames": [1]}, {"non_field_errors"}),
            ("xx", {}, {"frame_selection_method"}),
            ("manual", {}, {"non_field_errors"}),
            ("manual", {"frames": [-1]}, list),
            ("manual", {"frames": [1, 1]}, list),
            ("manual", {"frames": [10]}, list),
            ("manual", {"frames": []}, list),
            ("manual", {"frames": [1], "frame_count": 2}, list),
            ("manual", {"frames": [1], "random_seed": 3}, list),
            ("manual", {"frames": [1], "stage": "annotation"}, list),
            ("random_uniform", {}, {"non_field_errors"}),
            ("random_uniform", {"frame_count": 0}, {"frame_count"}),
            ("random_uniform", {"frame_count": 11}, list),
            ("random_uniform", {"frame_share": 0}, list),
            ("random_uniform", {"frame_share": 1.5}, {"frame_share"}),
            ("random_uniform", {"frame_count": 2, "frame_share": 0.5}, {"non_field_errors"}),
            ("random_uniform", {"frame_count": 2, "frames": [1]}, {"non_field_errors"}),
            ("random_uniform", {"frame_count": 2, "random_seed": -1}, {"random_seed"}),
            ("random_per_job", {"frame_count": 2}, {"non_field_errors"}),
            ("random_per_job", {"frames_per_job_count": 11}, list),
            ("manual", {"frames": [1], "task_id": "x"}, {"task_id"}),
            ("manual", {"frames": [1], "task_id": 999999}, list),
            ("manual", {"frames": [1], "type": "annotation"}, list),
            ("manual", {"frames": [1], "type": "x"}, {"type"}),
            ("manual", {"frames": [1], "assignee": 999999}, {"assignee"}),
        ],
    )
    def test_wrong_input_is_refused(
        self, client: Client, task: int, method: str | None, fields: dict[str, Any], expected: Any
    ) -> None:
        status, error = create(client, task, method, **fields)
        assert status == 400
        if expected is list:
            assert isinstance(error, list)
        else:
            assert error.keys() == expected
        assert layout(client, task)["mode"] is None

    def test_a_task_is_needed_with_data(self, client: Client) -> None:
        status, error = create(client, new_task(client), "manual", frames=[0])
        assert (status, type(error)) == (400, list)
        answer = client.post("/api/jobs", json={"type": "ground_truth"})
        assert (answer.status, type(answer.json())) == (400, list)

    def test_who_may(self, api: Api, client: Client, task: int) -> None:
        assert create(api(None), task, "manual", frames=[0])[0] == 401
        assert create(api("bob"), task, "manual", frames=[0])[0] == 403
        assert api("bob").get(f"/api/tasks/{task}/validation_layout").status == 403
        own = task_of(api("bob"), numbered(2), {})
        assert create(api("bob"), own, "manual", frames=[0], assignee=client.user_id)[0] == 403
        assert create(api("bob"), own, "manual", frames=[0], assignee=api("bob").user_id)[0] == 201


def upload(client: Client, params: dict[str, Any]) -> int:
    """A task of ten frames in jobs of four, with ground truth."""
    text = json.dumps(params)
    return task_of(client, numbered(10), {"segment_size": 4}, validation_params=text)


class TestWithData:
    @pytest.mark.parametrize(
        ("chosen", "expected"),
        [
            ({"frame_selection_method": "random_uniform", "frame_count": 3}, [1, 7, 8]),
            ({"frame_selection_method": "random_uniform", "frame_share": 0.2}, [2, 9]),
            ({"frame_selection_method": "random_per_job", "frames_per_job_count": 1}, [0, 7, 9]),
        ],
    )
    def test_the_ground_truth_job_is_the_last(
        self, client: Client, chosen: dict[str, Any], expected: list[int]
    ) -> None:
        params = {"mode": "gt", "random_seed": 1, **chosen}
        task = upload(client, params)
        assert [job["type"] for job in jobs_of(client, task)] == ["annotation"] * 3 + [
            "ground_truth"
        ]
        assert layout(client, task)["validation_frames"] == expected

    def test_frames_are_listed_by_file_names(self, client: Client) -> None:
        params = {
            "mode": "gt",
            "frame_selection_method": "manual",
            "frames": ["05.jpg", "01.jpg"],
        }
        assert layout(client, upload(client, params))["validation_frames"] == [1, 5]

    @pytest.mark.parametrize(
        "chosen",
        [
            {},
            {"frame_selection_method": "manual", "frames": ["zz.jpg"]},
            {"frame_selection_method": "random_uniform", "frame_count": 99},
            {"frame_selection_method": "random_per_job", "frames_per_job_count": 4},
        ],
    )
    def test_what_the_media_have_not_fails_the_request(
        self, client: Client, chosen: dict[str, Any]
    ) -> None:
        task = new_task(client, segment_size=4)
        params = json.dumps({"mode": "gt", **chosen})
        assert refused(client, attach(client, task, numbered(10), validation_params=params))
        assert client.get(f"/api/tasks/{task}").json()["size"] == 0

    @pytest.mark.parametrize(
        "params",
        [
            {"frame_selection_method": "random_uniform", "frame_count": 1},
            {"mode": "x"},
            {"mode": "gt", "frame_selection_method": "manual"},
            {"mode": "gt", "frame_selection_method": "manual", "frames": ["a", "a"]},
            {"mode": "gt", "frame_selection_method": "random_uniform"},
            {"mode": "gt_pool", "frame_selection_method": "random_uniform", "frame_count": 1},
        ],
    )
    def test_wrong_input_is_refused(self, client: Client, params: dict[str, Any]) -> None:
        task = new_task(client)
        body = {"image_quality": 70, "validation_params": params}
        answer = client.post(f"/api/tasks/{task}/data", json=body)
        assert (answer.status, answer.json().keys()) == (400, {"validation_params"})


class TestLayout:
    def test_frames_are_left_out_and_counted_again(self, client: Client, task: int) -> None:
        _, job = create(client, task, "manual", frames=[1, 4])
        status, shown = disable(client, task, [4])
        assert (status, shown["disabled_frames"]) == (200, [4])
        meta = client.get(f"/api/jobs/{job['id']}/data/meta").json()
        assert meta["deleted_frames"] == [4]
        assert client.get(f"/api/tasks/{task}/data/meta").json()["deleted_frames"] == []
        assert disable(client, task, [0])[0] == 400
        assert disable(client, task, [])[1]["disabled_frames"] == []

    def test_through_the_ground_truth_job(self, client: Client, task: int) -> None:
        _, job = create(client, task, "manual", frames=[1, 4])
        path = f"/api/jobs/{job['id']}/data/meta"
        assert client.patch(path, json={"deleted_frames": [1]}).json()["deleted_frames"] == [1]
        assert layout(client, task)["disabled_frames"] == [1]
        assert client.patch(path, json={"deleted_frames": [0]}).status == 400
        client.patch(f"/api/tasks/{task}/data/meta", json={"deleted_frames": [0, 4]})
        assert client.get(path).json()["deleted_frames"] == [1, 4]

    def test_positions_are_those_of_the_task(self, client: Client) -> None:
        fields = {"start_frame": 1, "frame_filter": "step=2"}
        task = task_of(client, numbered(8), {}, **fields)
        _, job = create(client, task, "manual", frames=[1, 3])
        assert layout(client, task)["validation_frames"] == [1, 3]
        meta = client.get(f"/api/jobs/{job['id']}/data/meta").json()
        assert (meta["included_frames"], meta["size"]) == ([3, 7], 2)
        assert disable(client, task, [3])[0] == 200

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"frame_selection_method": "manual"}, dict),
            ({"honeypot_real_frames": [1]}, dict),
            ({"frame_selection_method": "random_uniform", "disabled_frames": [1]}, list),
            ({"disabled_frames": "x"}, dict),
        ],
    )
    def test_wrong_input_changes_nothing(
        self, client: Client, task: int, fields: dict[str, Any], expected: type
    ) -> None:
        create(client, task, "manual", frames=[1])
        before = layout(client, task)
        answer = client.patch(f"/api/tasks/{task}/validation_layout", json=fields)
        assert (answer.status, type(answer.json())) == (400, expected)
        assert client.patch(f"/api/tasks/{task}/validation_layout", json={}).json() == before

    def test_a_task_without_ground_truth(self, client: Client, task: int) -> None:
        assert disable(client, task, [1])[0] == 400


def test_a_chunk_by_index_has_the_frames_of_the_job_alone(client: Client, task: int) -> None:
    _, job = create(client, task, "manual", frames=[1, 4])
    answer = client.get(f"/api/jobs/{job['id']}/data", query={"type": "chunk", "index": 0})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["000000.jpeg", "000001.jpeg"]
    frame = {"type": "frame", "number": 2}
    assert client.get(f"/api/jobs/{job['id']}/data", query=frame).status == 400


def test_a_backup_brings_the_ground_truth_along(client: Client, task: int) -> None:
    create(client, task, "manual", frames=[1, 4])
    request = client.post(f"/api/tasks/{task}/backup/export", json={}).json()["rq_id"]
    archive = client.get(wait(client, request)["result_url"]).data
    sent = client.post("/api/tasks/backup", fields={"task_file": ("b.zip", archive)}).json()
    restored = wait(client, sent["rq_id"])["result_id"]
    assert layout(client, restored) == layout(client, task)
    assert client.get(f"/api/tasks/{restored}").json()["validation_mode"] == "gt"
