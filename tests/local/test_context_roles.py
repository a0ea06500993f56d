"""What the members of an organization may do with its projects, tasks, jobs and labels."""

from __future__ import annotations

from typing import Any

import pytest
from tests.local.workplaces import Api, Workplace, workplace

from cvat_local.embedded import LocalServer

Json = dict[str, Any]

PEOPLE = ("owner", "maintainer", "supervisor", "worker", "helper", "stranger")
OVERSEERS = {"owner", "maintainer"}


class Objects:
    """A project with a task and a job, and a task without a project with a job, of an organization.

    ``supervisor`` made them; ``staff`` is assigned to the project, to the single task and to its job.
    """

    def __init__(self, place: Workplace, staff: str | None = None) -> None:
        assignee = {} if staff is None else {"assignee_id": place.people[staff].user_id}
        labels = [{"name": "car"}]
        self.project = place.create("supervisor", "projects", labels=labels, **assignee)
        of_project = place.create("supervisor", "tasks", project_id=self.project["id"])
        self.task = place.create("supervisor", "tasks", labels=labels, **assignee)
        place.job(of_project["id"])
        job_id = place.job(self.task["id"])
        self.paths = {
            "project": f"/api/projects/{self.project['id']}",
            "project task": f"/api/tasks/{of_project['id']}",
            "task": f"/api/tasks/{self.task['id']}",
            "job": f"/api/jobs/{job_id}",
        }


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    return workplace(server, api, "roles")


@pytest.fixture(scope="module")
def objects(place: Workplace) -> Objects:
    """Those that nobody is assigned to."""
    return Objects(place)


def allowed(place: Workplace, method: str, path: str, **options: Any) -> set[str]:
    """Who of the people gets no 403."""
    found = set()
    for name in PEOPLE:
        answer = place.people[name].request(method, path, **options)
        assert answer.status in (200, 202, 204, 403), (name, answer.status, answer.data)
        if answer.status != 403:
            found.add(name)
    return found


STAFF = OVERSEERS | {"supervisor"}


@pytest.mark.parametrize("kind", ["project", "project task", "task", "job"])
def test_who_sees_what_they_are_not_assigned_to(
    place: Workplace, objects: Objects, kind: str
) -> None:
    path = objects.paths[kind]
    assert allowed(place, "GET", path) == STAFF
    # Where the object is counts, not what the request names.
    assert allowed(place, "GET", path, query={"org": ""}) == STAFF


def test_the_assignee_of_a_project_sees_all_of_it(place: Workplace) -> None:
    paths = Objects(place, "worker").paths
    for kind in paths:
        seeing = allowed(place, "GET", paths[kind])
        assert seeing == STAFF | {"worker"}, kind


def test_the_assignee_of_a_job_sees_the_job_alone(place: Workplace, objects: Objects) -> None:
    path = objects.paths["job"]
    body = {"assignee": place.people["helper"].user_id}
    assert place.people["supervisor"].patch(path, json=body).status == 200
    helper = place.people["helper"]
    assert helper.get(path).status == 200
    assert helper.get(f"{path}/annotations/").status == 200
    assert helper.patch(path, json={"state": "in progress"}).status == 200
    assert helper.patch(path, json={"stage": "validation"}).status == 403
    assert helper.get(objects.paths["task"]).status == 403
    listed = helper.get("/api/jobs", query=place.org).json()
    assert listed["count"] == 1
    assert place.people["supervisor"].patch(path, json={"assignee": None}).status == 200


@pytest.mark.parametrize("kind", ["project", "project task", "task"])
def test_who_edits(place: Workplace, objects: Objects, kind: str) -> None:
    path = objects.paths[kind]
    assert allowed(place, "PATCH", path, json={"name": "x"}) == STAFF


@pytest.mark.parametrize("kind", ["project", "project task", "task", "job"])
def test_who_assigns(place: Workplace, objects: Objects, kind: str) -> None:
    path = objects.paths[kind]
    body = {"assignee" if kind == "job" else "assignee_id": None}
    assert allowed(place, "PATCH", path, json=body) == STAFF


def test_an_assignee_edits_a_project_but_assigns_and_deletes_it_not(place: Workplace) -> None:
    path = Objects(place, "worker").paths["project"]
    worker = place.people["worker"]
    assert worker.patch(path, json={"name": "op2"}).status == 200
    assert worker.patch(path, json={"assignee_id": None}).status == 403
    assert worker.delete(path).status == 403


def test_those_who_oversee_give_a_project_another_owner(place: Workplace) -> None:
    path = Objects(place).paths["project"]
    body = {"owner_id": place.people["supervisor"].user_id}
    assert allowed(place, "PATCH", path, json=body) == OVERSEERS


def test_who_exports(place: Workplace, objects: Objects) -> None:
    query = {"format": "COCO 1.0", "save_images": "false"}
    for kind, path in objects.paths.items():
        url = f"{path}/dataset/export"
        assert allowed(place, "POST", url, query=query) == STAFF, kind


def test_who_reads_and_writes_annotations(place: Workplace, objects: Objects) -> None:
    document: Json = {"version": 0, "tags": [], "shapes": [], "tracks": []}
    for kind in ("task", "project task", "job"):
        url = f"{objects.paths[kind]}/annotations/"
        assert allowed(place, "GET", url) == STAFF
        assert allowed(place, "PUT", url, json=document) == STAFF
        assert allowed(place, "DELETE", url) == STAFF


def test_who_sees_and_edits_labels(place: Workplace, objects: Objects) -> None:
    for name, number in (("project_id", objects.project["id"]), ("task_id", objects.task["id"])):
        query = {name: number}
        seeing = allowed(place, "GET", "/api/labels", query=query)
        assert seeing == STAFF
        owner = place.people["owner"]
        (label,) = owner.get("/api/labels", query=query).json()["results"]
        path = f"/api/labels/{label['id']}"
        assert allowed(place, "GET", path) == STAFF
        body = {"name": "car", "color": "#ffffff"}
        assert allowed(place, "PATCH", path, json=body) == STAFF


def test_a_maintainer_with_a_worker_account_does_not_oversee(server: LocalServer, api: Api) -> None:
    place = workplace(server, api, "weak")
    path = f"/api/memberships/{place.members['helper']}"
    assert place.people["owner"].patch(path, json={"role": "maintainer"}).status == 200
    project = place.create("owner", "projects")
    assert place.people["helper"].get(f"/api/projects/{project['id']}").status == 403


def test_background_work_of_others_is_seen_by_those_who_see_its_task(
    place: Workplace, objects: Objects
) -> None:
    supervisor = place.people["supervisor"]
    query = {"format": "COCO 1.0", "save_images": "false"}
    started = supervisor.post(f"{objects.paths['task']}/dataset/export", query=query)
    path = f"/api/requests/{started.json()['rq_id'].replace('&', '%26')}"
    # An export is for who asked for it alone.
    assert allowed(place, "GET", path) == {"supervisor"}


@pytest.mark.parametrize("kind", ["project", "task"])
@pytest.mark.parametrize("name", PEOPLE)
def test_who_deletes(place: Workplace, kind: str, name: str) -> None:
    path = Objects(place).paths[kind]
    status = 204 if name in STAFF else 403
    assert place.people[name].delete(path).status == status
