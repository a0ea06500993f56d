"""Exports: starting one, downloading its file, and the addresses that did this in older versions."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from cvat_local.formats.registry import find_exporter
from cvat_local.http import outputs
from cvat_local.http.errors import detail, list_error, text_error
from cvat_local.resources import jobs, projects, tasks
from cvat_local.resources.cloudstorages import export_storage
from cvat_local.resources.exports.results import DATASET, checked_filename, download
from cvat_local.resources.shared.targets import Target, name_of, parents_of
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Job

task_handlers = Handlers("tasks")
job_handlers = Handlers("jobs")
project_handlers = Handlers("projects")


# --- starting --------------------------------------------------------------------------------------


@task_handlers("create_dataset_export")
def export_task(call: Call) -> Response:
    """Start an export of a task."""
    return _start(call, tasks.find(call))


@job_handlers("create_dataset_export")
def export_job(call: Call) -> Response:
    """Start an export of a job."""
    return _start(call, jobs.find(call))


@project_handlers("create_dataset_export")
def export_project(call: Call) -> Response:
    """Start an export of a project."""
    return _start(call, projects.find(call))


def _start(call: Call, target: Target) -> Response:
    name = call.parameter("format")
    format_ = find_exporter(name)
    if format_ is None:
        raise list_error(
            f"The export format {name!r} is unknown; /api/server/annotation/formats lists all."
        )
    if not format_.enabled:
        raise detail(405, f"The format {name!r} is not available on this server.")
    save_images = call.parameter("save_images") or False
    filename = checked_filename(call)
    storage = export_storage(call, target.task if isinstance(target, Job) else target)
    request = call.app.queue.submit(
        call.db,
        action="export",
        target=name_of(target),
        target_id=target.id,
        subresource="dataset" if save_images else "annotations",
        user=call.user,
        format=name,
        params={
            "save_images": save_images,
            "filename": filename,
            "base_url": call.base_url,
            "cloud_storage_id": None if storage is None else storage.id,
        },
        **parents_of(target),
    )
    return outputs.json({"rq_id": request.id}, 202)


# --- downloading -----------------------------------------------------------------------------------


@task_handlers.route("GET", "/api/tasks/{id:int}/dataset/download", name="tasks.download_dataset")
def download_task(call: Call) -> Response:
    """The file of a finished export of a task."""
    return download(call, tasks.find(call), DATASET)


@job_handlers.route("GET", "/api/jobs/{id:int}/dataset/download", name="jobs.download_dataset")
def download_job(call: Call) -> Response:
    """The file of a finished export of a job."""
    return download(call, jobs.find(call), DATASET)


@project_handlers.route(
    "GET", "/api/projects/{id:int}/dataset/download", name="projects.download_dataset"
)
def download_project(call: Call) -> Response:
    """The file of a finished export of a project."""
    return download(call, projects.find(call), DATASET)


# --- retired ---------------------------------------------------------------------------------------


def _retired(replacement: str) -> Callable[[Call], Response]:
    def answer(_: Call) -> Response:
        raise text_error(
            410,
            f"This address is retired. Use POST {replacement}, ask /api/requests/<rq_id> for the state,"
            " and download from the result_url that it gives.",
        )

    return answer


for _handlers in (task_handlers, job_handlers, project_handlers):
    _path = f"/api/{_handlers.tag}/{{id:int}}"
    _handlers.route("GET", f"{_path}/dataset/", name=f"{_handlers.tag}.retired_dataset")(
        _retired(f"/api/{_handlers.tag}/<id>/dataset/export")
    )
for _handlers in (task_handlers, project_handlers):
    _path = f"/api/{_handlers.tag}/{{id:int}}"
    _handlers.route("GET", f"{_path}/backup/", name=f"{_handlers.tag}.retired_backup")(
        _retired(f"/api/{_handlers.tag}/<id>/backup/export")
    )
