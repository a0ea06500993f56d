"""One client in several processes: each has connections, locks and threads of its own."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import BaseContext
from typing import Any
from unittest import mock

import msgspec
import pytest
import urllib3
from tests.unit.recording import Answer, Received, RecordingServer

from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.api_client.runtime import decoders, forking

PATIENCE = 60
"""Seconds after which a process counts as stuck."""

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="only Unix forks")


class NumberServer(RecordingServer):
    """Answers with the target that was asked for; ``/api/jobs`` is never answered."""

    def take(self, request: Received) -> Answer:
        super().take(request)
        if request.path.startswith("/api/jobs"):
            threading.Event().wait(PATIENCE)
        return Answer(body=b'{"name": "%s"}' % request.target.encode())


@pytest.fixture
def server() -> Iterator[NumberServer]:
    server = NumberServer()
    yield server
    server.close()


def call(client: ApiClient, first: int, count: int) -> None:
    for number in range(first, first + count):
        task, _ = client.tasks_api.retrieve(number)
        assert task.name == f"/api/tasks/{number}"


def call_together(client: ApiClient, first: int, start: Any) -> None:
    start.wait(PATIENCE)
    call(client, first, 100)
    client.close()


def call_asynchronously(client: ApiClient, number: int) -> None:
    handle: Any = client.tasks_api.retrieve(number, _async_call=True)
    task, _ = handle.get(PATIENCE)
    assert task.name == f"/api/tasks/{number}"
    client.close()


def decode_something_new() -> None:
    model = msgspec.defstruct("Model", [("a", int)])
    assert decoders.new_decoder(model).decode(b'{"a": 1}').a == 1


def child(target: Callable[..., None], *arguments: Any, context: str = "fork") -> Any:
    made: Any = multiprocessing.get_context(context)
    process = made.Process(target=target, args=arguments)
    process.start()
    return process


def ended(process: Any) -> bool:
    """Whether a process ends in time, and without an error."""
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
    return bool(process.exitcode == 0)


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes_get_their_own_answers(
    server: NumberServer, connect: Callable[..., ApiClient], method: str
) -> None:
    context: BaseContext = multiprocessing.get_context(method)
    client = connect(username="u", password="p")
    call(client, 0, 1)  # there is a connection that could be shared
    start = context.Barrier(4)
    children = [
        child(call_together, client, number * 1000, start, context=method) for number in (1, 2, 3)
    ]
    call_together(client, 4000, start)
    assert [ended(process) for process in children] == [True] * 3
    assert len(server.received) == 401
    assert {request.header("Authorization") for request in server.received} == {"Basic dTpw"}


@FORKS
def test_a_forked_child_opens_connections_of_its_own_and_leaves_those_of_the_parent(
    server: NumberServer, connect: Callable[..., ApiClient]
) -> None:
    client = connect()
    call(client, 0, 1)
    assert ended(child(call, client, 1, 1))
    assert server.connections == 2
    call(client, 2, 1)
    assert server.connections == 2, "the parent's connection is still open"


@FORKS
def test_a_fork_while_threads_are_calling(
    server: NumberServer, connect: Callable[..., ApiClient]
) -> None:
    client = connect()
    forked = threading.Event()

    def work(number: int) -> None:
        while not forked.is_set():
            call(client, number * 1000, 10)

    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(work, number) for number in (1, 2, 3)]
        children = [child(call, client, number * 1000, 20) for number in (4, 5, 6, 7)]
        forked.set()
        assert [ended(process) for process in children] == [True] * 4
        for work_done in running:
            work_done.result(PATIENCE)


@FORKS
def test_locks_that_are_held_at_the_fork(
    server: NumberServer, connect: Callable[..., ApiClient]
) -> None:
    client = connect()
    call(client, 0, 1)
    pools = client.rest_client.pool_manager
    (key,) = pools.pools.keys()
    queue: Any = pools.pools[key].pool
    locks = [client._lock, client.rest_client._lock, pools.pools.lock, queue.mutex]
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        for lock in locks:
            lock.acquire()
        held.set()
        done.wait()
        for lock in locks:
            lock.release()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(PATIENCE)
        processes = [child(call, client, 1, 1), child(call_asynchronously, client, 2)]
        assert [ended(process) for process in processes] == [True, True]
    finally:
        done.set()
        holder.join()


@FORKS
def test_no_fork_in_the_middle_of_a_decoder() -> None:
    stop, held = threading.Event(), threading.Event()

    def keep_making() -> None:
        while not stop.is_set():
            with decoders._making:
                held.set()
                decode_something_new()

    maker = threading.Thread(target=keep_making)
    maker.start()
    try:
        assert held.wait(PATIENCE)
        processes = [child(decode_something_new) for _ in range(10)]
        assert [ended(process) for process in processes] == [True] * 10
    finally:
        stop.set()
        maker.join()


@FORKS
def test_threads_of_asynchronous_calls_stay_with_the_parent(
    server: NumberServer, connect: Callable[..., ApiClient]
) -> None:
    client = connect()
    stalled: Any = client.jobs_api.retrieve(1, _async_call=True)
    assert ended(child(call_asynchronously, client, 5))
    assert not stalled.ready()
    with pytest.warns(RuntimeWarning, match="asynchronous calls"):
        client.close(timeout=0)


@FORKS
def test_pools_that_somebody_has_put_there(
    server: NumberServer, connect: Callable[..., ApiClient]
) -> None:
    import urllib3

    client = connect()
    client.rest_client.pool_manager = urllib3.PoolManager()
    call(client, 0, 1)
    assert ended(child(call, client, 1, 1))
    assert server.connections == 2
    client.rest_client.pool_manager.connection_pool_kw["retries"] = urllib3.Retry(7)
    assert client.rest_client.pool_manager.connection_pool_kw["retries"].total == 7


PROGRAM = """
import os, sys
from cvat_sdk.api_client import ApiClient
client = ApiClient()
child = os.fork()
if not child:
    os._exit("urllib3" in sys.modules or "msgspec" in sys.modules)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@FORKS
def test_a_fork_loads_nothing() -> None:
    assert subprocess.run([sys.executable, "-c", PROGRAM], timeout=PATIENCE).returncode == 0


def test_a_client_that_is_gone_is_not_kept_for_a_fork() -> None:
    import gc
    import weakref

    client = ApiClient(Configuration())
    gone = weakref.ref(client), weakref.ref(client.rest_client)
    del client
    gc.collect()
    assert [reference() for reference in gone] == [None, None]


@FORKS
@pytest.mark.parametrize(
    "own_pool",
    [mock.Mock(), mock.Mock(spec=urllib3.PoolManager), urllib3.HTTPConnectionPool("127.0.0.1")],
    ids=["mock", "mock of a manager", "single pool"],
)
def test_pools_that_are_not_of_this_package_do_not_stop_the_others(
    server: NumberServer, connect: Callable[..., ApiClient], own_pool: Any
) -> None:
    clients = [connect() for _ in range(4)]
    for client in clients:
        call(client, 0, 1)
    before = server.connections
    foreign = ApiClient(Configuration(host=server.url))
    foreign.rest_client.pool_manager = own_pool

    def call_with_all() -> None:
        for client in clients:
            call(client, 1, 1)
        os._exit(0)

    assert ended(child(call_with_all))
    assert server.connections == before + len(clients), "each has a connection of its own"
    foreign.close()


@FORKS
def test_an_object_that_cannot_be_renewed_does_not_stop_the_others(
    server: NumberServer, connect: Callable[..., ApiClient]
) -> None:
    class Unrenewable:
        def renew_after_fork(self) -> None:
            raise RuntimeError("not this one")

    clients = [connect() for _ in range(4)]
    for client in clients:
        call(client, 0, 1)
    before = server.connections
    broken = [Unrenewable() for _ in range(3)]
    for entry in broken:
        forking.renew_after_fork(entry)

    def call_with_all() -> None:
        for client in clients:
            call(client, 1, 1)

    assert ended(child(call_with_all))
    assert server.connections == before + len(clients)


@FORKS
def test_a_single_pool_in_the_place_of_a_manager_leaves_its_connections_to_the_parent(
    server: NumberServer,
) -> None:
    client = ApiClient(Configuration(host=server.url))
    pool: Any = urllib3.HTTPConnectionPool("127.0.0.1", server.port, maxsize=1, block=True)
    client.rest_client.pool_manager = pool
    client.rest_client.GET(f"{server.url}/0")
    assert ended(child(client.rest_client.GET, f"{server.url}/1"))
    assert server.connections == 2
    client.rest_client.GET(f"{server.url}/2")
    assert server.connections == 2, "the parent's connection is still open"
    pool.close()
