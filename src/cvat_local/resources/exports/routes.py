"""Exports: starting one, downloading its file, and the addresses that did this in older versions."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from cvat_local.auth.roles import is_admin
from cvat_local.background import states
from cvat_local.background.ids import BadRequestId, parse
from cvat_local.formats.registry import find_exporter
from cvat_local.http import outputs
from cvat_local.http.errors import detail, forbidden, list_error, not_found, text_error
from cvat_local.resources import jobs, projects, tasks
from cvat_local.resources.cloudstorages import export_storage
from cvat_local.resources.shared.targets import Target, name_of, parents_of
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Job, Request

task_handlers = Handlers("tasks")
job_handlers = Handlers("jobs")
project_handlers = Handlers("projects")

_LONGEST_FILENAME = 255


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
    filename = _filename(call)
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


def _filename(call: Call) -> str:
    name = call.parameter("filename") or ""
    if len(name) > _LONGEST_FILENAME or not name.isprintable():
        raise list_error(
            f"filename must be printable and have at most {_LONGEST_FILENAME} characters."
        )
    return name


# --- downloading -----------------------------------------------------------------------------------


@task_handlers.route("GET", "/api/tasks/{id:int}/dataset/download", name="tasks.download_dataset")
def download_task(call: Call) -> Response:
    """The file of a finished export of a task."""
    return _download(call, tasks.find(call))


@job_handlers.route("GET", "/api/jobs/{id:int}/dataset/download", name="jobs.download_dataset")
def download_job(call: Call) -> Response:
    """The file of a finished export of a job."""
    return _download(call, jobs.find(call))


@project_handlers.route(
    "GET", "/api/projects/{id:int}/dataset/download", name="projects.download_dataset"
)
def download_project(call: Call) -> Response:
    """The file of a finished export of a project."""
    return _download(call, projects.find(call))


def _download(call: Call, target: Target) -> Response:
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
    ) and parsed.subresource in ("dataset", "annotations")
    if not fits:
        raise list_error(f"The request {text!r} is no export of {name} {target.id}.")
    request = call.db.get(Request, str(parsed))
    if request is None:
        raise text_error(400, "There is no such export, or it has expired.")
    if request.user_id != call.user.id and not is_admin(call.user):
        raise forbidden("This export belongs to another user.")
    if request.status != states.FINISHED or request.result_path is None:
        raise text_error(400, f"The export is {request.status}; there is no file to download.")
    path = call.app.files.absolute(request.result_path)
    if not path.is_file():
        raise not_found("The file of this export is not there any more.")
    return outputs.file(path, "application/zip", request.result_filename)


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
