"""The limit of a call holds to the last byte of its answer, whatever a server does; and where limits come from."""

from __future__ import annotations

import copy
import gzip
import inspect
import pickle
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.unit.playing import Play, Serve
from urllib3.exceptions import HTTPError, ReadTimeoutError

from cvat_sdk.api_client import ApiClient, ApiException, ApiTypeError, ApiValueError, Configuration

Connect = Callable[..., ApiClient]

LIMIT = 0.25
# Seconds in which a call has ended that would go on for ever, also on a machine that is busy.
ENDED = 20
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
OVER = threading.Event()


@pytest.fixture(autouse=True)
def over() -> Iterator[None]:
    """Ends what the servers play."""
    OVER.clear()
    yield
    OVER.set()


def dripping(beginning: bytes) -> Play:
    """A byte now and then, for ever: no wait for a byte is long."""

    def play(connection: socket.socket) -> None:
        connection.recv(100_000)
        connection.sendall(beginning)
        while not OVER.wait(0.05):
            connection.sendall(b" ")

    return play


def chunked(connection: socket.socket) -> None:
    connection.recv(100_000)
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while not OVER.wait(0.05):
        connection.sendall(b"1\r\n \r\n")


def silent(connection: socket.socket) -> None:
    connection.recv(100_000)
    OVER.wait(ENDED)


def deaf(connection: socket.socket) -> None:
    """Takes a connection and reads nothing from it."""
    OVER.wait(ENDED)


def moving(connection: socket.socket) -> None:
    """One redirect after the other, none of which takes long."""
    connection.recv(100_000)
    OVER.wait(0.05)
    connection.sendall(
        b"HTTP/1.1 307 Go\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


PLAYS = {
    "head": dripping(b"HTTP/1.1 200 OK\r\nX-Long: "),
    "heads": dripping(b""),
    "body": dripping(HEAD + b"Content-Length: 100000\r\n\r\n"),
    "endless body": dripping(HEAD + b"\r\n"),
    "chunked body": chunked,
    "silence": silent,
}


def ways(client: ApiClient) -> dict[str, Callable[[], object]]:
    """The roads that a request takes."""
    host = client.configuration.host
    whole = {"_request_timeout": LIMIT}
    return {
        "read": lambda: client.server_api.retrieve_about(**whole),
        "create": lambda: client.tasks_api.create({"name": "a"}, **whole),
        "file": lambda: client.tasks_api.retrieve_data(1, type="chunk", **whole),
        "custom": lambda: client.call_api("/x", "GET", **whole),
        "by hand": lambda: client.rest_client.GET(f"{host}/x", **whole),
        "stream": lambda: client.rest_client.GET(
            f"{host}/x", _parse_response=False, **whole
        ).read(),
        "asynchronous": lambda: client.server_api.retrieve_about(_async_call=True, **whole).get(
            ENDED
        ),
        "configured": lambda: configured(client).server_api.retrieve_about(),
    }


def configured(client: ApiClient) -> ApiClient:
    return ApiClient(Configuration(host=client.configuration.host, timeout=LIMIT))


WAYS = ("read", "create", "file", "custom", "by hand", "stream", "asynchronous", "configured")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("play", PLAYS)
def test_a_call_ends_with_its_limit(serve: Serve, play: str, way: str) -> None:
    with ApiClient(Configuration(host=f"http://127.0.0.1:{serve(PLAYS[play])}")) as client:
        start = time.monotonic()
        with pytest.raises(HTTPError) as caught:
            ways(client)[way]()
        assert time.monotonic() - start < ENDED
    reason: Any = getattr(caught.value, "reason", caught.value)
    assert isinstance(reason, ReadTimeoutError)


def test_a_body_that_nobody_reads_ends_with_the_limit(serve: Serve, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(500_000_000)
    with (
        ApiClient(Configuration(host=f"http://127.0.0.1:{serve(deaf)}")) as client,
        large.open("rb") as file,
        pytest.raises(HTTPError),
    ):
        client.rest_client.POST(
            client.configuration.host,
            headers={"Content-Type": "application/octet-stream"},
            body=file,
            _request_timeout=LIMIT,
        )


def test_redirects_count(serve: Serve) -> None:
    with (
        ApiClient(Configuration(host=f"http://127.0.0.1:{serve(moving)}")) as client,
        pytest.raises((HTTPError, ApiException)),
    ):
        client.configuration.retries = 1000
        client.server_api.retrieve_about(_request_timeout=LIMIT)


def test_a_pause_that_the_limit_does_not_leave_is_not_made(server: Any, connect: Connect) -> None:
    server.answer_always(503, headers=[("Retry-After", "50")])
    client = connect(retries=5)
    start = time.monotonic()
    with pytest.raises(ApiException) as caught:
        client.server_api.retrieve_about(_request_timeout=30)
    assert time.monotonic() - start < ENDED
    assert caught.value.status == 503
    assert len(server.received) == 1


def test_an_answer_within_the_limit_is_read_whole(serve: Serve) -> None:
    def play(connection: socket.socket) -> None:
        connection.recv(100_000)
        connection.sendall(HEAD + b"Content-Length: 12\r\n\r\n")
        for byte in b'{"name":"a"}':
            connection.sendall(bytes([byte]))
            OVER.wait(0.01)

    with ApiClient(Configuration(host=f"http://127.0.0.1:{serve(play)}", timeout=60)) as client:
        assert client.server_api.retrieve_about()[0].name == "a"


def test_connections_that_were_watched_serve_later_calls(server: Any, connect: Connect) -> None:
    client = connect()
    for limit in (5, None, 5, None):
        client.server_api.retrieve_about(_request_timeout=limit)
    (connection,) = {id(used) for used in _connections(client)}
    assert connection
    assert len(server.received) == 4


def _connections(client: ApiClient) -> list[Any]:
    pools = client.rest_client.pool_manager.pools
    found = [pools.get(key) for key in pools.keys()]  # noqa: SIM118  # iterating the container itself is not supported
    return [used for pool in found if pool for used in pool.pool.queue if used is not None]


def test_the_thread_that_watches_ends(serve: Serve) -> None:
    with (
        ApiClient(Configuration(host=f"http://127.0.0.1:{serve(silent)}")) as client,
        pytest.raises(HTTPError),
    ):
        client.server_api.retrieve_about(_request_timeout=0.1)
    watching = [thread for thread in threading.enumerate() if thread.name == "cvat-sdk-time-limits"]
    for thread in watching:
        thread.join(ENDED)
        assert not thread.is_alive()


# -- where limits come from -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kept"),
    [(5, 5), (2.5, 2.5), ((1, 2), (1, 2)), ([1, None], (1, None)), (None, None), (0, None)],
)
def test_a_configuration_keeps_a_limit(value: Any, kept: Any) -> None:
    configuration = Configuration(timeout=value)
    assert configuration.timeout == kept
    assert copy.deepcopy(configuration).timeout == kept
    assert pickle.loads(pickle.dumps(configuration)).timeout == kept


@pytest.mark.parametrize("value", ["5", True, (1, 2, 3), {}, ("a", 1)])
def test_a_limit_of_another_type_is_refused(value: Any) -> None:
    with pytest.raises(ApiTypeError, match=r"seconds or a pair .* at timeout"):
        Configuration(timeout=value)


@pytest.mark.parametrize("value", [-1, (1, -1), float("nan"), float("inf")])
def test_a_limit_out_of_range_is_refused(value: Any) -> None:
    with pytest.raises(ApiValueError, match="seconds from 0"):
        Configuration(timeout=value)


def test_a_refused_limit_changes_nothing() -> None:
    configuration = Configuration(timeout=5)
    with pytest.raises(ApiTypeError):
        configuration.timeout = "long"  # type: ignore[assignment]  # what is tried
    assert configuration.timeout == 5


def test_the_environment_has_a_limit_for_all_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CVAT_TIMEOUT", " 30 ")
    assert Configuration().timeout == 30
    assert Configuration(timeout=5).timeout == 5
    assert Configuration(timeout=None).timeout is None
    monkeypatch.setenv("CVAT_TIMEOUT", "5, 60")
    assert Configuration().timeout == (5, 60)
    monkeypatch.setenv("CVAT_TIMEOUT", "")
    assert Configuration().timeout is None
    for wrong in ("soon", "1,2,3", "-1", "nan"):
        monkeypatch.setenv("CVAT_TIMEOUT", wrong)
        with pytest.raises(ApiValueError, match="CVAT_TIMEOUT"):
            Configuration()


def test_none_in_a_call_means_no_limit(serve: Serve) -> None:
    """A server that is slower than the limit of the configuration is waited for."""

    def play(connection: socket.socket) -> None:
        connection.recv(100_000)
        OVER.wait(0.5)
        connection.sendall(HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}")

    host = f"http://127.0.0.1:{serve(play)}"
    configuration = Configuration(host=host, timeout=0.1)
    configuration.retries = False
    with ApiClient(configuration) as client:
        for call in (
            lambda **limit: client.server_api.retrieve_about(**limit),
            lambda **limit: client.server_api.retrieve_about_endpoint.call_with_http_info(**limit),
            lambda **limit: client.call_api("/x", "GET", **limit),
            lambda **limit: client.request("GET", f"{host}/x", **limit),
            lambda **limit: client.rest_client.GET(f"{host}/x", **limit),
        ):
            assert call(_request_timeout=None)
            with pytest.raises(HTTPError):
                call()


def test_who_stands_in_for_a_step_gets_plain_limits(connect: Connect) -> None:
    client = connect(timeout=7)
    seen: list[Any] = []

    def get(url: str, **options: Any) -> Any:
        seen.append(options["_request_timeout"])
        raise ApiException(status=500, reason="seen")

    client.rest_client.GET = get  # type: ignore[method-assign]  # as people's tests do
    for given in ({}, {"_request_timeout": None}, {"_request_timeout": 3}):
        with suppress(ApiException):
            client.server_api.retrieve_about(**given)
        with suppress(ApiException):
            client.call_api("/x", "GET", **given)
    assert seen == [7, 7, None, None, 3, 3]


def test_methods_show_the_default_of_the_published_package() -> None:
    with ApiClient() as client:
        signature = inspect.signature(client.tasks_api.list)
    assert signature.parameters["_request_timeout"].default is None


# -- bytes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("framing", ["length", "chunks", "none"])
def test_a_body_that_is_too_large_for_memory_is_an_error(
    serve: Serve, framing: str, packed: bool
) -> None:
    data = b'{"name":"' + b"a" * 300_000 + b'"}'
    if packed:
        data = gzip.compress(data)
    head = HEAD + (b"Content-Encoding: gzip\r\n" if packed else b"")
    frames = {
        "length": b"Content-Length: %d\r\n\r\n%s" % (len(data), data),
        "chunks": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(data), data),
        "none": b"Connection: close\r\n\r\n" + data,
    }

    def play(connection: socket.socket) -> None:
        connection.recv(100_000)
        connection.sendall(head + frames[framing])

    host = f"http://127.0.0.1:{serve(play)}"
    with ApiClient(Configuration(host=host, max_response_bytes=100_000)) as client:
        for call in (
            lambda: client.server_api.retrieve_about(),
            lambda: client.rest_client.GET(f"{host}/api/server/about"),
        ):
            with pytest.raises(ApiException) as caught:
                call()
            first = str(caught.value).splitlines()[0]
            assert first.startswith(f"GET {host}/api/server/about: the body")
            assert "100,000 bytes" in first
            assert "Configuration.max_response_bytes" in first
    with ApiClient(Configuration(host=host, max_response_bytes=400_000)) as client:
        assert len(client.server_api.retrieve_about()[0].name) == 300_000


def test_files_may_be_of_any_size(server: Any, connect: Connect) -> None:
    client = connect(max_response_bytes=1000)
    for size in (5_000, 3_000_000):
        server.answer(body=b"x" * size, headers=[("Content-Type", "application/zip")])
        file, _ = client.jobs_api.retrieve_data(1, type="chunk", number=0)
        with file:
            assert len(file.read()) == size


@pytest.mark.parametrize("value", ["1", 1.5, True])
def test_a_number_of_bytes_of_another_type_is_refused(value: Any) -> None:
    with pytest.raises(ApiTypeError, match="max_response_bytes"):
        Configuration(max_response_bytes=value)


def test_a_number_of_bytes_below_one_is_refused() -> None:
    with pytest.raises(ApiValueError, match="max_response_bytes"):
        Configuration(max_response_bytes=0)
