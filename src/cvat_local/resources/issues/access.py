"""Who may do what with an issue. Admins and those who oversee its organization may do everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from cvat_local.auth.organization_roles import is_member, oversees
from cvat_local.auth.roles import is_worker
from cvat_local.http.errors import forbidden, list_error
from cvat_local.resources import jobs, tasks
from cvat_local.resources.shared import objects
from cvat_local.resources.shared.workspaces import listed
from cvat_local.storage.tables import Issue, Job, Task, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def is_staff(user: User, issue: Issue) -> bool:
    """Its owner and assignee, and the staff of its job; members of its organization."""
    if not is_member(user, issue.job.task.organization_id):
        return False
    return user.id in (issue.owner_id, issue.assignee_id) or jobs.is_staff(user, issue.job)


def may_view(user: User, issue: Issue) -> bool:
    """See it and its comments."""
    return oversees(user, issue.job.task.organization_id) or is_staff(user, issue)


def may_edit(user: User, issue: Issue) -> bool:
    """Change it, and comment on it."""
    may = is_worker(user) and is_staff(user, issue)
    return may or oversees(user, issue.job.task.organization_id)


def may_delete(user: User, issue: Issue) -> bool:
    """Delete it: not the mere assignee of its job."""
    task = issue.job.task
    opened = user.id == issue.owner_id and is_member(user, task.organization_id)
    may = is_worker(user) and (opened or tasks.is_staff(user, task))
    return may or oversees(user, task.organization_id)


def own(user: User) -> ColumnElement[bool]:
    """Condition for the issues of a user, in any workspace."""
    own_jobs = select(Job.id).where(jobs.own(user))
    return or_(Issue.owner_id == user.id, Issue.assignee_id == user.id, Issue.job_id.in_(own_jobs))


def visible(call: Call) -> list[ColumnElement[bool]]:
    """Conditions for the issues that a list shows."""
    organization = (
        select(Task.organization_id)
        .where(Task.id == Job.task_id, Job.id == Issue.job_id)
        .correlate(Issue)
        .scalar_subquery()
    )
    return listed(call, organization, own(call.user))


def find(call: Call, allowed: Callable[[User, Issue], bool] = may_view) -> Issue:
    """The issue that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    return objects.find(call, Issue, call.path["id"], allowed)


def job_for(call: Call, number: int) -> Job:
    """The job that a new issue is about.

    Raises:
        ApiError: 400 when there is none, 403 when the caller may not write to it.
    """
    job = call.db.get(Job, number)
    if job is None:
        raise list_error(f"There is no job {number}.")
    if not jobs.may_edit(call.user, job):
        raise forbidden("Issues are opened by whoever works on the job.")
    return job
