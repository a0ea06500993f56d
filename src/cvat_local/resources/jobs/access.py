"""Who may do what with a job. Admins and those who oversee its organization may do everything.

The assignee of a job works on it without seeing the rest of its task.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from cvat_local.auth.organization_roles import is_member, oversees
from cvat_local.auth.roles import is_worker
from cvat_local.resources import tasks
from cvat_local.resources.shared import objects
from cvat_local.resources.shared.workspaces import listed
from cvat_local.storage.tables import Job, Task, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def is_staff(user: User, job: Job) -> bool:
    """Assignee of the job, owner or assignee of its task or project; members of its organization."""
    assigned = user.id == job.assignee_id and is_member(user, job.task.organization_id)
    return assigned or tasks.is_staff(user, job.task)


def may_view(user: User, job: Job) -> bool:
    """See it, its media and annotations, and export it."""
    return oversees(user, job.task.organization_id) or is_staff(user, job)


def may_edit(user: User, job: Job) -> bool:
    """Change its annotations and its state, and import annotations."""
    return oversees(user, job.task.organization_id) or (is_worker(user) and is_staff(user, job))


def may_manage(user: User, job: Job) -> bool:
    """Change its stage and assignee, delete it: the rights of the task's staff."""
    return tasks.may_edit(user, job.task)


def own(user: User) -> ColumnElement[bool]:
    """Condition for the jobs of a user, in any workspace."""
    own_tasks = select(Task.id).where(tasks.own(user))
    return or_(Job.assignee_id == user.id, Job.task_id.in_(own_tasks))


def visible(call: Call) -> list[ColumnElement[bool]]:
    """Conditions for the jobs that a list shows."""
    organization = select(Task.organization_id).where(Task.id == Job.task_id).correlate(Job)
    return listed(call, organization.scalar_subquery(), own(call.user))


def find(call: Call, allowed: Callable[[User, Job], bool] = may_view) -> Job:
    """The job that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    return objects.find(call, Job, call.path["id"], allowed)
