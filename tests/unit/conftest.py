"""A recording server and a client of it; servers that play with connections."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from tests.unit.playing import Play, Serve
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


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers that play with each connection, and gives their ports."""
    listeners: list[socket.socket] = []

    def start(play: Play, tls: ssl.SSLContext | None = None) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def run() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    play(tls.wrap_socket(connection, server_side=True) if tls else connection)

        threading.Thread(target=run, daemon=True).start()
        port: int = listener.getsockname()[1]
        return port

    yield start
    for listener in listeners:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
