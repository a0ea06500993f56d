"""Webhooks: made, changed, listed, by whom; pings and what was delivered."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.receiver import Receiver
from tests.local.workplaces import Api, Workplace, workplace

from cvat_local.embedded import LocalServer

Json = dict[str, Any]
_paths = itertools.count(1)


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    return workplace(server, api, "hooks")


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.close()


def make(client: Client, query: Json | None = None, **fields: Any) -> Json:
    body = {"target_url": "http://127.0.0.1:9/", "events": ["update:project"], **fields}
    answer = client.post("/api/webhooks", query=query, json=body)
    assert answer.status == 201, answer.data
    made: Json = answer.json()
    return made


def project_of(client: Client, **fields: Any) -> int:
    answer = client.post("/api/projects", json={"name": "p", **fields})
    assert answer.status == 201, answer.data
    number: int = answer.json()["id"]
    return number


def a_path(word: str = "200") -> str:
    return f"/{next(_paths)}/{word}"


def deliveries(client: Client, webhook: Json, count: int) -> list[Json]:
    """The deliveries of a webhook, as soon as there are so many."""
    deadline = time.monotonic() + 30
    while True:
        path = f"/api/webhooks/{webhook['id']}/deliveries"
        found: list[Json] = client.get(path).json()["results"]
        if len(found) >= count or time.monotonic() > deadline:
            assert len(found) == count
            return found


# --- the webhooks themselves ---------------------------------------------------------------------


def test_a_webhook_of_a_project(api: Api) -> None:
    ann = api("hook-ann")
    project = project_of(ann)
    body = {
        "target_url": "https://example.com/hook?x=1",
        "type": "project",
        "project_id": project,
        "events": ["update:project", "create:task", "create:task"],
        "secret": "s3cr3t",
        "description": "d",
        "enable_ssl": False,
    }
    answer = ann.post("/api/webhooks", json=body)
    assert answer.status == 201
    made = answer.json()
    assert answer.headers["Location"] == made["url"] == f"{ann.url}/api/webhooks/{made['id']}"
    assert made["owner"]["username"] == "hook-ann"
    shown = {key: made[key] for key in ("type", "project_id", "organization", "events")}
    assert shown == {
        "type": "project",
        "project_id": project,
        "organization": None,
        "events": ["create:task", "update:project"],
    }
    assert (made["is_active"], made["enable_ssl"], made["description"]) == (True, False, "d")
    assert not {"secret", "last_status", "last_delivery_date"} & made.keys()
    assert ann.get(f"/api/webhooks/{made['id']}").json() == made
    assert ann.delete(f"/api/webhooks/{made['id']}").status == 204
    assert ann.get(f"/api/webhooks/{made['id']}").status == 404


def test_changes(api: Api) -> None:
    ann = api("hook-ann")
    hook = make(ann, type="project", project_id=project_of(ann), description="d")
    path = f"/api/webhooks/{hook['id']}"
    changed = ann.patch(path, json={"is_active": False, "type": "organization", "x": 1}).json()
    assert (changed["is_active"], changed["type"]) == (False, "project")
    assert changed["updated_date"] > hook["updated_date"]
    assert ann.put(path, json={"target_url": "http://a.b"}).json().keys() == {"events"}
    put = ann.put(path, json={"target_url": "http://a.b", "events": ["create:job"]}).json()
    assert (put["target_url"], put["events"]) == ("http://a.b", ["create:job"])
    assert (put["description"], put["is_active"]) == ("d", False)
    other = project_of(api("hook-bob"))
    assert ann.patch(path, json={"project_id": other}).status == 403
    assert ann.patch(path, json={"project_id": 99999}).status == 400


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"target_url": "nope"}, "target_url"),
        ({"target_url": "ftp://a.b"}, "target_url"),
        ({"target_url": "http://a.b:99999"}, "target_url"),
        ({"target_url": "http://a b"}, "target_url"),
        ({"events": []}, "non_field_errors"),
        ({"events": ["zzz"]}, "events"),
        ({"events": "update:job"}, "events"),
        ({"events": ["create:user"]}, "events"),
        ({"events": ["create:project"]}, "non_field_errors"),
        ({"content_type": "text/xml"}, "content_type"),
        ({"secret": "s" * 65}, "secret"),
        ({"description": "d" * 129}, "description"),
    ],
)
def test_what_cannot_be_written(api: Api, change: Json, where: str) -> None:
    ann = api("hook-ann")
    body = {"target_url": "http://a.b", "events": ["update:job"], "type": "project"}
    answer = ann.post("/api/webhooks", json={**body, "project_id": project_of(ann), **change})
    assert (answer.status, list(answer.json())) == (400, [where])
    assert isinstance(answer.json()[where], list)


def test_all_errors_at_once(api: Api) -> None:
    body = {"target_url": "nope", "type": "zzz", "events": ["zzz"]}
    answer = api().post("/api/webhooks", json=body)
    assert (answer.status, answer.json().keys()) == (400, {"target_url", "type", "events"})
    empty = api().post("/api/webhooks", json={})
    assert (empty.status, empty.json().keys()) == (400, {"target_url", "type", "events"})


def test_who_makes_webhooks(api: Api, place: Workplace) -> None:
    people = place.people
    body = {"target_url": "http://a.b", "events": ["update:job"]}
    of_org = {**body, "type": "organization"}
    for who, status in (
        ("owner", 201),
        ("maintainer", 201),
        ("supervisor", 403),
        ("worker", 403),
        ("stranger", 403),
    ):
        assert people[who].post("/api/webhooks", query=place.org, json=of_org).status == status, who
    assert people["owner"].post("/api/webhooks", json=of_org).status == 403
    project = place.create("supervisor", "projects")["id"]
    of_project = {**body, "type": "project", "project_id": project}
    for who, status in (("supervisor", 201), ("maintainer", 201), ("worker", 403)):
        answer = people[who].post("/api/webhooks", query=place.org, json=of_project)
        assert answer.status == status, who
    assert people["stranger"].post("/api/webhooks", json=of_project).status == 403
    assert people["owner"].post("/api/webhooks", json={}).status == 403
    missing = people["owner"].post("/api/webhooks", json={**of_project, "project_id": 99999})
    assert (missing.status, type(missing.json())) == (400, list)
    assert api(None).post("/api/webhooks", json=of_project).status == 401
    assert people["owner"].post("/api/webhooks", json={**body, "type": "server"}).status == 403
    assert api().post("/api/webhooks", json={**body, "type": "server"}).status == 201
    assert api().post("/api/webhooks", json=of_org).status == 400


def test_who_sees_and_changes_webhooks(place: Workplace) -> None:
    project = place.create("supervisor", "projects")["id"]
    hook = make(place.people["maintainer"], place.org, type="project", project_id=project)
    assert hook["organization"] == place.id
    path = f"/api/webhooks/{hook['id']}"
    for who, status in (
        ("owner", 200),
        ("maintainer", 200),
        ("supervisor", 200),
        ("worker", 403),
        ("stranger", 403),
    ):
        client = place.people[who]
        assert client.get(path).status == status, who
        assert client.patch(path, json={"description": who}).status == status, who
        assert client.get(f"{path}/deliveries").status == status, who
        assert client.get(f"{path}/deliveries/99999").status == (404 if status == 200 else 403)
        redelivery = client.post(f"{path}/deliveries/99999/redelivery")
        assert redelivery.status == (404 if status == 200 else 403)
    for method in ("PUT", "DELETE"):
        body = {"target_url": "http://a.b", "events": ["update:job"]}
        assert place.people["worker"].request(method, path, json=body).status == 403
    assert place.people["worker"].post(f"{path}/ping").status == 403


def test_lists(place: Workplace) -> None:
    owner, supervisor = place.people["owner"], place.people["supervisor"]
    project = place.create("supervisor", "projects")["id"]
    first = make(owner, place.org, type="project", project_id=project, description="needle")["id"]
    second = make(supervisor, place.org, type="project", project_id=project)["id"]

    def ids(client: Client, **query: Any) -> list[int]:
        return [hook["id"] for hook in client.get("/api/webhooks", query=query).json()["results"]]

    assert ids(owner, project_id=project, **place.org) == [second, first]
    assert ids(supervisor, project_id=project) == [second, first]
    assert ids(owner, project_id=project, org="") == []
    assert ids(owner, project_id=project, owner="hooks-owner", sort="id") == [first]
    assert ids(owner, search="needle") == [first]
    assert ids(owner, project_id=project, type="organization") == []
    assert ids(place.people["worker"], **place.org) == []
    assert owner.get("/api/webhooks", query={"type": "zzz"}).status == 400


def test_events_by_type(api: Api) -> None:
    nobody = api(None)
    listed = {
        kind: [event["key"] for event in nobody.get(path).json()["events"]]
        for kind, path in {
            "all": "/api/webhooks/events",
            "organization": "/api/webhooks/events?type=organization",
            "project": "/api/webhooks/events?type=project",
        }.items()
    }
    assert set(listed["project"]) < set(listed["organization"]) < set(listed["all"])
    assert {"create:task", "delete:project"} < set(listed["project"])
    assert "create:project" not in listed["project"]
    assert "create:user" not in listed["organization"]
    assert listed["all"] == sorted(listed["all"])
    first = nobody.get("/api/webhooks/events?type=server").json()
    assert first["webhook_type"] == "server"
    assert first["events"][0]["group"] == {"display_name": "Quality report creation"}
    for kind in ("", "zzz"):
        answer = nobody.get("/api/webhooks/events", query={"type": kind})
        assert (answer.status, type(answer.json())) == (400, str)


# --- deliveries ----------------------------------------------------------------------------------


@pytest.fixture
def hook_on(api: Api, receiver: Receiver) -> Callable[..., tuple[Json, str]]:
    """Makes a webhook on a project of ann; gives it and the path of the receiver that it sends to."""

    def made(project: int, *events: str, word: str = "200", **fields: Any) -> tuple[Json, str]:
        path = a_path(word)
        fields = {"type": "project", "project_id": project, **fields}
        hook = make(api("hook-ann"), target_url=receiver.url + path, events=list(events), **fields)
        return hook, path

    return made


Hooked = Callable[..., tuple[Json, str]]


def test_a_ping_is_signed_and_recorded(api: Api, receiver: Receiver, hook_on: Hooked) -> None:
    ann = api("hook-ann")
    hook, path = hook_on(project_of(ann), "update:project", secret="s3cr3t")
    ping = ann.post(f"/api/webhooks/{hook['id']}/ping")
    assert ping.status == 200
    record = ping.json()
    (received,) = receiver.wait(path)
    digest = hmac.new(b"s3cr3t", received.raw, hashlib.sha256).hexdigest()
    assert received.headers["x-signature-256"] == f"sha256={digest}"
    assert received.headers["content-type"] == "application/json"
    assert received.headers["user-agent"].startswith("CVAT/")
    assert received.body["webhook"] == hook
    assert received.body.keys() == {"event", "webhook", "sender"}
    assert record["request"] == received.body
    shown = ("event", "status_code", "redelivery", "attempt", "changed_fields", "response")
    assert [record[key] for key in shown] == ["ping", 200, False, 1, "", "thanks"]
    assert ann.get(f"/api/webhooks/{hook['id']}/deliveries/{record['id']}").json() == record
    read = ann.get(f"/api/webhooks/{hook['id']}").json()
    assert (read["last_status"], read["last_delivery_date"]) == (200, record["updated_date"])


@pytest.mark.parametrize(("word", "status", "text"), [("302", 302, "thanks"), ("large", 200, "")])
def test_answers(
    api: Api, receiver: Receiver, hook_on: Hooked, word: str, status: int, text: str
) -> None:
    ann = api("hook-ann")
    hook, _ = hook_on(project_of(ann), "update:project", word=word)
    record = ann.post(f"/api/webhooks/{hook['id']}/ping").json()
    assert (record["status_code"], record["response"]) == (status, text)
    assert receiver.got("/followed") == []


def test_nobody_listens(api: Api) -> None:
    ann = api("hook-ann")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        hook = make(ann, target_url=url, type="project", project_id=project_of(ann))
        record = ann.post(f"/api/webhooks/{hook['id']}/ping").json()
    assert (record["status_code"], record["response"]) == (502, "")


def test_an_update_is_told_with_what_was_before(
    api: Api, receiver: Receiver, hook_on: Hooked
) -> None:
    ann = api("hook-ann")
    project = project_of(ann)
    hook, path = hook_on(project, "update:project")
    changed = ann.patch(f"/api/projects/{project}", json={"name": "other"}).json()
    body = receiver.wait(path)[0].body
    assert body["project"] == changed
    assert body["sender"]["username"] == "hook-ann"
    assert (body["event"], body["webhook_id"]) == ("update:project", hook["id"])
    assert body["before_update"].keys() == {"name", "updated_date"}
    assert body["changes"]["name"] == {"from": "p", "to": "other"}
    (record,) = deliveries(ann, hook, 1)
    assert (record["changed_fields"], record["request"]) == ("name,updated_date", body)


def test_a_redelivery_repeats_the_body(api: Api, receiver: Receiver, hook_on: Hooked) -> None:
    ann = api("hook-ann")
    project = project_of(ann)
    hook, path = hook_on(project, "update:project", secret="k")
    ann.patch(f"/api/projects/{project}", json={"name": "other"})
    (record,) = deliveries(ann, hook, 1)
    again = ann.post(f"/api/webhooks/{hook['id']}/deliveries/{record['id']}/redelivery")
    assert (again.status, again.json()) == (200, {})
    first, second = receiver.wait(path, 2)
    assert first.raw == second.raw
    assert first.headers["x-signature-256"] == second.headers["x-signature-256"]
    newest, _ = deliveries(ann, hook, 2)
    assert (newest["redelivery"], newest["changed_fields"]) == (True, "name,updated_date")


def test_what_does_not_succeed_is_not_told(api: Api, receiver: Receiver, hook_on: Hooked) -> None:
    ann, bob = api("hook-ann"), api("hook-bob")
    project = project_of(ann)
    silent, silent_path = hook_on(project, "update:project", is_active=False)
    _, path = hook_on(project, "update:project")
    assert bob.patch(f"/api/projects/{project}", json={"name": "x"}).status == 403
    assert ann.patch(f"/api/projects/{project}", json={"name": "p"}).status == 200
    assert ann.patch(f"/api/projects/{project}", json={"name": "y"}).status == 200
    assert receiver.wait(path)[0].body["before_update"]["name"] == "p"
    assert (len(receiver.got(path)), receiver.got(silent_path)) == (1, [])
    assert deliveries(ann, silent, 0) == []


def test_what_happens_in_a_project(api: Api, receiver: Receiver, hook_on: Hooked) -> None:
    ann = api("hook-ann")
    project = project_of(ann)
    parts = ("task", "job", "issue", "comment")
    names = [f"{action}:{part}" for part in parts for action in ("create", "update", "delete")]
    _, path = hook_on(project, *names, "delete:project")
    task = ann.post("/api/tasks", json={"name": "t", "project_id": project}).json()
    ann.patch(f"/api/tasks/{task['id']}", json={"name": "u"})
    create, update = (received.body for received in receiver.wait(path, 2))
    assert (create["event"], create["task"]) == ("create:task", task)
    assert update["task"]["name"] == "u"
    ann.delete(f"/api/projects/{project}")
    events = [received.body["event"] for received in receiver.wait(path, 4)]
    assert events == ["create:task", "update:task", "delete:task", "delete:project"]


def test_labels_and_storages_belong_to_what_they_are_of(
    api: Api, receiver: Receiver, hook_on: Hooked
) -> None:
    ann = api("hook-ann")
    labels = [{"name": "a", "attributes": []}, {"name": "b"}]
    project = project_of(ann, labels=labels)
    _, path = hook_on(project, "update:project")
    address = f"/api/projects/{project}"
    a, b = ann.get("/api/labels", query={"project_id": project}).json()["results"]
    ann.patch(address, json={"labels": [{"name": "c"}]})
    ann.delete(f"/api/labels/{b['id']}")
    attribute = {"name": "x", "mutable": True, "input_type": "text", "values": []}
    ann.patch(f"/api/labels/{a['id']}", json={"attributes": [attribute]})
    ann.patch(address, json={"target_storage": {"location": "local"}})
    ann.post("/api/tasks", json={"name": "t", "project_id": project})
    ann.patch(address, json={"name": "end"})
    bodies = [received.body for received in receiver.wait(path, 5)]
    assert [sorted(body["changes"]) for body in bodies] == [
        ["updated_date"],
        ["updated_date"],
        ["updated_date"],
        [],
        ["name", "updated_date"],
    ]
    assert bodies[3]["project"]["target_storage"]["location"] == "local"


def test_reviews_and_jobs(place: Workplace, receiver: Receiver) -> None:
    owner, supervisor = place.people["owner"], place.people["supervisor"]
    path = a_path()
    parts = ("job", "issue", "comment")
    names = [f"{action}:{part}" for part in parts for action in ("create", "update", "delete")]
    make(owner, place.org, target_url=receiver.url + path, type="organization", events=names)
    task = place.create("supervisor", "tasks")["id"]
    job = place.job(task, "helper")
    supervisor.patch(f"/api/jobs/{job}", json={"state": "completed"})
    issue = {"frame": 0, "position": [1], "message": "m", "job": job}
    number = supervisor.post("/api/issues", json=issue).json()["id"]
    supervisor.patch(f"/api/issues/{number}", json={"resolved": True})
    said = supervisor.post("/api/comments", json={"issue": number, "message": "a"}).json()
    supervisor.patch(f"/api/comments/{said['id']}", json={"message": "b"})
    supervisor.delete(f"/api/comments/{said['id']}")
    supervisor.delete(f"/api/issues/{number}")
    supervisor.delete(f"/api/tasks/{task}")
    bodies = [received.body for received in receiver.wait(path, 11)]
    assert [body["event"] for body in bodies] == [
        "create:job",
        "update:job",
        "create:issue",
        "create:comment",
        "update:issue",
        "create:comment",
        "update:comment",
        "delete:comment",
        "delete:comment",
        "delete:issue",
        "delete:job",
    ]
    assert bodies[1]["changes"]["state"] == {"from": "new", "to": "completed"}
    assert bodies[7]["comment"]["message"] == "b"
    assert bodies[9]["issue"]["id"] == number


def test_what_happens_in_an_organization(api: Api, server: LocalServer, receiver: Receiver) -> None:
    place = workplace(server, api, "hooks2")
    owner = place.people["owner"]
    path = a_path()
    names = [
        *("update:organization", "delete:organization", "create:project", "delete:project"),
        *("create:membership", "update:membership", "delete:membership"),
        *("create:invitation", "delete:invitation"),
    ]
    make(owner, place.org, target_url=receiver.url + path, type="organization", events=names)
    owner.patch(f"/api/organizations/{place.id}", json={"description": "d"})
    invitation = {"email": "new@example.com", "role": "worker"}
    owner.post("/api/invitations", query=place.org, json=invitation)
    member = place.members["worker"]
    owner.patch(f"/api/memberships/{member}", json={"role": "supervisor"})
    owner.delete(f"/api/memberships/{member}")
    moved = place.create("owner", "projects")["id"]
    assert owner.patch(f"/api/projects/{moved}", json={"organization_id": None}).status == 200
    bodies = [received.body for received in receiver.wait(path, 7)]
    assert [body["event"] for body in bodies] == [
        "update:organization",
        *sorted(body["event"] for body in bodies[1:3]),
        "update:membership",
        "delete:membership",
        "create:project",
        "delete:project",
    ]
    assert {body["event"] for body in bodies[1:3]} == {"create:membership", "create:invitation"}
    assert bodies[0]["before_update"].keys() == {"description", "updated_date"}
    assert bodies[3]["before_update"] == {"role": "worker"}
    assert bodies[6]["project"]["id"] == moved
    owner.delete(f"/api/organizations/{place.id}")
    ends = {received.body["event"] for received in receiver.wait(path, 14)[7:]}
    assert ends == {"delete:organization", "delete:membership", "delete:invitation"}


def test_what_happens_on_the_server(api: Api, receiver: Receiver) -> None:
    path = a_path()
    names = ["create:user", "update:user", "delete:user", "create:organization"]
    admin = api()
    hook = make(admin, target_url=receiver.url + path, type="server", events=names)
    secret = "Qwerty-9xyz!"
    body = {"username": "newcomer", "password1": secret, "password2": secret}
    key = admin.post("/api/auth/register", json={**body, "email": "n@example.com"}).json()["key"]
    newcomer = Client(admin.url, None, key)
    number = newcomer.get("/api/users/self").json()["id"]
    newcomer.post("/api/organizations", json={"slug": "newcomers"})
    newcomer.patch(f"/api/users/{number}", json={"first_name": "N"})
    admin.delete(f"/api/users/{number}")
    received = receiver.wait(path, 4)
    assert [one.body["event"] for one in received] == [
        "create:user",
        "create:organization",
        "update:user",
        "delete:user",
    ]
    assert all(b"argon2" not in one.raw for one in received)
    assert received[2].body["before_update"] == {"first_name": ""}
    admin.delete(f"/api/webhooks/{hook['id']}")


def test_finished_requests(api: Api, receiver: Receiver, hook_on: Hooked) -> None:
    ann = api("hook-ann")
    project = project_of(ann)
    event = "completed:request[export:backup]"
    _, path = hook_on(project, event)
    started = ann.post(f"/api/projects/{project}/backup/export")
    assert started.status == 202
    body = receiver.wait(path)[0].body
    assert body.keys() == {"event", "request", "webhook_id"}
    read = ann.get(f"/api/requests/{started.json()['rq_id']}").json()
    assert (body["event"], body["request"]) == (event, read)
    assert read["status"] == "finished"
