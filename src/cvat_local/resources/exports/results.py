"""Files that exports leave: their names, and handing them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.responses import Response

from cvat_local.auth.roles import is_admin
from cvat_local.background import states
from cvat_local.background.ids import BadRequestId, RequestId, parse
from cvat_local.http import outputs
from cvat_local.http.errors import forbidden, list_error, not_found, text_error
from cvat_local.resources.shared.targets import Target, name_of
from cvat_local.storage.tables import Request

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

DATASET = ("dataset", "annotations")
"""Subresources of a dataset."""

_LONGEST_FILENAME = 255


def checked_filename(call: Call) -> str:
    """The name that a download is to have; empty for that of the server.

    Raises:
        ApiError: 400 for one that cannot be.
    """
    name = call.parameter("filename") or ""
    if len(name) > _LONGEST_FILENAME or not name.isprintable():
        raise list_error(
            f"filename must be printable and have at most {_LONGEST_FILENAME} characters."
        )
    return name


def download(call: Call, target: Target, subresources: Sequence[str]) -> Response:
    """The file of a finished export.

    Args:
        call: A request whose ``rq_id`` names the export.
        target: What was exported.
        subresources: What the address gives of it.

    Raises:
        ApiError: 400 when there is none, 403 when it belongs to somebody else, 404 when it has expired.
    """
    text = call.query.get("rq_id")
    if not text:
        raise list_error("The query parameter rq_id is missing.")
    try:
        parsed = parse(text)
    except BadRequestId as error:
        raise list_error(f"rq_id: {error}.") from None
    name = name_of(target)
    fits = (parsed.action, parsed.target, parsed.target_id) == (
        "export",
        name,
        target.id,
    ) and parsed.subresource in subresources
    if not fits:
        raise list_error(f"The request {text!r} is no export of {name} {target.id}.")
    return result_file(call, parsed, "application/zip")


def result_file(call: Call, request_id: RequestId, media_type: str) -> Response:
    """The file that an export left.

    Args:
        call: A request.
        request_id: The export.
        media_type: Of its file.

    Raises:
        ApiError: 400 when there is none, 403 when it belongs to somebody else, 404 when it has expired.
    """
    request = call.db.get(Request, str(request_id))
    if request is None:
        raise text_error(400, "There is no such export, or it has expired.")
    if request.user_id != call.user.id and not is_admin(call.user):
        raise forbidden("This export belongs to another user.")
    if request.status != states.FINISHED or request.result_path is None:
        raise text_error(400, f"The export is {request.status}; there is no file to download.")
    path = call.app.files.absolute(request.result_path)
    if not path.is_file():
        raise not_found("The file of this export is not there any more.")
    return outputs.file(path, media_type, request.result_filename)
