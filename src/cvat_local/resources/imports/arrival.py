"""Files that come for an import that is no task's or job's: in one request, piece by piece, or from a cloud storage.

What the headers of the POST mean, `cvat_local.resources.imports.routes` says.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Protocol

from starlette.responses import Response

from cvat_local.http import outputs, tus
from cvat_local.http.errors import field_errors, list_error
from cvat_local.resources.cloudstorages import chosen_storage
from cvat_local.serving.call import Call

_LONGEST_KEY = 1024


class Submit(Protocol):
    """Asks for the work on a file."""

    def __call__(self, **source: Any) -> Response:
        """Ask for it.

        Args:
            source: Parameters of the work: ``file``, where it waits, as a path within the data folder; and for one
                in a cloud storage ``cloud_storage_id`` and ``key``.
        """
        ...


def uploads_of(call: Call, kind: str) -> tus.TusUploads:
    """Files of one kind of import that are being received piece by piece."""
    return tus.TusUploads(call.app.files.uploads / kind)


def accept(
    call: Call,
    submit: Submit,
    *,
    field: str,
    kind: str,
    path: str,
    check_name: Callable[[str], None] | None = None,
) -> Response:
    """Take a file, or announce one.

    Args:
        call: The request.
        submit: Called when the file is there.
        field: Field of a multipart body that holds the file.
        kind: As for `uploads_of`.
        path: Path of the operation, without its last slash.
        check_name: Refuses names of files, by raising `ApiError`.

    Raises:
        ApiError: There is no file, or it cannot be taken.
    """
    files = call.app.files
    waiting = files.uploads / f"waiting-{uuid.uuid4()}"
    file = files.relative(waiting)
    if "Upload-Finish" in call.headers:
        uploads = uploads_of(call, kind)
        received = uploads.received(call.parameter("filename") or "", call.user.id)
        answer = submit(file=file)
        uploads.move(received, waiting)
        return answer
    if "Upload-Start" in call.headers:
        return outputs.empty(202)
    if "Upload-Length" in call.headers:
        checked = None if check_name is None else (lambda name: check_name(name or ""))
        made = tus.create(call, uploads_of(call, kind), path, on_create=checked)
        if checked is not None:
            # The id is what the finish names, whatever the file is called.
            made.headers["Upload-Filename"] = made.headers["Location"].rpartition("/")[2]
        return made
    storage = chosen_storage(call)
    if storage is not None:
        key = call.parameter("filename") or ""
        if not 0 < len(key) <= _LONGEST_KEY:
            raise list_error("filename must name the file in the cloud storage.")
        return submit(file=file, cloud_storage_id=storage.id, key=key)
    sent = next((entry for entry in call.files if entry.name == field), None)
    if sent is None:
        raise field_errors({field: "No file was submitted."})
    if check_name is not None:
        check_name(sent.filename)
    answer = submit(file=file)
    sent.path.replace(waiting)
    return answer
