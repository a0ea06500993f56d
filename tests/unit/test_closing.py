"""What closing a client ends, and what goes on."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.recording import Answer, Received, RecordingServer

from cvat_sdk.api_client import ApiClient, Configuration

Connect = Callable[..., ApiClient]
PATIENCE = 60


class HoldingServer(RecordingServer):
    """Answers when it is told to."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.go_on = threading.Event()

    def take(self, request: Received) -> Answer:
        answer = super().take(request)
        self.go_on.wait(PATIENCE)
        return answer


@pytest.fixture
def holding() -> Any:
    server = HoldingServer()
    yield server
    server.go_on.set()
    server.close()


class WatchfulServer(RecordingServer):
    """Notices when a client hangs up."""

    def __post_init__(self) -> None:
        self.hung_up = threading.Semaphore(0)
        super().__post_init__()

    def _serve(self, connection: socket.socket) -> None:
        super()._serve(connection)
        self.hung_up.release()


def test_connections_are_closed() -> None:
    server = WatchfulServer()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ResourceWarning)
            with ApiClient(Configuration(host=server.url)) as client:
                client.call_api("/x", "GET")
                assert not server.hung_up.acquire(blocking=False)
            assert server.hung_up.acquire(timeout=PATIENCE)
            gc.collect()
    finally:
        server.close()


def test_a_closed_client_opens_new_connections(server: RecordingServer, connect: Connect) -> None:
    client = connect()
    for _ in range(3):
        client.call_api("/x", "GET")
        client.close()
    assert (len(server.received), server.connections) == (3, 3)


def test_an_answer_that_is_being_read_goes_on(server: RecordingServer, connect: Connect) -> None:
    server.answer(body=b"x" * 1_000_000)
    client = connect()
    response = client.request("GET", f"{server.url}/x", _parse_response=False)
    first = response.read(10)
    client.close()
    assert len(first + response.read()) == 1_000_000


def test_it_waits_for_asynchronous_calls(holding: HoldingServer) -> None:
    client = ApiClient(Configuration(host=holding.url))
    handle: Any = client.call_api("/x", "GET", _async_call=True)
    closing = threading.Thread(target=client.close)
    closing.start()
    assert not handle.ready()
    holding.go_on.set()
    closing.join(PATIENCE)
    assert handle.ready()
    assert handle.get()[1].status == 200


def test_it_does_not_wait_for_ever(holding: HoldingServer) -> None:
    client = ApiClient(Configuration(host=holding.url))
    handle: Any = client.call_api("/x", "GET", _async_call=True)
    with pytest.warns(RuntimeWarning, match="not ended within 0 seconds are left to themselves: 1"):
        client.close(timeout=0)
    holding.go_on.set()
    assert handle.get(PATIENCE)[1].status == 200, "it has gone on in the background"
    again: Any = client.call_api("/x", "GET", _async_call=True)
    assert again.get(PATIENCE)[1].status == 200
    client.close()


PROGRAM = """
import sys
from cvat_sdk.api_client import ApiClient, Configuration
client = ApiClient(Configuration(host=sys.argv[1]))
client.call_api("/x", "GET", _async_call=True)
client.close(timeout=0)
print("at the end")
"""


def test_a_program_ends_although_a_call_has_stalled(holding: HoldingServer) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, holding.url],
        timeout=PATIENCE,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stdout) == (0, "at the end\n")
    assert "RuntimeWarning" in run.stderr
