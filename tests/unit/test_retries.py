"""What is repeated, for how long, and what arrives when all of it was in vain."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest
from tests.unit.recording import RecordingServer
from urllib3 import Retry
from urllib3.exceptions import MaxRetryError

from cvat_sdk.api_client import ApiClient, ApiException
from cvat_sdk.api_client.exceptions import ServiceException
from cvat_sdk.api_client.runtime.retry import LONGEST_WAIT

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
@pytest.mark.parametrize("wait", ["601", "999999999999", "Fri, 01 Jan 2200 00:00:00 GMT"])
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
