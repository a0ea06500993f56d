"""The background work behind imports of annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cvat_local.background.work import WorkContext, WorkFailed, Works
from cvat_local.formats.archive import Source
from cvat_local.formats.dataset import Dataset, Part
from cvat_local.formats.errors import FormatError
from cvat_local.formats.registry import Import, find_importer
from cvat_local.resources.annotations import (
    Annotations,
    InvalidDocument,
    JobAnnotations,
    NoData,
    Objects,
    TaskAnnotations,
    parse,
)
from cvat_local.resources.cloudstorages import fetch_for_work
from cvat_local.resources.data import job_frames
from cvat_local.resources.exports import frames_of, labels_for
from cvat_local.resources.imports.files import ImportFiles
from cvat_local.resources.imports.routes import APPEND
from cvat_local.storage.queries.labels import labels_of_task
from cvat_local.storage.tables import Job, Request, Task

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

work = Works()

_STORED = "stored"
"""Key in the parameters of a request whose annotations are in the database."""


@work("import", "task", "annotations")
@work("import", "job", "annotations")
def import_annotations(context: WorkContext) -> None:
    """Read a file and store its annotations in a task or job, all or nothing."""
    if context.params.get(_STORED):
        return  # the server died after that, before it could say so
    name = context.params["format"]
    format_ = find_importer(name)
    if format_ is None or not format_.enabled:
        raise WorkFailed(f"The format {name!r} cannot be imported by this server.")
    with context.reading() as db:
        target = _target(db, context)
        path = ImportFiles(context.files, target).waiting
        dataset = _dataset(db, target)
    fetch_for_work(context, path)
    read: Import = format_.load()
    try:
        context.progress(0.0, "Reading the file")
        document = parse(read(Source(path), dataset))
        context.progress(0.5, "Storing the annotations")
        with context.session() as db:
            _store(db, context, document)
    except (FormatError, NoData) as error:
        path.unlink(missing_ok=True)
        raise WorkFailed(str(error)) from error
    except InvalidDocument as error:
        path.unlink(missing_ok=True)
        raise WorkFailed(f"The file has what cannot be stored: {_reason(error.body)}") from error
    path.unlink(missing_ok=True)


def _target(db: Session, context: WorkContext) -> Task | Job:
    found = db.get(Task, context.task_id) if context.job_id is None else db.get(Job, context.job_id)
    if found is None:
        raise WorkFailed("What the file was to be imported to has been deleted.")
    return found


def _dataset(db: Session, target: Task | Job) -> Dataset:
    """Labels and frames that the items of the file can be for."""
    task = target.task if isinstance(target, Job) else target
    if task.data is None:
        raise WorkFailed(f"Task {task.id} has no data.")
    numbers = job_frames(target) if isinstance(target, Job) else range(task.data.size)
    frames = frames_of(db, task.data, numbers)
    return Dataset(labels_for(labels_of_task(db, task)), [Part(task.id, task.subset, frames)])


def _store(db: Session, context: WorkContext, document: Objects) -> None:
    target = _target(db, context)
    annotations: Annotations = (
        JobAnnotations(db, target) if isinstance(target, Job) else TaskAnnotations(db, target)
    )
    if context.params["import_mode"] == APPEND:
        annotations.add(document)
    else:
        annotations.replace(document)
    request = db.get(Request, context.request_id)
    if request is not None:
        request.params = {**request.params, _STORED: True}


def _reason(body: Any) -> str:
    """The first text in errors that mirror a document, with the way to it."""
    if isinstance(body, str):
        return body
    pairs = body.items() if isinstance(body, dict) else enumerate(body)
    for key, value in pairs:
        if value:
            rest = _reason(value)
            return rest if isinstance(value, str) else f"{key}: {rest}"
    return "no reason given"
