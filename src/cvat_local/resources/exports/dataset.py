"""Tasks, jobs and projects of the database as datasets for formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.background.work import WorkFailed
from cvat_local.formats.dataset import (
    DEFAULT_SUBSET,
    Attribute,
    Dataset,
    Frame,
    Label,
    Part,
    Person,
    ProjectInfo,
    Segment,
    TaskInfo,
)
from cvat_local.resources.annotations import load_job, load_task
from cvat_local.resources.data import TaskMedia, job_frames, source_number
from cvat_local.resources.exports.naming import UniqueNames
from cvat_local.resources.shared.labels.skeletons import ids_to_names
from cvat_local.storage import tables
from cvat_local.storage.files import DataFolder
from cvat_local.storage.queries.honeypots import honeypots_of
from cvat_local.storage.queries.labels import labels_of_project, labels_of_task
from cvat_sdk.core.shapes.tracks import flatten

_VIDEO_EXTENSION = ".png"


class Exporter:
    """Makes datasets out of what a session sees; their images can be read as long as it is open.

    Args:
        files: The data folder.
        db: The session.
        base_url: Scheme and host that the addresses of jobs in the files start with.
    """

    def __init__(self, files: DataFolder, db: Session, base_url: str) -> None:
        self._files = files
        self._db = db
        self._base_url = base_url

    def task(self, task: tables.Task) -> Dataset:
        """The dataset of one task.

        Raises:
            WorkFailed: It has no data.
        """
        return Dataset(labels_for(labels_of_task(self._db, task)), [self._task_part(task)])

    def job(self, job: tables.Job) -> Dataset:
        """The dataset of one job: its frames and annotations only."""
        task = job.task
        data = _data_of(task)
        frames = self._frames_with_images(data, job_frames(job))
        segment = Segment(job.id, job.start_frame, job.stop_frame, self._job_url(job))
        info = replace(
            self._info(task, data),
            id=job.id,
            name=None,
            size=len(job_frames(job)),
            created=job.created_date,
            updated=job.updated_date,
            start_frame=source_number(data, job.start_frame),
            stop_frame=source_number(data, job.stop_frame),
            segments=(segment,),
            assignee=_person(job.assignee),
        )
        document = flatten(load_job(self._db, job), [frame.number for frame in frames])
        part = Part(task.id, task.subset, frames, document, info)
        return Dataset(labels_for(labels_of_task(self._db, task)), [part])

    def project(self, project: tables.Project) -> Dataset:
        """The dataset of all tasks of a project that have data.

        Raises:
            WorkFailed: There is none.
        """
        tasks = [task for task in project.tasks if task.data is not None and task.data.size]
        if not tasks:
            raise WorkFailed(f"Project {project.id} has no task with data.")
        names = UniqueNames()
        parts = []
        for task in tasks:
            part = self._task_part(task)
            subset = part.subset or DEFAULT_SUBSET
            frames = [replace(frame, name=names.name(subset, frame.name)) for frame in part.frames]
            parts.append(replace(part, frames=frames))
        info = ProjectInfo(
            id=project.id,
            name=project.name,
            bug_tracker=project.bug_tracker,
            created=project.created_date,
            updated=project.updated_date,
            owner=_person(project.owner),
            assignee=_person(project.assignee),
        )
        return Dataset(labels_for(labels_of_project(self._db, project)), parts, info)

    # --- parts ------------------------------------------------------------------------------------

    def _task_part(self, task: tables.Task) -> Part:
        data = _data_of(task)
        # Honeypots repeat what the pool has, under the same names.
        honeypots = honeypots_of(self._db, data)
        own = [number for number in range(data.size) if number not in honeypots]
        frames = self._frames_with_images(data, own)
        document = flatten(load_task(self._db, task), [frame.number for frame in frames])
        return Part(task.id, task.subset, frames, document, self._info(task, data))

    def _frames_with_images(self, data: tables.Data, numbers: Iterable[int]) -> list[Frame]:
        """The frames that are not deleted, with their images."""
        deleted = set(data.deleted_frames)
        kept = [number for number in numbers if number not in deleted]
        images = _Images(TaskMedia(self._files, data), kept)
        return [
            replace(frame, image=images.maker(index))
            for index, frame in enumerate(frames_of(self._db, data, kept))
        ]

    def _info(self, task: tables.Task, data: tables.Data) -> TaskInfo:
        return TaskInfo(
            id=task.id,
            name=task.name,
            size=data.size,
            mode=task.mode,
            overlap=task.overlap or 0,
            bug_tracker=task.bug_tracker,
            created=task.created_date,
            updated=task.updated_date,
            subset=task.subset,
            start_frame=data.start_frame,
            stop_frame=data.stop_frame,
            frame_filter=data.frame_filter,
            segments=tuple(
                Segment(job.id, job.start_frame, job.stop_frame, self._job_url(job))
                for job in task.jobs
                if job.type == "annotation"
            ),
            owner=_person(task.owner),
            assignee=_person(task.assignee),
            video=None if data.video_path is None else PurePosixPath(data.video_path).name,
        )

    def _job_url(self, job: tables.Job) -> str:
        return f"{self._base_url}/api/jobs/{job.id}"


def labels_for(labels: Iterable[tables.Label]) -> list[Label]:
    """Labels as formats know them, each followed by its sublabels."""
    found = []
    for label in labels:
        names = {sublabel.id: sublabel.name for sublabel in label.sublabels}
        found.append(_label(label, ids_to_names(label.svg, names)))
        found += [_label(sublabel, "") for sublabel in label.sublabels]
    return found


def frames_of(db: Session, data: tables.Data, numbers: Sequence[int]) -> list[Frame]:
    """Frames at positions of a task as formats know them, without images."""
    columns = tables.Frame
    statement = select(columns.number, columns.name, columns.width, columns.height)
    rows = {row.number: row for row in db.execute(statement.where(columns.data_id == data.id))}
    if data.video_path is not None:
        _, _, width, height = rows[0]  # all frames of a video are like its first
        sources = [source_number(data, number) for number in numbers]
        return [
            Frame(number, source, f"frame_{source:06d}", width, height, _VIDEO_EXTENSION)
            for number, source in zip(numbers, sources, strict=True)
        ]
    return [
        Frame(
            number,
            source_number(data, number),
            rows[number].name,
            rows[number].width,
            rows[number].height,
        )
        for number in numbers
    ]


class _Images:
    """Image files of a task's frames; asked for in order, those of a video are decoded in one go."""

    def __init__(self, media: TaskMedia, numbers: Sequence[int]) -> None:
        self._media = media
        self._numbers = numbers
        self._next = 0
        self._files: Iterator[Path] = iter(())

    def maker(self, index: int) -> Callable[[], Path]:
        """A function that gives the file of the frame at an index of the numbers."""
        return lambda: self._file(index)

    def _file(self, index: int) -> Path:
        if index != self._next or index == 0:
            rest = self._numbers[index:]
            self._files = (file.path for file in self._media.frame_files(rest, "original"))
        self._next = index + 1
        return next(self._files)


def _data_of(task: tables.Task) -> tables.Data:
    if task.data is None or not task.data.size:
        raise WorkFailed(f"Task {task.id} has no data.")
    return task.data


def _label(label: tables.Label, svg: str) -> Label:
    attributes = tuple(
        Attribute(
            spec.id,
            spec.name,
            spec.mutable,
            spec.input_type,
            spec.default_value,
            tuple(spec.values),
        )
        for spec in label.attributes
    )
    return Label(label.id, label.name, label.color, label.type, attributes, label.parent_id, svg)


def _person(user: tables.User | None) -> Person | None:
    return None if user is None else Person(user.username, user.email)
