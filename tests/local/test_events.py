"""The event log: sent by clients, exported as CSV."""

from __future__ import annotations

import csv
import io
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.workplaces import Api, Workplace, workplace

from cvat_local.embedded import LocalServer

Json = dict[str, Any]
SENT = "2026-11-23T13:00:10Z"


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    return workplace(server, api, "events")


def send(client: Client, *events: Json, query: Json | None = None) -> list[Json]:
    body = {
        "events": [{"scope": "load:job", "timestamp": SENT, **event} for event in events],
        "timestamp": SENT,
    }
    answer = client.post("/api/events", query=query, json=body)
    assert answer.status == 201, answer.data
    recorded: list[Json] = answer.json()["events"]
    return recorded


def finished(client: Client, rq_id: str) -> Json:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        request: Json = client.get("/api/requests/" + rq_id).json()
        if request["status"] in ("finished", "failed"):
            return request
    raise AssertionError(f"{rq_id} does not end")


def exported(client: Client, **query: Any) -> list[dict[str, str]]:
    answer = client.post("/api/events/export", query=query)
    assert answer.status == 202, answer.data
    request = finished(client, answer.json()["rq_id"])
    assert request["status"] == "finished", request["message"]
    file = client.get(request["result_url"])
    assert file.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(file.data.decode())))


# --- sending -------------------------------------------------------------------------------------


def test_what_is_recorded(api: Api) -> None:
    ann = api("event-ann")
    before = datetime.now(timezone.utc)
    event = {
        "timestamp": "2026-11-23T13:00:00Z",
        "job_id": 1,
        "payload": '{"a":1}',
        "obj_name": None,
        "duration": 5,
        "user_id": 99999,
        "org_slug": "x",
        "unknown": 1,
    }
    recorded, plain = send(ann, event, {"scope": "user:activity"})
    moment = datetime.fromisoformat(recorded.pop("timestamp").replace("Z", "+00:00"))
    assert timedelta(0) <= moment + timedelta(seconds=10) - before < timedelta(seconds=60)
    assert recorded == {
        "scope": "load:job",
        "job_id": 1,
        "payload": '{"a": 1}',
        "obj_name": None,
        "duration": 5,
        "source": "client",
        "user_id": ann.user_id,
        "user_name": "event-ann",
        "user_email": "",
        "org_id": None,
        "org_slug": None,
    }
    assert (plain["payload"], plain["duration"], "job_id" in plain) == ("{}", 0, False)


def test_a_batch_without_events(api: Api) -> None:
    answer = api("event-ann").post("/api/events", json={"timestamp": SENT})
    body = {"events": [], "previous_event": None, "timestamp": SENT}
    assert (answer.status, answer.json()) == (201, body)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"scope": "zzz"}, "scope"),
        ({"scope": "split:object"}, "scope"),
        ({"source": "server"}, "scope"),
        ({"payload": "{"}, "payload"),
        ({"payload": {}}, "events"),
        ({"timestamp": "yesterday"}, "events"),
        ({"timestamp": "9999-12-31T23:59:59Z"}, "timestamp"),
    ],
)
def test_what_cannot_be_sent(api: Api, change: Json, where: str) -> None:
    event = {"scope": "load:job", "timestamp": "2020-01-01T00:00:00Z", **change}
    body = {"events": [event], "timestamp": "2020-01-01T00:00:00Z"}
    answer = api("event-ann").post("/api/events", json=body)
    assert (answer.status, list(answer.json())) == (400, [where])
    assert isinstance(answer.json()[where], str) == (where in ("scope", "payload"))


def test_who_sends(api: Api, place: Workplace) -> None:
    body = {"timestamp": SENT}
    assert api(None).post("/api/events", json=body).status == 401
    for who, status in (("helper", 201), ("worker", 201), ("stranger", 403)):
        answer = place.people[who].post("/api/events", query=place.org, json=body)
        assert answer.status == status, who
    (event,) = send(place.people["worker"], {}, query=place.org)
    assert (event["org_id"], event["org_slug"]) == (place.id, "events")


# --- exporting -----------------------------------------------------------------------------------


def test_an_export_has_the_events_that_were_asked_for(api: Api) -> None:
    bob = api("event-bob")
    send(bob, {"task_id": 1, "obj_val": 'a,"b"\nc'}, {"task_id": 2, "payload": '{"x": [1]}'})
    send(api("event-ann"), {"task_id": 1})
    rows = exported(bob)
    assert [row["task_id"] for row in rows] == ["1", "2"]
    assert (rows[0]["obj_val"], rows[1]["payload"]) == ('a,"b"\nc', '{"x": [1]}')
    assert {row["user_name"] for row in rows} == {"event-bob"}
    assert [row["task_id"] for row in exported(bob, task_id=2)] == ["2"]
    assert exported(bob, job_id=1) == []
    assert len(exported(bob, **{"from": "2020-01-01"})) == 2
    assert exported(bob, to="2020-01-01") == []
    both = [row["user_name"] for row in exported(api(), task_id=1)]
    assert both == ["event-bob", "event-ann"]
    assert len(exported(api(), user_id=bob.user_id)) == 2


def test_a_file_has_the_name_that_was_asked_for(api: Api) -> None:
    ann = api("event-ann")
    rq_id = ann.post("/api/events/export", query={"filename": "my.csv"}).json()["rq_id"]
    assert rq_id.startswith("action=export&target=events&id=")
    assert rq_id.endswith(f"&user_id={ann.user_id}")
    request = finished(ann, rq_id)
    assert request["operation"]["type"] == "export:events"
    file = ann.get(request["result_url"])
    assert file.headers["Content-Disposition"] == 'attachment; filename="my.csv"'
    assert api("event-bob").get(request["result_url"]).status == 403
    assert api(None).get(request["result_url"]).status == 401


def test_what_cannot_be_exported(api: Api) -> None:
    ann = api("event-ann")
    for query, status in (
        ({"from": "bad"}, 400),
        ({"from": "2026-01-02", "to": "2026-01-01"}, 400),
        ({"location": "moon"}, 400),
        ({"location": "cloud_storage"}, 400),
        ({"location": "cloud_storage", "cloud_storage_id": 99999}, 400),
        ({"user_id": 1}, 403),
        ({"org_id": 99999}, 404),
    ):
        answer = ann.post("/api/events/export", query=query)
        assert answer.status == status, query
        assert status != 400 or isinstance(answer.json(), list)
    assert api(None).post("/api/events/export").status == 401
    assert api("event-none", groups=()).post("/api/events/export").status == 403
    for path in ("", "?rq_id=x", "?rq_id=action=export%26target=task%26target_id=1"):
        assert ann.get(f"/api/events/download{path}").status == 400


def test_the_events_of_an_organization(api: Api, place: Workplace) -> None:
    worker, helper = place.people["worker"], place.people["helper"]
    send(worker, {"project_id": 77}, query=place.org)
    send(helper, {"project_id": 77}, query=place.org)
    send(worker, {"project_id": 77})
    query = {"org_id": place.id, "project_id": 77}
    names = [row["user_name"] for row in exported(place.people["maintainer"], **query)]
    assert names == ["events-worker", "events-helper"]
    assert [row["user_name"] for row in exported(helper, **query)] == ["events-helper"]
    assert len(exported(worker, project_id=77)) == 2
    other = {**query, "user_id": helper.user_id}
    assert len(exported(place.people["owner"], **other)) == 1
    assert worker.post("/api/events/export", query=other).status == 403
    assert place.people["stranger"].post("/api/events/export", query=query).status == 403


def test_the_old_way_to_export(api: Api) -> None:
    cid = api("event-cid")
    send(cid, {"job_id": 3})
    first = cid.get("/api/events", query={"job_id": 3})
    assert (first.status, first.headers["Deprecation"]) == (202, "@1742169600")
    query = {"query_id": first.json()["query_id"]}
    deadline = time.monotonic() + 30
    while (state := cid.get("/api/events", query=query)).status == 202:
        assert time.monotonic() < deadline
    assert state.status == 201
    file = cid.get("/api/events", query={**query, "action": "download"})
    (row,) = csv.DictReader(io.StringIO(file.data.decode()))
    assert (file.status, row["job_id"], row["scope"]) == (200, "3", "load:job")
    assert api("event-ann").get("/api/events", query=query).status == 404
