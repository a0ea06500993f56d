"""How tasks are written: the fields of version 2.80, and those that only 2.54 had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from cvat_local.resources.cloudstorages import default_storage
from cvat_local.resources.users import basic_user
from cvat_local.storage.queries.guides import guides_of_tasks
from cvat_local.storage.tables import Data, Job, Task

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader

SHOWN = (
    joinedload(Task.owner),
    joinedload(Task.assignee),
    joinedload(Task.project),
    joinedload(Task.data),
    selectinload(Task.storages),
)
"""Loader options for tasks that are written."""

MEDIA_TYPES = {"1d": "audio", "2d": "image", "3d": "point_cloud"}
"""Dimension of a task -> its kind of media."""

_JOB_COUNTS = ("count", "completed", "validation")


def task(call: Reader, item: Task) -> dict[str, Any]:
    """One task (``TaskRead``)."""
    return tasks(call, [item])[0]


def tasks(call: Reader, items: Sequence[Task]) -> list[dict[str, Any]]:
    """Several tasks, with one query each for all their jobs and guides."""
    ids = [item.id for item in items]
    jobs = _count_jobs(call, ids)
    guides = guides_of_tasks(call.db, ids)
    none = dict.fromkeys(_JOB_COUNTS, 0)
    return [_task(call, item, jobs.get(item.id, none), guides.get(item.id)) for item in items]


def _count_jobs(call: Reader, ids: list[int]) -> dict[int, dict[str, int]]:
    accepted = and_(Job.stage == "acceptance", Job.state == "completed")
    statement = (
        select(
            Job.task_id,
            func.count(),
            func.sum(case((accepted, 1), else_=0)),
            func.sum(case((Job.stage == "validation", 1), else_=0)),
        )
        .where(Job.task_id.in_(ids))
        .group_by(Job.task_id)
    )
    return {
        task_id: dict(zip(_JOB_COUNTS, numbers, strict=True))
        for task_id, *numbers in call.db.execute(statement)
    }


def _task(call: Reader, item: Task, jobs: dict[str, int], guide_id: int | None) -> dict[str, Any]:
    return {
        "url": call.url(f"/api/tasks/{item.id}"),
        "id": item.id,
        "name": item.name,
        "project_id": item.project_id,
        "project_name": None if item.project is None else item.project.name,
        "mode": item.mode,
        "owner": basic_user(call, item.owner),
        "assignee": basic_user(call, item.assignee),
        "bug_tracker": item.bug_tracker,
        "created_date": item.created_date,
        "updated_date": item.updated_date,
        "overlap": item.overlap,
        "segment_size": item.segment_size,
        "initial_replicas": item.consensus_replicas,
        "status": item.status,
        "guide_id": guide_id,
        "dimension": item.dimension,
        "media_type": MEDIA_TYPES[item.dimension],
        "subset": item.subset,
        "organization_id": item.organization_id,
        "organization": item.organization_id,
        "target_storage": default_storage(item, "target_storage"),
        "source_storage": default_storage(item, "source_storage"),
        "jobs": {**jobs, "url": call.url(f"/api/jobs?task_id={item.id}")},
        "labels": {"url": call.url(f"/api/labels?task_id={item.id}")},
        "assignee_updated_date": item.assignee_updated_date,
        "validation_mode": None if item.data is None else item.data.validation_mode,
        **({} if item.data is None else _data(item.data)),
    }


def _data(item: Data) -> dict[str, Any]:
    """Fields that are absent, not null, as long as a task has no data."""
    return {
        "data": item.id,
        "size": item.size,
        "image_quality": item.image_quality,
        "data_chunk_size": item.chunk_size,
        "data_original_chunk_type": item.original_chunk_type,
        "data_compressed_chunk_type": item.compressed_chunk_type,
        "data_cloud_storage_id": item.cloud_storage_id,
    }
