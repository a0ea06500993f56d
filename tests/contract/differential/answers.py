"""Prepared answers of the recording server, down to the bytes on the wire."""

from __future__ import annotations

import gzip
import json as json_module
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

JSON = "application/vnd.cvat+json"

_REASONS = {
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    302: "Found",
    307: "Temporary Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    418: "I'm a teapot",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(frozen=True)
class Answer:
    """One answer as it goes over the wire.

    ``{main}`` and ``{other}`` in header values stand for the addresses of the server's two ports.
    """

    status: int = 200
    reason: str = "OK"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    framing: str = "length"
    """``length``, ``chunked``, ``close`` (the end of the connection ends the body) or ``none``."""
    announced: int | None = None
    """A Content-Length other than the true one."""
    pause: float = 0
    """Seconds between the head and the body."""

    def pieces(self, addresses: Mapping[str, str], *, head_only: bool) -> Iterator[bytes | float]:
        """Bytes to send, and pauses in seconds between them."""
        lines = [f"HTTP/1.1 {self.status} {self.reason}"]
        for name, value in self.headers:
            for word, address in addresses.items():
                value = value.replace(f"{{{word}}}", address)
            lines.append(f"{name}: {value}")
        if self.framing == "chunked":
            lines.append("Transfer-Encoding: chunked")
        elif self.framing == "close":
            lines.append("Connection: close")
        elif self.framing == "length":
            length = len(self.body) if self.announced is None else self.announced
            lines.append(f"Content-Length: {length}")
        yield "\r\n".join([*lines, "", ""]).encode("latin-1")
        if head_only:
            return
        if self.pause:
            yield self.pause
        if self.framing == "chunked":
            middle = len(self.body) // 2
            for part in (self.body[:middle], self.body[middle:]):
                if part:
                    yield b"%x\r\n%s\r\n" % (len(part), part)
            yield b"0\r\n\r\n"
        else:
            yield self.body

    @property
    def ends_connection(self) -> bool:
        return self.framing == "close" or self.announced is not None


def answer(
    status: int = 200,
    *,
    json: Any = None,
    body: bytes | str | None = None,
    content_type: str | None = None,
    headers: Sequence[tuple[str, str]] = (),
    reason: str | None = None,
    encode: str = "utf-8",
    compress: bool = False,
    framing: str | None = None,
    announced: int | None = None,
    pause: float = 0,
) -> Answer:
    """An answer with a JSON document, or with a body of its own; with neither, without a body."""
    if body is None and json is not None:
        body = json_module.dumps(json, ensure_ascii=False)
        content_type = content_type or JSON
    data = body.encode(encode) if isinstance(body, str) else body or b""
    fields = list(headers)
    if content_type is not None:
        fields.insert(0, ("Content-Type", content_type))
    if compress:
        data = gzip.compress(data, mtime=0)
        fields.append(("Content-Encoding", "gzip"))
    return Answer(
        status,
        _REASONS.get(status, "Whatever") if reason is None else reason,
        tuple(fields),
        data,
        framing or ("none" if status == 204 else "length"),
        announced,
        pause,
    )
