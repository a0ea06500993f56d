"""What is exported from or imported to, as background requests name it."""

from __future__ import annotations

from typing import TypeAlias, TypedDict

from cvat_local.http.errors import list_error
from cvat_local.serving.call import Call
from cvat_local.storage.tables import Job, Project, Task

Target: TypeAlias = "Task | Job | Project"

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class Parents(TypedDict):
    """The ids of a target and of what it belongs to, its organization included."""

    project_id: int | None
    task_id: int | None
    job_id: int | None
    organization_id: int | None


def kind_of(target: Target) -> str:
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


def boolean(call: Call, name: str, *, default: bool = False) -> bool:
    """A true or false query parameter.

    Raises:
        ApiError: 400, it is something else.
    """
    value = call.query.get(name)
    if not value:
        return default
    if value.lower() not in _BOOLEANS:
        raise list_error(f"{name} must be true or false.")
    return _BOOLEANS[value.lower()]
