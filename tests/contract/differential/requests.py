"""A recorded request: its bytes, and a description of them that can be compared."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import urlsplit

Pairs = list[tuple[str, str]]


@dataclass
class Request:
    """One request as it arrived."""

    port: str
    """Name of the port that it came in by."""
    head: bytes
    body: bytes
    """Without the framing of chunks."""
    raw: bytes
    """Everything that was read."""
    method: str = field(init=False)
    target: str = field(init=False)
    headers: Pairs = field(init=False)

    def __post_init__(self) -> None:
        first, *lines = self.head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = first.split(" ", 2)
        self.headers = []
        for line in lines:
            name, _, value = line.partition(":")
            self.headers.append((name.strip().lower(), value.strip()))

    @classmethod
    def read(cls, stream: BinaryIO, port: str) -> Request | None:
        """The next request of a connection; None when it ends."""
        lines = []
        while (line := stream.readline()) not in (b"\r\n", b""):
            lines.append(line)
        if not lines or line == b"":
            return None
        head = b"".join(lines)
        lengths = re.findall(rb"(?im)^content-length:\s*(\d+)", head)
        if re.search(rb"(?im)^transfer-encoding:\s*chunked", head):
            body, framed = _read_chunks(stream)
        else:
            body = framed = stream.read(int(lengths[0])) if lengths else b""
        return cls(port, head.removesuffix(b"\r\n"), body, head + b"\r\n" + framed)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def describe(self, hide: dict[str, str]) -> dict[str, Any]:
        """The request as plain data.

        Args:
            hide: Words to put in the place of texts that differ from run to run.
        """
        parts = urlsplit(self.target)
        pairs = parts.query.split("&")
        headers: dict[str, list[str]] = {}
        content_type = self.header("content-type")
        boundary = re.search(r"boundary=\"?([^\";]+)", content_type)
        hide = {**hide, boundary.group(1): "<boundary>"} if boundary else hide
        for name, value in self.headers:
            if name == "content-length" and int(value) == len(self.body):
                value = "<as long as the body>"
            headers.setdefault(name, []).append(_hidden(value, hide))
        return {
            "port": self.port,
            "method": self.method,
            "path": parts.path,
            "query": "&".join(sorted(pairs, key=_name)),
            "query_order": " ".join(map(_name, pairs)),
            "headers": headers,
            "body": describe_body(self.body, content_type, hide),
        }


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def _read_chunks(stream: BinaryIO) -> tuple[bytes, bytes]:
    body, framed = b"", b""
    while True:
        line = stream.readline()
        size = int(line.split(b";")[0] or b"0", 16)
        chunk = stream.read(size)
        end = stream.readline()
        body += chunk
        framed += line + chunk + end
        if size == 0:
            return body, framed


def describe_body(body: bytes, content_type: str, hide: dict[str, str]) -> Any:
    """A body by its media type: parsed JSON with a note on its form, parts of a form, or text."""
    if not body:
        return None
    boundary = re.match(r"multipart/[\w-]+;.*boundary=\"?([^\";]+)", content_type)
    if boundary:
        return _parts(body, boundary.group(1).encode("latin-1"))
    if "json" in content_type.lower():
        try:
            data = json.loads(body)
        except ValueError:
            pass
        else:
            return {"json": data, "keys": _keys(body), "form": _form(body)}
    return {"text": _hidden(body.decode("latin-1"), hide)}


def _form(body: bytes) -> dict[str, str]:
    """How a JSON document is written: its blanks, and its text beyond ASCII."""
    outside = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", body)
    spacing = "spaced" if b" " in outside else "compact" if re.search(b"[,:]", outside) else "plain"
    escaped = [int(code, 16) for code in re.findall(rb"\\u([0-9a-fA-F]{4})", body)]
    beyond = "as escapes" if any(code > 127 for code in escaped) else "none"
    return {"spacing": spacing, "beyond ASCII": beyond if body.isascii() else "as UTF-8"}


def _keys(body: bytes) -> list[str]:
    """The keys of a JSON document in their order."""
    keys: list[str] = []

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys.append(" ".join(name for name, _ in pairs))
        return dict(pairs)

    json.loads(body, object_pairs_hook=keep)
    return keys


def _parts(body: bytes, boundary: bytes) -> dict[str, Any]:
    """The parts of a form by name, and the order of the names."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    parts: dict[str, list[Any]] = {}
    order = []
    for piece in pieces[1:-1]:
        head, _, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = {}
        for line in head.decode("utf-8", "backslashreplace").split("\r\n"):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        field = re.search(r"\bname=\"([^\"]*)\"", headers.get("content-disposition", ""))
        order.append(field.group(1) if field else "")
        parts.setdefault(order[-1], []).append({"headers": headers, "data": data.decode("latin-1")})
    around = [pieces[0].decode("latin-1"), pieces[-1].decode("latin-1")]
    return {"parts": parts, "order": " ".join(order), "around": around}


def _hidden(text: str, hide: dict[str, str]) -> str:
    for original, word in hide.items():
        text = text.replace(original, word)
    return text
