"""Who may do what with a guide and its assets.

Whoever works on something that a guide is about may read it, if only on a single job. It is written by
the staff of its project or task. Admins and those who oversee its organization may do everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import object_session

from cvat_local.auth.organization_roles import is_member, oversees
from cvat_local.auth.roles import is_admin, is_user, is_worker
from cvat_local.http.errors import forbidden, list_error, not_found
from cvat_local.http.values import parse_id
from cvat_local.resources import projects, tasks
from cvat_local.resources.shared import objects
from cvat_local.storage.tables import Asset, Guide, Job, Project, Task, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def may_view(user: User, guide: Guide) -> bool:
    """Read it and its assets."""
    organization_id = guide.target.organization_id
    if oversees(user, organization_id):
        return True
    if not (is_worker(user) and is_member(user, organization_id)):
        return False
    return _is_staff(user, guide.target) or _has_work(user, guide)


def may_edit(user: User, guide: Guide) -> bool:
    """Write and delete it, and upload its assets."""
    return oversees(user, guide.target.organization_id) or _may_write_for(user, guide.target)


def _check_author(call: Call, target: Project | Task) -> None:
    """Refuse whoever may not write something new about the target, in the request's workspace.

    Who oversees an organization says so by naming it; the staff need not.
    """
    user, workspace, organization_id = call.user, call.workspace, target.organization_id
    if is_admin(user):
        return
    elsewhere = workspace.given and workspace.organization_id != organization_id
    overseer = workspace.given and oversees(user, organization_id)
    if elsewhere or not (overseer or _may_write_for(user, target)):
        raise forbidden(
            "Guides and their assets are made by the staff of a project or task, and by those who"
            " oversee its organization when they name it."
        )


def _may_write_for(user: User, target: Project | Task) -> bool:
    return is_user(user) and _is_staff(user, target)


def _is_staff(user: User, target: Project | Task) -> bool:
    if isinstance(target, Project):
        return projects.is_staff(user, target)
    return tasks.is_staff(user, target)


def _has_work(user: User, guide: Guide) -> bool:
    """Whether a task or job is the user's that the guide is about."""
    if guide.project_id is None:
        about = Task.id == guide.task_id
    else:
        about = Task.project_id == guide.project_id
    assigned = select(Job.task_id).where(Job.assignee_id == user.id)
    own = or_(Task.owner_id == user.id, Task.assignee_id == user.id, Task.id.in_(assigned))
    db = object_session(guide)
    return db is not None and db.scalar(select(Task.id).where(about, own).limit(1)) is not None


def find(call: Call, allowed: Callable[[User, Guide], bool] = may_view) -> Guide:
    """The guide that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    return objects.find(call, Guide, call.path["id"], allowed)


def find_asset(call: Call, allowed: Callable[[User, Guide], bool] = may_view) -> Asset:
    """The asset that the path names; ``allowed`` is about its guide.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    try:
        uuid = str(UUID(call.path["uuid"]))
    except ValueError:
        raise not_found("There is no such asset.") from None
    return objects.find(call, Asset, uuid, lambda user, asset: allowed(user, asset.guide))


def target_for(call: Call, values: Mapping[str, Any]) -> Project | Task:
    """What a new guide is for.

    Raises:
        ApiError: 400 when that is not one project or task, 403 when the caller may not write for it.
    """
    project_id, task_id = values.get("project_id"), values.get("task_id")
    if project_id is not None and task_id is not None:
        raise list_error("A guide is for a project or for a task: give one of the ids.")
    if project_id is None and task_id is None:
        text = "A guide needs a project_id or a task_id."
        raise list_error(text) if is_admin(call.user) else forbidden(text)
    target: Project | Task | None
    if project_id is not None:
        target = call.db.get(Project, project_id)
    else:
        target = call.db.get(Task, task_id)
    if target is None:
        raise list_error("There is no such project or task.")
    _check_author(call, target)
    return target


def guide_for(call: Call, text: str | None) -> Guide:
    """The guide that a new asset belongs to.

    Args:
        call: The request.
        text: Its id, as a form has it.

    Raises:
        ApiError: 400 when there is none, 403 when the caller may not write it.
    """
    number = parse_id(text or "")
    guide = None if number is None else call.db.get(Guide, number)
    if guide is None:
        raise list_error("guide_id does not name a guide.")
    _check_author(call, guide.target)
    return guide
