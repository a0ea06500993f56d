"""A task with jobs that overlap, and short ways to ask for its annotations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.local.conftest import Client

from cvat_local.embedded import LocalServer
from cvat_local.storage.engine import writing
from cvat_local.storage.tables import Data, Job

Json = dict[str, Any]
Api = Callable[..., Client]

WINDOWS = [(0, 3), (2, 5), (4, 7), (6, 9)]
"""Ten frames in jobs of four with an overlap of two."""


def attribute(name: str, mutable: bool, default: str) -> Json:
    return {
        "name": name,
        "mutable": mutable,
        "input_type": "text",
        "default_value": default,
        "values": [],
    }


LABELS = [
    {"name": "car", "attributes": [attribute("speed", True, "1"), attribute("make", False, "m")]},
    {"name": "sign"},
    {
        "name": "person",
        "type": "skeleton",
        "sublabels": [
            {"name": "head", "attributes": [attribute("hat", True, "false")]},
            {"name": "foot"},
        ],
        "svg": '<line x1="1" y1="1" x2="9" y2="9" data-type="edge" data-node-from="1" '
        'data-node-to="2"></line><circle r="1" cx="1" cy="1" data-type="element node" '
        'data-element-id="1" data-node-id="1" data-label-name="head"></circle>'
        '<circle r="1" cx="9" cy="9" data-type="element node" data-element-id="2" '
        'data-node-id="2" data-label-name="foot"></circle>',
    },
]


@dataclass
class World:
    """A task of ``ann`` with ten frames in four jobs."""

    ann: Client
    task: int
    jobs: list[int]
    labels: dict[str, int]
    specs: dict[str, int]

    def of_task(self) -> str:
        return f"/api/tasks/{self.task}/annotations/"

    def of_job(self, index: int) -> str:
        return f"/api/jobs/{self.jobs[index]}/annotations/"

    def box(self, frame: int, *points: float, label: str = "sign", **more: Any) -> Json:
        corners = list(points) or [1, 1, 9, 9]
        return {
            "type": "rectangle",
            "frame": frame,
            "label_id": self.labels[label],
            "points": corners,
            **more,
        }

    def value(self, spec: str, value: Any) -> Json:
        return {"spec_id": self.specs[spec], "value": value}


def make_world(server: LocalServer, client: Client) -> World:
    answer = client.post("/api/tasks", json={"name": "t", "labels": LABELS})
    assert answer.status == 201, answer.data
    task = answer.json()["id"]
    with writing(server.application.engine) as db:
        # As if images had been attached: what annotations need of them is the jobs.
        db.add(Data(task_id=task, size=10, stop_frame=9))
        jobs = [Job(task_id=task, start_frame=start, stop_frame=stop) for start, stop in WINDOWS]
        db.add_all(jobs)
        db.flush()
        job_ids = [job.id for job in jobs]
    found = client.get("/api/labels", query={"task_id": task}).json()["results"]
    labels = {item["name"]: item["id"] for label in found for item in (label, *label["sublabels"])}
    specs = {
        spec["name"]: spec["id"]
        for label in found
        for item in (label, *label["sublabels"])
        for spec in item["attributes"]
    }
    return World(client, task, job_ids, labels, specs)


def put(client: Client, path: str, body: Any) -> Json:
    answer = client.put(path, json=body)
    assert answer.status == 200, answer.data
    return dict(answer.json())


def get(client: Client, path: str) -> Json:
    answer = client.get(path)
    assert answer.status == 200, answer.data
    return dict(answer.json())


def patch(client: Client, path: str, action: str, **body: Any) -> Json:
    answer = client.patch(path, query={"action": action}, json=body)
    assert answer.status == 200, answer.data
    return dict(answer.json())


def frames_and_ids(document: Json, kind: str = "shapes") -> list[tuple[int, int]]:
    return [(item["frame"], item["id"]) for item in document[kind]]
