"""Who may do what with a project. Admins may do everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_

from cvat_local.auth.roles import is_admin, is_worker
from cvat_local.http.errors import forbidden, not_found
from cvat_local.storage.tables import Project, User

if TYPE_CHECKING:
    from cvat_local.http.call import Call


def is_staff(user: User, project: Project) -> bool:
    """Owner or assignee."""
    return user.id in (project.owner_id, project.assignee_id)


def may_view(user: User, project: Project) -> bool:
    """See it, its labels and tasks, and export it."""
    return is_admin(user) or is_staff(user, project)


def may_edit(user: User, project: Project) -> bool:
    """Change its name, labels and bug tracker, and import into it."""
    return is_admin(user) or (is_worker(user) and is_staff(user, project))


def may_manage(user: User, project: Project) -> bool:
    """Delete it, choose its assignee and storages."""
    return is_admin(user) or (is_worker(user) and user.id == project.owner_id)


def visible(user: User) -> list[ColumnElement[bool]]:
    """Conditions for the projects that a list shows."""
    if is_admin(user):
        return []
    return [or_(Project.owner_id == user.id, Project.assignee_id == user.id)]


def find(call: Call, allowed: Callable[[User, Project], bool] = may_view) -> Project:
    """The project that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    project = call.db.get(Project, call.path["id"])
    if project is None:
        raise not_found(f"There is no project {call.path['id']}.")
    if not allowed(call.user, project):
        raise forbidden()
    return project
