"""Importing annotations into tasks and jobs."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from cvat_local.formats.registry import find_importer
from cvat_local.http.errors import detail, list_error
from cvat_local.http.tus import TusUploads
from cvat_local.resources import jobs, tasks
from cvat_local.resources.imports.arrival import accept, route_uploads
from cvat_local.resources.imports.files import ImportFiles
from cvat_local.resources.shared.targets import name_of, parents_of
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Job, Request, Task

task_handlers = Handlers("tasks")
job_handlers = Handlers("jobs")

APPEND, REPLACE = "append", "replace"
"""Import modes: whether the annotations that are there stay."""


@task_handlers("create_annotations")
def import_to_task(call: Call) -> Response:
    """Import annotations to a task, or announce a file for that."""
    return _create(call, tasks.find(call, tasks.may_edit))


@job_handlers("create_annotations")
def import_to_job(call: Call) -> Response:
    """Import annotations to a job, or announce a file for that."""
    return _create(call, jobs.find(call, jobs.may_edit))


def _create(call: Call, target: Task | Job) -> Response:
    def submit(**source: Any) -> Request:
        return _submit(call, target, **source)

    files = ImportFiles(call.app.files, target)
    return accept(
        call,
        submit,
        field="annotation_file",
        uploads=files.uploads,
        waiting=files.waiting,
        path=f"/api/{name_of(target)}s/{target.id}/annotations",
    )


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


def _task_uploads(call: Call) -> TusUploads:
    return ImportFiles(call.app.files, tasks.find(call, tasks.may_edit)).uploads


def _job_uploads(call: Call) -> TusUploads:
    return ImportFiles(call.app.files, jobs.find(call, jobs.may_edit)).uploads


route_uploads(task_handlers, "/api/tasks/{id:int}/annotations", "tasks.annotations", _task_uploads)
route_uploads(job_handlers, "/api/jobs/{id:int}/annotations", "jobs.annotations", _job_uploads)
