"""What is exported from or imported to, as background requests name it."""

from __future__ import annotations

from typing import TypeAlias, TypedDict

from cvat_local.storage.tables import Job, Project, Task

Target: TypeAlias = "Task | Job | Project"


class Parents(TypedDict):
    """The ids of a target and of what it belongs to, its organization included."""

    project_id: int | None
    task_id: int | None
    job_id: int | None
    organization_id: int | None


def name_of(target: Target) -> str:
    """``task``, ``job`` or ``project``."""
    return type(target).__name__.lower()


def parents_of(target: Target) -> Parents:
    """The ids for a background request about the target."""
    if isinstance(target, Project):
        return {
            "project_id": target.id,
            "task_id": None,
            "job_id": None,
            "organization_id": target.organization_id,
        }
    task = target.task if isinstance(target, Job) else target
    job_id = target.id if isinstance(target, Job) else None
    return {
        "project_id": task.project_id,
        "task_id": task.id,
        "job_id": job_id,
        "organization_id": task.organization_id,
    }
