"""Moving projects and tasks between an organization and personal workspaces."""

from __future__ import annotations

from typing import Any

import pytest
from tests.local.workplaces import Api, Workplace, join, workplace

from cvat_local.embedded import LocalServer
from cvat_local.storage.engine import writing
from cvat_local.storage.tables import CloudStorage, Request, Storage

Json = dict[str, Any]


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    return workplace(server, api, "moves")


@pytest.fixture(scope="module")
def other(server: LocalServer, api: Api, place: Workplace) -> Workplace:
    """Another organization, which nobody of the first one is in but its maintainer as a worker."""
    other = workplace(server, api, "moves2")
    join(other, place.people["maintainer"], "worker")
    return other


def project_with_task(place: Workplace) -> tuple[str, str, str]:
    """Paths of a project of the supervisor, its task and its job; a worker is assigned to each."""
    worker = place.people["worker"].user_id
    project = place.create("supervisor", "projects", assignee_id=worker)
    task = place.create("supervisor", "tasks", project_id=project["id"], assignee_id=worker)
    job_id = place.job(task["id"], assignee="worker")
    return f"/api/projects/{project['id']}", f"/api/tasks/{task['id']}", f"/api/jobs/{job_id}"


def test_a_project_becomes_personal_with_all_that_is_in_it(place: Workplace) -> None:
    paths = project_with_task(place)
    maintainer = place.people["maintainer"]
    answer = maintainer.patch(paths[0], json={"organization_id": None})
    project = answer.json()
    assert answer.status == 200, project
    assert (project["organization_id"], project["organization"]) == (None, None)
    assert project["owner"]["username"] == "moves-maintainer"
    task, job = (maintainer.get(path).json() for path in paths[1:])
    assert task["organization_id"] is None
    assert task["owner"]["username"] == "moves-maintainer"
    assert job["organization"] is None
    assert [item["assignee"] for item in (project, task, job)] == [None, None, None]
    assert project["updated_date"] == task["updated_date"]
    for name in ("owner", "supervisor", "worker"):
        assert [place.people[name].get(path).status for path in paths] == [403, 403, 403]


def test_a_personal_project_goes_to_an_organization(place: Workplace) -> None:
    supervisor = place.people["supervisor"]
    number = supervisor.post("/api/projects", json={"name": "n"}).json()["id"]
    path = f"/api/projects/{number}"
    assert place.people["owner"].get(path).status == 403
    answer = supervisor.patch(path, json={"organization_id": place.id})
    assert (answer.status, answer.json()["organization_id"]) == (200, place.id)
    assert place.people["owner"].get(path).status == 200


def test_a_task_goes_alone_when_it_is_in_no_project(place: Workplace) -> None:
    worker = place.people["worker"].user_id
    task = place.create("supervisor", "tasks", assignee_id=worker)
    job_id = place.job(task["id"], assignee="worker")
    supervisor, path = place.people["supervisor"], f"/api/tasks/{task['id']}"
    moved = supervisor.patch(path, json={"organization_id": None}).json()
    assert (moved["organization_id"], moved["assignee"]) == (None, None)
    assert supervisor.get(f"/api/jobs/{job_id}").json()["assignee"] is None
    assert place.people["owner"].get(path).status == 403
    back = supervisor.patch(path, json={"organization_id": place.id}).json()
    assert back["organization_id"] == place.id

    _, of_project, _ = project_with_task(place)
    answer = supervisor.patch(of_project, json={"organization_id": None})
    assert (answer.status, type(answer.json())) == (400, list)
    body = {"organization_id": None, "project_id": None}
    answer = supervisor.patch(path, json=body)
    assert (answer.status, list(answer.json())) == (400, ["non_field_errors"])


@pytest.mark.parametrize("index", [0, 1])
def test_nothing_happens_to_what_is_there_already(place: Workplace, index: int) -> None:
    path = project_with_task(place)[index]
    owner = place.people["owner"]
    before = owner.get(path).json()
    assert owner.patch(path, json={"organization_id": place.id}).json() == before


def test_who_moves_what_where(place: Workplace, other: Workplace) -> None:
    path, _, _ = project_with_task(place)
    # A right to take it away is needed, and one to create there.
    for name in ("worker", "helper", "stranger"):
        assert place.people[name].patch(path, json={"organization_id": None}).status == 403
    for name in ("supervisor", "maintainer"):
        answer = place.people[name].patch(path, json={"organization_id": other.id})
        assert answer.status == 403, name
    answer = place.people["owner"].patch(path, json={"organization_id": 99999})
    assert (answer.status, type(answer.json())) == (400, list)
    assert place.people["owner"].get(path).json()["organization_id"] == place.id


def test_other_fields_cannot_come_along_but_for_the_storages(place: Workplace) -> None:
    path, _, _ = project_with_task(place)
    supervisor = place.people["supervisor"]
    answer = supervisor.patch(path, json={"organization_id": None, "name": "q"})
    assert (answer.status, list(answer.json())) == (400, ["non_field_errors"])
    body: Json = {"organization_id": None, "target_storage": {"location": "local"}}
    answer = supervisor.patch(path, json=body)
    assert answer.status == 200
    assert answer.json()["target_storage"]["location"] == "local"


def test_background_work_has_to_finish_first(place: Workplace) -> None:
    path, task, _ = project_with_task(place)
    engine = place.server.application.engine
    with writing(engine) as db:
        request = Request(
            id="action=import&target=task&target_id=0",
            run="r",
            status="started",
            action="import",
            target="task",
            task_id=int(task.rsplit("/", 1)[1]),
        )
        db.add(request)
    supervisor = place.people["supervisor"]
    answer = supervisor.patch(path, json={"organization_id": None})
    assert (answer.status, type(answer.json())) == (400, list)
    with writing(engine) as db:
        db.get_one(Request, request.id).status = "finished"
    assert supervisor.patch(path, json={"organization_id": None}).status == 200
    with writing(engine) as db:
        assert db.get_one(Request, request.id).organization_id is None
        db.delete(db.get_one(Request, request.id))


@pytest.mark.parametrize("kind", ["project", "task"])
def test_cloud_storages_of_the_old_workspace_stay_behind(place: Workplace, kind: str) -> None:
    item = place.create("supervisor", f"{kind}s")
    with writing(place.server.application.engine) as db:
        storage = CloudStorage(
            organization_id=place.id,
            owner_id=place.people["supervisor"].user_id,
            provider_type="AWS_S3_BUCKET",
            resource="bucket",
            display_name="Bucket",
            credentials_type="ANONYMOUS_ACCESS",
        )
        db.add(storage)
        db.flush()
        parent = {f"{kind}_id": item["id"]}
        db.add(
            Storage(role="target", location="cloud_storage", cloud_storage_id=storage.id, **parent)
        )
    supervisor, path = place.people["supervisor"], f"/api/{kind}s/{item['id']}"
    body: Json = {"organization_id": None}
    answer = supervisor.patch(path, json=body)
    assert (answer.status, type(answer.json())) == (400, list)
    body["target_storage"] = {"location": "local"}
    assert supervisor.patch(path, json=body).status == 200
