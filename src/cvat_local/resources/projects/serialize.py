"""How projects are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from cvat_local.resources.cloudstorages import default_storage
from cvat_local.resources.users import basic_user
from cvat_local.storage.queries.guides import guides_of_projects
from cvat_local.storage.tables import Project, Task

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader

SHOWN = (
    joinedload(Project.owner),
    joinedload(Project.assignee),
    selectinload(Project.storages),
)
"""Loader options for projects that are written."""


def project(call: Reader, item: Project) -> dict[str, Any]:
    """One project (``ProjectRead``)."""
    return projects(call, [item])[0]


def projects(call: Reader, items: Sequence[Project]) -> list[dict[str, Any]]:
    """Several projects, with one query each for all their tasks and guides."""
    tasks = _Tasks(call, items)
    guides = guides_of_projects(call.db, [item.id for item in items])
    return [_project(call, item, tasks, guides.get(item.id)) for item in items]


class _Tasks:
    """What is said of the tasks of projects, by project id."""

    def __init__(self, call: Reader, items: Sequence[Project]) -> None:
        ids = [item.id for item in items]
        tasks = select(Project.id, Task.subset, func.count(), func.min(Task.id)).join(Project.tasks)
        grouped = tasks.where(Project.id.in_(ids)).group_by(Project.id, Task.subset)
        self.count = dict.fromkeys(ids, 0)
        self.subsets: dict[int, list[str]] = {number: [] for number in ids}
        first: dict[int, int] = {}
        for project_id, subset, count, task_id in call.db.execute(grouped):
            self.count[project_id] += count
            if subset:
                self.subsets[project_id].append(subset)
            first[project_id] = min(task_id, first.get(project_id, task_id))
        dimensions = select(Task.id, Task.dimension).where(Task.id.in_(first.values()))
        by_task = {task_id: dimension for task_id, dimension in call.db.execute(dimensions)}
        self.dimension = {number: by_task[task_id] for number, task_id in first.items()}


def _project(call: Reader, item: Project, tasks: _Tasks, guide_id: int | None) -> dict[str, Any]:
    return {
        "url": call.url(f"/api/projects/{item.id}"),
        "id": item.id,
        "name": item.name,
        "owner": basic_user(call, item.owner),
        "assignee": basic_user(call, item.assignee),
        "guide_id": guide_id,
        "bug_tracker": item.bug_tracker,
        "task_subsets": sorted(tasks.subsets[item.id]),
        "created_date": item.created_date,
        "updated_date": item.updated_date,
        "status": item.status,
        "dimension": tasks.dimension.get(item.id),
        "organization": item.organization_id,
        "organization_id": item.organization_id,
        "target_storage": default_storage(item, "target_storage"),
        "source_storage": default_storage(item, "source_storage"),
        "tasks": {
            "count": tasks.count[item.id],
            "url": call.url(f"/api/tasks?project_id={item.id}"),
        },
        "labels": {"url": call.url(f"/api/labels?project_id={item.id}")},
        "assignee_updated_date": item.assignee_updated_date,
    }
