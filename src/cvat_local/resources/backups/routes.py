"""Backups: starting one, downloading it, and making a task or project of one."""

from __future__ import annotations

from typing import Any, Literal

from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import list_error
from cvat_local.http.tus import TusUploads
from cvat_local.resources import projects, tasks
from cvat_local.resources.cloudstorages import export_storage
from cvat_local.resources.exports import checked_filename, download
from cvat_local.resources.imports import accept, route_uploads, uploads_of, waiting_file
from cvat_local.resources.shared.targets import name_of, parents_of
from cvat_local.resources.shared.workspaces import check_creator
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Project, Request, Task

task_handlers = Handlers("tasks")
project_handlers = Handlers("projects")

Kind = Literal["task", "project"]


# --- export ----------------------------------------------------------------------------------------


@task_handlers("create_backup_export")
def export_task(call: Call) -> Response:
    """Start a backup of a task."""
    task = tasks.find(call)
    if task.data is None or not task.data.size:
        raise list_error("Backup of a task without data is not allowed")
    return _start(call, task)


@project_handlers("create_backup_export")
def export_project(call: Call) -> Response:
    """Start a backup of a project."""
    return _start(call, projects.find(call))


def _start(call: Call, target: Task | Project) -> Response:
    # `lightweight` is about data in a cloud storage that is not copied here; all of ours is.
    storage = export_storage(call, target)
    request = call.app.queue.submit(
        call.db,
        action="export",
        target=name_of(target),
        target_id=target.id,
        subresource="backup",
        user=call.user,
        params={
            "filename": checked_filename(call),
            "cloud_storage_id": None if storage is None else storage.id,
        },
        **parents_of(target),
    )
    return outputs.json({"rq_id": request.id}, 202)


@task_handlers.route("GET", "/api/tasks/{id:int}/backup/download", name="tasks.download_backup")
def download_task(call: Call) -> Response:
    """The file of a finished backup of a task."""
    return download(call, tasks.find(call), ("backup",))


@project_handlers.route(
    "GET", "/api/projects/{id:int}/backup/download", name="projects.download_backup"
)
def download_project(call: Call) -> Response:
    """The file of a finished backup of a project."""
    return download(call, projects.find(call), ("backup",))


# --- import ----------------------------------------------------------------------------------------


@task_handlers("create_backup")
def import_task(call: Call) -> Response:
    """Make a task of a backup, or announce its file."""
    check_creator(call, "Tasks")
    return _create(call, "task")


@project_handlers("create_backup")
def import_project(call: Call) -> Response:
    """Make a project of a backup, or announce its file."""
    check_creator(call, "Projects")
    return _create(call, "project")


def _create(call: Call, kind: Kind) -> Response:
    organization_id = call.workspace.organization_id
    waiting = waiting_file(call)
    file = call.app.files.relative(waiting)

    def submit(**source: Any) -> Request:
        return call.app.queue.submit(
            call.db,
            action="import",
            target=kind,
            subresource="backup",
            user=call.user,
            params={"target": kind, "organization_id": organization_id, "file": file, **source},
            organization_id=organization_id,
        )

    return accept(
        call,
        submit,
        field=f"{kind}_file",
        uploads=_uploads(call),
        waiting=waiting,
        path=f"/api/{kind}s/backup",
    )


def _uploads(call: Call) -> TusUploads:
    return uploads_of(call, "backups")


route_uploads(task_handlers, "/api/tasks/backup", "tasks.backup", _uploads)
route_uploads(project_handlers, "/api/projects/backup", "projects.backup", _uploads)
