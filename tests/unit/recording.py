"""A loopback HTTP server that records every byte it is sent and plays the answers it was given."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import socket
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Part(NamedTuple):
    """One part of a multipart body."""

    name: str
    filename: str | None
    content_type: str | None
    content: bytes


@dataclass
class Received:
    """One request, as it came over the wire."""

    head: bytes
    body: bytes
    length: int
    """Bytes of the body, also when they were not kept."""
    framing: bytes = b""
    """The body with its chunk sizes, when it came in chunks."""

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode()

    @property
    def target(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def header_lines(self) -> list[tuple[str, str]]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines if line)
        return [(name, value.strip()) for name, _, value in pairs]

    def header(self, name: str) -> str | None:
        """The value of a header; fails when it was sent twice."""
        values = [value for key, value in self.header_lines if key.lower() == name.lower()]
        assert len(values) < 2, f"{name} was sent {len(values)} times"
        return values[0] if values else None

    def json(self) -> Any:
        return json.loads(self.body)

    def parts(self) -> list[Part]:
        head = f"Content-Type: {self.header('Content-Type')}\r\n\r\n".encode()
        message = email.message_from_bytes(head + self.body, policy=email.policy.HTTP)
        assert message.is_multipart(), "the body is no multipart"
        found = []
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            declared = part.get("Content-Type")
            content = part.get_payload(decode=True)
            found.append(Part(name, part.get_filename(), declared, content))
        return found


@dataclass
class Answer:
    """One prepared answer; `raw` replaces all else, `close` hangs up after it."""

    status: int = 200
    body: bytes = b"{}"
    headers: Iterable[tuple[str, str]] = ()
    reason: str = "Reason"
    raw: bytes | None = None
    close: bool = False
    length: int | None = None
    """Announced length, when it is not that of the body."""

    def encode(self, method: str) -> bytes:
        if self.raw is not None:
            return self.raw
        lines = [f"HTTP/1.1 {self.status} {self.reason}"]
        names = {name.lower() for name, _ in self.headers}
        if "content-type" not in names:
            lines.append("Content-Type: application/vnd.cvat+json")
        if self.status != 204:
            lines.append(
                f"Content-Length: {len(self.body) if self.length is None else self.length}"
            )
        lines += [f"{name}: {value}" for name, value in self.headers]
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        return head if method == "HEAD" or self.status == 204 else head + self.body


@dataclass
class RecordingServer:
    """Serves on a free loopback port until it is closed."""

    received: list[Received] = field(default_factory=list)
    keep_bodies: bool = True
    """False only counts the bytes of bodies, for those that would not fit into memory."""

    def __post_init__(self) -> None:
        self._answers: deque[Answer] = deque()
        self._default = Answer()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def last(self) -> Received:
        return self.received[-1]

    def answer(self, status: int = 200, body: Any = b"{}", **more: Any) -> None:
        """Prepare the next answer; a body that is not bytes is sent as JSON."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self._answers.append(Answer(status, body, **more))

    def answer_always(self, status: int = 200, body: Any = b"{}", **more: Any) -> None:
        """What is answered when no prepared answer is left."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self._default = Answer(status, body, **more)

    def forget(self) -> None:
        """Forget what has been received, and the answers that are left."""
        with self._lock:
            self.received.clear()
            self._answers.clear()

    def take(self, request: Received) -> Answer:
        """Keep a request, and choose its answer."""
        with self._lock:
            self.received.append(request)
            return self._answers.popleft() if self._answers else self._default

    def close(self) -> None:
        with self._lock:
            for waiting in (self._listener, *self._open):
                with contextlib.suppress(OSError):  # the other side may have gone
                    waiting.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits on it
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(connection)
                self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            try:
                while head := _read_head(stream):
                    request = self._read_body(head, stream)
                    answer = self.take(request)
                    connection.sendall(answer.encode(request.method))
                    if answer.close:
                        return
            except (OSError, ValueError):
                return  # the client hung up, or the test closed the server
            finally:
                with self._lock:
                    self._open.discard(connection)

    def _read_body(self, head: bytes, stream: Any) -> Received:
        request = Received(head, b"", 0)
        if (request.header("Transfer-Encoding") or "").lower() == "chunked":
            while True:
                line = stream.readline()
                size = int(line, 16)
                chunk = stream.read(size + 2)
                request.framing += line + chunk
                request.body += chunk[:-2]
                request.length += size
                if not size:
                    return request
        left = int(request.header("Content-Length") or 0)
        request.length = left
        while left:
            chunk = stream.read(min(left, 1 << 16))
            if not chunk:
                raise ValueError("the body ended early")
            left -= len(chunk)
            if self.keep_bodies:
                request.body += chunk
        return request


def _read_head(stream: Any) -> bytes:
    head = b""
    while line := stream.readline():
        head += line
        if line == b"\r\n":
            return head
    return b""
