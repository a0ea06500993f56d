"""Annotations of jobs and tasks: reading, replacing and patching them.

All functions take documents that `cvat_local.resources.annotations.document.parse` returned and raise
`InvalidDocument` before anything is changed. They return what was stored, with its ids.
The caller commits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from copy import copy
from typing import TypeVar

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cvat_local.resources.annotations import rows
from cvat_local.resources.annotations.document import InvalidDocument
from cvat_local.resources.annotations.labels import LabelRules
from cvat_local.resources.annotations.merge import Merged, Part, merge
from cvat_local.resources.annotations.objects import KINDS, Objects, Shape, Tag, marked, plain
from cvat_local.resources.annotations.windows import Window, cut
from cvat_local.storage.queries.honeypots import honeypots_of
from cvat_local.storage.queries.labels import labels_of_task
from cvat_local.storage.tables import GROUND_TRUTH, Job, Task
from cvat_local.storage.types import utc_now
from cvat_sdk.core.shapes.tracks import Document

_LARGEST_CHOSEN_ID = 2**31 - 1
"""The ids that the server hands out go on from the largest one a client chose."""

_Groups = dict[str, dict[int, dict[int, int]]]
"""By kind and id: the ids of the object and its copies, by the job that each is in."""

_Placed = TypeVar("_Placed", Tag, Shape)


class NoData(ValueError):
    """The task has no frames yet, so there is nothing to annotate."""


def load_job(db: Session, job: Job) -> Document:
    """The annotations of a job, with the default values of missing attributes."""
    return plain(JobAnnotations(db, job).load())


def load_task(db: Session, task: Task) -> Document:
    """The annotations of a task's jobs, put together, with default values of missing attributes.

    Raises:
        NoData: The task has no frames yet.
    """
    return plain(TaskAnnotations(db, task).load())


class Annotations(ABC):
    """The annotations that one address of the API is about.

    Args:
        db: The session to work in.
        task: The task whose labels count.
        jobs: The jobs that the objects are stored in.
    """

    def __init__(self, db: Session, task: Task, jobs: Sequence[Job]) -> None:
        self._db = db
        self._task = task
        self._job_ids = [job.id for job in jobs]

    def load(self) -> Objects:
        """Everything that is stored, with the default values of missing attributes."""
        documents = rows.read(self._db, self._job_ids)
        rules = self._rules()
        for document in documents.values():
            rules.complete(document)
        return self._join(list(documents.values())).document

    def replace(self, document: Objects) -> Objects:
        """Store a document instead of what there is."""
        self._check(document)
        rows.clear(self._db, self._job_ids)
        self._touch(self._job_ids)
        return self._store(self._split(document))

    def add(self, document: Objects) -> Objects:
        """Store the objects of a document as well."""
        self._check(document)
        parts = self._split(document)
        self._touch(self._filled(parts))
        return self._store(parts)

    def update(self, document: Objects) -> Objects:
        """Store objects instead of those with the same ids.

        An object without an id is new, and so is one with an id that is not in use.

        Raises:
            InvalidDocument: Also when an id is in use elsewhere, or twice in the document.
        """
        self._check(document)
        groups = self._groups(document)
        for kind in KINDS:
            _refuse_repeated(document, kind, groups[kind])
        parts = self._split(document)
        touched = set(self._filled(parts))
        for kind in KINDS:
            _hand_out_ids(dict(zip(self._job_ids, parts, strict=True)), kind, groups[kind])
            old = [pair for group in groups[kind].values() for pair in group.items()]
            rows.remove(self._db, kind, (item for _, item in old))
            touched.update(job_id for job_id, _ in old)
        self._touch(touched)
        return self._store(parts)

    def delete(self, document: Objects) -> Objects:
        """Delete the objects with the ids of a document; ids that are not in use are ignored."""
        touched: set[int] = set()
        job_ids = set(self._job_ids)
        for kind in KINDS:
            homes = rows.homes(self._db, kind, (item.id for item in document.of(kind)))
            own = {item: job_id for item, job_id in homes.items() if job_id in job_ids}
            rows.remove(self._db, kind, own)
            touched.update(own.values())
        self._touch(touched)
        return document

    def clear(self) -> None:
        """Delete everything."""
        rows.clear(self._db, self._job_ids)
        self._touch(self._job_ids)

    def shown(self, document: Objects) -> Objects:
        """A document as the address answers it."""
        return document

    def _check(self, document: Objects) -> None:
        data = self._task.data
        if document.tracks and data is not None and data.has_honeypots:
            raise InvalidDocument(["There are no tracks in tasks with honeypots."])
        self._rules().check(document)

    @abstractmethod
    def _split(self, document: Objects) -> list[Objects]:
        """A document for each job."""

    @abstractmethod
    def _join(self, documents: list[Objects]) -> Merged:
        """The document that the documents of the jobs make."""

    def _rules(self) -> LabelRules:
        return LabelRules(labels_of_task(self._db, self._task))

    def _store(self, parts: list[Objects]) -> Objects:
        stored = rows.store(self._db, dict(zip(self._job_ids, parts, strict=True)))
        return self._join(stored).document

    def _groups(self, document: Objects) -> _Groups:
        """The stored objects that a document's ids stand for."""
        groups: _Groups = {}
        job_ids = set(self._job_ids)
        for kind in KINDS:
            ids = [item.id for item in document.of(kind) if item.id is not None]
            homes = rows.homes(self._db, kind, ids)
            foreign = sorted(item for item, job_id in homes.items() if job_id not in job_ids)
            if foreign:
                raise InvalidDocument([f"These ids belong to {kind} elsewhere: {foreign[:10]}."])
            if any(item > _LARGEST_CHOSEN_ID for item in ids if item not in homes):
                raise InvalidDocument([f"New ids may not be above {_LARGEST_CHOSEN_ID}."])
            groups[kind] = {item: {job_id: item} for item, job_id in homes.items()}
        return groups

    def _filled(self, parts: list[Objects]) -> list[int]:
        return [
            job_id
            for job_id, part in zip(self._job_ids, parts, strict=True)
            if any(part.of(kind) for kind in KINDS)
        ]

    def _touch(self, job_ids: Iterable[int]) -> None:
        changed = list(job_ids)
        if not changed:
            return
        now = utc_now()
        self._db.execute(update(Job).where(Job.id.in_(changed)).values(updated_date=now))
        self._task.updated_date = now
        if self._task.project is not None:
            self._task.project.updated_date = now


class JobAnnotations(Annotations):
    """The annotations of one job, whatever their frames."""

    def __init__(self, db: Session, job: Job) -> None:
        super().__init__(db, job.task, [job])

    def _split(self, document: Objects) -> list[Objects]:
        return [copy(document)]

    def _join(self, documents: list[Objects]) -> Merged:
        (document,) = documents
        return Merged(document)


class TaskAnnotations(Annotations):
    """The annotations of all jobs of a task but ground truth and replicas.

    A pool of ground truth is part of the task, and what is new on a frame of it is new on its honeypots.

    Raises:
        NoData: The task has no frames yet.
    """

    def __init__(self, db: Session, task: Task) -> None:
        self._honeypots: dict[int, int] = {}
        types = ["annotation"]
        if task.data is not None and task.data.has_honeypots:
            self._honeypots = honeypots_of(db, task.data)
            types.append(GROUND_TRUTH)
        statement = select(Job).where(Job.task_id == task.id, Job.type.in_(types))
        jobs = db.scalars(statement.order_by(Job.start_frame, Job.id)).all()
        if not jobs:
            raise NoData(f"Task {task.id} has no data yet.")
        super().__init__(db, task, jobs)
        self._windows = [Window(job.start_frame, job.stop_frame) for job in jobs]

    def replace(self, document: Objects) -> Objects:
        return super().replace(self._on_honeypots(document))

    def add(self, document: Objects) -> Objects:
        return super().add(self._on_honeypots(document))

    def update(self, document: Objects) -> Objects:
        self._refuse_pool(document)
        return super().update(document)

    def delete(self, document: Objects) -> Objects:
        self._refuse_pool(document)
        return super().delete(document)

    def _on_honeypots(self, document: Objects) -> Objects:
        """The document with what it has on the pool on the honeypots as well, and nothing else there."""
        if not self._honeypots:
            return document
        places: dict[int, list[int]] = {}
        for place, real in self._honeypots.items():
            places.setdefault(real, []).append(place)

        def spread(items: list[_Placed]) -> list[_Placed]:
            own = [item for item in items if item.frame not in self._honeypots]
            return own + [_moved(item, at) for item in own for at in places.get(item.frame, ())]

        return Objects(spread(document.tags), spread(document.shapes), document.tracks)

    def _refuse_pool(self, document: Objects) -> None:
        pool = set(self._honeypots.values())
        if any(item.frame in pool for kind in KINDS for item in document.of(kind)):
            raise InvalidDocument(["Frames of the pool are edited in the ground truth job."])

    def _split(self, document: Objects) -> list[Objects]:
        return cut(document, self._windows)

    def shown(self, document: Objects) -> Objects:
        """The shapes of tracks are marked as keyframes, those of elements are not, as CVAT does it."""
        return Objects(document.tags, document.shapes, list(map(marked, document.tracks)))

    def _join(self, documents: list[Objects]) -> Merged:
        return merge([Part(*pair) for pair in zip(self._windows, documents, strict=True)])

    def _groups(self, document: Objects) -> _Groups:
        """What is shown as one object is one, so that its copies in other jobs change along."""
        groups = super()._groups(document)
        documents = rows.read(self._db, self._job_ids)
        copies = self._join(list(documents.values())).copies
        for kind in KINDS:
            homes = {
                item.id: job_id for job_id, part in documents.items() for item in part.of(kind)
            }
            for shown, others in copies[kind].items():
                group = {homes[item]: item for item in (shown, *others)}
                for item in group.values():
                    if item in groups[kind]:
                        groups[kind][item] = group
        return groups


def _moved(item: _Placed, frame: int) -> _Placed:
    moved = msgspec.structs.replace(item, frame=frame)
    if isinstance(moved, Shape):
        moved.elements = [msgspec.structs.replace(part, frame=frame) for part in moved.elements]
    return moved


def _refuse_repeated(document: Objects, kind: str, groups: dict[int, dict[int, int]]) -> None:
    """An object may be given once, under one of the ids that it has in its jobs."""
    seen: set[int] = set()
    for item in document.of(kind):
        if item.id is None:
            continue
        group = {item.id, *groups.get(item.id, {}).values()}
        if not seen.isdisjoint(group):
            raise InvalidDocument([f"The {kind} of the document have id {item.id} twice."])
        seen |= group


def _hand_out_ids(parts: dict[int, Objects], kind: str, groups: dict[int, dict[int, int]]) -> None:
    """Give the pieces of an object, which all have its id, the ids of its copies in their jobs."""
    pieces: dict[int, list[int]] = {}
    for job_id, part in parts.items():
        for item in part.of(kind):
            if item.id is not None:
                pieces.setdefault(item.id, []).append(job_id)
    ids: dict[tuple[int, int], int] = {}
    for item, job_ids in pieces.items():
        group = groups.get(item, {})
        ids.update({(item, job_id): group[job_id] for job_id in job_ids if job_id in group})
        if item not in (ids.get((item, job_id)) for job_id in job_ids):
            # New, or moved out of the frames of the job that it was in.
            ids[item, job_ids[0]] = item
    for job_id, part in parts.items():
        items = [
            msgspec.structs.replace(item, id=ids.get((item.id, job_id))) for item in part.of(kind)
        ]
        setattr(part, kind, items)
