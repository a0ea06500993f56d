"""Replicas of jobs: the same frames, annotated several times apart from each other."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.media_samples import jobs_of, numbered, task_of, wait

Api = Callable[..., Client]


@pytest.fixture(scope="module")
def client(api: Api) -> Client:
    return api()


@pytest.fixture
def task(client: Client) -> int:
    """Two jobs of two frames, with two replicas each."""
    fields = {"segment_size": 2, "consensus_replicas": 2, "labels": [{"name": "cat"}]}
    return task_of(client, numbered(4), fields)


def box(client: Client, task: int, frame: int) -> dict[str, Any]:
    label = client.get("/api/labels", query={"task_id": task}).json()["results"][0]["id"]
    shape = {"type": "rectangle", "label_id": label, "frame": frame, "points": [1, 1, 9, 9]}
    return {"tags": [], "tracks": [], "shapes": [shape]}


def test_replicas_follow_their_job(client: Client, task: int) -> None:
    jobs = jobs_of(client, task)
    parents = [job for job in jobs if job["type"] == "annotation"]
    assert [job["replicas_count"] for job in parents] == [2, 2]
    for parent in parents:
        query = {"parent_job_id": parent["id"], "type": "replica"}
        replicas = client.get("/api/jobs", query=query).json()["results"]
        assert len(replicas) == 2
        for replica in replicas:
            assert replica["replicas_count"] == 0
            assert replica["start_frame"] == parent["start_frame"]
            assert replica["stop_frame"] == parent["stop_frame"]
    assert client.get(f"/api/tasks/{task}").json()["jobs"]["count"] == 6


def test_their_annotations_are_kept_apart(client: Client, task: int) -> None:
    parent, first, second, *_ = (job["id"] for job in jobs_of(client, task))
    client.put(f"/api/jobs/{first}/annotations", json=box(client, task, 0))
    for path in (f"tasks/{task}", f"jobs/{parent}", f"jobs/{second}"):
        assert client.get(f"/api/{path}/annotations").json()["shapes"] == []
    client.put(f"/api/tasks/{task}/annotations", json=box(client, task, 1))
    assert client.delete(f"/api/tasks/{task}/annotations").status == 204
    (shape,) = client.get(f"/api/jobs/{first}/annotations").json()["shapes"]
    assert shape["frame"] == 0


def test_an_export_of_the_task_has_none_of_them(client: Client, task: int) -> None:
    replica = jobs_of(client, task)[1]["id"]
    client.put(f"/api/jobs/{replica}/annotations", json=box(client, task, 0))
    found = {}
    for path in (f"tasks/{task}", f"jobs/{replica}"):
        query = {"format": "CVAT for images 1.1"}
        sent = client.post(f"/api/{path}/dataset/export", query=query).json()
        content = client.get(wait(client, sent["rq_id"])["result_url"]).data
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found[path] = archive.read("annotations.xml").count(b"<box")
    assert found == {f"tasks/{task}": 0, f"jobs/{replica}": 1}


def test_they_are_not_deleted_alone(client: Client, task: int) -> None:
    replica = jobs_of(client, task)[1]["id"]
    assert client.delete(f"/api/jobs/{replica}").status == 400


def test_ground_truth_has_no_replicas(client: Client) -> None:
    params = '{"mode": "gt", "frame_selection_method": "manual", "frames": ["01.jpg"]}'
    fields = {"segment_size": 2, "consensus_replicas": 2}
    task = task_of(client, numbered(4), fields, validation_params=params)
    *_, truth = jobs_of(client, task)
    assert (truth["type"], truth["replicas_count"], truth["frame_count"]) == ("ground_truth", 0, 1)
    assert len(jobs_of(client, task)) == 7


def test_a_backup_has_their_annotations(client: Client, task: int) -> None:
    replica = jobs_of(client, task)[2]["id"]
    client.put(f"/api/jobs/{replica}/annotations", json=box(client, task, 1))
    sent = client.post(f"/api/tasks/{task}/backup/export", json={}).json()
    archive = client.get(wait(client, sent["rq_id"])["result_url"]).data
    sent = client.post("/api/tasks/backup", fields={"task_file": ("b.zip", archive)}).json()
    restored = wait(client, sent["rq_id"])["result_id"]
    jobs = jobs_of(client, restored)
    assert [job["type"] for job in jobs] == ["annotation", "replica", "replica"] * 2
    (shape,) = client.get(f"/api/jobs/{jobs[2]['id']}/annotations").json()["shapes"]
    assert shape["frame"] == 1
