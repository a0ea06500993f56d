"""Projects: fields, rights, lists, deletion."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from cvat_local.embedded import LocalServer

if TYPE_CHECKING:
    from tests.local.conftest import Client

Api = Callable[..., "Client"]


def create(client: Client, **fields: Any) -> dict[str, Any]:
    answer = client.post("/api/projects", json={"name": "p", **fields})
    assert answer.status == 201, answer.data
    project: dict[str, Any] = answer.json()
    return project


def patch(client: Client, project: dict[str, Any], fields: Any) -> tuple[int, Any]:
    answer = client.patch(f"/api/projects/{project['id']}", json=fields)
    return answer.status, answer.json()


def test_a_new_project_has_all_fields(api: Api) -> None:
    ann = api("ann")
    answer = ann.post("/api/projects", json={"name": "  new "})
    project = answer.json()
    assert answer.status == 201
    assert answer.headers["Location"] == project["url"]
    assert project.pop("created_date") <= project.pop("updated_date")
    number, url = project["id"], ann.url
    assert project == {
        "url": f"{url}/api/projects/{number}",
        "id": number,
        "name": "new",
        "owner": {
            "url": f"{url}/api/users/{ann.user_id}",
            "id": ann.user_id,
            "username": "ann",
            "first_name": "",
            "last_name": "",
        },
        "assignee": None,
        "guide_id": None,
        "bug_tracker": "",
        "task_subsets": [],
        "status": "annotation",
        "dimension": None,
        "organization": None,
        "organization_id": None,
        "target_storage": None,
        "source_storage": None,
        "tasks": {"count": 0, "url": f"{url}/api/tasks?project_id={number}"},
        "labels": {"url": f"{url}/api/labels?project_id={number}"},
        "assignee_updated_date": None,
    }
    assert ann.get(f"/api/projects/{number}").json()["name"] == "new"


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ({}, {"name"}),
        ({"name": " "}, {"name"}),
        ({"name": None}, {"name"}),
        ({"name": "n" * 257}, {"name"}),
        ({"name": "x", "bug_tracker": None}, {"bug_tracker"}),
        ({"name": "x", "assignee_id": "abc"}, {"assignee_id"}),
        ({"name": "x", "target_storage": None}, {"target_storage"}),
        ({"name": "x", "target_storage": {"location": "moon"}}, {"target_storage"}),
        ({"name": "x", "target_storage": {"location": "cloud_storage"}}, {"target_storage"}),
        ({"name": "x", "target_storage": {"cloud_storage_id": 1}}, {"target_storage"}),
        ({"name": "x", "labels": {"name": "a"}}, {"labels"}),
    ],
)
def test_errors_of_fields_are_named(api: Api, body: dict[str, Any], keys: set[str]) -> None:
    answer = api("ann").post("/api/projects", json=body)
    assert answer.status == 400
    assert answer.json().keys() == keys


def test_an_unknown_cloud_storage_is_a_list_error(api: Api) -> None:
    body = {"name": "x", "source_storage": {"location": "cloud_storage", "cloud_storage_id": 7}}
    answer = api("ann").post("/api/projects", json=body)
    assert (answer.status, type(answer.json())) == (400, list)


def test_unknown_and_read_only_fields_are_ignored_on_create(api: Api) -> None:
    project = create(api("ann"), zzz=1, id=7777, status="completed", owner_id=None)
    assert project["id"] != 7777
    assert (project["status"], project["owner"]) == ("annotation", None)


def test_a_worker_creates_nothing(api: Api) -> None:
    answer = api("walter", groups=("worker",)).post("/api/projects", json={"name": "x"})
    assert answer.status == 403


def test_storages_are_kept(api: Api) -> None:
    ann = api("ann")
    project = create(ann, source_storage={"location": "local"})
    storage = project["source_storage"]
    assert storage == {"id": storage["id"], "location": "local", "cloud_storage_id": None}
    _, changed = patch(
        ann, project, {"source_storage": {"location": "local", "cloud_storage_id": None}}
    )
    assert changed["source_storage"] == storage
    assert changed["updated_date"] == project["updated_date"]


def test_strangers_may_not_see_it_and_missing_ones_are_missing(api: Api) -> None:
    project = create(api("ann"))
    path = f"/api/projects/{project['id']}"
    bob = api("bob")
    assert bob.get(path).status == 403
    assert bob.patch(path, json={"name": "mine"}).status == 403
    assert bob.delete(path).status == 403
    assert bob.get("/api/projects/999999").status == 404
    assert bob.patch("/api/projects/999999", json={"name": "mine"}).status == 404
    assert api(None).get(path).status == 401
    assert api().get(path).status == 200


def test_only_real_changes_move_the_date(api: Api) -> None:
    ann = api("ann")
    project = create(ann)
    unchanging: list[dict[str, Any]] = [{}, {"name": "p"}, {"labels": []}]
    for fields in unchanging:
        status, unchanged = patch(ann, project, fields)
        assert (status, unchanged) == (200, project)
    _, changed = patch(ann, project, {"name": "q", "bug_tracker": "http://bugs.example/1"})
    assert (changed["name"], changed["bug_tracker"]) == ("q", "http://bugs.example/1")
    assert changed["updated_date"] > project["updated_date"]


@pytest.mark.parametrize("field", ["zzz", "status", "id", "tasks"])
def test_fields_that_cannot_be_patched_are_forbidden(api: Api, field: str) -> None:
    ann = api("ann")
    status, body = patch(ann, create(ann), {"name": "q", field: 1})
    assert (status, body.keys()) == (403, {"detail"})


def test_only_oneself_can_be_assigned_but_admins_assign_anybody(api: Api) -> None:
    ann, bob, admin = api("ann"), api("bob"), api()
    project = create(ann)
    assert patch(ann, project, {"assignee_id": bob.user_id})[0] == 403
    assert patch(ann, project, {"assignee_id": 999999})[0] == 403
    assert patch(ann, project, {"owner_id": ann.user_id})[0] == 403
    status, assigned = patch(ann, project, {"assignee_id": ann.user_id})
    assert (status, assigned["assignee"]["username"]) == (200, "ann")
    assert assigned["assignee_updated_date"] is not None
    assert patch(ann, project, {"assignee_id": None})[1]["assignee"] is None
    assert patch(admin, project, {"assignee_id": bob.user_id})[1]["assignee"]["username"] == "bob"
    assert patch(admin, project, {"assignee_id": 999999}) == (
        400,
        {"assignee_id": ["There is no user 999999."]},
    )


def test_an_assignee_edits_but_does_not_manage(api: Api) -> None:
    ann, bob, admin = api("ann"), api("bob"), api()
    project = create(ann)
    patch(admin, project, {"assignee_id": bob.user_id})
    assert patch(bob, project, {"name": "bob's"})[0] == 200
    assert patch(bob, project, {"assignee_id": None})[0] == 403
    assert bob.delete(f"/api/projects/{project['id']}").status == 403


def test_there_are_no_organizations_to_move_to(api: Api) -> None:
    ann = api("ann")
    project = create(ann)
    assert patch(ann, project, {"organization_id": None})[0] == 200
    status, body = patch(ann, project, {"organization_id": 5})
    assert (status, type(body)) == (400, list)
    status, body = patch(ann, project, {"organization_id": None, "name": "q"})
    assert (status, body.keys()) == (400, {"non_field_errors"})


def test_lists_are_searched_filtered_and_sorted(api: Api) -> None:
    cleo = api("cleo")
    for name in ("alpha", "beta", "alphabet"):
        create(cleo, name=name)
    api("dora").post("/api/projects", json={"name": "alpha"})

    def names(**query: Any) -> list[str]:
        answer = cleo.get("/api/projects", query=query)
        assert answer.status == 200, answer.data
        return [project["name"] for project in answer.json()["results"]]

    assert names() == ["alphabet", "beta", "alpha"]
    assert names(search="alpha") == ["alphabet", "alpha"]
    assert names(name="alpha") == ["alpha"]
    assert names(owner="dora") == []
    assert names(sort="name") == ["alpha", "alphabet", "beta"]
    assert names(filter='{"in": ["bet", {"var": "name"}]}') == ["alphabet", "beta"]
    assert cleo.get("/api/projects", query={"filter": "{"}).status == 400
    everybody = api().get("/api/projects", query={"name": "alpha"}).json()
    assert everybody["count"] == 2


def test_tasks_show_in_their_project(api: Api) -> None:
    ann = api("ann")
    project = create(ann)
    for subset in ("Train", "Test", "Train", ""):
        body = {"name": "t", "project_id": project["id"], "subset": subset}
        assert ann.post("/api/tasks", json=body).status == 201
    shown = ann.get(f"/api/projects/{project['id']}").json()
    assert shown["tasks"]["count"] == 4
    assert shown["task_subsets"] == ["Test", "Train"]
    assert shown["dimension"] == "2d"
    assert shown["updated_date"] > project["updated_date"]


def test_deleting_takes_everything_along(api: Api, server: LocalServer) -> None:
    ann = api("ann")
    project = create(ann, labels=[{"name": "cat"}])
    task = ann.post("/api/tasks", json={"name": "t", "project_id": project["id"]}).json()
    files = server.application.files
    (files.task(task["id"]) / "a.png").touch()
    path = f"/api/projects/{project['id']}"
    assert ann.delete(path).status == 204
    assert ann.delete(path).status == 404
    assert ann.get(f"/api/tasks/{task['id']}").status == 404
    assert not files.task_folder(task["id"]).exists()
