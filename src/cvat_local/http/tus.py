"""Resumable uploads: the TUS protocol 1.0.0 without extensions.

A client announces a file (POST with ``Upload-Length``), sends its bytes in as many PATCH requests as it
likes and asks with HEAD how far it got. What was received of a request that broke off is kept.

`TusUploads` keeps the files of one folder; the functions below answer the requests. A resource with
uploads routes its POST, HEAD, PATCH and OPTIONS to them and says what happens to a finished file:
attaching data moves it among the task's uploads, imports leave it where it is and take it with
`TusUploads.received` when they start.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from starlette.responses import Response

from cvat_local.http.errors import ApiError, detail, list_error, string_error

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_SIZE = 25 << 30
"""Bytes of the largest file that is taken."""

CONTENT_TYPE = "application/offset+octet-stream"

HEADERS = {
    "Tus-Resumable": "1.0.0",
    "Tus-Version": "1.0.0",
    "Tus-Extension": "",
    "Tus-Max-Size": str(MAX_SIZE),
    "Cache-Control": "no-store",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "PATCH,HEAD,GET,POST,OPTIONS",
    "Access-Control-Allow-Headers": (
        "Tus-Resumable,upload-length,upload-metadata,Location,Upload-Offset,content-type"
    ),
    "Access-Control-Expose-Headers": (
        "Tus-Resumable,upload-length,upload-metadata,Location,Upload-Offset"
    ),
}
"""Headers of every answer of the protocol."""

_FILE_ID = re.compile(r"(?P<user>[0-9]{1,18})_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class TusFile:
    """A file that is being received, or was received and is not taken yet."""

    file_id: str
    """Last part of its URL: ``<id of the user>_<uuid4>``."""
    path: Path
    """Where its bytes are."""
    length: int
    """Bytes that were announced."""
    metadata: dict[str, str]
    """What the client said of it, such as ``filename``."""

    @property
    def offset(self) -> int:
        """Bytes received so far."""
        return self.path.stat().st_size

    @property
    def complete(self) -> bool:
        """Whether all bytes are there."""
        return self.offset >= self.length


class Sender(Protocol):
    """Whoever sends a file."""

    @property
    def id(self) -> int:
        """Id of the account; an upload can be continued by its sender only."""
        ...


class UploadRequest(Protocol):
    """What the protocol needs of a request; `cvat_local.serving.call.Call` is one."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers, by names in any case."""
        ...

    @property
    def path(self) -> Mapping[str, Any]:
        """Parameters of the path; ``file_id`` is the file that a request goes on with."""
        ...

    @property
    def user(self) -> Sender:
        """Who sends it."""
        ...

    @property
    def db(self) -> Session:
        """The transaction, which is ended before bytes are received."""
        ...

    def url(self, path: str) -> str:
        """Absolute URL of a path."""
        ...

    def stream(self) -> Iterator[bytes]:
        """The body as it arrives."""
        ...


class TusUploads:
    """The files that are being received in one folder.

    Args:
        folder: Made when it does not exist. What belongs to one resource only, such as a task, wants a
            folder of its own, as ids are looked up in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, user_id: int, length: int, metadata: dict[str, str]) -> TusFile:
        """Begin a file that user ``user_id`` is going to send."""
        file_id = f"{user_id}_{uuid.uuid4()}"
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / file_id
        path.touch()
        # The description comes last and at once: a file without it does not exist for clients.
        temporary = self.folder / f"{file_id}.new"
        temporary.write_text(json.dumps({"length": length, "metadata": metadata}), encoding="utf-8")
        temporary.replace(self._description(file_id))
        return TusFile(file_id, path, length, metadata)

    def find(self, file_id: str) -> TusFile | None:
        """The file with this id; None when there is none (any more)."""
        if not _FILE_ID.fullmatch(file_id):
            return None
        path = self.folder / file_id
        try:
            description = json.loads(self._description(file_id).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        if not path.exists():
            return None
        return TusFile(file_id, path, description["length"], description["metadata"])

    def complete(self) -> list[TusFile]:
        """Files that were received and not taken yet."""
        files = (self.find(path.stem) for path in self.folder.glob("*.json"))
        return [file for file in files if file is not None and file.complete]

    def received(self, file_id: str, user_id: int) -> TusFile:
        """The finished upload that a request names by its file id.

        Raises:
            ApiError: 400 when this user has sent no such file, or not all of it.
        """
        file = self.find(file_id)
        if file is None or not file_id.startswith(f"{user_id}_"):
            raise list_error(f"There is no uploaded file {file_id!r}; give the id of its Location.")
        if not file.complete:
            raise list_error(
                f"The upload {file_id!r} is not complete: {file.offset} of {file.length} bytes."
            )
        return file

    def move(self, file: TusFile, target: Path) -> None:
        """Take a finished file away to ``target``, on the same file system; its id ends.

        Raises:
            FileNotFoundError: Somebody else took it.
        """
        with file.path.open("rb") as received:
            os.fsync(received.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        file.path.replace(target)
        self._description(file.file_id).unlink(missing_ok=True)

    def discard(self, file_id: str) -> None:
        """Forget a file, finished or not; nothing happens when there is none."""
        if _FILE_ID.fullmatch(file_id):
            self._description(file_id).unlink(missing_ok=True)
            (self.folder / file_id).unlink(missing_ok=True)

    def _description(self, file_id: str) -> Path:
        return self.folder / f"{file_id}.json"


# --- answers ---------------------------------------------------------------------------------------


def options() -> Response:
    """Answer OPTIONS: which protocol is spoken."""
    return Response(status_code=204, headers=HEADERS)


def create(
    call: UploadRequest,
    uploads: TusUploads,
    path: str,
    *,
    on_create: Callable[[str | None], None] | None = None,
    on_complete: Callable[[TusFile], None] | None = None,
) -> Response:
    """Answer the POST that announces a file: 201 with its URL in ``Location``.

    Args:
        call: A request with ``Upload-Length``.
        uploads: Where the file goes.
        path: Path of the URL that file ids are appended to, such as ``/api/tasks/1/data``.
        on_create: Checks the file name that the client gave (None: none); raises `ApiError` to refuse it.
            When it is given, the answer repeats the name, otherwise the file id.
        on_complete: As in `patch`, for an empty file, which is complete at once.

    Raises:
        ApiError: 400 for wrong headers, 413 for a file over `MAX_SIZE`.
    """
    length = _number(call, "Upload-Length")
    if length > MAX_SIZE:
        raise _refused(413, f"The file is larger than the maximum of {MAX_SIZE} bytes.")
    metadata = _metadata(call.headers.get("Upload-Metadata", ""))
    filename = metadata.get("filename")
    if on_create is not None:
        try:
            on_create(filename)
        except ApiError as error:
            error.headers.update(HEADERS)
            raise
    file = uploads.create(call.user.id, length, metadata)
    if file.complete and on_complete is not None:
        on_complete(file)
    return Response(
        status_code=201,
        headers={
            **HEADERS,
            "Location": call.url(f"{path}/{file.file_id}"),
            "Upload-Filename": _header_text(filename or "" if on_create else file.file_id),
        },
    )


def head(call: UploadRequest, uploads: TusUploads, *, finished_is_gone: bool = True) -> Response:
    """Answer HEAD: how much of the file has arrived.

    Args:
        call: A request with the file id in ``call.path["file_id"]``.
        uploads: Where the file is.
        finished_is_gone: Answer 404 for a complete file, although it is still there.
    """
    file = _own_file(call, uploads)
    if finished_is_gone and file.complete:
        raise _not_there()
    sizes = {"Upload-Offset": str(file.offset), "Upload-Length": str(file.length)}
    return Response(status_code=200, headers={**HEADERS, **sizes})


def patch(
    call: UploadRequest,
    uploads: TusUploads,
    *,
    on_complete: Callable[[TusFile], None] | None = None,
) -> Response:
    """Answer PATCH: store the bytes of the body from ``Upload-Offset`` on.

    The transaction is ended before the body is read, which may take long.

    Args:
        call: A request with the file id in ``call.path["file_id"]``.
        uploads: Where the file is.
        on_complete: Called when the last byte has arrived; may move the file away.

    Raises:
        ApiError: 415, 404, 403; 409 when the offset is not where the file ends; 413 when the body is longer
            than what is missing.
    """
    if call.headers.get("Content-Type", "").split(";")[0].strip() != CONTENT_TYPE:
        raise detail(415, f"The content type of an upload is {CONTENT_TYPE}.", HEADERS)
    file = _own_file(call, uploads)
    call.db.commit()
    offset = _number(call, "Upload-Offset")
    if offset != file.offset or (file.complete and file.length > 0):
        return Response(status_code=409, headers=HEADERS)
    announced = call.headers.get("Content-Length", "")
    if announced.isdigit() and offset + int(announced) > file.length:
        return Response(status_code=413, headers=HEADERS)
    try:
        end = _store(file, offset, call.stream())
    except FileNotFoundError as error:
        raise _not_there() from error
    if end is None:
        return Response(status_code=413, headers=HEADERS)
    if end == file.length and on_complete is not None:
        on_complete(file)
    return Response(status_code=204, headers={**HEADERS, "Upload-Offset": str(end)})


def _store(file: TusFile, offset: int, pieces: Iterable[bytes]) -> int | None:
    """Write the pieces; the new end, or None when they were too many.

    Each is written at its place and at once. So what arrived before a connection broke counts, and a
    request that the client gave up but that is still read here writes the same bytes to the same place
    as its successor.
    """
    with file.path.open("r+b", buffering=0) as target:
        target.seek(offset)
        for piece in pieces:
            if offset + len(piece) > file.length:
                return None
            remaining = memoryview(piece)
            while remaining:
                remaining = remaining[target.write(remaining) :]
            offset += len(piece)
    return offset


def _own_file(call: UploadRequest, uploads: TusUploads) -> TusFile:
    file_id = call.path["file_id"]
    file = uploads.find(file_id)
    if file is None:
        raise _not_there()
    if not file_id.startswith(f"{call.user.id}_"):
        raise detail(403, "This upload belongs to another user.", HEADERS)
    return file


def _not_there() -> ApiError:
    return detail(404, "There is no such upload, or it is complete.", HEADERS)


def _refused(status: int, text: str) -> ApiError:
    error = string_error(status, text)
    error.headers.update(HEADERS)
    return error


def _number(call: UploadRequest, header: str) -> int:
    text = call.headers.get(header, "")
    if not re.fullmatch("[0-9]{1,18}", text):
        raise _refused(400, f"The header {header} must be a number of bytes.")
    return int(text)


def _metadata(text: str) -> dict[str, str]:
    """The key and value pairs of ``Upload-Metadata``; a value is base64 of UTF-8 text."""
    metadata = {}
    for pair in text.split(","):
        key, _, value = pair.strip().partition(" ")
        if not key:
            continue
        try:
            metadata[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise _refused(400, f"Upload-Metadata: {key} is not base64 of UTF-8 text.") from error
    return metadata


def _header_text(text: str) -> str:
    # Headers hold Latin-1; a client that wants the exact name has it already.
    return text.encode("latin-1", "replace").decode("latin-1")
