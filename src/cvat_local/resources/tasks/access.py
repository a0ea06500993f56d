"""Who may do what with a task. Admins and those who oversee its organization may do everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from cvat_local.auth.organization_roles import is_member, oversees, supervises
from cvat_local.auth.roles import is_user, is_worker
from cvat_local.http.errors import forbidden
from cvat_local.resources import projects
from cvat_local.resources.shared import objects
from cvat_local.resources.shared.workspaces import check_member, listed
from cvat_local.storage.tables import Project, Task, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def is_staff(user: User, task: Task) -> bool:
    """Owner or assignee of the task or of its project, and still a member of the organization."""
    if not is_member(user, task.organization_id):
        return False
    if user.id in (task.owner_id, task.assignee_id):
        return True
    return task.project is not None and projects.is_staff(user, task.project)


def may_view(user: User, task: Task) -> bool:
    """See it, its media and annotations, and export it."""
    return oversees(user, task.organization_id) or is_staff(user, task)


def may_edit(user: User, task: Task) -> bool:
    """Change its name, labels, media and annotations, and import into it."""
    return oversees(user, task.organization_id) or (is_worker(user) and is_staff(user, task))


def may_manage(user: User, task: Task) -> bool:
    """Delete it, move it, choose its owner, assignee and storages."""
    if oversees(user, task.organization_id):
        return True
    of_project = task.project is not None and projects.is_staff(user, task.project)
    owner = user.id == task.owner_id and is_staff(user, task)
    return is_worker(user) and (owner or of_project)


def check_creator(call: Call) -> None:
    """Refuse whoever creates no tasks at all in the request's workspace.

    Raises:
        ApiError: 403. What else is needed depends on the project that the task is for.
    """
    if not is_user(call.user):
        raise forbidden("Tasks are created by accounts of the group user.")
    check_member(call)


def may_add_to(user: User, project: Project) -> bool:
    """Make a task in a project: its staff, and whoever creates things in its organization."""
    if projects.may_edit(user, project):
        return True
    return project.organization_id is not None and supervises(user, project.organization_id)


def own(user: User) -> ColumnElement[bool]:
    """Condition for the tasks of a user, in any workspace."""
    own_projects = select(Project.id).where(projects.own(user))
    return or_(
        Task.owner_id == user.id,
        Task.assignee_id == user.id,
        Task.project_id.in_(own_projects),
    )


def visible(call: Call) -> list[ColumnElement[bool]]:
    """Conditions for the tasks that a list shows."""
    return listed(call, Task.organization_id, own(call.user))


def find(call: Call, allowed: Callable[[User, Task], bool] = may_view) -> Task:
    """The task that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    return objects.find(call, Task, call.path["id"], allowed)
