"""Tasks and projects of backups: their files staged first, then all rows in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from cvat_local.background.work import WorkContext, WorkFailed
from cvat_local.http import inputs
from cvat_local.http.errors import ApiError
from cvat_local.media.errors import MediaError
from cvat_local.media.segments import split
from cvat_local.resources import guides
from cvat_local.resources.annotations import InvalidDocument, JobAnnotations, parse
from cvat_local.resources.backups.documents import Names
from cvat_local.resources.backups.reading import Backup
from cvat_local.resources.data import (
    REPLICA,
    VIDEO,
    Parameters,
    Source,
    TaskFolder,
    checked_parameters,
    prepare,
    settle,
    store_media,
)
from cvat_local.resources.shared.labels import editing
from cvat_local.storage.files import DataFolder
from cvat_local.storage.queries.labels import labels_of_task
from cvat_local.storage.tables import GROUND_TRUTH, GT, GT_POOL, Data, Job, Project, Task

_TYPES = {"annotation": "annotation", GROUND_TRUTH: GROUND_TRUTH, REPLICA: REPLICA}
_TYPES["consensus_replica"] = REPLICA  # its name in older versions
_STATUSES = ("annotation", "validation", "completed")
_OF_SOURCES = ("start_frame", "stop_frame", "frame_filter")
_OF_DATA = (
    *("image_quality", "chunk_size", "start_frame", "stop_frame", "frame_filter"),
    "sorting_method",
)


@dataclass(frozen=True)
class StagedTask:
    """A task of an archive, whose files are unpacked and read."""

    values: dict[str, Any]
    """Checked fields of ``TaskWriteRequest``."""
    described: Mapping[str, Any]
    """``task.json``."""
    annotations: Sequence[Any]
    folder: TaskFolder
    parameters: Parameters
    source: Source
    guide: StagedGuide | None


StagedGuide: TypeAlias = tuple[str, list[guides.GuideFile]]
"""Text of a guide and the files that it shows."""


def stage(context: WorkContext, backup: Backup, place: str, number: int) -> StagedTask:
    """Unpack the files of a task.

    Args:
        context: Its folder for results is where they are put.
        backup: The archive.
        place: Folder of the task in it.
        number: Tells the tasks of an archive apart.

    Raises:
        WorkFailed: The archive has not what a backup has.
    """
    described = backup.described(f"{place}task.json")
    annotations = backup.read(f"{place}annotations.json")
    if not isinstance(annotations, list):
        raise WorkFailed("annotations.json does not hold a document for each job.")
    if "labels" not in described:
        raise WorkFailed("KeyError: 'labels'")
    data = described.get("data")
    if not isinstance(data, dict):
        raise WorkFailed("task.json does not say how the data is read.")
    pooled = bool(data.get("validation_layout"))
    if pooled:
        # The frames have an order of the task's own, which the jobs list.
        data = {key: data[key] for key in data if key not in _OF_SOURCES}
    values = _checked("TaskWriteRequest", described, ("name", "bug_tracker", "subset", "labels"))
    folder = TaskFolder(context.files, None, context.result_folder / f"task_{number}")
    names = backup.extract(place, folder.uploads)
    parameters = _parameters(data, names)
    try:
        source = prepare(folder, parameters, context.progress)
        if pooled:
            source = _in_jobs(source, described.get("jobs"))
    except MediaError as error:
        raise WorkFailed(str(error)) from error
    guide = stage_guide(context, backup, place, f"guide_{number}")
    return StagedTask(values, described, annotations, folder, parameters, source, guide)


def stage_guide(
    context: WorkContext, backup: Backup, place: str, folder: str
) -> StagedGuide | None:
    """Unpack the guide of a task or project; None when it has none."""
    return backup.guide(place, context.result_folder / folder)


def store_guide(
    db: Session,
    files: DataFolder,
    target: Project | Task,
    guide: StagedGuide | None,
    user_id: int | None,
) -> None:
    """Give a new task or project its guide."""
    if guide is None:
        return
    try:
        guides.restore(db, files, target, *guide, user_id)
    except (ValueError, MediaError) as error:
        raise WorkFailed(f"The guide cannot be used: {error}") from error


def _in_jobs(source: Source, listed: Any) -> Source:
    """The frames as the jobs of a task with honeypots show them."""
    by_name = {frame.name: frame for frame in source.frames}
    places: dict[int, Any] = {}
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and entry.get("type") in (GROUND_TRUTH, "annotation"):
            files, start = entry.get("files"), entry.get("start_frame")
            if isinstance(files, list) and isinstance(start, int):
                places.update(enumerate(files, start))
    names = [places.get(number) for number in range(len(places))]
    if not all(isinstance(name, str) and name in by_name for name in names):
        raise WorkFailed("The jobs of a task with honeypots do not list its files.")
    frames = tuple(by_name[name] for name in names if name is not None)
    return replace(source, frames=frames, numbers=range(len(frames)))


def project_values(described: Mapping[str, Any]) -> dict[str, Any]:
    """Checked fields of ``project.json``."""
    if "labels" not in described:
        raise WorkFailed("KeyError: 'labels'")
    return _checked("ProjectWriteRequest", described, ("name", "bug_tracker", "labels"))


def store_project(
    db: Session, values: Mapping[str, Any], user_id: int | None, organization_id: int | None
) -> Project:
    """Make a project."""
    project = Project(
        name=values["name"],
        bug_tracker=values.get("bug_tracker", ""),
        owner_id=user_id,
        organization_id=organization_id,
    )
    db.add(project)
    db.flush()
    _labels(db, project, values)
    return project


def store_task(
    db: Session,
    staged: StagedTask,
    user_id: int | None,
    organization_id: int | None,
    project: Project | None,
) -> Task:
    """Make a task, and move its files to their place, until the transaction is rolled back."""
    values = staged.values
    task = Task(
        name=values["name"],
        bug_tracker=values.get("bug_tracker", ""),
        subset=values.get("subset", ""),
        owner_id=user_id,
        organization_id=organization_id,
        project=project,
    )
    db.add(task)
    db.flush()
    if project is None:
        _labels(db, task, values)
    data = Data(
        task_id=task.id,
        image_quality=staged.parameters.image_quality,
        frame_filter=staged.parameters.frame_filter,
        sorting_method=staged.described["data"].get("sorting_method", "lexicographical"),
    )
    db.add(data)
    db.flush()
    source = settle(db, staged.folder, task.id, staged.source)
    store_media(db, staged.folder.files, task, data, source)
    if source.video_path is not None and not staged.parameters.use_zip_chunks:
        data.compressed_chunk_type = VIDEO
    data.deleted_frames = _numbers(staged.described["data"].get("deleted_frames"), data.size)
    pooled = bool(staged.described["data"].get("validation_layout"))
    jobs = _jobs(db, task, data, staged.described.get("jobs"), pooled=pooled)
    db.flush()
    _annotate(db, task, jobs, staged.annotations)
    store_guide(db, staged.folder.files, task, staged.guide, user_id)
    return task


def _labels(db: Session, parent: Project | Task, values: Mapping[str, Any]) -> None:
    try:
        editing.create(db, parent, values.get("labels", ()))
    except ApiError as error:
        raise WorkFailed(f"The labels cannot be used: {error.body}") from error


def _checked(model: str, described: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    given = {name: described[name] for name in names if name in described}
    try:
        return inputs.validate(model, given)
    except ApiError as error:
        raise WorkFailed(f"The backup has what cannot be stored: {error.body}") from error


def _parameters(data: Mapping[str, Any], names: Sequence[str]) -> Parameters:
    given = {name: data[name] for name in _OF_DATA if data.get(name) is not None}
    given |= {"use_zip_chunks": data.get("chunk_type") != VIDEO}
    try:
        checked = checked_parameters(inputs.validate("DataRequest", given))
    except ApiError as error:
        raise WorkFailed(f"The data of the backup cannot be read: {error.body}") from error
    # The images have their order already, whatever it came from.
    return Parameters(
        **{**checked.to_json(), "sorting_method": "predefined", "upload_file_order": list(names)}
    )


def _jobs(db: Session, task: Task, data: Data, listed: Any, *, pooled: bool) -> list[Job]:
    """The jobs in the order of the archive, which is that of their annotations."""
    if not isinstance(listed, list) or not listed:
        raise WorkFailed("task.json lists no jobs.")
    jobs: list[Job] = []
    originals: dict[tuple[int, int], int] = {}
    for entry in listed:
        if not isinstance(entry, dict):
            raise WorkFailed("task.json lists a job that is no object.")
        start, stop = entry.get("start_frame"), entry.get("stop_frame")
        kind = _TYPES.get(str(entry.get("type", "annotation")))
        if not (isinstance(start, int) and isinstance(stop, int) and kind):
            raise WorkFailed(f"task.json has a job that cannot be: {entry!r:.200}")
        if not 0 <= start <= stop < data.size:
            raise WorkFailed(f"A job has the frames {start} to {stop} of {data.size}.")
        status = entry.get("status")
        job = Job(
            task_id=task.id,
            type=kind,
            start_frame=start,
            stop_frame=stop,
            status=status if status in _STATUSES else "annotation",
        )
        if kind == GROUND_TRUTH:
            data.validation_mode = GT_POOL if pooled else GT
            if pooled:
                own = range(start, stop + 1)
                data.disabled_frames = [n for n in data.deleted_frames if n in own]
            else:
                job.frames = _numbers(entry.get("frames"), data.size)
        elif kind == REPLICA:
            job.parent_job_id = originals.get((start, stop))
        db.add(job)
        # One by one: ids ascend in the order of the archive.
        db.flush()
        if kind == "annotation":
            originals[start, stop] = job.id
        jobs.append(job)
    parts = [job for job in jobs if job.type == "annotation"]
    if not parts:
        raise WorkFailed("task.json lists no job of annotations.")
    task.segment_size = parts[0].stop_frame - parts[0].start_frame + 1
    if pooled:
        task.segment_size, task.overlap = 0, 0
    elif len(parts) > 1:
        task.overlap = max(0, parts[0].stop_frame - parts[1].start_frame + 1)
    else:
        task.overlap = split(data.size, 0, None, video=task.mode == "interpolation").overlap
    task.consensus_replicas = sum(job.parent_job_id == parts[0].id for job in jobs)
    order = {status: place for place, status in enumerate(_STATUSES)}
    task.status = min((job.status for job in parts), key=order.__getitem__)
    return jobs


def _annotate(db: Session, task: Task, jobs: Sequence[Job], documents: Sequence[Any]) -> None:
    names = Names(labels_of_task(db, task))
    if len(documents) > len(jobs):
        raise WorkFailed(f"There are annotations for {len(documents)} jobs of {len(jobs)}.")
    for job, document in zip(jobs, documents, strict=False):
        try:
            JobAnnotations(db, job).add(parse(names.read(document)))
        except InvalidDocument as error:
            text = f"The annotations cannot be stored: {error.body!r:.500}"
            raise WorkFailed(text) from error


def _numbers(value: Any, size: int) -> list[int]:
    """Positions of frames in a task."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(
        type(number) is int and 0 <= number < size for number in value
    ):
        raise WorkFailed(f"Expected positions of frames below {size}, got {value!r:.200}")
    return value
