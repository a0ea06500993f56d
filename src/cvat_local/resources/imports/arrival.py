"""Files that come for an import: in one request, piece by piece with TUS, or from a cloud storage.

==========================  =========================================================================
header of the POST          what it does
==========================  =========================================================================
``Upload-Finish``           starts the import of a file sent before; ``filename`` is its TUS id
``Upload-Start``            announces a TUS upload
``Upload-Length``           creates a TUS upload
none of them                starts the import of a file in the multipart body, or with
                            ``location=cloud_storage`` of the file ``filename`` of a cloud storage
==========================  =========================================================================
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from starlette.responses import Response

from cvat_local.http import outputs, tus
from cvat_local.http.errors import field_errors, list_error
from cvat_local.resources.cloudstorages import chosen_storage
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Request

_LONGEST_KEY = 1024


class Submit(Protocol):
    """Asks for the work on a file."""

    def __call__(self, **source: Any) -> Request:
        """Ask for it.

        Args:
            source: Parameters of the work for a file in a cloud storage, ``cloud_storage_id`` and ``key``.
        """
        ...


def uploads_of(call: Call, kind: str) -> tus.TusUploads:
    """Files that are being received piece by piece, for one kind of import that is no task's or job's."""
    return tus.TusUploads(call.app.files.uploads / kind)


def waiting_file(call: Call) -> Path:
    """Where the file of such an import is to wait for its work."""
    return call.app.files.uploads / f"waiting-{uuid.uuid4()}"


def accept(
    call: Call,
    submit: Submit,
    *,
    field: str,
    uploads: tus.TusUploads,
    waiting: Path,
    path: str,
    check_name: Callable[[str], None] | None = None,
) -> Response:
    """Take a file, or announce one.

    Args:
        call: The request.
        submit: Called when the file is there.
        field: Field of a multipart body that holds the file.
        uploads: Files that are being received piece by piece.
        waiting: Where the file is put, on the same file system.
        path: Path of the operation, without its last slash.
        check_name: Refuses names of files, by raising `ApiError`.

    Raises:
        ApiError: There is no file, or it cannot be taken.
    """
    if "Upload-Finish" in call.headers:
        received = uploads.received(call.parameter("filename") or "", call.user.id)
        request = submit()
        uploads.move(received, waiting)
        return _started(request)
    if "Upload-Start" in call.headers:
        return outputs.empty(202)
    if "Upload-Length" in call.headers:
        checked = None if check_name is None else (lambda name: check_name(name or ""))
        made = tus.create(call, uploads, path, on_create=checked)
        if checked is not None:
            # The id is what the finish names, whatever the file is called.
            made.headers["Upload-Filename"] = made.headers["Location"].rpartition("/")[2]
        return made
    storage = chosen_storage(call)
    if storage is not None:
        key = call.parameter("filename") or ""
        if not 0 < len(key) <= _LONGEST_KEY:
            raise list_error("filename must name the file in the cloud storage.")
        return _started(submit(cloud_storage_id=storage.id, key=key))
    sent = next((entry for entry in call.files if entry.name == field), None)
    if sent is None:
        raise field_errors({field: "No file was submitted."})
    if check_name is not None:
        check_name(sent.filename)
    request = submit()
    sent.path.replace(waiting)
    return _started(request)


def _started(request: Request) -> Response:
    return outputs.json({"rq_id": request.id}, 202)


def route_uploads(
    handlers: Handlers, path: str, name: str, uploads: Callable[[Call], tus.TusUploads]
) -> None:
    """Route the requests of TUS that follow on the POST.

    Args:
        handlers: Those of the operation.
        path: Template of the path of the operation, without its last slash.
        name: What logs call the operation.
        uploads: Files that are being received; refuses callers by raising `ApiError`.
    """
    file_path = f"{path}/{{file_id}}"

    @handlers.route("OPTIONS", f"{path}/", name=f"{name}.tus_options", anonymous=True)
    def describe_protocol(_: Call) -> Response:
        return tus.options()

    @handlers.route("HEAD", file_path, name=f"{name}.tus_head")
    def upload_offset(call: Call) -> Response:
        return tus.head(call, uploads(call))

    @handlers.route("PATCH", file_path, name=f"{name}.tus_patch")
    def continue_upload(call: Call) -> Response:
        return tus.patch(call, uploads(call))
