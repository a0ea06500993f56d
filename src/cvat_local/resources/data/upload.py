"""Receiving media for a task: one request, several requests, or piece by piece (TUS).

The files wait in the task's folder until a request says that all are there; then background work makes
frames and jobs of them (`cvat_local.resources.data.work`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.responses import Response

from cvat_local.auth.roles import is_user
from cvat_local.background import states
from cvat_local.background.ids import RequestId
from cvat_local.http import outputs, tus
from cvat_local.http.errors import ApiError, forbidden, list_error, string_error, text_error
from cvat_local.http.multipart import UploadedFile
from cvat_local.media.errors import MediaError
from cvat_local.media.ordering import order_mismatch
from cvat_local.resources.cloudstorages import find_referenced
from cvat_local.resources.data import parameters
from cvat_local.resources.data.folder import TaskFolder
from cvat_local.storage.tables import Data, Request, Task

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cvat_local.serving.call import Call

LOCAL, CLOUD_STORAGE, SHARE = "local", "cloud_storage", "share"
"""Where media come from, as the API calls it."""


def answer(call: Call, task: Task) -> Response:
    """Answer a POST to the data of a task; its headers say which step of an upload it is.

    Raises:
        ApiError: 400 when the task has data already or the input is wrong, 409 while frames are being made.
    """
    check_open(call.db, task)
    if "Upload-Finish" in call.headers:
        return _submit(call, task)
    if "Upload-Start" in call.headers:
        _data(call.db, task)
        return outputs.empty(202)
    if "Upload-Length" in call.headers:
        return _create_tus(call, task)
    if "Upload-Multiple" in call.headers:
        _data(call.db, task)
        _keep(call, task, call.input("DataRequest").get("client_files", ()))
        return outputs.empty(200)
    return _submit(call, task)


def check_open(db: Session, task: Task) -> None:
    """Make sure that the task can still be given media.

    Raises:
        ApiError: 400 when it has some, 409 ``{"rq_id"}`` while frames are being made.
    """
    if task.data is not None and task.data.size:
        raise string_error(400, "The task has data already; it cannot be changed.")
    request = creation_request(db, task)
    if request is not None and request.status in states.UNDER_WAY:
        raise ApiError(409, {"rq_id": request.id})


def creation_request(db: Session, task: Task) -> Request | None:
    """The (last) request that makes the frames of the task; None when there is none any more."""
    return db.get(Request, str(RequestId("create", "task", task.id)))


def answer_patch(call: Call, task: Task) -> Response:
    """Answer the PATCH of a TUS upload; a complete file joins the task's uploads."""
    check_open(call.db, task)
    folder = TaskFolder(call.app.files, task.id)
    return tus.patch(call, folder.tus, on_complete=lambda file: _take(folder, file))


def answer_head(call: Call, task: Task) -> Response:
    """Answer the HEAD of a TUS upload."""
    folder = TaskFolder(call.app.files, task.id)
    # A file that is complete but not moved yet is taken along when the upload is finished.
    return tus.head(call, folder.tus, finished_is_gone=False)


def _create_tus(call: Call, task: Task) -> Response:
    folder = TaskFolder(call.app.files, task.id)
    request = creation_request(call.db, task)
    may_replace = request is not None and request.status == states.FAILED

    def check_name(name: str | None) -> None:
        if not name:
            raise string_error(400, "Upload-Metadata lacks the key filename.")
        try:
            checked = folder.checked_name(name)
        except MediaError as error:
            raise text_error(400, str(error)) from error
        # What made the creation fail has to be replaced under its name.
        if folder.has(checked) and not may_replace:
            raise string_error(409, f"A file called {checked!r} was uploaded already.")

    response = tus.create(
        call,
        folder.tus,
        f"/api/tasks/{task.id}/data",
        on_create=check_name,
        on_complete=lambda file: _take(folder, file),
    )
    _data(call.db, task)
    return response


def _take(folder: TaskFolder, file: tus.TusFile) -> None:
    try:
        folder.add_received(folder.checked_name(file.metadata["filename"]), file.file_id)
    except MediaError as error:
        raise text_error(400, str(error)) from error


def _submit(call: Call, task: Task) -> Response:
    """Take the last files and the parameters, and start the work."""
    values = call.input("DataRequest")
    chosen = parameters.check(values, share=call.app.settings.share_dir is not None)
    if chosen.from_share and not is_user(call.user):
        raise forbidden("Files of the share are used by accounts of the group user.")
    if chosen.cloud_storage_id is not None:
        find_referenced(call, chosen.cloud_storage_id)
    data = _data(call.db, task)
    folder = _keep(call, task, values.get("client_files", ()))
    folder.add_all_received()
    uploaded = chosen.cloud_storage_id is None and not chosen.from_share
    if uploaded and chosen.sorting_method == "predefined" and chosen.upload_file_order:
        mismatch = order_mismatch(chosen.upload_file_order, folder.names())
        if mismatch is not None:
            raise list_error(f"upload_file_order differs from the uploaded files: {mismatch}.")
    data.image_quality = chosen.image_quality
    data.frame_filter = chosen.frame_filter
    data.sorting_method = chosen.sorting_method
    data.cloud_storage_id = chosen.cloud_storage_id
    data.storage = _storage(chosen, copied=bool(values.get("copy_data")))
    request = call.app.queue.submit(
        call.db,
        action="create",
        target="task",
        target_id=task.id,
        user=call.user,
        params=chosen.to_json(),
        project_id=task.project_id,
        task_id=task.id,
        organization_id=task.organization_id,
    )
    return outputs.json({"rq_id": request.id}, 202)


def _storage(chosen: parameters.Parameters, *, copied: bool) -> str:
    if chosen.cloud_storage_id is not None:
        return CLOUD_STORAGE
    return SHARE if chosen.from_share and not copied else LOCAL


def _data(db: Session, task: Task) -> Data:
    """The data of the task; its row is there from the first step of an upload on."""
    if task.data is None:
        task.data = Data(task_id=task.id)
        db.flush()
    return task.data


def _keep(call: Call, task: Task, files: Iterable[UploadedFile]) -> TaskFolder:
    """Move the files of a form among the uploads of the task."""
    folder = TaskFolder(call.app.files, task.id)
    by_name: dict[str, UploadedFile] = {}
    for file in files:
        try:
            name = folder.checked_name(file.filename)
        except MediaError as error:
            raise list_error(str(error)) from error
        if name in by_name:
            raise list_error(f"The request has two files called {name!r}.")
        by_name[name] = file
    for name, file in by_name.items():
        folder.add(name, file.path)
    return folder
