"""Requests and answers as bytes, and sockets that are cut: what the faults of the proxy are made of."""

from __future__ import annotations

import http.client
import socket
import struct
from dataclasses import dataclass, field, replace
from io import BufferedReader
from typing import BinaryIO
from urllib.parse import urlsplit

# Of one connection, not of the message: each side of the proxy has its own.
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


@dataclass
class Request:
    """A request; its body is empty until it has been read."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The value of a header, empty without one."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True)
class Answer:
    """An answer; `length` is what it announces, None: the number of its bytes."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    length: int | None = None

    def having(self, **headers: str) -> Answer:
        """With other values of some headers; underscores stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in named)
        return replace(self, headers=(*kept, *named.items()))

    @property
    def head(self) -> bytes:
        """Status line and headers, to the empty line."""
        reason = http.client.responses.get(self.status, "Status")
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status != 204:
            lines.append(
                f"content-length: {len(self.body) if self.length is None else self.length}"
            )
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"

    @property
    def whole(self) -> bytes:
        """All of it."""
        return self.head + self.body


def read_head(stream: BufferedReader) -> Request | None:
    """The next request without its body; None when there is none.

    Raises:
        ValueError: It is not HTTP.
    """
    if stream.peek(1)[:1] == b"\x16":  # a handshake of TLS, which need not hold the end of a line
        raise ValueError("TLS on a plain port")
    line = stream.readline(65536).decode("latin-1").split()
    if len(line) != 3:
        return None
    headers: list[tuple[str, str]] = []
    while (header := stream.readline(65536).decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        headers.append((name, value.strip()))
    return Request(line[0], line[1], headers)


def read_body(stream: BinaryIO, request: Request) -> None:
    """Read what follows the head.

    Raises:
        EOFError: The client went away before its end.
    """
    if request.header("transfer-encoding").lower() != "chunked":
        request.body = _exactly(stream, int(request.header("content-length") or 0))
        return
    pieces = []
    while size := int(stream.readline(), 16):
        pieces.append(_exactly(stream, size + 2)[:-2])
    stream.readline()
    request.body = b"".join(pieces)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError
    return data


def ask(upstream: str, request: Request) -> Answer:
    """Send a request on to the server, over a connection of its own."""
    address = urlsplit(upstream)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.putrequest(
            request.method, request.target, skip_host=True, skip_accept_encoding=True
        )
        for name, value in request.headers:
            if name.lower() not in _HOP:
                connection.putheader(name, value)
        if request.body or request.header("content-length"):
            connection.putheader("content-length", str(len(request.body)))
        connection.endheaders(request.body or None)
        answer = connection.getresponse()
        headers = tuple(pair for pair in answer.getheaders() if pair[0].lower() not in _HOP)
        return Answer(answer.status, headers, answer.read())
    finally:
        connection.close()


def reset(connection: socket.socket) -> None:
    """Close a connection so that its other end sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@dataclass
class Seen:
    """What the proxy saw of one request."""

    method: str
    target: str
    fault: str | None
    """The one that it met."""
    forwarded: bool = False
    """Whether the server got it."""
    door: str = "plain"
    """Where it came in, see `tests.faults.proxy`."""
    headers: list[str] = field(default_factory=list)
    """Names, in lower case."""
