"""Multipart and urlencoded forms; files go to disk while they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from cvat_local.http.errors import ApiError, detail

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MAX_PARTS = 100_000
"""Fields and files of one form."""
MAX_TEXT_BYTES = 100 * 1024 * 1024
"""All text fields of a form together."""


@dataclass(frozen=True)
class UploadedFile:
    """A file of a multipart body, kept on disk while the request is handled.

    A handler that keeps the file moves ``path`` away (same file system as the data folder);
    what is still there afterwards is removed.
    """

    name: str
    """Name of the form field, such as ``client_files[0]``."""
    filename: str
    """Base name that the client gave; never a path."""
    content_type: str
    path: Path
    size: int
    """Bytes."""


@dataclass
class Form:
    """What a form holds."""

    fields: dict[str, str] = field(default_factory=dict)
    """Text fields; the last one wins when a name is repeated."""
    files: list[UploadedFile] = field(default_factory=list)


def parse_urlencoded(body: bytes) -> Form:
    """The form of an ``application/x-www-form-urlencoded`` body."""
    text = body.decode("utf-8", "replace")
    return Form(dict(parse_qsl(text, keep_blank_values=True)))


def read_multipart(pieces: Iterator[bytes], content_type: str, folder: Path) -> Form:
    """Read a ``multipart/form-data`` body.

    Args:
        pieces: The body as it arrives.
        content_type: Header with the boundary.
        folder: Existing folder that the files are written into, under numbers of our own.

    Raises:
        ApiError: 400 when the body is not such a form, 413 when it has too many parts or too much
            text.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not boundary:
        raise _malformed("the content type has no boundary")
    reader = _Reader(folder)
    try:
        parser = MultipartParser(boundary, reader.callbacks())
        for piece in pieces:
            parser.write(piece)
    except FormParserError as error:
        raise _malformed(str(error)) from None
    finally:
        reader.close()
    if not reader.complete:
        raise _malformed("it ends in the middle of a part")
    return reader.form


class _Reader:
    """Collects the parts that the parser reports."""

    def __init__(self, folder: Path) -> None:
        self.form = Form()
        self.complete = False
        self._folder = folder
        self._parts = 0
        self._text_bytes = 0
        self._start_part()

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._start_part,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _start_part(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._current_name = b""
        self._current_value = b""
        self._name = ""
        self._filename: str | None = None
        self._text = bytearray()
        self._file: IO[bytes] | None = None

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._current_name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._current_value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._current_name.lower()] = self._current_value
        self._current_name = self._current_value = b""

    def _end_headers(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise detail(413, f"The form has more than {MAX_PARTS} parts.")
        # Header bytes are passed on as Latin-1, in which every byte survives; clients write UTF-8.
        header = self._headers.get(b"content-disposition", b"").decode("latin-1")
        kind, options = parse_options_header(header)
        if kind != b"form-data" or b"name" not in options:
            raise _malformed("a part has no name")
        self._name = _text(options[b"name"])
        if b"filename" in options:
            self._filename = base_name(_text(options[b"filename"]))
            if self._filename:
                self._file = (self._folder / str(self._parts)).open("wb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
        elif self._filename is None:
            self._text_bytes += end - start
            if self._text_bytes > MAX_TEXT_BYTES:
                raise detail(413, f"The form has more than {MAX_TEXT_BYTES} bytes of text.")
            self._text += data[start:end]

    def _end_part(self) -> None:
        if self._file is not None and self._filename is not None:
            path = Path(self._file.name)
            size = self._file.tell()
            self._file.close()
            self._file = None
            content_type = self._headers.get(b"content-type", b"").decode("latin-1")
            self.form.files.append(
                UploadedFile(self._name, self._filename, content_type, path, size)
            )
        elif self._filename is None:
            self.form.fields[self._name] = _text(bytes(self._text))

    def _end(self) -> None:
        self.complete = True


def base_name(filename: str) -> str:
    """Last part of a file name from outside, empty when nothing usable is left of it."""
    name = PurePosixPath(filename.replace("\\", "/").replace("\0", "")).name
    return "" if name in (".", "..") else name


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("a text in it is not UTF-8") from None


def _malformed(reason: str) -> ApiError:
    return detail(400, f"The form cannot be read: {reason}.")
