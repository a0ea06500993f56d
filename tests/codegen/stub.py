"""A server that gives one answer to every request and keeps what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """What a client sends. Headers are those that matter, by names in lower case; None: must not be sent."""

    method: str
    target: str
    """Path and query, byte for byte."""
    body: bytes = b""
    headers: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the server sends back."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"


@dataclass(frozen=True)
class Call:
    """A call of a client and what it must do."""

    make: Callable[[Any], Any]
    """Gets the client of the generated package."""
    sends: Request
    answer: Answer = Answer()
    gives: Any = None
    """The value that is read back, models as dicts."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the configuration beside the host."""


@dataclass(frozen=True)
class Refused:
    """A call that must fail before anything is sent."""

    make: Callable[[Any], Any]
    error: str
    """Name of the exception."""
    message: str
    """Part of its text."""


class Stub(ThreadingHTTPServer):
    """The running server."""

    answer: Answer
    requests: list[Request]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Stub

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(Request(self.command, self.path, body, headers))
        answer = self.server.answer
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, *args: object) -> None:
        """Keeps the output of the tests clean."""


@contextmanager
def running() -> Iterator[Stub]:
    """A server on a free port of this machine."""
    with Stub(("127.0.0.1", 0), _Handler) as server:
        server.requests, server.answer = [], Answer()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
