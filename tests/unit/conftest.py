"""A recording server and a client of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, Configuration


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    server = RecordingServer()
    yield server
    server.close()


@pytest.fixture
def connect(server: RecordingServer) -> Iterator[Callable[..., ApiClient]]:
    """Makes clients of the server; arguments are those of `Configuration`."""
    clients: list[ApiClient] = []

    def make(
        *, retries: Any = False, client: dict[str, Any] | None = None, **settings: Any
    ) -> ApiClient:
        configuration = Configuration(**{"host": server.url, **settings})
        configuration.retries = retries
        made = ApiClient(configuration, **(client or {}))
        clients.append(made)
        return made

    yield make
    for made in clients:
        made.close()
        if made.last_response is not None:
            made.last_response.close()  # its body may not have been read
        made.rest_client.pool_manager.clear()


@pytest.fixture
def client(connect: Callable[..., ApiClient]) -> ApiClient:
    """A client without credentials that does not retry."""
    return connect()
