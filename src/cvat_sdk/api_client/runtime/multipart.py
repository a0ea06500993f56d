"""Multipart bodies that are read from their files while they are sent."""

from __future__ import annotations

import datetime
import io
import mimetypes
import os
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError

MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"

# Bytes that are read and sent at once; the first ones of a file go out together with its head.
_LARGE = 1024 * 1024
_SMALL = 32 * 1024


class _Part:
    """Head and content of one part; the content is bytes or an open file from a fixed position."""

    __slots__ = ("file", "head", "size", "spent", "start", "text")

    def __init__(self, head: bytes, text: bytes | None = None, file: Any = None) -> None:
        self.head = head
        self.text = text
        self.file = file
        self.start = 0
        self.spent = False
        self.size: int | None = None
        if text is not None:
            self.size = len(text)
        elif file.seekable():
            self.start = file.tell()
            self.size = file.seek(0, os.SEEK_END) - self.start
            file.seek(self.start)


class MultipartBody:
    """A ``multipart/form-data`` body that is made while it is sent.

    Iterating gives the body from its beginning, each time anew: a retry or a redirect sends it again as
    long as its files can seek. Files are read from the position they stood at, in chunks.
    """

    def __init__(self, fields: Iterable[tuple[str, Any]]) -> None:
        """Args:
        fields: Names and values in the order of sending. A value is a string, bytes, an open file, or
            a tuple of file name, content and optionally media type.
        """
        self.boundary: str = os.urandom(16).hex()
        self._parts = [_part(self.boundary, name, value) for name, value in fields]
        self._tail = f"--{self.boundary}--\r\n".encode()
        self._chunk = _LARGE

    @property
    def content_type(self) -> str:
        """Value of the Content-Type header."""
        return f"{MULTIPART}; boundary={self.boundary}"

    @property
    def length(self) -> int | None:
        """Size in bytes; None when a file cannot tell its own."""
        total = len(self._tail)
        for part in self._parts:
            if part.size is None:
                return None
            total += len(part.head) + part.size + 2
        return total

    def __iter__(self) -> Iterator[bytes]:
        """The body in chunks; small pieces go out together, large ones as they were read."""
        pending: list[bytes] = []
        size = 0
        for piece in self._pieces():
            pending.append(piece)
            size += len(piece)
            if size >= _SMALL:
                yield b"".join(pending) if len(pending) > 1 else piece
                pending.clear()
                size = 0
        if pending:
            yield b"".join(pending)

    def send_small_chunks(self) -> None:
        """Send in small chunks: a time limit of a socket counts for each chunk, not for each byte."""
        self._chunk = _SMALL

    def close_files(self) -> None:
        """Close the files: who sends a body is done with them."""
        for part in self._parts:
            if part.file is not None:
                part.file.close()

    def _pieces(self) -> Iterator[bytes]:
        for part in self._parts:
            yield part.head
            if part.text is not None:
                yield part.text
            else:
                yield from _content(part, self._chunk)
            yield b"\r\n"
        yield self._tail


def _content(part: _Part, size: int) -> Iterator[bytes]:
    if part.size is not None:
        part.file.seek(part.start)
    elif part.spent:
        raise ApiValueError("A file that cannot seek cannot be sent a second time")
    part.spent = True
    left = part.size
    wanted = _SMALL
    while left is None or left > 0:
        chunk = part.file.read(wanted if left is None else min(wanted, left))
        if not chunk:
            break
        yield chunk
        wanted = size
        if left is not None:
            left -= len(chunk)
    if left:
        # The announced length cannot be kept any more; going on would hang the request.
        raise ApiValueError(f"A file became {left} bytes shorter while it was sent")


def in_memory(name: str, value: Any) -> Any:
    """The value of a form field without open files: those become name, content and media type, and are closed."""
    if not isinstance(value, io.IOBase):
        return value
    filename = Path(str(getattr(value, "name", ""))).name or name
    media_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    with value:
        return filename, value.read(), media_type


def _part(boundary: str, name: str, value: Any) -> _Part:
    if isinstance(value, io.IOBase):
        if value.closed:
            raise ApiValueError("The file is closed", (name,))
        filename = Path(str(getattr(value, "name", ""))).name or name
        head = _head(boundary, name, filename)
        if isinstance(value, io.TextIOBase):
            with value:  # positions of text files do not count bytes
                return _Part(head, text=str(value.read()).encode())
        return _Part(head, file=value)
    if isinstance(value, tuple):
        filename, value, *rest = value
        head = _head(boundary, name, filename, *rest)
    else:
        head = _head(boundary, name)
    return _Part(head, text=value if isinstance(value, bytes) else str(value).encode())


def _head(
    boundary: str, name: str, filename: str | None = None, content_type: str | None = None
) -> bytes:
    from urllib3.fields import RequestField

    field = RequestField(name, b"", filename=filename)
    if filename is not None and content_type is None:
        content_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    field.make_multipart(content_type=content_type)
    return f"--{boundary}\r\n{field.render_headers()}".encode()


def form_fields(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Fields of a form from the values of a body.

    Lists become numbered fields (``client_files[0]``), everything else its text.

    Raises:
        ApiValueError: A null, a mapping or a nested list, which forms cannot carry.
    """
    fields: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, (list, tuple)):
            for index, item in enumerate(value):
                fields.append((f"{name}[{index}]", _form_value(item, (name, index))))
        else:
            fields.append((name, _form_value(value, (name,))))
    return fields


def _form_value(value: Any, path: tuple[str | int, ...]) -> Any:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (str, bytes, io.IOBase)):
        return value
    if isinstance(value, (bool, int, float)):
        return str(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    raise ApiValueError(
        f"A form field cannot hold a value of type {type(value).__name__}; send it as JSON instead",
        path,
    )
