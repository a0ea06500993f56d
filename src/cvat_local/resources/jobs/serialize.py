"""How jobs are written: the fields of version 2.80, and those that only 2.54 had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cvat_local.resources import tasks
from cvat_local.resources.cloudstorages import default_storage
from cvat_local.resources.tasks import MEDIA_TYPES
from cvat_local.resources.users import basic_user
from cvat_local.storage.queries.guides import guides_of_projects, guides_of_tasks
from cvat_local.storage.tables import Issue, Job, Task

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader

_task = joinedload(Job.task)
SHOWN = (
    joinedload(Job.assignee),
    _task.joinedload(Task.project),
    _task.joinedload(Task.data),
    _task.selectinload(Task.storages),
)
"""Loader options for jobs that are written."""


def job(call: Reader, item: Job) -> dict[str, Any]:
    """One job (``JobRead``)."""
    return jobs(call, [item])[0]


def jobs(call: Reader, items: Sequence[Job]) -> list[dict[str, Any]]:
    """Several jobs, with one query each for all their replicas, issues and guides."""
    ids = [item.id for item in items]
    statement = (
        select(Job.parent_job_id, func.count())
        .where(Job.parent_job_id.in_(ids))
        .group_by(Job.parent_job_id)
    )
    replicas = {parent: count for parent, count in call.db.execute(statement)}
    counted = select(Issue.job_id, func.count()).where(Issue.job_id.in_(ids))
    issues = {job_id: count for job_id, count in call.db.execute(counted.group_by(Issue.job_id))}
    of_tasks = guides_of_tasks(call.db, {item.task_id for item in items})
    of_projects = guides_of_projects(call.db, {item.task.project_id for item in items})
    return [
        _job(
            call,
            item,
            replicas.get(item.id, 0),
            issues.get(item.id, 0),
            of_tasks.get(item.task_id) or of_projects.get(item.task.project_id),
        )
        for item in items
    ]


def frame_count(item: Job) -> int:
    """Number of frames that the job shows."""
    return item.stop_frame - item.start_frame + 1 if item.frames is None else len(item.frames)


def _job(
    call: Reader, item: Job, replicas: int, issues: int, guide_id: int | None
) -> dict[str, Any]:
    task, project, data = item.task, item.task.project, item.task.data
    # Storages belong to the task, which the job's assignee may not see.
    sees_task = tasks.may_view(call.user, task)
    return {
        "url": call.url(f"/api/jobs/{item.id}"),
        "id": item.id,
        "task_id": task.id,
        "task_name": task.name,
        "project_id": task.project_id,
        "project_name": None if project is None else project.name,
        "assignee": basic_user(call, item.assignee),
        "guide_id": guide_id,
        "dimension": task.dimension,
        "media_type": MEDIA_TYPES[task.dimension],
        "bug_tracker": task.bug_tracker or (None if project is None else project.bug_tracker),
        "status": item.status,
        "stage": item.stage,
        "state": item.state,
        "mode": task.mode,
        "frame_count": frame_count(item),
        "start_frame": item.start_frame,
        "stop_frame": item.stop_frame,
        "data_chunk_size": None if data is None else data.chunk_size,
        "data_compressed_chunk_type": (
            "imageset" if data is None or item.frames is not None else data.compressed_chunk_type
        ),
        "data_original_chunk_type": "imageset" if data is None else data.original_chunk_type,
        "created_date": item.created_date,
        "updated_date": item.updated_date,
        "issues": {"url": call.url(f"/api/issues?job_id={item.id}"), "count": issues},
        "labels": {"url": call.url(f"/api/labels?job_id={item.id}")},
        "type": item.type,
        "organization": task.organization_id,
        "target_storage": default_storage(task, "target_storage") if sees_task else None,
        "source_storage": default_storage(task, "source_storage") if sees_task else None,
        "assignee_updated_date": item.assignee_updated_date,
        "parent_job_id": item.parent_job_id,
        "replicas_count": replicas,
    }
