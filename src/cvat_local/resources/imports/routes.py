"""Importing annotations into tasks and jobs: the file in one request, or piece by piece with TUS.

==========================  =========================================================================
header of the POST          what it does
==========================  =========================================================================
``Upload-Finish``           starts the import of a file sent before; ``filename`` is its TUS id
``Upload-Start``            announces a TUS upload
``Upload-Length``           creates a TUS upload
none of them                starts the import of the multipart file ``annotation_file``, or with
                            ``location=cloud_storage`` of the file ``filename`` of a cloud storage
==========================  =========================================================================
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from cvat_local.formats.registry import find_importer
from cvat_local.http import outputs, tus
from cvat_local.http.errors import detail, field_errors, list_error
from cvat_local.resources import jobs, tasks
from cvat_local.resources.cloudstorages import chosen_storage
from cvat_local.resources.imports.files import ImportFiles
from cvat_local.resources.shared.targets import name_of, parents_of
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Job, Request, Task

task_handlers = Handlers("tasks")
job_handlers = Handlers("jobs")

APPEND, REPLACE = "append", "replace"
"""Import modes: whether the annotations that are there stay."""

_FIELD = "annotation_file"
_LONGEST_KEY = 1024


@task_handlers("create_annotations")
def import_to_task(call: Call) -> Response:
    """Import annotations to a task, or announce a file for that."""
    return _create(call, tasks.find(call, tasks.may_edit))


@job_handlers("create_annotations")
def import_to_job(call: Call) -> Response:
    """Import annotations to a job, or announce a file for that."""
    return _create(call, jobs.find(call, jobs.may_edit))


def _create(call: Call, target: Task | Job) -> Response:
    files = ImportFiles(call.app.files, target)
    if "Upload-Finish" in call.headers:
        received = files.uploads.received(call.parameter("filename") or "", call.user.id)
        request = _submit(call, target)
        files.uploads.move(received, files.waiting)
        return outputs.json({"rq_id": request.id}, 202)
    if "Upload-Start" in call.headers:
        return outputs.empty(202)
    if "Upload-Length" in call.headers:
        path = f"/api/{name_of(target)}s/{target.id}/annotations"
        return tus.create(call, files.uploads, path)
    storage = chosen_storage(call)
    if storage is not None:
        key = call.parameter("filename") or ""
        if not 0 < len(key) <= _LONGEST_KEY:
            raise list_error("filename must name the file in the cloud storage.")
        request = _submit(call, target, cloud_storage_id=storage.id, key=key)
        return outputs.json({"rq_id": request.id}, 202)
    file = next((file for file in call.files if file.name == _FIELD), None)
    if file is None:
        raise field_errors({_FIELD: "A file has to be sent in this field of a multipart body."})
    request = _submit(call, target)
    file.path.replace(files.waiting)
    return outputs.json({"rq_id": request.id}, 202)


def _submit(call: Call, target: Task | Job, **source: Any) -> Request:
    task = target.task if isinstance(target, Job) else target
    if task.data is None or not task.data.size:
        raise list_error(f"Task {task.id} has no data yet, so there is nothing to annotate.")
    name = call.parameter("format") or ""
    format_ = find_importer(name)
    if format_ is None:
        raise list_error(
            f"The import format {name!r} is unknown; /api/server/annotation/formats lists all."
        )
    if not format_.enabled:
        raise detail(405, f"The format {name!r} is not available on this server.")
    mode = call.parameter("import_mode") or REPLACE
    return call.app.queue.submit(
        call.db,
        action="import",
        target=name_of(target),
        target_id=target.id,
        subresource="annotations",
        user=call.user,
        params={"format": name, "import_mode": mode, **source},
        **parents_of(target),
    )


# --- the other requests of TUS ---------------------------------------------------------------------


def _task_uploads(call: Call) -> tus.TusUploads:
    return ImportFiles(call.app.files, tasks.find(call, tasks.may_edit)).uploads


def _job_uploads(call: Call) -> tus.TusUploads:
    return ImportFiles(call.app.files, jobs.find(call, jobs.may_edit)).uploads


@task_handlers.route(
    "OPTIONS",
    "/api/tasks/{id:int}/annotations/",
    name="tasks.annotations.tus_options",
    anonymous=True,
)
@job_handlers.route(
    "OPTIONS",
    "/api/jobs/{id:int}/annotations/",
    name="jobs.annotations.tus_options",
    anonymous=True,
)
def describe_protocol(_: Call) -> Response:
    """Which upload protocol is spoken."""
    return tus.options()


@task_handlers.route(
    "HEAD", "/api/tasks/{id:int}/annotations/{file_id}", name="tasks.annotations.tus_head"
)
def task_upload_offset(call: Call) -> Response:
    """How much of a file has arrived."""
    return tus.head(call, _task_uploads(call))


@job_handlers.route(
    "HEAD", "/api/jobs/{id:int}/annotations/{file_id}", name="jobs.annotations.tus_head"
)
def job_upload_offset(call: Call) -> Response:
    """How much of a file has arrived."""
    return tus.head(call, _job_uploads(call))


@task_handlers.route(
    "PATCH", "/api/tasks/{id:int}/annotations/{file_id}", name="tasks.annotations.tus_patch"
)
def continue_task_upload(call: Call) -> Response:
    """Take a piece of a file."""
    return tus.patch(call, _task_uploads(call))


@job_handlers.route(
    "PATCH", "/api/jobs/{id:int}/annotations/{file_id}", name="jobs.annotations.tus_patch"
)
def continue_job_upload(call: Call) -> Response:
    """Take a piece of a file."""
    return tus.patch(call, _job_uploads(call))
