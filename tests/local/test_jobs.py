"""Jobs: fields, rights, stages and states, the status of the task, lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from cvat_local.embedded import LocalServer
from cvat_local.resources.jobs.rules import status_of
from cvat_local.storage.engine import writing
from cvat_local.storage.tables import Data, Job

if TYPE_CHECKING:
    from tests.local.conftest import Client

Api = Callable[..., "Client"]


@pytest.fixture
def make_jobs(api: Api, server: LocalServer) -> Callable[..., list[int]]:
    """``make_jobs(2)``: ids of the jobs of a new task of ann, five frames each."""

    def make(count: int, **fields: Any) -> list[int]:
        task = api("ann").post("/api/tasks", json={"name": "t", **fields}).json()
        with writing(server.application.engine) as db:
            db.add(Data(task_id=task["id"], size=5 * count, chunk_size=72))
            jobs = [
                Job(task_id=task["id"], start_frame=5 * index, stop_frame=5 * index + 4)
                for index in range(count)
            ]
            db.add_all(jobs)
            db.flush()
            return [job.id for job in jobs]

    return make


def patch(client: Client, job: int, fields: dict[str, Any]) -> tuple[int, Any]:
    answer = client.patch(f"/api/jobs/{job}", json=fields)
    return answer.status, answer.json()


def test_a_job_has_all_fields(api: Api, make_jobs: Callable[..., list[int]]) -> None:
    ann = api("ann")
    storage = {"location": "local"}
    _, number = make_jobs(2, target_storage=storage)
    job = ann.get(f"/api/jobs/{number}").json()
    assert job.pop("created_date") <= job.pop("updated_date")
    task, url = job["task_id"], ann.url
    assert job.pop("target_storage")["location"] == "local"
    assert job == {
        "url": f"{url}/api/jobs/{number}",
        "id": number,
        "task_id": task,
        "task_name": "t",
        "project_id": None,
        "project_name": None,
        "assignee": None,
        "guide_id": None,
        "dimension": "2d",
        "media_type": "image",
        "bug_tracker": None,
        "status": "annotation",
        "stage": "annotation",
        "state": "new",
        "mode": "",
        "frame_count": 5,
        "start_frame": 5,
        "stop_frame": 9,
        "data_chunk_size": 72,
        "data_compressed_chunk_type": "imageset",
        "data_original_chunk_type": "imageset",
        "issues": {"url": f"{url}/api/issues?job_id={number}", "count": 0},
        "labels": {"url": f"{url}/api/labels?job_id={number}"},
        "type": "annotation",
        "organization": None,
        "source_storage": None,
        "assignee_updated_date": None,
        "parent_job_id": None,
        "replicas_count": 0,
    }


@pytest.mark.parametrize(
    ("stage", "state", "status"),
    [
        ("annotation", "completed", "annotation"),
        ("validation", "completed", "validation"),
        ("acceptance", "in progress", "validation"),
        ("acceptance", "completed", "completed"),
    ],
)
def test_the_status_follows_stage_and_state(stage: str, state: str, status: str) -> None:
    assert status_of(stage, state) == status


def test_a_new_stage_starts_with_a_new_state(api: Api, make_jobs: Callable[..., list[int]]) -> None:
    (job,) = make_jobs(1)
    ann = api("ann")
    assert patch(ann, job, {"state": "completed"})[1]["state"] == "completed"
    assert patch(ann, job, {"stage": "annotation"})[1]["state"] == "completed"
    assert patch(ann, job, {"stage": "validation"})[1]["state"] == "new"
    _, changed = patch(ann, job, {"stage": "acceptance", "state": "rejected"})
    assert (changed["stage"], changed["state"]) == ("acceptance", "rejected")


def test_the_task_has_the_status_of_its_least_advanced_job(
    api: Api, make_jobs: Callable[..., list[int]]
) -> None:
    ann = api("ann")
    first, second = make_jobs(2)
    path = f"/api/tasks/{ann.get(f'/api/jobs/{first}').json()['task_id']}"
    before = ann.get(path).json()
    done = {"stage": "acceptance", "state": "completed"}
    patch(ann, first, done)
    unchanged = ann.get(path).json()
    assert (unchanged["status"], unchanged["jobs"]["completed"]) == ("annotation", 1)
    assert unchanged["updated_date"] == before["updated_date"]
    patch(ann, second, {"stage": "validation"})
    changed = ann.get(path).json()
    assert (changed["status"], changed["jobs"]["validation"]) == ("validation", 1)
    assert changed["updated_date"] > before["updated_date"]
    patch(ann, second, done)
    assert ann.get(path).json()["status"] == "completed"


def test_an_assignee_works_on_the_job_but_not_on_the_task(
    api: Api, make_jobs: Callable[..., list[int]]
) -> None:
    (job,) = make_jobs(1, target_storage={"location": "local"})
    walter = api("walter", groups=("worker",))
    assert walter.get(f"/api/jobs/{job}").status == 403
    assert patch(api("ann"), job, {"assignee": walter.user_id})[0] == 403
    status, assigned = patch(api(), job, {"assignee": walter.user_id})
    assert (status, assigned["assignee"]["username"]) == (200, "walter")
    assert assigned["assignee_updated_date"] is not None

    seen = walter.get(f"/api/jobs/{job}").json()
    assert seen["target_storage"] is None
    assert [item["id"] for item in walter.get("/api/jobs").json()["results"]] == [job]
    assert walter.get("/api/labels", query={"job_id": job}).status == 200
    assert walter.get(f"/api/tasks/{seen['task_id']}").status == 403
    assert patch(walter, job, {"state": "in progress"})[1]["state"] == "in progress"
    assert patch(walter, job, {"stage": "validation"})[0] == 403
    assert patch(walter, job, {"assignee": None})[0] == 403
    _, freed = patch(api(), job, {"assignee": None})
    assert freed["assignee"] is None
    assert freed["assignee_updated_date"] > assigned["assignee_updated_date"]


def test_wrong_input(api: Api, make_jobs: Callable[..., list[int]]) -> None:
    (job,) = make_jobs(1)
    before = api("ann").get(f"/api/jobs/{job}").json()
    assert patch(api("ann"), job, {"status": "completed"})[0] == 403
    assert patch(api("ann"), job, {"state": "zzz"})[1].keys() == {"state"}
    assert patch(api("ann"), job, {"stage": "zzz"})[1].keys() == {"stage"}
    assert patch(api(), job, {"assignee": 999999})[1].keys() == {"assignee"}
    assert patch(api("ann"), job, {}) == (200, before)
    assert patch(api("bob"), job, {"state": "new"})[0] == 403
    assert api("ann").get("/api/jobs/999999").status == 404
    assert api("ann").put(f"/api/jobs/{job}", json={}).status == 405


def test_only_ground_truth_jobs_are_deleted(
    api: Api, server: LocalServer, make_jobs: Callable[..., list[int]]
) -> None:
    ordinary, truth = make_jobs(2)
    with writing(server.application.engine) as db:
        db.get_one(Job, truth).type = "ground_truth"
    answer = api("ann").delete(f"/api/jobs/{ordinary}")
    assert (answer.status, type(answer.json())) == (400, list)
    assert api("ann").delete(f"/api/jobs/{truth}").status == 204
    assert api("ann").get(f"/api/jobs/{truth}").status == 404


def test_a_job_of_some_frames_and_replicas(
    api: Api, server: LocalServer, make_jobs: Callable[..., list[int]]
) -> None:
    parent, replica = make_jobs(2)
    with writing(server.application.engine) as db:
        db.get_one(Job, parent).frames = [0, 3]
        db.get_one(Job, replica).parent_job_id = parent
        db.get_one(Job, replica).type = "replica"
    ann = api("ann")
    shown = ann.get(f"/api/jobs/{parent}").json()
    assert (shown["frame_count"], shown["replicas_count"]) == (2, 1)
    found = ann.get("/api/jobs", query={"parent_job_id": parent}).json()["results"]
    assert [(job["id"], job["type"]) for job in found] == [(replica, "replica")]


def test_lists_are_filtered(api: Api, make_jobs: Callable[..., list[int]]) -> None:
    first, second = make_jobs(2, name="needle")
    ann = api("ann")
    task = ann.get(f"/api/jobs/{first}").json()["task_id"]
    patch(ann, second, {"stage": "validation"})

    def ids(**query: Any) -> list[int]:
        answer = ann.get("/api/jobs", query=query)
        assert answer.status == 200, answer.data
        return [job["id"] for job in answer.json()["results"]]

    assert ids(task_id=task) == ids(task_name="needle") == ids(search="needle") == [second, first]
    assert ids(task_id=task, sort="stage") == [first, second]
    assert ids(task_id=task, stage="validation") == [second]
    assert ids(task_id=task, dimension="2d", state="new", type="annotation") == [second, first]
    both = f'{{"and": [{{"==": [{{"var": "task_id"}}, {task}]}}, {{"==": [{{"var": "stage"}}, "annotation"]}}]}}'
    assert ids(filter=both) == [first]
    assert ids(assignee="ann") == ids(project_id=999) == []
    for bad in ({"task_id": "abc"}, {"state": "zzz"}):
        answer = ann.get("/api/jobs", query=bad)
        assert (answer.status, answer.json().keys()) == (400, bad.keys())
    answer = ann.get("/api/jobs", query={"filter": "{bad"})
    assert (answer.status, type(answer.json())) == (400, list)
