"""Background requests over HTTP. The server's workers are off: the tests do the work step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from cvat_local.background import states
from cvat_local.embedded import LocalServer
from cvat_local.settings import Settings
from cvat_local.storage.engine import writing
from cvat_local.storage.tables import Request, User

if TYPE_CHECKING:
    from tests.local.conftest import Client

Api = Callable[..., "Client"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    folder = tmp_path_factory.mktemp("server") / "data"
    with LocalServer(settings=Settings(data_dir=Path(folder), workers=0)) as running:
        yield running


@pytest.fixture
def submit(server: LocalServer, api: Api) -> Callable[..., str]:
    """``submit("ann", action=...)``: id of a new request about a new task of ann."""

    def new(name: str, **fields: Any) -> str:
        client = api(name)
        task = client.post("/api/tasks", json={"name": "t"}).json()["id"]
        with writing(server.application.engine) as db:
            arguments = {"action": "create", "target": "task", "target_id": task, "task_id": task}
            user = db.get_one(User, client.user_id)
            return server.application.queue.submit(db, user=user, **(arguments | fields)).id

    return new


def path(request_id: str) -> str:
    return f"/api/requests/{quote(request_id, safe='')}"


def finish(server: LocalServer, request_id: str, **result: Any) -> None:
    """Do the steps that a worker does."""
    with writing(server.application.engine) as db:
        run = db.get_one(Request, request_id).run
        now = server.application.queue.now()
        assert states.start(db, request_id, run, now)
        assert states.finish(db, request_id, run, now, **result)


def test_a_queued_request_has_all_fields(api: Api, submit: Callable[..., str]) -> None:
    ann = api("ann")
    request_id = submit("ann")
    shown = ann.get(path(request_id)).json()
    assert shown.pop("created_date").endswith("Z")
    task_id = int(request_id.rpartition("=")[2])
    assert shown == {
        "status": "queued",
        "message": "",
        "id": request_id,
        "operation": {
            "type": "create:task",
            "target": "task",
            "project_id": None,
            "task_id": task_id,
            "job_id": None,
            "org_id": None,
            "format": None,
            "function_id": None,
            "lightweight": None,
        },
        "progress": 0.0,
        "started_date": None,
        "finished_date": None,
        "expiry_date": None,
        "owner": {"id": ann.user_id, "username": "ann"},
        "result_url": None,
        "result_id": None,
    }
    state = ann.get(f"/api/tasks/{task_id}/status").json()["state"]
    assert state == "Queued"


def test_a_finished_export_says_where_its_file_is(
    api: Api, server: LocalServer, submit: Callable[..., str]
) -> None:
    ann = api("ann")
    request_id = submit("ann", action="export", subresource="dataset", format="COCO 1.0")
    finish(server, request_id, result_path="results/x/out.zip", result_filename="out.zip")
    shown = ann.get(path(request_id)).json()
    task_id = shown["operation"]["task_id"]
    assert (shown["status"], shown["progress"]) == ("finished", 0.0)
    assert shown["operation"]["type"] == "export:dataset"
    assert shown["operation"]["format"] == "COCO 1.0"
    encoded = quote(request_id, safe="")
    assert shown["result_url"] == (
        f"{ann.url}/api/tasks/{task_id}/dataset/download?rq_id={encoded}"
    )
    assert shown["started_date"] <= shown["finished_date"] < shown["expiry_date"]


def test_ids_of_earlier_servers_find_the_same_request(api: Api, submit: Callable[..., str]) -> None:
    request_id = submit("ann")
    old = f"create:task-{request_id.rpartition('=')[2]}"
    assert api("ann").get(path(old)).json()["id"] == request_id


@pytest.mark.parametrize("request_id", ["nonsense", "action=create&target=task&target_id=999999"])
def test_unknown_requests_are_missing(api: Api, request_id: str) -> None:
    for answer in (
        api("ann").get(path(request_id)),
        api("ann").post(path(request_id) + "/cancel"),
    ):
        assert answer.status == 404
        assert answer.headers["Content-Type"].startswith("text/plain")


def test_requests_follow_the_rights_on_their_target(api: Api, submit: Callable[..., str]) -> None:
    created = submit("ann")
    exported = submit("ann", action="export", subresource="dataset", format="COCO 1.0")
    for request_id in (created, exported):
        assert api("bob").get(path(request_id)).status == 403
        assert api("bob").post(path(request_id) + "/cancel").status == 403
        assert api().get(path(request_id)).status == 200
    task_id = int(created.rpartition("=")[2])
    api().patch(f"/api/tasks/{task_id}", json={"assignee_id": api("bob").user_id})
    assert api("bob").get(path(created)).status == 200


def test_only_queued_requests_are_cancelled(
    api: Api, server: LocalServer, submit: Callable[..., str]
) -> None:
    ann = api("ann")
    queued, finished = submit("ann"), submit("ann")
    finish(server, finished)
    answer = ann.post(path(queued) + "/cancel")
    assert (answer.status, answer.data) == (200, b"")
    assert ann.get(path(queued)).status == 404
    assert ann.post(path(finished) + "/cancel").status == 400
    assert ann.get(path(finished)).status == 200


def test_lists_show_the_caller_s_own(
    api: Api, server: LocalServer, submit: Callable[..., str]
) -> None:
    cleo = api("cleo")
    created = submit("cleo")
    exported = submit("cleo", action="export", subresource="annotations", format="COCO 1.0")
    finish(server, created)

    def ids(client: Client = cleo, **query: Any) -> list[str]:
        answer = client.get("/api/requests", query=query)
        assert answer.status == 200, answer.data
        return [request["id"] for request in answer.json()["results"]]

    assert ids() == [exported, created]
    assert ids(sort="created_date") == [created, exported]
    assert ids(status="finished") == [created]
    assert ids(action="export") == ids(format="COCO 1.0") == ids(subresource="annotations")
    assert ids(task_id=created.rpartition("=")[2]) == [created]
    assert ids(status="zzz") == ids(target="job") == []
    assert ids(api()) == []
    both = (
        '{"and": [{"==": [{"var": "action"}, "create"]}, {"==": [{"var": "status"}, "finished"]}]}'
    )
    assert ids(filter=both) == [created]
    assert cleo.get("/api/requests", query={"page": 9}).status == 404


def test_expired_requests_are_gone(
    api: Api, server: LocalServer, submit: Callable[..., str]
) -> None:
    dora = api("dora")
    request_id = submit("dora")
    finish(server, request_id)
    with writing(server.application.engine) as db:
        request = db.get_one(Request, request_id)
        request.expiry_date = server.application.queue.now() - timedelta(seconds=1)
    assert dora.get(path(request_id)).status == 404
    assert dora.get("/api/requests").json()["count"] == 0


def test_deleting_the_target_removes_its_requests(api: Api, submit: Callable[..., str]) -> None:
    request_id = submit("ann")
    api("ann").delete(f"/api/tasks/{request_id.rpartition('=')[2]}")
    assert api("ann").get(path(request_id)).status == 404
