"""Multipart bodies that are read from their files while they are sent."""

from __future__ import annotations

import datetime
import io
import mimetypes
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError

_CHUNK = 64 * 1024


class _Part:
    """Head and content of one part; the content is bytes or an open file from a fixed position."""

    __slots__ = ("file", "head", "size", "start", "text")

    def __init__(self, head: bytes, text: bytes | None = None, file: Any = None) -> None:
        self.head = head
        self.text = text
        self.file = file
        self.start = 0
        self.size: int | None = None
        if text is not None:
            self.size = len(text)
        elif file.seekable():
            self.start = file.tell()
            self.size = file.seek(0, os.SEEK_END) - self.start
            file.seek(self.start)


class MultipartBody:
    """A ``multipart/form-data`` body with the read interface of a file.

    Files are read from the position they stand at, in chunks, while the body goes out, and are closed
    by `close`. The body can be sent again from its beginning as long as its files can seek.
    """

    def __init__(self, fields: Iterable[tuple[str, Any]]) -> None:
        """Args:
        fields: Names and values in the order of sending. A value is a string, bytes, or an open file.
        """
        self.boundary = secrets.token_hex(16)
        self._parts = [_part(self.boundary, name, value) for name, value in fields]
        self._tail = f"--{self.boundary}--\r\n".encode()
        self._chunks: Iterator[bytes] | None = None
        self._rest = b""
        self._position = 0

    @property
    def content_type(self) -> str:
        """Value of the Content-Type header."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def length(self) -> int | None:
        """Size in bytes; None when a file cannot tell its own."""
        total = len(self._tail)
        for part in self._parts:
            if part.size is None:
                return None
            total += len(part.head) + part.size + 2
        return total

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, or all that are left."""
        if self._chunks is None:
            self._chunks = self._generate()
        pieces = [self._rest]
        have = len(self._rest)
        while size < 0 or have < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            pieces.append(chunk)
            have += len(chunk)
        data = b"".join(pieces)
        if size < 0:
            size = len(data)
        self._rest = data[size:]
        self._position += min(size, len(data))
        return data[:size]

    def tell(self) -> int:
        """Bytes read so far."""
        return self._position

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        """Go back to the beginning, for a retry or a redirect."""
        if position != 0 or whence != os.SEEK_SET:
            raise io.UnsupportedOperation("a multipart body can only be rewound to its beginning")
        if any(part.size is None for part in self._parts):
            raise io.UnsupportedOperation("a file of this body cannot be read twice")
        self._chunks = None
        self._rest = b""
        self._position = 0
        return 0

    def close(self) -> None:
        """Close the files."""
        for part in self._parts:
            if part.file is not None:
                part.file.close()

    def _generate(self) -> Iterator[bytes]:
        for part in self._parts:
            yield part.head
            if part.text is not None:
                yield part.text
            else:
                yield from _content(part)
            yield b"\r\n"
        yield self._tail


def _content(part: _Part) -> Iterator[bytes]:
    if part.size is not None:
        part.file.seek(part.start)
    left = part.size
    while left is None or left > 0:
        chunk = part.file.read(_CHUNK if left is None else min(_CHUNK, left))
        if not chunk:
            break
        yield chunk
        if left is not None:
            left -= len(chunk)
    if left:
        # The announced length cannot be kept any more; going on would hang the request.
        raise ApiValueError(f"A file became {left} bytes shorter while it was sent")


def _part(boundary: str, name: str, value: Any) -> _Part:
    from urllib3.fields import RequestField

    if isinstance(value, io.IOBase):
        if value.closed:
            raise ApiValueError("The file is closed", (name,))
        filename = Path(str(getattr(value, "name", ""))).name or name
        field = RequestField(name, b"", filename=filename)
        field.make_multipart(
            content_type=mimetypes.guess_type(filename)[0] or "application/octet-stream"
        )
        head = f"--{boundary}\r\n{field.render_headers()}".encode()
        if isinstance(value, io.TextIOBase):
            with value:  # positions of text files do not count bytes
                return _Part(head, text=str(value.read()).encode())
        return _Part(head, file=value)
    field = RequestField(name, b"")
    field.make_multipart()
    head = f"--{boundary}\r\n{field.render_headers()}".encode()
    return _Part(head, text=value if isinstance(value, bytes) else str(value).encode())


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
