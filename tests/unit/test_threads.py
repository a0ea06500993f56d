"""One client in many threads: what one call sends and gets is not seen by another."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.lengths import short_and_long
from tests.unit.recording import Answer, Received, RecordingServer

from cvat_sdk.api_client import ApiClient, Configuration, exceptions, models

THREADS = 8
OWN = {"Authorization": "Basic dTpw", "X-Client": "everywhere"}
"""Headers that every call of the client sends, unless it says otherwise."""


class EchoServer(RecordingServer):
    """Answers with what it was sent, in the places of a task; there are no jobs."""

    def take(self, request: Received) -> Answer:
        with self._lock:
            self.received.append(request)
        cookie = request.header("X-Set-Cookie")
        headers = [("Set-Cookie", f"{cookie}; Path=/; Secure")] if cookie else []
        echo = {
            "name": request.target,
            "bug_tracker": request.header("Authorization") or "",
            "dimension": request.header("X-Organization") or "",
            "mode": request.header("Cookie") or "",
            "client": request.header("X-Client") or "",
            "content": request.body.decode("latin-1"),
        }
        status = 404 if request.path.startswith("/api/jobs") else 200
        return Answer(status, json.dumps(echo).encode(), headers=headers)


@pytest.fixture
def echo() -> Iterator[EchoServer]:
    server = EchoServer()
    yield server
    server.close()


class Worker:
    """The calls of one thread; everything it sends names the thread and the call."""

    def __init__(self, client: ApiClient, number: int, calls: int) -> None:
        self.client = client
        self.number = number
        self.calls = calls
        self.cookie = ""
        """The last cookie that this thread was given."""
        self.kinds: tuple[Callable[[int], None], ...] = (
            self.retrieve,
            self.create,
            self.list_raw,
            self.not_found,
            self.own_credentials,
            self.asynchronous,
            self.custom,
            self.multipart,
            self.cookie_set,
            self.wrong_input,
        )

    def run(self) -> Counter[str]:
        done: Counter[str] = Counter()
        for call in range(self.calls):
            kind = self.kinds[(call + self.number) % len(self.kinds)]
            kind(call)
            done[kind.__name__] += 1
        return done

    def mark(self, call: int) -> str:
        return f"thread-{self.number}-call-{call}"

    def check(self, echoed: Any, target: str, org: str = "", **headers: str) -> None:
        expected = {**OWN, **headers}
        assert echoed["name"] == target
        assert echoed["bug_tracker"] == expected["Authorization"]
        assert echoed["client"] == expected["X-Client"]
        assert echoed["dimension"] == org
        own = [c for c in echoed["mode"].split("; ") if c.startswith(f"thread-{self.number}=")]
        assert own == ([self.cookie] if self.cookie else []), (
            "this thread's cookie, as it set it last"
        )

    def retrieve(self, call: int) -> None:
        number = self.number * self.calls + call
        task, response = self.client.tasks_api.retrieve(number)
        assert isinstance(task, models.TaskRead)
        self.check(task, f"/api/tasks/{number}")
        assert response.json()["name"] == task.name

    def create(self, call: int) -> None:
        mark = self.mark(call)
        task, _ = self.client.tasks_api.create(
            {"name": mark, "labels": [{"name": mark}]}, x_organization=mark, org=mark
        )
        self.check(task, f"/api/tasks?org={mark}", org=mark)
        assert json.loads(task["content"]) == {"name": mark, "labels": [{"name": mark}]}

    def list_raw(self, call: int) -> None:
        mark = self.mark(call)
        data, response = self.client.tasks_api.list(search=mark, _parse_response=False)
        assert data is None
        first = response.read(10)
        self.check(json.loads(first + response.read()), f"/api/tasks?search={mark}")
        response.release_conn()

    def not_found(self, call: int) -> None:
        number = self.number * self.calls + call
        with pytest.raises(exceptions.NotFoundException) as caught:
            self.client.jobs_api.retrieve(number)
        assert json.loads(caught.value.body or "")["name"] == f"/api/jobs/{number}"

    def own_credentials(self, call: int) -> None:
        mark = self.mark(call)
        credential = {"type": "bearer", "in": "header", "key": "Authorization", "value": mark}
        task, _ = self.client.tasks_api.retrieve(call, _request_auths=[credential])
        self.check(task, f"/api/tasks/{call}", Authorization=mark)

    def asynchronous(self, call: int) -> None:
        number = self.number * self.calls + call
        handle: Any = self.client.tasks_api.retrieve(number, _async_call=True)
        task, _ = handle.get(timeout=60)
        self.check(task, f"/api/tasks/{number}")

    def custom(self, call: int) -> None:
        mark = self.mark(call)
        data, response = self.client.call_api(
            "/api/{where}",
            "GET",
            path_params={"where": mark},
            query_params=[("mark", mark)],
            header_params={"X-Client": mark},
        )
        assert data is None
        self.check(response.json(), f"/api/{mark}?mark={mark}", **{"X-Client": mark})

    def multipart(self, call: int) -> None:
        mark = self.mark(call)
        file = ("a.bin", io.BytesIO(mark.encode() * 50))
        _, response = self.client.tasks_api.create_data(
            1,
            data_request={"image_quality": 70, "client_files": [file]},
            _content_type="multipart/form-data",
            _parse_response=False,
        )
        echoed = json.loads(response.data)
        self.check(echoed, "/api/tasks/1/data/")
        assert echoed["content"].count(mark) == 50
        assert echoed["content"].count("thread-") == 50

    def cookie_set(self, call: int) -> None:
        cookie = f"thread-{self.number}={call}"
        _, response = self.client.call_api(
            "/api/cookies", "GET", header_params={"X-Set-Cookie": cookie}
        )
        self.check(response.json(), "/api/cookies")
        self.cookie = cookie

    def wrong_input(self, call: int) -> None:
        wrong: Any = {"name": "x", "labels": [{"name": call}]}
        with pytest.raises(exceptions.ApiTypeError) as caught:
            self.client.tasks_api.create(wrong)
        assert caught.value.path_to_item == ["task_write_request", "labels", 0, "name"]


@pytest.mark.parametrize("calls", short_and_long(500, 5000))
def test_many_calls_on_one_client_do_not_mix(echo: EchoServer, calls: int) -> None:
    configuration = Configuration(host=echo.url, username="u", password="p")
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        with ApiClient(configuration, headers={"X-Client": "everywhere"}, pool_threads=4) as client:
            workers = [Worker(client, number, calls) for number in range(THREADS)]
            with ThreadPoolExecutor(THREADS) as pool:
                done = sum(pool.map(Worker.run, workers), Counter[str]())
    finally:
        sys.setswitchinterval(switching)

    each = THREADS * calls // 10
    assert set(done.values()) == {each}
    assert len(echo.received) == THREADS * calls - each, "wrong input is not sent"
    assert echo.connections <= THREADS + 4, "connections are kept, not opened for each call"
    assert client.default_headers.keys() == {"X-Client", "User-Agent"}
    assert {name: morsel.value for name, morsel in client.cookies.items()} == dict(
        worker.cookie.split("=") for worker in workers
    )
    assert threading.active_count() < 50


FIRST_USE = """
import json, sys, threading
sys.setswitchinterval(1e-5)
from cvat_sdk.api_client import models
from cvat_sdk.api_client.runtime import codec
page = json.dumps({"count": 1, "results": [{"id": 1, "owner": {"username": "ann"}}]}).encode()
drifted = page.replace(b'"id": 1', b'"id": null, "newer": [1]')
barrier = threading.Barrier(8)
errors = []
def work(number):
    barrier.wait()
    try:
        models.TaskWriteRequest(name="x", labels=[{"name": "y"}])
        models.PatchedLabelRequest(name="y", attributes=[])
        codec.decode(page, ("PaginatedTaskReadList", "PaginatedJobReadList")[number % 2])
        codec.decode(drifted, ("PaginatedTaskReadList", "PaginatedJobReadList")[number % 2])
        models.PaginatedJobReadList(count=1, results=[])
    except Exception as error:
        errors.append(error)
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not errors, errors
"""


@pytest.mark.parametrize("processes", short_and_long(6, 40))
def test_first_use_of_models_in_threads_that_switch_all_the_time(processes: int) -> None:
    for _ in range(processes):
        finished = subprocess.run(
            [sys.executable, "-c", FIRST_USE], capture_output=True, text=True, timeout=120
        )
        assert finished.returncode == 0, finished.stderr
