"""The background work behind exports."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cvat_local.background.work import WorkContext, WorkFailed, WorkResult, Works
from cvat_local.formats.archive import ArchiveWriter
from cvat_local.formats.errors import FormatError
from cvat_local.formats.registry import Export, find_exporter
from cvat_local.media.errors import MediaError
from cvat_local.resources.cloudstorages import bucket_for_work
from cvat_local.resources.exports.dataset import Exporter
from cvat_local.resources.exports.naming import archive_name
from cvat_local.storage.tables import Job, Project, Task

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cvat_local.formats.dataset import Dataset

work = Works()


@work("export", "task", "annotations")
@work("export", "task", "dataset")
def export_task(context: WorkContext) -> WorkResult:
    """Write a task into an archive."""
    return _export(context, "task", context.task_id)


@work("export", "job", "annotations")
@work("export", "job", "dataset")
def export_job(context: WorkContext) -> WorkResult:
    """Write a job into an archive."""
    return _export(context, "job", context.job_id)


@work("export", "project", "annotations")
@work("export", "project", "dataset")
def export_project(context: WorkContext) -> WorkResult:
    """Write all tasks of a project into an archive."""
    return _export(context, "project", context.project_id)


def _export(context: WorkContext, target: str, target_id: int | None) -> WorkResult:
    name = context.format or ""
    format_ = find_exporter(name)
    if format_ is None or not format_.enabled or target_id is None:
        raise WorkFailed(f"The format {name!r} cannot be exported by this server.")
    export: Export = format_.load()
    save_images = bool(context.params["save_images"])
    path = context.result_folder / "dataset.zip"
    with context.reading() as db:
        exporter = Exporter(context.files, db, context.params["base_url"])
        context.progress(0.0, "Reading the annotations")
        dataset, updated = _dataset(db, exporter, target, target_id)
        report = partial(context.progress, message="Writing the archive")
        try:
            with (
                context.files.writing(path) as file,
                ArchiveWriter(file, report) as archive,
            ):
                export(dataset, archive, save_images=save_images)
        except (FormatError, MediaError) as error:
            raise WorkFailed(str(error)) from error
    default = archive_name(target, target_id, updated, name, with_images=save_images)
    filename = context.params["filename"] or default
    storage_id = context.params.get("cloud_storage_id")
    if storage_id is None:
        return WorkResult(path, filename)
    upload_result(context, storage_id, path, filename)
    return WorkResult()


def upload_result(context: WorkContext, storage_id: int, path: Path, key: str) -> None:
    """Put the archive into a bucket; nothing of it is kept here."""
    size, sent = path.stat().st_size, 0

    def report(count: int) -> None:
        nonlocal sent
        sent += count
        context.progress(min(sent / size, 1.0), "Sending the archive to the cloud storage")

    with bucket_for_work(context, storage_id) as bucket:
        bucket.upload(path, key, on_piece=report)
    path.unlink()


def _dataset(
    db: Session, exporter: Exporter, target: str, target_id: int
) -> tuple[Dataset, datetime]:
    """The dataset, and when its source was last changed."""
    if target == "task" and (task := db.get(Task, target_id)):
        return exporter.task(task), task.updated_date
    if target == "job" and (job := db.get(Job, target_id)):
        return exporter.job(job), job.updated_date
    if target == "project" and (project := db.get(Project, target_id)):
        return exporter.project(project), project.updated_date
    raise WorkFailed(f"The {target} {target_id} was deleted.")
