"""The background work behind imports of datasets into projects: a task for each subset."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from cvat_local.background.work import WorkContext, WorkFailed, Works
from cvat_local.formats.archive import Source as ImportFile
from cvat_local.formats.dataset import DEFAULT_SUBSET, Dataset, Part
from cvat_local.formats.errors import FormatError
from cvat_local.formats.outline import LabelOutline, Outline
from cvat_local.formats.registry import Format, Import, ReadOutline, find_importer
from cvat_local.http.errors import ApiError
from cvat_local.media.archives import extract_images
from cvat_local.media.errors import MediaError
from cvat_local.media.segments import split
from cvat_local.resources.annotations import InvalidDocument, TaskAnnotations, parse
from cvat_local.resources.cloudstorages import fetch_for_work
from cvat_local.resources.data import (
    Parameters,
    Source,
    TaskFolder,
    prepare,
    settle,
    store_source,
)
from cvat_local.resources.exports import frames_of, labels_for
from cvat_local.resources.shared.labels import editing
from cvat_local.storage.queries.labels import labels_of_project
from cvat_local.storage.tables import AttributeSpec, Data, Label, Project, Request, Task
from cvat_local.storage.types import utc_now

work = Works()

_STORED = "stored"
"""Key in the parameters of a request whose tasks are in the database."""

_IMAGES = "images"
_SKIPPED = "background"
"""A label of segmentation datasets that stands for none."""


@work("import", "project", "dataset")
def import_dataset(context: WorkContext) -> None:
    """Make tasks of a dataset, one a subset, all or nothing."""
    if context.params.get(_STORED):
        return  # the server died after that, before it could say so
    path = context.files.absolute(context.params["file"])
    try:
        _import(context, path)
    except (FormatError, MediaError) as error:
        raise WorkFailed(str(error)) from error
    except InvalidDocument as error:
        raise WorkFailed(f"The file has what cannot be stored: {error.body!r:.500}") from error
    except ApiError as error:
        raise WorkFailed(f"The labels of the file cannot be used: {error.body!r:.500}") from error
    finally:
        path.unlink(missing_ok=True)


def _import(context: WorkContext, path: Path) -> None:
    name = context.params["format"]
    format_ = find_importer(name)
    if format_ is None or not format_.enabled:
        raise WorkFailed(f"The format {name!r} cannot be imported by this server.")
    fetch_for_work(context, path)
    if not zipfile.is_zipfile(path):
        raise WorkFailed(
            "Can't import media data from the annotation file. Please upload full dataset as a zip archive."
        )
    context.progress(0.0, "Reading the labels")
    read_outline: ReadOutline = format_.load_outline()
    outline = read_outline(ImportFile(path))
    staged = _stage(context, path, outline)
    with context.session() as db:
        project = db.get(Project, context.project_id)
        if project is None:
            raise WorkFailed("The project has been deleted.")
        _labels(db, project, outline)
        for subset, (folder, source) in staged.items():
            task = _task(db, project, subset, folder, source)
            _annotate(db, format_, path, task, subset, is_only=len(staged) == 1)
        project.updated_date = utc_now()
        request = db.get(Request, context.request_id)
        if request is not None:
            request.params = {**request.params, _STORED: True}


def _stage(
    context: WorkContext, path: Path, outline: Outline
) -> Mapping[str, tuple[TaskFolder, Source]]:
    """The images of each subset in a folder of its own, read."""
    unpacked = context.result_folder / "unpacked"
    context.progress(0.0, "Unpacking the images")
    names = extract_images(path, "the archive", unpacked)
    subsets = outline.subsets or [DEFAULT_SUBSET]
    found: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        place = next((folder for folder in outline.folders if name.startswith(folder)), None)
        if place is not None:
            members = found.setdefault(outline.folders[place], [])
            members.append((name, name.removeprefix(place)))
            continue
        first, _, rest = name.partition("/")
        inner = rest if first == _IMAGES and rest else name
        folder, slash, below = inner.partition("/")
        if slash and folder in subsets:
            found.setdefault(folder, []).append((name, below))
        elif len(subsets) == 1:
            found.setdefault(subsets[0], []).append((name, inner))
        else:
            found.setdefault(DEFAULT_SUBSET, []).append((name, inner))
    staged = {}
    for number, (subset, members) in enumerate(sorted(found.items())):
        folder_of_task = TaskFolder(context.files, None, context.result_folder / f"task_{number}")
        for member, name in members:
            target = folder_of_task.uploads / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (unpacked / member).replace(target)
        staged[subset] = (
            folder_of_task,
            prepare(folder_of_task, Parameters(), context.progress),
        )
    shutil.rmtree(unpacked, ignore_errors=True)
    return staged


def _labels(db: Session, project: Project, outline: Outline) -> None:
    """Make the labels of a project without any; or give those that are there the attributes of the file."""
    known = {label.name: label for label in labels_of_project(db, project)}
    if not known:
        editing.create(db, project, [label.item() for label in outline.labels.values()])
        return
    for label in outline.labels.values():
        if label.name in known:
            _attributes(db, known[label.name], label)
        elif label.name != _SKIPPED:
            raise WorkFailed(f'Target project does not have label with name "{label.name}"')
    db.flush()


def _attributes(db: Session, label: Label, outline: LabelOutline) -> None:
    present = {spec.name for spec in label.attributes}
    for name, values in outline.attributes.items():
        if name not in present:
            db.add(AttributeSpec(label_id=label.id, **values))
    parts = {part.name: part for part in label.sublabels}
    for name, part in outline.parts.items():
        if name in parts:
            _attributes(db, parts[name], part)


def _task(db: Session, project: Project, subset: str, folder: TaskFolder, source: Source) -> Task:
    task = Task(
        name=subset,
        subset=subset,
        owner_id=project.owner_id,
        organization_id=project.organization_id,
        project=project,
    )
    db.add(task)
    db.flush()
    data = Data(task_id=task.id)
    db.add(data)
    db.flush()
    placed = settle(db, folder, task.id, source)
    store_source(db, folder.files, task, data, placed, split(placed.size, 0, None, video=False))
    db.flush()
    db.expire(task, ["data", "jobs"])
    return task


def _annotate(
    db: Session, format_: Format, path: Path, task: Task, subset: str, *, is_only: bool
) -> None:
    if task.data is None or task.project is None:
        raise ValueError("the task has data, and is in a project")
    frames = frames_of(db, task.data, range(task.data.size))
    labels = labels_for(labels_of_project(db, task.project))
    read: Import = format_.load()
    file = ImportFile(path, subset=None if is_only else subset)
    document = read(file, Dataset(labels, [Part(task.id, task.subset, frames)]))
    TaskAnnotations(db, task).add(parse(document))
