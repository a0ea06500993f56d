"""Who may do what with a task. Admins may do everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from cvat_local.auth.roles import is_admin, is_worker
from cvat_local.http.errors import forbidden, not_found
from cvat_local.projects import access as projects
from cvat_local.storage.tables import Project, Task, User

if TYPE_CHECKING:
    from cvat_local.http.call import Call


def is_staff(user: User, task: Task) -> bool:
    """Owner or assignee of the task or of its project."""
    if user.id in (task.owner_id, task.assignee_id):
        return True
    return task.project is not None and projects.is_staff(user, task.project)


def may_view(user: User, task: Task) -> bool:
    """See it, its media and annotations, and export it."""
    return is_admin(user) or is_staff(user, task)


def may_edit(user: User, task: Task) -> bool:
    """Change its name, labels, media and annotations, and import into it."""
    return is_admin(user) or (is_worker(user) and is_staff(user, task))


def may_manage(user: User, task: Task) -> bool:
    """Delete it, move it, choose its owner, assignee and storages."""
    if is_admin(user):
        return True
    of_project = task.project is not None and projects.is_staff(user, task.project)
    return is_worker(user) and (user.id == task.owner_id or of_project)


def visible(user: User) -> list[ColumnElement[bool]]:
    """Conditions for the tasks that a list shows."""
    if is_admin(user):
        return []
    own_projects = select(Project.id).where(*projects.visible(user))
    return [
        or_(
            Task.owner_id == user.id,
            Task.assignee_id == user.id,
            Task.project_id.in_(own_projects),
        )
    ]


def find(call: Call, allowed: Callable[[User, Task], bool] = may_view) -> Task:
    """The task that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    task = call.db.get(Task, call.path["id"])
    if task is None:
        raise not_found(f"There is no task {call.path['id']}.")
    if not allowed(call.user, task):
        raise forbidden()
    return task
