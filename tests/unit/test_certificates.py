"""A certificate that is not trusted fails at once: the next attempt would meet the same one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.certificates import EXPIRED, GOOD, TlsServer
from urllib3 import Retry
from urllib3.exceptions import MaxRetryError, SSLError

from cvat_sdk.api_client import ApiClient, ApiException


@pytest.fixture(params=["unknown", "expired", "other name"])
def untrusted(request: Any, tmp_path: Path) -> Iterator[tuple[TlsServer, str | None]]:
    """A server, and the authority that the client trusts."""
    certificate = tmp_path / "certificate.pem"
    certificate.write_text(EXPIRED if request.param == "expired" else GOOD)
    server = TlsServer(certificate)
    if request.param == "other name":
        server.url = server.url.replace("localhost", "127.0.0.1")
    yield server, None if request.param == "unknown" else str(certificate)
    server.close()


@pytest.mark.parametrize("retries", [3, None, Retry(5, backoff_factor=60)])
def test_it_is_not_asked_again(
    untrusted: tuple[TlsServer, str | None], connect: Callable[..., ApiClient], retries: Any
) -> None:
    server, authority = untrusted
    client = connect(host=server.url, ssl_ca_cert=authority, retries=retries)
    with pytest.raises(MaxRetryError) as caught:
        client.tasks_api.list()
    assert isinstance(caught.value.reason, SSLError)
    assert server.connections == 1


def test_without_retries_it_is_an_error_of_the_api(
    untrusted: tuple[TlsServer, str | None], connect: Callable[..., ApiClient]
) -> None:
    server, authority = untrusted
    with pytest.raises(ApiException) as caught:
        connect(host=server.url, ssl_ca_cert=authority, retries=False).tasks_api.list()
    assert (caught.value.status, server.connections) == (0, 1)


def test_other_failures_of_a_connection_are_repeated(connect: Callable[..., ApiClient]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        counted: list[int] = []

        def hang_up() -> None:
            for _ in range(3):
                connection, _ = listener.accept()
                counted.append(1)
                connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(MaxRetryError):
            connect(host=f"https://localhost:{port}", retries=2).tasks_api.list()
        thread.join()
    assert len(counted) == 3
