"""Invitations to organizations, of people with and without an account."""

from __future__ import annotations

from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.workplaces import Api, Workplace, join, workplace

from cvat_local.embedded import LocalServer
from cvat_local.storage.engine import writing
from cvat_local.storage.tables import Invitation

Json = dict[str, Any]

PASSWORD = "Wood-and-stone-7"


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    return workplace(server, api, "hosts")


def with_email(api: Api, name: str) -> Client:
    """An account with the address ``<name>@example.com``."""
    client = api(name)
    body = {"email": f"{name}@example.com"}
    assert api().patch(f"/api/users/{client.user_id}", json=body).status == 200
    return client


def post(place: Workplace, who: str, email: str, role: str = "worker") -> Any:
    body = {"email": email, "role": role}
    return place.people[who].post("/api/invitations", query=place.org, json=body)


def invite(place: Workplace, email: str, who: str = "owner", role: str = "worker") -> Json:
    answer = post(place, who, email, role)
    assert answer.status == 201, answer.data
    invitation: Json = answer.json()
    return invitation


def register(client: Client, username: str, email: str) -> Client:
    """Make an account as a person does it; the client that calls as it."""
    body = {"username": username, "email": email, "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post("/api/auth/register", json=body)
    assert answer.status == 201, answer.data
    key = answer.json()["key"]
    headers = {"Authorization": f"Token {key}"}
    user_id = client.get("/api/users/self", headers=headers).json()["id"]
    return Client(client.url, user_id, key)


def members(place: Workplace) -> dict[str, bool]:
    """Names of the members, and whether they have accepted."""
    query = {**place.org, "page_size": "all"}
    body = place.people["owner"].get("/api/memberships", query=query).json()
    return {item["user"]["username"]: item["is_active"] for item in body["results"]}


def test_who_has_an_account_is_a_member_at_once(place: Workplace, api: Api) -> None:
    ben = with_email(api, "ben")
    answer = post(place, "owner", "BEN@example.com", "supervisor")
    invitation = answer.json()
    assert answer.status == 201
    assert "Location" not in answer.headers
    assert len(invitation.pop("key")) == 64
    assert invitation.pop("created_date").endswith("Z")
    assert invitation.pop("owner")["username"] == "hosts-owner"
    assert invitation.pop("user")["username"] == "ben"
    assert invitation == {
        "role": "supervisor",
        "organization": place.id,
        "expired": None,
        "organization_info": {"id": place.id, "slug": "hosts"},
        "accepted": True,
    }
    assert ben.get(f"/api/organizations/{place.id}").status == 200
    own = ben.get("/api/memberships").json()["results"][0]
    assert (own["role"], len(own["invitation"])) == ("supervisor", 64)


def test_who_has_none_registers_and_accepts(place: Workplace, api: Api) -> None:
    invitation = invite(place, "cleo@example.com")
    assert invitation["user"]["username"] == "cleo@example.com"
    assert invitation["accepted"] is False
    assert members(place)["cleo@example.com"] is False

    cleo = register(api(None), "cleopatra", "Cleo@example.com")
    assert cleo.user_id == invitation["user"]["id"]
    assert cleo.get("/api/projects", query=place.org).status == 403
    listed = cleo.get("/api/invitations").json()["results"]
    assert [item["key"] for item in listed] == [invitation["key"]]
    assert listed[0]["user"]["username"] == "cleopatra"

    path = f"/api/invitations/{invitation['key']}"
    answer = cleo.post(f"{path}/accept")
    assert (answer.status, answer.json()) == (200, {"organization_slug": "hosts"})
    assert cleo.get("/api/projects", query=place.org).status == 200
    assert cleo.get(path).json()["accepted"] is True
    again = cleo.post(f"{path}/accept")
    assert (again.status, type(again.json())) == (400, str)


def test_an_account_of_an_invited_person_is_taken_over_once(place: Workplace, api: Api) -> None:
    invite(place, "dora@example.com")
    register(api(None), "dora@example.com", "dora@example.com")
    body = {"username": "dora-two", "email": "dora@example.com"}
    body |= {"password1": PASSWORD, "password2": PASSWORD}
    answer = api(None).post("/api/auth/register", json=body)
    assert (answer.status, type(answer.json())) == (400, list)
    login = {"username": "dora@example.com", "password": PASSWORD}
    assert api(None).post("/api/auth/login", json=login).status == 200


def test_nobody_is_signed_in_as_a_person_who_did_not_register(place: Workplace, api: Api) -> None:
    invite(place, "eve@example.com")
    for password in ("", "None", "eve@example.com"):
        login = {"username": "eve@example.com", "password": password}
        assert api(None).post("/api/auth/login", json=login).status == 400


def test_nobody_is_invited_twice(place: Workplace, api: Api) -> None:
    invite(place, "finn@example.com")
    for email in ("finn@example.com", "FINN@example.com"):
        answer = post(place, "owner", email)
        assert (answer.status, type(answer.json())) == (400, list)


def test_one_account_is_invited_by_several_organizations(
    place: Workplace, server: LocalServer, api: Api
) -> None:
    other = workplace(server, api, "hosts2")
    first, second = (invite(one, "gus@example.com") for one in (place, other))
    assert first["user"]["id"] == second["user"]["id"]


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("owner", "maintainer", 201),
        ("owner", "owner", 403),
        ("maintainer", "supervisor", 201),
        ("maintainer", "worker", 201),
        ("maintainer", "maintainer", 403),
        ("supervisor", "worker", 403),
        ("worker", "worker", 403),
        ("stranger", "worker", 403),
        ("admin", "maintainer", 201),
        ("admin", "owner", 403),
    ],
)
def test_who_invites_as_what(place: Workplace, api: Api, who: str, role: str, status: int) -> None:
    place.people.setdefault("admin", api())
    assert post(place, who, f"{who}-{role}@example.com", role).status == status


def test_inputs(place: Workplace, api: Api) -> None:
    owner = place.people["owner"]
    query = {"org_id": place.id}
    answer = owner.post("/api/invitations", query=query, json={"email": "bad", "role": "zzz"})
    assert (answer.status, list(answer.json())) == (400, ["role"])
    answer = owner.post("/api/invitations", query=query, json={"email": "bad", "role": "worker"})
    assert (answer.status, list(answer.json())) == (400, ["email"])
    answer = owner.post("/api/invitations", query=query, json={})
    assert (answer.status, sorted(answer.json())) == (400, ["email", "role"])
    long = "x" * 150 + "@example.com"
    answer = owner.post("/api/invitations", query=query, json={"email": long, "role": "worker"})
    assert (answer.status, list(answer.json())) == (400, ["email"])
    body = {"email": "x@example.com", "role": "worker"}
    assert owner.post("/api/invitations", json=body).status == 403
    assert owner.post("/api/invitations", query={"org": ""}, json=body).status == 403
    api("walt@example.org")
    answer = post(place, "owner", "walt@example.org")
    assert (answer.status, list(answer.json())) == (400, ["email"])


def test_who_lists_which(server: LocalServer, api: Api) -> None:
    place = workplace(server, api, "lists")
    people = place.people
    first = invite(place, "hana@example.com")
    second = invite(place, "ivo@example.com", "maintainer")
    hana = register(api(None), "hana-lists", "hana@example.com")

    def keys(client: Client, **query: str) -> list[str]:
        body = client.get("/api/invitations", query=query).json()
        return [item["key"] for item in body["results"]]

    assert keys(people["owner"], org="lists") == [second["key"], first["key"]]
    assert keys(people["maintainer"], org="lists") == [second["key"], first["key"]]
    assert keys(people["maintainer"]) == [second["key"]]
    assert keys(people["worker"], org="lists") == []
    assert keys(people["owner"], org="") == []
    assert keys(hana) == [first["key"]]
    assert people["stranger"].get("/api/invitations", query=place.org).status == 403
    assert hana.get("/api/invitations", query=place.org).status == 403

    assert keys(people["owner"], org="lists", sort="created_date")[0] == first["key"]
    assert keys(people["owner"], org="lists", owner="lists-maintainer") == [second["key"]]
    assert keys(people["owner"], org="lists", user_id=str(hana.user_id)) == [first["key"]]
    hana.post(f"/api/invitations/{first['key']}/accept")
    assert keys(people["owner"], org="lists", accepted="true") == [first["key"]]
    pending = '{"==": [{"var": "accepted"}, false]}'
    assert keys(people["owner"], org="lists", filter=pending) == [second["key"]]


def test_who_sees_and_answers_one(place: Workplace, api: Api) -> None:
    invitation = invite(place, "jack@example.com", "maintainer")
    jack = register(api(None), "jackson", "jack@example.com")
    path = f"/api/invitations/{invitation['key']}"
    people = place.people
    for client in (people["owner"], people["maintainer"], jack, api()):
        assert client.get(path).status == 200
    for name in ("supervisor", "worker", "stranger"):
        assert people[name].get(path).status == 404
        assert people[name].post(f"{path}/accept").status == 404
        assert people[name].delete(path).status == 404
    assert people["owner"].post(f"{path}/accept").status == 403
    assert people["owner"].post(f"{path}/decline").status == 403
    assert jack.delete(path).status == 403
    assert jack.post(f"{path}/resend").status == 403
    assert jack.get("/api/invitations/nope").status == 404


def test_a_declined_invitation_is_gone_and_the_person_can_be_invited_again(
    place: Workplace, api: Api
) -> None:
    invitation = invite(place, "kim@example.com")
    kim = register(api(None), "kim-declines", "kim@example.com")
    path = f"/api/invitations/{invitation['key']}"
    assert kim.post(f"{path}/decline").status == 204
    assert kim.get(path).status == 404
    assert "kim-declines" not in members(place)
    # There is an account now, so the second one makes a member.
    assert invite(place, "kim@example.com")["accepted"] is True


def test_an_accepted_invitation_cannot_be_declined(place: Workplace, api: Api) -> None:
    lea = with_email(api, "lea")
    invitation = invite(place, "lea@example.com")
    answer = lea.post(f"/api/invitations/{invitation['key']}/decline")
    assert (answer.status, type(answer.json())) == (400, str)
    assert members(place)["lea"] is True


def test_taking_back_an_invitation_frees_the_place_but_keeps_members(
    place: Workplace, api: Api
) -> None:
    owner = place.people["owner"]
    pending = invite(place, "mia@example.com")
    assert owner.delete(f"/api/invitations/{pending['key']}").status == 204
    assert "mia@example.com" not in members(place)
    assert owner.delete(f"/api/invitations/{pending['key']}").status == 404
    invite(place, "mia@example.com")

    with_email(api, "nils")
    accepted = invite(place, "nils@example.com")
    assert owner.delete(f"/api/invitations/{accepted['key']}").status == 204
    assert members(place)["nils"] is True


def test_resending_is_for_pending_ones(place: Workplace, api: Api) -> None:
    owner = place.people["owner"]
    pending = invite(place, "olga@example.com")
    assert owner.post(f"/api/invitations/{pending['key']}/resend").status == 204
    with_email(api, "paul")
    accepted = invite(place, "paul@example.com")
    answer = owner.post(f"/api/invitations/{accepted['key']}/resend")
    assert (answer.status, type(answer.json())) == (400, str)


def test_removing_a_member_removes_the_invitation(place: Workplace) -> None:
    owner = place.people["owner"]
    invitation = invite(place, "quinn@example.com")
    listed = owner.get("/api/memberships", query={**place.org, "user": "quinn@example.com"})
    number = listed.json()["results"][0]["id"]
    assert owner.delete(f"/api/memberships/{number}").status == 204
    assert owner.get(f"/api/invitations/{invitation['key']}").status == 404


def test_an_invitation_outlives_who_sent_it(server: LocalServer, api: Api) -> None:
    place = workplace(server, api, "senders")
    invitation = invite(place, "rosa@example.com", "maintainer")
    maintainer = place.people["maintainer"]
    assert maintainer.delete(f"/api/users/{maintainer.user_id}").status == 204
    answer = place.people["owner"].get(f"/api/invitations/{invitation['key']}")
    assert (answer.status, answer.json()["owner"]) == (200, None)


def test_a_member_in_another_way_has_no_invitation(place: Workplace, api: Api) -> None:
    sam = api("sam")
    number = join(place, sam, "worker")
    assert sam.get(f"/api/memberships/{number}").json()["invitation"] is None
    with writing(place.server.application.engine) as db:
        db.add(Invitation(key="k" * 64, membership_id=number, owner_id=None))
    assert sam.get(f"/api/memberships/{number}").json()["invitation"] == "k" * 64
