"""Who may do what with a project. Admins and those who oversee its organization may do everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_

from cvat_local.auth.organization_roles import is_member, oversees
from cvat_local.auth.roles import is_worker
from cvat_local.resources.shared import objects
from cvat_local.resources.shared.workspaces import listed
from cvat_local.storage.tables import Project, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def is_staff(user: User, project: Project) -> bool:
    """Owner or assignee, and still a member of the organization."""
    return user.id in (project.owner_id, project.assignee_id) and is_member(
        user, project.organization_id
    )


def may_view(user: User, project: Project) -> bool:
    """See it, its labels and tasks, and export it."""
    return oversees(user, project.organization_id) or is_staff(user, project)


def may_edit(user: User, project: Project) -> bool:
    """Change its name, labels and bug tracker, and import into it."""
    return oversees(user, project.organization_id) or (is_worker(user) and is_staff(user, project))


def may_manage(user: User, project: Project) -> bool:
    """Delete it, choose its assignee and storages."""
    return oversees(user, project.organization_id) or (
        is_worker(user) and is_staff(user, project) and user.id == project.owner_id
    )


def own(user: User) -> ColumnElement[bool]:
    """Condition for the projects of a user, in any workspace."""
    return or_(Project.owner_id == user.id, Project.assignee_id == user.id)


def visible(call: Call) -> list[ColumnElement[bool]]:
    """Conditions for the projects that a list shows."""
    return listed(call, Project.organization_id, own(call.user))


def find(call: Call, allowed: Callable[[User, Project], bool] = may_view) -> Project:
    """The project that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    return objects.find(call, Project, call.path["id"], allowed)
