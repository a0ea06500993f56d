"""What is repeated, for how long, and what arrives when all of it was in vain."""

from __future__ import annotations

import contextlib
import logging
import pickle
import socket
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from tests.unit.recording import RecordingServer
from urllib3 import Retry
from urllib3.exceptions import MaxRetryError, ProtocolError, ReadTimeoutError

from cvat_sdk.api_client import ApiClient, ApiException
from cvat_sdk.api_client.exceptions import NotFoundException, ServiceException
from cvat_sdk.api_client.runtime.retry import LONGEST_WAIT, default_retries

Connect = Callable[..., ApiClient]


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses between attempts, none of which is really made."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


@pytest.mark.parametrize("header", ["soon", "", "-5", "1.5", "9" * 5000, "Wed, 99 Foo 2099"])
def test_a_wait_that_cannot_be_read_does_not_hide_the_answer(
    server: RecordingServer, connect: Connect, slept: list[float], header: str
) -> None:
    server.answer_always(429, {"detail": "slower"}, headers=[("Retry-After", header)])
    with pytest.raises(ApiException) as caught:
        connect(retries=Retry(2, backoff_factor=0.5)).server_api.retrieve_about()
    assert caught.value.status == 429
    assert "slower" in str(caught.value.body)
    assert caught.value.headers is not None
    assert caught.value.headers["Retry-After"] == header
    assert all(pause <= 1 for pause in slept), "the usual pauses"


@pytest.mark.parametrize(
    ("header", "pauses"),
    [
        ("7", [7, 7]),
        (" 7 ", [7, 7]),
        ("0", []),
        (str(LONGEST_WAIT), [LONGEST_WAIT] * 2),
        (formatdate(0, usegmt=True), []),
    ],
)
def test_a_wait_is_waited_for(
    server: RecordingServer, connect: Connect, slept: list[float], header: str, pauses: list[float]
) -> None:
    for _ in range(2):
        server.answer(429, headers=[("Retry-After", header)])
    connect(retries=Retry(2)).call_api("/x", "GET")
    assert len(server.received) == 3
    assert [pause for pause in slept if pause >= 5] == pauses


@pytest.mark.parametrize("status", [413, 429, 503])
@pytest.mark.parametrize("wait", ["61", "999999999999", "9" * 400, "Fri, 01 Jan 2200 00:00:00 GMT"])
def test_a_wait_that_is_too_long_is_the_callers_to_decide(
    server: RecordingServer, connect: Connect, slept: list[float], wait: str, status: int
) -> None:
    server.answer_always(status, headers=[("Retry-After", wait)])
    for retries in (3, Retry(3, status_forcelist=(503,))):
        server.received.clear()
        with pytest.raises(ApiException) as caught:
            connect(retries=retries).call_api("/x", "GET")
        assert len(server.received) == 1
        assert (caught.value.status, slept) == (status, [])
        assert isinstance(caught.value, MaxRetryError)
        assert isinstance(caught.value, ServiceException) == (status == 503)
        assert caught.value.headers is not None
        assert caught.value.headers["Retry-After"] == wait
        assert f"Retry-After: {wait[:30]}" in str(caught.value).splitlines()[0]
        again: Any = pickle.loads(pickle.dumps(caught.value))
        assert (type(again), str(again)) == (type(caught.value), str(caught.value))


def test_a_status_that_is_repeated_in_vain_is_an_error_of_the_api_and_of_urllib3(
    server: RecordingServer, connect: Connect
) -> None:
    server.answer_always(429, {"detail": "slower"})
    retries = Retry(2, status_forcelist=(429,))
    with pytest.raises(MaxRetryError) as caught:
        connect(retries=retries).call_api("/x", "GET", query_params={"key": "hunter2"})
    assert isinstance(caught.value, ApiException)
    assert not isinstance(caught.value, ServiceException)
    assert (caught.value.status, len(server.received)) == (429, 3)
    assert "slower" in str(caught.value)
    assert "hunter2" not in str(caught.value)


class OwnRetry(Retry):
    """Retries of a caller, with a mind of their own."""

    def is_retry(self, *given: Any, **named: Any) -> bool:
        return False


def test_retries_of_another_class_stay_what_they_are(
    server: RecordingServer, connect: Connect
) -> None:
    server.answer_always(503)
    with pytest.raises(ServiceException):
        connect(retries=OwnRetry(3, status_forcelist=(503,))).call_api("/x", "GET")
    assert len(server.received) == 1


def test_the_retries_of_a_caller_are_not_changed(connect: Connect) -> None:
    retries = Retry(3)
    connect(retries=retries).rest_client.pool_manager  # noqa: B018  # makes the pools
    assert (type(retries), retries.raise_on_status) == (Retry, True)


CUT = {"raw": b"", "close": True}
"""The connection is closed instead of an answer."""

WAIT = [("Retry-After", "1")]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
@pytest.mark.parametrize("failure", [{"status": 429}, {"status": 502}, {"status": 504}, CUT])
def test_what_may_happen_twice_is_repeated(
    server: RecordingServer,
    connect: Connect,
    slept: list[float],
    method: str,
    failure: dict[str, Any],
) -> None:
    for _ in range(3):
        server.answer(**failure)
    connect(retries=default_retries()).call_api("/x", method)
    assert len(server.received) == 4
    growing = [pause for pause in slept if pause > 0.5]
    assert len(growing) == 2
    assert 1 <= growing[0] < 1.5
    assert 2 <= growing[1] < 2.5


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    "failure", [{"status": 429}, {"status": 429, "headers": WAIT}, {"status": 503, "headers": WAIT}]
)
def test_what_a_server_has_refused_undone_is_sent_again_with_the_same_body(
    server: RecordingServer,
    connect: Connect,
    slept: list[float],
    method: str,
    failure: dict[str, Any],
) -> None:
    server.answer(**failure)
    connect(retries=default_retries()).call_api("/x", method, body={"name": "once"})
    first, second = server.received
    assert first.body == second.body == b'{"name":"once"}'


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    "failure", [{"status": 502}, {"status": 503}, {"status": 504}, {"status": 500}, CUT]
)
def test_what_may_have_been_done_is_never_sent_twice(
    server: RecordingServer, connect: Connect, method: str, failure: dict[str, Any]
) -> None:
    server.answer_always(**failure)
    with pytest.raises((ServiceException, ProtocolError)):
        connect(retries=default_retries()).call_api("/x", method, body={"name": "once"})
    assert len(server.received) == 1


@pytest.mark.parametrize("failure", [{"status": 502}, {"status": 503}, {"status": 504}, CUT])
def test_what_the_description_calls_repeatable_is_repeated(
    server: RecordingServer, connect: Connect, slept: list[float], failure: dict[str, Any]
) -> None:
    server.answer(**failure)
    server.answer(200, {"key": "k"})
    client = connect(retries=default_retries())
    assert client.auth_api.create_login({"username": "a", "password": "b"})[0].key == "k"
    first, second = server.received
    assert first.body == second.body


def test_what_is_repeatable_may_still_be_at_work_when_it_is_silent(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = connect(retries=default_retries())
        client.configuration.host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ReadTimeoutError):
            client.auth_api.create_login(
                {"username": "a", "password": "b"}, _request_timeout=(5, 0.2)
            )
        silent.settimeout(0.5)
        silent.accept()
        with pytest.raises(TimeoutError):
            silent.accept()


def test_files_are_sent_again_from_their_beginning(
    server: RecordingServer, connect: Connect, slept: list[float], tmp_path: Path
) -> None:
    path = tmp_path / "image.png"
    path.write_bytes(b"pixels" * 1000)
    server.answer(429)
    with path.open("rb") as file:
        connect(retries=default_retries()).call_api(
            "/x",
            "POST",
            header_params={"Content-Type": "multipart/form-data"},
            post_params=[("image", file)],
        )
    assert [request.parts()[0].content for request in server.received] == [b"pixels" * 1000] * 2


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_silence_after_a_change_is_an_error_and_no_second_change(
    server: RecordingServer, connect: Connect, method: str
) -> None:
    server.answer_always(raw=b"")
    with pytest.raises(ReadTimeoutError):
        connect(retries=default_retries()).call_api("/x", method, _request_timeout=(5, 0.2))
    assert len(server.received) == 1


@pytest.mark.parametrize("failure", [{"status": 502}, {"status": 504}, CUT])
def test_a_repeated_delete_that_finds_nothing_has_succeeded(
    server: RecordingServer, connect: Connect, failure: dict[str, Any]
) -> None:
    server.answer(**failure)
    server.answer(404, {"detail": "not found"})
    _, response = connect(retries=default_retries()).tasks_api.destroy(7)
    assert response.status == 204


@pytest.mark.parametrize("first", [[], [{"status": 429}]])
def test_a_delete_that_nobody_has_done_before_says_404(
    server: RecordingServer, connect: Connect, first: list[dict[str, Any]]
) -> None:
    for answer in first:
        server.answer(**answer)
    server.answer(404, {"detail": "not found"})
    with pytest.raises(NotFoundException):
        connect(retries=default_retries()).tasks_api.destroy(7)


def test_the_log_says_what_is_repeated_and_why_without_secrets(
    server: RecordingServer,
    connect: Connect,
    slept: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.answer(503, headers=[("Retry-After", "7")])
    server.answer(502)
    with caplog.at_level(logging.INFO, "cvat_sdk.api_client"):
        connect(retries=default_retries()).call_api("/x", "GET", query_params={"q": "hunter2"})
    first, second = (record.getMessage() for record in caplog.records)
    assert first == f"GET {server.url}/x: 503 Service Unavailable; again in 7.0 s"
    assert slept[0] == 7
    assert second == f"GET {server.url}/x: 502 Bad Gateway; again in {slept[1]:.1f} s"


def test_a_server_without_tls_is_asked_once(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepted: list[int] = []

        def refuse() -> None:
            with contextlib.suppress(OSError):
                while True:
                    peer, _ = listener.accept()
                    with peer:
                        accepted.append(1)
                        peer.recv(1000)
                        peer.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")

        threading.Thread(target=refuse, daemon=True).start()
        host = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(MaxRetryError, match="does not speak TLS"):
            connect(host=host, retries=default_retries()).call_api("/x", "GET")
    assert len(accepted) == 1
