"""The organization of a request: its three spellings, what lists show, where things are created."""

from __future__ import annotations

from typing import Any

import pytest
from tests.local.workplaces import Api, Workplace, workplace

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, Configuration, exceptions, models

Json = dict[str, Any]

HEADER = "X-Organization"


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    """An organization with a project of its supervisor; the supervisor has a personal one too."""
    place = workplace(server, api, "context")
    project = place.create("supervisor", "projects", name="shared", labels=[{"name": "a"}])
    task = place.create("supervisor", "tasks", name="shared", project_id=project["id"])
    place.job(task["id"])
    supervisor = place.people["supervisor"]
    body = {"name": "own", "labels": [{"name": "b"}]}
    task = supervisor.post("/api/tasks", json=body).json()
    place.job(task["id"])
    assert supervisor.post("/api/projects", json=body).status == 201
    return place


# --- spellings -------------------------------------------------------------------------------------


def test_three_spellings_mean_the_same(place: Workplace) -> None:
    supervisor = place.people["supervisor"]
    for query, headers in (
        ({"org": "context"}, {}),
        ({"org_id": place.id}, {}),
        ({}, {HEADER: "context"}),
        ({"org": "context"}, {HEADER: "context"}),
    ):
        answer = supervisor.get("/api/projects", query=query, headers=headers)
        assert [item["name"] for item in answer.json()["results"]] == ["shared"]


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({"org": "context", "org_id": "1"}, {}),
        ({"org_id": "1"}, {HEADER: ""}),
        ({"org_id": "1"}, {HEADER: "context"}),
        ({"org": "context"}, {HEADER: "other"}),
        ({"org": ""}, {HEADER: "context"}),
        ({"org_id": "abc"}, {}),
        ({"org_id": "-1"}, {}),
        ({"org_id": "9" * 30}, {}),
    ],
)
def test_contradictions_are_refused(
    place: Workplace, query: dict[str, str], headers: dict[str, str]
) -> None:
    answer = place.people["owner"].get("/api/projects", query=query, headers=headers)
    assert (answer.status, type(answer.json())) == (400, list)


def test_an_unknown_organization_is_not_found_wherever_it_is_named(place: Workplace) -> None:
    owner = place.people["owner"]
    for query in ({"org": "nope"}, {"org_id": "99999"}, {"org": "CONTEXT"}):
        for path in ("/api/projects", "/api/users/self", "/api/organizations", "/api/tasks/999"):
            answer = owner.get(path, query=query)
            assert (answer.status, list(answer.json())) == (404, ["detail"])
    assert owner.get("/api/projects", headers={HEADER: "nope"}).status == 404


def test_who_is_not_signed_in_learns_nothing_of_organizations(api: Api) -> None:
    assert api(None).get("/api/projects", query={"org": "nope"}).status == 401
    assert api(None).get("/api/server/about", query={"org": "nope", "org_id": "2"}).status == 200


# --- lists -----------------------------------------------------------------------------------------


def names(place: Workplace, who: str, kind: str, **query: str) -> list[str]:
    answer = place.people[who].get(f"/api/{kind}", query={**query, "sort": "name"})
    assert answer.status == 200, answer.data
    key = "task_name" if kind == "jobs" else "name"
    return sorted(item[key] for item in answer.json()["results"])


@pytest.mark.parametrize("kind", ["projects", "tasks", "jobs"])
def test_lists_show_one_workspace_or_all(place: Workplace, kind: str) -> None:
    assert names(place, "supervisor", kind) == ["own", "shared"]
    assert names(place, "supervisor", kind, org="context") == ["shared"]
    assert names(place, "supervisor", kind, org="") == ["own"]
    assert names(place, "supervisor", kind, org_id="") == ["own"]
    headers = {HEADER: ""}
    answer = place.people["supervisor"].get(f"/api/{kind}", headers=headers)
    assert answer.json()["count"] == 1


@pytest.mark.parametrize("kind", ["projects", "tasks", "jobs"])
def test_those_who_oversee_an_organization_list_all_of_it(place: Workplace, kind: str) -> None:
    for who in ("owner", "maintainer"):
        assert names(place, who, kind, org="context") == ["shared"]
        assert names(place, who, kind) == []
    for who in ("worker", "helper"):
        assert names(place, who, kind, org="context") == []


def test_labels_follow_the_projects_and_tasks(place: Workplace) -> None:
    assert names(place, "maintainer", "labels", org="context") == ["a"]
    assert names(place, "maintainer", "labels") == []
    assert names(place, "worker", "labels", org="context") == []
    # The personal project and the personal task have a label each.
    assert names(place, "supervisor", "labels") == ["a", "b", "b"]
    assert names(place, "supervisor", "labels", org="") == ["b", "b"]


def test_outsiders_list_nothing_of_an_organization(place: Workplace) -> None:
    kinds = ("projects", "tasks", "jobs", "labels", "users", "requests")
    for kind in kinds:
        query = {"org": "context", "filter": "{"}
        assert place.people["stranger"].get(f"/api/{kind}", query=query).status == 403, kind


def test_admins_list_all_of_the_workspace_they_name(place: Workplace, api: Api) -> None:
    place.people["admin"] = api()
    assert names(place, "admin", "projects", org="context") == ["shared"]
    assert names(place, "admin", "projects", org="") == ["own"]
    assert names(place, "admin", "projects") == ["own", "shared"]


def test_users_are_the_fellow_members(place: Workplace, api: Api) -> None:
    worker, owner = place.people["worker"], place.people["owner"]
    listed = worker.get("/api/users", query={**place.org, "sort": "id"}).json()["results"]
    assert len(listed) == 5
    assert "email" not in listed[0]
    assert worker.get("/api/users").json()["count"] == 1
    assert worker.get("/api/users", query={"org": ""}).json()["count"] == 1
    assert api().get("/api/users", query=place.org).json()["count"] == 5
    path = f"/api/users/{owner.user_id}"
    assert "email" not in worker.get(path, query=place.org).json()
    assert "email" in api().get(path, query=place.org).json()
    assert worker.get(path).status == 403
    assert worker.patch(path, query=place.org, json={}).status == 403
    stranger = place.people["stranger"]
    assert stranger.get(path, query=place.org).status == 403
    assert worker.get(f"/api/users/{stranger.user_id}", query=place.org).status == 403


def test_background_requests_are_listed_by_workspace(place: Workplace) -> None:
    supervisor = place.people["supervisor"]
    for task in supervisor.get("/api/tasks").json()["results"]:
        query = {"format": "COCO 1.0", "save_images": "false"}
        path = f"/api/tasks/{task['id']}/dataset/export"
        assert supervisor.post(path, query=query).status == 202

    def organizations(**query: Any) -> list[int | None]:
        listed = supervisor.get("/api/requests", query=query).json()["results"]
        return sorted((item["operation"]["org_id"] for item in listed), key=str)

    assert organizations() == [place.id, None]
    assert organizations(org_id=place.id) == [place.id]
    assert organizations(org="") == [None]


# --- creating --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["projects", "tasks"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", 201),
        ("maintainer", 201),
        ("supervisor", 201),
        ("worker", 403),
        ("helper", 403),
        ("stranger", 403),
    ],
)
def test_who_creates_in_an_organization(
    server: LocalServer, api: Api, kind: str, who: str, status: int
) -> None:
    place = workplace(server, api, f"c-{kind}-{who}"[:16])
    answer = place.people[who].post(f"/api/{kind}", query=place.org, json={"name": "n"})
    assert answer.status == status
    if status == 201:
        created = answer.json()
        assert (created["organization"], created["organization_id"]) == (place.id, place.id)


def test_admins_create_in_any(place: Workplace, api: Api) -> None:
    answer = api().post("/api/projects", query=place.org, json={"name": "by admin"})
    assert (answer.status, answer.json()["organization_id"]) == (201, place.id)
    assert api().delete(f"/api/projects/{answer.json()['id']}").status == 204


def test_a_supervisor_with_a_worker_account_creates_nothing(place: Workplace, api: Api) -> None:
    path = f"/api/memberships/{place.members['helper']}"
    assert place.people["owner"].patch(path, json={"role": "supervisor"}).status == 200
    for kind in ("projects", "tasks"):
        answer = place.people["helper"].post(f"/api/{kind}", query=place.org, json={"name": "n"})
        assert answer.status == 403
    assert place.people["owner"].patch(path, json={"role": "worker"}).status == 200


def test_a_task_is_where_its_project_is(place: Workplace) -> None:
    supervisor = place.people["supervisor"]
    query = {**place.org, "search": "shared"}
    shared = supervisor.get("/api/projects", query=query).json()["results"][0]["id"]
    own = supervisor.get("/api/projects", query={"org": ""}).json()["results"][0]["id"]
    for number, context in ((shared, {}), (shared, {"org": ""}), (own, place.org)):
        body = {"name": "t", "project_id": number}
        answer = supervisor.post("/api/tasks", query=context, json=body)
        assert (answer.status, type(answer.json())) == (400, list)
    body = {"name": "t", "project_id": shared}
    assert place.people["worker"].post("/api/tasks", query=place.org, json=body).status == 403
    assert place.people["stranger"].post("/api/tasks", query=place.org, json=body).status == 403
    task = place.create("owner", "tasks", project_id=shared)
    assert task["organization_id"] == place.id
    # Nor does a task move into a project elsewhere.
    path = f"/api/tasks/{task['id']}"
    assert place.people["owner"].delete(path).status == 204
    elsewhere = supervisor.post("/api/tasks", json={"name": "personal", "labels": []}).json()
    path = f"/api/tasks/{elsewhere['id']}"
    assert supervisor.patch(path, json={"project_id": shared}).status == 400
    assert supervisor.delete(path).status == 204


def test_anybody_can_be_chosen_in_an_organization(place: Workplace) -> None:
    stranger = place.people["stranger"]
    project = place.create("owner", "projects", assignee_id=stranger.user_id)
    assert project["assignee"]["username"] == "context-stranger"
    # It gives no rights to who is no member.
    path = f"/api/projects/{project['id']}"
    assert stranger.get(path).status == 403
    answer = place.people["owner"].patch(path, json={"assignee_id": 999999})
    assert (answer.status, list(answer.json())) == (400, ["assignee_id"])
    assert place.people["owner"].delete(path).status == 204


# --- with the client package -----------------------------------------------------------------------


class TestClientPackage:
    """As scripts name an organization with the client package."""

    @pytest.fixture
    def client(self, place: Workplace) -> ApiClient:
        key = place.people["supervisor"].key
        assert key is not None
        return ApiClient(Configuration(host=place.server.url, api_key={"tokenAuth": key}))

    def test_lists(self, client: ApiClient, place: Workplace) -> None:
        contexts: list[Json] = [
            {"org": "context"},
            {"org_id": place.id},
            {"x_organization": "context"},
        ]
        with client:
            for context in contexts:
                page, _ = client.projects_api.list(**context)
                assert [project.name for project in page.results] == ["shared"]
                jobs, _ = client.jobs_api.list(**context)
                assert [job.organization for job in jobs.results] == [place.id]
                labels, _ = client.labels_api.list(**context)
                assert [label.name for label in labels.results] == ["a"]
                users, _ = client.users_api.list(**context)
                assert users.count == 5

    def test_creating(self, client: ApiClient, place: Workplace) -> None:
        spec = models.TaskWriteRequest(name="from a script")
        contexts: list[Json] = [
            {"org": "context"},
            {"org_id": place.id},
            {"x_organization": "context"},
        ]
        with client:
            for context in contexts:
                task, response = client.tasks_api.create(spec, **context)
                assert (response.status, task.organization_id) == (201, place.id)
                client.tasks_api.destroy(task.id)

    def test_a_default_header_names_it_for_all_calls(
        self, client: ApiClient, place: Workplace
    ) -> None:
        with client:
            client.set_default_header("X-Organization", "context")
            page, _ = client.tasks_api.list()
            assert [task.name for task in page.results] == ["shared"]

    def test_the_life_of_an_organization(self, client: ApiClient, place: Workplace) -> None:
        with client:
            spec = models.OrganizationWriteRequest(slug="scripted", contact={"email": "a@b.cc"})
            organization, _ = client.organizations_api.create(spec)
            assert organization.contact == {"email": "a@b.cc"}
            invited = models.InvitationWriteRequest(role="worker", email="zoe@example.com")
            invitation, _ = client.invitations_api.create(invited, org="scripted")
            assert (invitation.expired, invitation.accepted) == (None, False)
            members, _ = client.memberships_api.list(org="scripted", role="worker")
            (member,) = members.results
            assert member.invitation == invitation.key
            patch = models.PatchedMembershipWriteRequest(role="supervisor")
            changed, _ = client.memberships_api.partial_update(
                member.id, patched_membership_write_request=patch
            )
            assert changed.role.value == "supervisor"
            client.invitations_api.resend(invitation.key)
            client.invitations_api.destroy(invitation.key)
            client.organizations_api.destroy(organization.id)
            with pytest.raises(exceptions.NotFoundException):
                client.projects_api.list(org="scripted")
