"""Who may do what with a comment: its author, and whoever may with its issue."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from cvat_local.auth.organization_roles import is_member, oversees
from cvat_local.auth.roles import is_worker
from cvat_local.http.errors import forbidden, list_error
from cvat_local.resources import issues
from cvat_local.resources.shared import objects
from cvat_local.resources.shared.workspaces import listed
from cvat_local.storage.tables import Comment, Issue, Job, Task, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def _is_staff(user: User, comment: Comment) -> bool:
    own = user.id == comment.owner_id
    return (own and is_member(user, _organization_of(comment))) or issues.is_staff(
        user, comment.issue
    )


def _organization_of(comment: Comment) -> int | None:
    return comment.issue.job.task.organization_id


def may_view(user: User, comment: Comment) -> bool:
    """See it."""
    return oversees(user, _organization_of(comment)) or _is_staff(user, comment)


def may_edit(user: User, comment: Comment) -> bool:
    """Change and delete it, also one of somebody else."""
    may = is_worker(user) and _is_staff(user, comment)
    return may or oversees(user, _organization_of(comment))


def visible(call: Call) -> list[ColumnElement[bool]]:
    """Conditions for the comments that a list shows."""
    organization = (
        select(Task.organization_id)
        .where(Task.id == Job.task_id, Job.id == Issue.job_id, Issue.id == Comment.issue_id)
        .correlate(Comment)
        .scalar_subquery()
    )
    own_issues = select(Issue.id).where(issues.own(call.user))
    own = or_(Comment.owner_id == call.user.id, Comment.issue_id.in_(own_issues))
    return listed(call, organization, own)


def find(call: Call, allowed: Callable[[User, Comment], bool] = may_view) -> Comment:
    """The comment that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    return objects.find(call, Comment, call.path["id"], allowed)


def issue_for(call: Call, number: int) -> Issue:
    """The issue that a new comment is about.

    Raises:
        ApiError: 400 when there is none, 403 when the caller may not write to it.
    """
    issue = call.db.get(Issue, number)
    if issue is None:
        raise list_error(f"There is no issue {number}.")
    if not issues.may_edit(call.user, issue):
        raise forbidden("Issues are commented on by whoever has to do with them.")
    return issue
