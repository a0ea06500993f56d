"""Organizations: fields, who sees, changes and deletes them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.workplaces import Api, Workplace, workplace

from cvat_local.embedded import LocalServer


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    return workplace(server, api, "place")


def create(client: Client, **fields: Any) -> dict[str, Any]:
    answer = client.post("/api/organizations", json=fields)
    assert answer.status == 201, answer.data
    organization: dict[str, Any] = answer.json()
    return organization


def test_a_new_organization_belongs_to_who_made_it(api: Api) -> None:
    ann = api("ann")
    answer = ann.post("/api/organizations", json={"slug": "mine"})
    organization = answer.json()
    assert answer.status == 201
    assert "Location" not in answer.headers
    assert organization.pop("created_date") <= organization.pop("updated_date")
    assert organization == {
        "id": organization["id"],
        "slug": "mine",
        "name": "mine",
        "description": "",
        "contact": {},
        "owner": {
            "url": f"{ann.url}/api/users/{ann.user_id}",
            "id": ann.user_id,
            "username": "ann",
            "first_name": "",
            "last_name": "",
        },
    }
    own = ann.get("/api/memberships", query={"org": "mine"}).json()["results"]
    assert [(m["user"]["id"], m["role"], m["is_active"]) for m in own] == [
        (ann.user_id, "owner", True)
    ]
    assert own[0]["joined_date"] is not None
    assert own[0]["invitation"] is None


def test_all_fields_can_be_given_and_the_owner_cannot(api: Api) -> None:
    contact = {"email": "a@example.com", "phones": [1, 2]}
    organization = create(
        api("ann"), slug="full-1_A", name="Full", description="d", contact=contact, owner=1
    )
    assert (organization["name"], organization["description"]) == ("Full", "d")
    assert organization["contact"] == contact
    assert organization["owner"]["username"] == "ann"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "x"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": "a b!"}, "slug"),
        ({"slug": "s" * 17}, "slug"),
        ({"slug": "place"}, "slug"),
        ({"slug": "ok", "name": "n" * 65}, "name"),
        ({"slug": "ok", "contact": "mail me"}, "contact"),
        ({"slug": "ok", "contact": None}, "contact"),
    ],
)
def test_wrong_fields_are_named(
    place: Workplace, api: Api, fields: dict[str, Any], field: str
) -> None:
    answer = api("ann").post("/api/organizations", json=fields)
    assert answer.status == 400
    assert list(answer.json()) == [field]


def test_workers_create_none(place: Workplace) -> None:
    answer = place.people["helper"].post("/api/organizations", json={"slug": "helpers"})
    assert answer.status == 403


def test_members_see_it_and_to_others_it_does_not_exist(place: Workplace) -> None:
    path = f"/api/organizations/{place.id}"
    for name in ("owner", "maintainer", "supervisor", "worker", "helper"):
        assert place.people[name].get(path).json()["slug"] == "place"
        assert place.people[name].get("/api/organizations").json()["count"] == 1
    stranger = place.people["stranger"]
    assert stranger.get(path).status == 404
    # The organization of a request does not matter here.
    assert stranger.get("/api/organizations", query=place.org).json()["count"] == 0


def test_admins_see_all_of_them(place: Workplace, api: Api) -> None:
    other = create(place.people["stranger"], slug="other")
    slugs = [item["slug"] for item in api().get("/api/organizations").json()["results"]]
    assert slugs[0] == "other"
    assert "place" in slugs
    assert api().get(f"/api/organizations/{other['id']}").status == 200


def test_lists_are_searched_and_filtered(place: Workplace) -> None:
    owner = place.people["owner"]
    for query in (
        {"search": "PLACE-owner"},
        {"slug": "place"},
        {"owner": "place-owner"},
        {"filter": '{"==": [{"var": "name"}, "place"]}'},
    ):
        found = owner.get("/api/organizations", query=query).json()["results"]
        assert [item["id"] for item in found] == [place.id], query
    assert owner.get("/api/organizations", query={"slug": "PLACE"}).json()["count"] == 0


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("owner", 200),
        ("maintainer", 200),
        ("supervisor", 403),
        ("worker", 403),
        ("stranger", 404),
    ],
)
def test_owner_and_maintainers_change_it(place: Workplace, name: str, status: int) -> None:
    path = f"/api/organizations/{place.id}"
    answer = place.people[name].patch(path, json={"description": f"by {name}"})
    assert answer.status == status
    if status == 200:
        assert answer.json()["description"] == f"by {name}"


def test_what_is_not_sent_stays_and_unknown_fields_are_ignored(place: Workplace) -> None:
    owner, path = place.people["owner"], f"/api/organizations/{place.id}"
    before = owner.get(path).json()
    after = owner.patch(path, json={"contact": {"a": 1}, "owner": 1, "zzz": 2}).json()
    assert after.pop("updated_date") > before.pop("updated_date")
    assert after == {**before, "contact": {"a": 1}}
    assert owner.patch(path, json={"slug": "place"}).status == 200
    assert owner.put(path, json={}).status == 405
    assert place.people["stranger"].patch(path, body="{").status == 415
    headers = {"Content-Type": "application/json"}
    assert place.people["stranger"].patch(path, body="{", headers=headers).status == 400


def test_a_slug_that_is_taken_is_refused_on_change(place: Workplace, api: Api) -> None:
    mine = create(api("ann"), slug="taken-test")
    answer = api("ann").patch(f"/api/organizations/{mine['id']}", json={"slug": "place"})
    assert (answer.status, list(answer.json())) == (400, ["slug"])


def test_the_owner_deletes_it_and_its_projects_become_personal(
    server: LocalServer, api: Api
) -> None:
    place = workplace(server, api, "gone")
    project = place.create("supervisor", "projects")
    task = place.create("supervisor", "tasks", project_id=project["id"])
    path = f"/api/organizations/{place.id}"
    for name, status in (("maintainer", 403), ("stranger", 404), ("owner", 204), ("owner", 404)):
        assert place.people[name].delete(path).status == status, name
    supervisor = place.people["supervisor"]
    for kind, item in (("projects", project), ("tasks", task)):
        kept = supervisor.get(f"/api/{kind}/{item['id']}").json()
        assert (kept["organization"], kept["organization_id"]) == (None, None)
        assert place.people["owner"].get(f"/api/{kind}/{item['id']}").status == 403
    assert supervisor.get("/api/memberships").json()["count"] == 0
    assert supervisor.get("/api/projects", query=place.org).status == 404


def test_it_outlives_its_owner(server: LocalServer, api: Api) -> None:
    place = workplace(server, api, "orphan")
    owner = place.people["owner"]
    assert owner.delete(f"/api/users/{owner.user_id}").status == 204
    answer = place.people["worker"].get(f"/api/organizations/{place.id}")
    assert (answer.status, answer.json()["owner"]) == (200, None)
