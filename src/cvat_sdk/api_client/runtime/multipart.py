"""Bodies that are read from their files while they are sent: forms of several parts, and single files."""

from __future__ import annotations

import datetime
import json
import mimetypes
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import filetypes, types
from cvat_sdk.api_client.runtime.model import Model
from cvat_sdk.api_client.runtime.operation import Part
from cvat_sdk.api_client.runtime.plain import to_json, wire_items
from cvat_sdk.api_client.runtime.sources import (
    ListedFile,
    Path,
    Source,
    as_file,
    is_file,
    name_of,
)
from cvat_sdk.api_client.runtime.texts import utf8

MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"

_JSON = "application/json; charset=utf-8"
_USUAL = Part()
# Bytes that are sent at once.
_SMALL = 32 * 1024


class StreamedBody:
    """A body of known length that is made while it is sent.

    Iterating gives the body from its beginning, each time anew: a retry or a redirect sends it again.
    """

    content_type: str | None = None
    """Value of the Content-Type header; None leaves it to the caller."""
    length: int
    """Size in bytes."""
    _small_chunks = False

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
        self._small_chunks = True

    def finish(self) -> None:
        """Give up what the body holds: it is not sent again."""
        raise NotImplementedError

    def _pieces(self) -> Iterator[bytes]:
        raise NotImplementedError

    def _pieces_of(self, source: Source) -> Iterator[bytes]:
        return source.pieces(_SMALL) if self._small_chunks else source.pieces()


class FileBody(StreamedBody):
    """A body that is the content of a file."""

    def __init__(self, file: Any) -> None:
        self._source = Source(file, ("body",))
        self.length: int = self._source.size

    def finish(self) -> None:
        """Give up what was stored of the file; the file is the caller's, and stays open."""
        self._source.release()

    def _pieces(self) -> Iterator[bytes]:
        return self._pieces_of(self._source)


class MultipartBody(StreamedBody):
    """A ``multipart/form-data`` body. Files are read from the position they stand at, in chunks."""

    def __init__(self, fields: Iterable[Any]) -> None:
        """Args:
        fields: Names and values in the order of sending, perhaps with a `Part`, which says how the value is sent;
            or ready parts, as `urllib3.fields.RequestField`. A value is text, bytes, a number, a date, an open file, a mapping or a model, which is sent as JSON, or
            a tuple of file name, content and optionally media type.

        Raises:
            ApiValueError: A value that a form cannot carry, a closed file, or one among several that has no
                name and is of no known kind.
        """
        boundary = os.urandom(16).hex()
        self.content_type: str = f"{MULTIPART}; boundary={boundary}"
        self._dash = f"--{boundary}".encode()
        self._parts: list[tuple[bytes, bytes | Source]] = []
        try:
            for field in fields:
                self._parts.append(_part(field))
        except BaseException:
            for source in self._sources():
                source.release()
            raise
        frame = len(self._dash) + 4  # with the line ends before and after a part
        self.length: int = frame + sum(
            frame + len(head) + _size(body) for head, body in self._parts
        )

    def finish(self) -> None:
        """Close the files: who sends a form is done with them."""
        for source in self._sources():
            source.close()

    def _sources(self) -> Iterator[Source]:
        return (body for _, body in self._parts if isinstance(body, Source))

    def _pieces(self) -> Iterator[bytes]:
        for head, body in self._parts:
            yield b"%b\r\n%b" % (self._dash, head)
            if isinstance(body, Source):
                yield from self._pieces_of(body)
            else:
                yield body
            yield b"\r\n"
        yield self._dash + b"--\r\n"


def _size(body: bytes | Source) -> int:
    return body.size if isinstance(body, Source) else len(body)


def in_memory(fields: Iterable[Any]) -> list[Any]:
    """Fields of a form without open files: those become name, content and media type, and are closed.

    Raises:
        ApiValueError: As by `MultipartBody`.
    """
    parts: list[Any] = []
    sources: list[Source] = []
    try:
        for field in fields:
            is_pair = isinstance(field, (tuple, list))
            file = as_file(field[1]) if is_pair else None
            if file is None:
                parts.append(tuple(field) if is_pair else field)
                continue
            name = field[0]
            path = _place_of(name, file)
            sources.append(source := Source(file, path))
            parts.append((name, name_of(file) or _made_up_name(name, source, path), source))
        # Not before all have been looked at: a file may stand in several fields.
        result = [_read(part) for part in parts]
    except BaseException:
        for source in sources:
            source.release()
        raise
    for source in sources:
        source.close()
    return result


def _read(part: Any) -> Any:
    if not isinstance(part, tuple) or not isinstance(part[-1], Source):
        return part
    name, filename, source = part
    return name, (filename, b"".join(source.pieces()), _media_type(filename))


def _part(field: Any) -> tuple[bytes, bytes | Source]:
    """Head and content of one part."""
    if hasattr(field, "render_headers"):
        return utf8(field.render_headers(), ()), _content(field.data, ())
    name, value, *described = field
    part: Part = described[0] if described else _USUAL
    if isinstance(value, (Mapping, Model)):
        return _part(json_field(name, value))
    path = _place_of(name, value)
    file = as_file(value, path)
    if file is not None:
        source = Source(file, path)
        try:
            filename = name_of(file) or _made_up_name(name, source, path)
            return _head(name, path, filename, part=part), source
        except BaseException:
            source.release()
            raise
    if isinstance(value, tuple):
        filename, content, *media_type = value
        return _head(name, path, filename, *media_type), _content(content, path)
    told = part.content_type.partition(",")[0] or None
    return _head(name, path, None, told, part), _content(value, path)


def _content(value: Any, path: Path) -> bytes | Source:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if is_file(value):
        return Source(value, path)
    if isinstance(value, (list, Mapping)):
        raise _misfit(value, path)
    return utf8(text_of_field(value, path), path)


def _made_up_name(field: str, source: Source, path: Path) -> str:
    extension = filetypes.extension_of(source.head(filetypes.HEAD))
    # Among several files, servers tell by the extension which ones they can use, and drop the others.
    if extension is None and len(path) > 1:
        raise ApiValueError(
            "A file without a name is of no known kind, and servers go by the extension of the name; set its "
            "`name`, or pass (name, file)",
            path,
        )
    return "_".join(map(str, path)) + (extension or "")


def _place_of(field: str, value: Any) -> Path:
    return value.place if isinstance(value, ListedFile) else _path_of(field)


def _path_of(field: str) -> Path:
    match = re.fullmatch(r"(.+)\[(\d+)\]", field)
    return (match[1], int(match[2])) if match else (field,)


def _head(
    name: str,
    path: Path,
    filename: str | None = None,
    content_type: str | None = None,
    part: Part = _USUAL,
) -> bytes:
    from urllib3.fields import RequestField

    field = RequestField(name, b"", filename=filename, headers=dict(part.headers))
    if filename is not None and content_type is None:
        content_type = _one_of(part.content_type, _media_type(filename))
    field.make_multipart(content_type=content_type)
    return utf8(field.render_headers(), path)


def _media_type(filename: str) -> str:
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def _one_of(described: str, guessed: str) -> str:
    """The media type of a file: the described one, or of several the one that its name tells."""
    allowed = [text.strip() for text in described.split(",")]
    if not described or guessed in allowed or any("*" in text for text in allowed):
        return guessed
    return allowed[0]


def json_field(name: str, value: Any) -> types.RequestField:
    """A part of a form that holds JSON."""
    from urllib3.fields import RequestField

    path = _path_of(name)
    data = utf8(json.dumps(to_json(value, _path=path), ensure_ascii=False), path)
    field = RequestField(name, data)
    field.make_multipart(content_type=_JSON)
    return field


def form_fields(body: Any) -> list[tuple[str, Any]]:
    """Fields of a form from the values of a body, which is a model or a mapping.

    Lists become numbered fields (``client_files[0]``), everything else its text.

    Raises:
        ApiTypeError: The body is something else.
        ApiValueError: A null, bytes, a mapping or a nested list, which such forms do not carry.
    """
    if not isinstance(body, (Mapping, Model)):
        raise ApiTypeError(
            f"Expected a model or a dict for a form, got a value of type {type(body).__name__}"
        )
    fields: list[tuple[str, Any]] = []
    for name, value in wire_items(body) if isinstance(body, Model) else body.items():
        if isinstance(value, (list, tuple)) and as_file(value) is None:
            for index, item in enumerate(value):
                fields.append((f"{name}[{index}]", _form_value(item, (name, index))))
        else:
            fields.append((name, _form_value(value, (name,))))
    return fields


def _form_value(value: Any, path: Path) -> Any:
    file = as_file(value, path)
    return text_of_field(value, path) if file is None else file


def text_of_field(value: Any, path: Path) -> str:
    """A value as the text of a field.

    Raises:
        ApiValueError: It has none.
    """
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (str, bool, int, float)):
        return str(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    raise _misfit(value, path)


def _misfit(value: Any, path: Path) -> ApiValueError:
    return ApiValueError(
        f"A form field cannot hold a value of type {type(value).__name__}; send it as JSON instead",
        path,
    )
