"""Members of organizations: who sees them, changes their role, and leaves."""

from __future__ import annotations

from typing import Any

import pytest
from tests.local.workplaces import Api, Workplace, join, workplace

from cvat_local.embedded import LocalServer


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    """Its members: one of each role, a second worker, and ``guest`` who is invited as a worker."""
    place = workplace(server, api, "team")
    place.people["guest"] = api("guest")
    place.members["guest"] = join(place, api("guest"), "worker", active=False)
    return place


def path(place: Workplace, name: str) -> str:
    return f"/api/memberships/{place.members[name]}"


def role(place: Workplace, name: str) -> str:
    return str(place.people["owner"].get(path(place, name)).json()["role"])


def test_a_member_is_written_with_the_person(place: Workplace) -> None:
    worker = place.people["worker"]
    body = worker.get(path(place, "worker")).json()
    assert body.pop("user")["username"] == "team-worker"
    assert body.pop("joined_date").endswith("Z")
    assert body == {
        "id": place.members["worker"],
        "organization": place.id,
        "is_active": True,
        "role": "worker",
        "invitation": None,
    }


@pytest.mark.parametrize(
    ("name", "query", "count"),
    [
        ("worker", {"org": "team"}, 5),
        ("supervisor", {"org": "team"}, 5),
        ("maintainer", {"org": "team"}, 6),
        ("owner", {"org": "team"}, 6),
        ("worker", {}, 1),
        ("worker", {"org": ""}, 0),
        ("guest", {}, 0),
        ("owner", {"org": "team", "role": "worker"}, 3),
        ("owner", {"org": "team", "user": "team-worker"}, 1),
        ("owner", {"org": "team", "search": "team-"}, 5),
    ],
)
def test_who_lists_whom(place: Workplace, name: str, query: dict[str, str], count: int) -> None:
    body = place.people[name].get("/api/memberships", query=query).json()
    assert body["count"] == count


def test_outsiders_and_invited_people_list_nobody(place: Workplace) -> None:
    for name in ("stranger", "guest"):
        assert place.people[name].get("/api/memberships", query=place.org).status == 403
        assert place.people[name].get(path(place, "worker")).status == 403


def test_admins_list_all_members(place: Workplace, api: Api) -> None:
    assert api().get("/api/memberships", query=place.org).json()["count"] == 6
    assert api().get(path(place, "guest")).status == 200


def test_who_is_only_invited_is_seen_by_those_who_lead(place: Workplace) -> None:
    assert place.people["maintainer"].get(path(place, "guest")).json()["joined_date"] is None
    assert place.people["supervisor"].get(path(place, "guest")).status == 403


def test_unknown_members_and_roles(place: Workplace) -> None:
    owner = place.people["owner"]
    assert owner.get("/api/memberships/999999").status == 404
    answer = owner.get("/api/memberships", query={**place.org, "role": "boss"})
    assert (answer.status, list(answer.json())) == (400, ["role"])
    answer = owner.patch(path(place, "worker"), json={"role": "boss"})
    assert (answer.status, list(answer.json())) == (400, ["role"])
    assert owner.post("/api/memberships", json={}).status == 405


@pytest.mark.parametrize(
    ("who", "whom", "new", "status"),
    [
        ("owner", "worker", "supervisor", 200),
        ("owner", "worker", "maintainer", 200),
        ("owner", "maintainer", "worker", 200),
        ("owner", "guest", "supervisor", 200),
        ("maintainer", "worker", "supervisor", 200),
        ("maintainer", "supervisor", "worker", 200),
        ("owner", "worker", "owner", 200),
        ("maintainer", "worker", "maintainer", 200),
        # Only those below are led, and nobody leads the owner.
        ("maintainer", "owner", "worker", 403),
        ("maintainer", "maintainer", "worker", 403),
        ("owner", "owner", "worker", 403),
        ("supervisor", "worker", "supervisor", 403),
        ("worker", "worker", "supervisor", 403),
        ("helper", "worker", "worker", 403),
        ("stranger", "worker", "supervisor", 403),
        ("admin", "worker", "maintainer", 200),
        ("admin", "worker", "owner", 200),
        ("admin", "owner", "worker", 403),
    ],
)
def test_who_changes_whose_role(
    place: Workplace, api: Api, who: str, whom: str, new: str, status: int
) -> None:
    client = api() if who == "admin" else place.people[who]
    before = role(place, whom)
    answer = client.patch(path(place, whom), json={"role": new})
    assert answer.status == status, answer.data
    assert role(place, whom) == (new if status == 200 else before)
    if status == 200:
        assert api().patch(path(place, whom), json={"role": before}).status == 200


def test_nothing_but_the_role_can_be_changed(place: Workplace) -> None:
    owner = place.people["owner"]
    for body in ({"is_active": False}, {"role": "worker", "id": 1}, {"zzz": 1}):
        assert owner.patch(path(place, "worker"), json=body).status == 403
    assert owner.patch(path(place, "worker"), json={}).json()["role"] == "worker"
    assert owner.patch(path(place, "worker"), json=[]).status == 400


def test_who_removes_whom(server: LocalServer, api: Api) -> None:
    place = workplace(server, api, "leaving")
    steps: list[tuple[str, str, int]] = [
        ("worker", "supervisor", 403),
        ("stranger", "supervisor", 403),
        ("maintainer", "owner", 403),
        ("owner", "owner", 403),
        ("maintainer", "supervisor", 204),
        ("maintainer", "supervisor", 404),
        ("helper", "helper", 204),
        ("owner", "maintainer", 204),
        ("worker", "worker", 204),
    ]
    for who, whom, status in steps:
        assert place.people[who].delete(path(place, whom)).status == status, (who, whom)
    assert place.people["owner"].get("/api/memberships", query=place.org).json()["count"] == 1


def test_who_left_has_no_rights_to_what_they_had_there(server: LocalServer, api: Api) -> None:
    place = workplace(server, api, "former")
    supervisor = place.people["supervisor"]
    project = place.create("supervisor", "projects")
    task = place.create("supervisor", "tasks")
    job_id = place.job(task["id"], assignee="supervisor")
    paths = [f"/api/projects/{project['id']}", f"/api/tasks/{task['id']}", f"/api/jobs/{job_id}"]
    assert [supervisor.get(one).status for one in paths] == [200, 200, 200]
    assert supervisor.delete(path(place, "supervisor")).status == 204
    answers: list[Any] = [supervisor.get(one) for one in paths]
    answers += [supervisor.patch(one, json={}) for one in paths]
    answers += [supervisor.delete(one) for one in paths]
    assert {answer.status for answer in answers} == {403}
