"""The background work behind backups."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy.orm import Session

from cvat_local.background.work import WorkContext, WorkFailed, WorkResult, Works
from cvat_local.media.errors import MediaError
from cvat_local.resources.backups import restoring
from cvat_local.resources.backups.reading import Backup
from cvat_local.resources.backups.writing import BackupWriter
from cvat_local.resources.cloudstorages import fetch_for_work
from cvat_local.resources.exports import upload_result
from cvat_local.storage.tables import Project, Request, Task

work = Works()

_MADE = "made"
"""Key in the parameters of a request: the id of what was made, which is in the database."""


@work("export", "task", "backup")
@work("export", "project", "backup")
def export_backup(context: WorkContext) -> WorkResult:
    """Write a task or project into an archive."""
    path = context.result_folder / "backup.zip"
    with context.reading() as db:
        context.progress(0.0, "Reading the annotations")
        target = _target(db, context)
        try:
            with (
                context.files.writing(path) as file,
                BackupWriter(file, context.files, db, context.progress) as writer,
            ):
                if isinstance(target, Task):
                    writer.task(target)
                else:
                    writer.project(target)
        except (MediaError, FileNotFoundError) as error:
            raise WorkFailed(f"The data cannot be read: {error}") from error
        filename = context.params["filename"] or _name(target)
    storage_id = context.params.get("cloud_storage_id")
    if storage_id is None:
        return WorkResult(path, filename)
    upload_result(context, storage_id, path, filename)
    return WorkResult()


def _target(db: Session, context: WorkContext) -> Task | Project:
    found: Task | Project | None
    if context.task_id is None:
        found = db.get(Project, context.project_id)
    else:
        found = db.get(Task, context.task_id)
    if found is None:
        raise WorkFailed("What was to be backed up has been deleted.")
    return found


def _name(target: Task | Project) -> str:
    kind = "task" if isinstance(target, Task) else "project"
    moment = target.updated_date
    if isinstance(target, Project):
        moment = max([moment, *(task.updated_date for task in target.tasks)])
    return f"{kind}_{target.name.lower()}_backup_{_written(moment)}.zip".replace("/", "_")


def _written(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y_%m_%d_%H_%M_%S")


@work("import", "task", "backup")
@work("import", "project", "backup")
def import_backup(context: WorkContext) -> WorkResult:
    """Make a task or project of an archive, all or nothing."""
    if _MADE in context.params:
        return WorkResult(id=context.params[_MADE])  # the server died after that
    path = context.files.absolute(context.params["file"])
    try:
        return WorkResult(id=_restore(context, path))
    finally:
        path.unlink(missing_ok=True)


def _restore(context: WorkContext, path: Path) -> int:
    fetch_for_work(context, path)
    is_project = context.params["target"] == "project"
    context.progress(0.0, "Unpacking the archive")
    with Backup(path) as backup:
        values = None
        guide = None
        places = [""]
        if is_project:
            values = restoring.project_values(backup.described("project.json"))
            guide = restoring.stage_guide(context, backup, "", "guide")
            places = backup.tasks()
        staged = [
            restoring.stage(context, backup, place, number) for number, place in enumerate(places)
        ]
    organization_id = context.params["organization_id"]
    with context.session() as db:
        project = None
        if values is not None:
            project = restoring.store_project(db, values, context.user_id, organization_id)
            restoring.store_guide(db, context.files, project, guide, context.user_id)
        made = 0 if project is None else project.id
        for entry in staged:
            task = restoring.store_task(db, entry, context.user_id, organization_id, project)
            made = made or task.id
        request = db.get(Request, context.request_id)
        if request is not None:
            request.params = {**request.params, _MADE: made}
    return made
