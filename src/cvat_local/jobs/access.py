"""Who may do what with a job. Admins may do everything.

The assignee of a job works on it without seeing the rest of its task.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from cvat_local.auth.roles import is_admin, is_worker
from cvat_local.http.errors import forbidden, not_found
from cvat_local.storage.tables import Job, Task, User
from cvat_local.tasks import access as tasks

if TYPE_CHECKING:
    from cvat_local.http.call import Call


def is_staff(user: User, job: Job) -> bool:
    """Assignee of the job, owner or assignee of its task or project."""
    return user.id == job.assignee_id or tasks.is_staff(user, job.task)


def may_view(user: User, job: Job) -> bool:
    """See it, its media and annotations, and export it."""
    return is_admin(user) or is_staff(user, job)


def may_edit(user: User, job: Job) -> bool:
    """Change its annotations and its state, and import annotations."""
    return is_admin(user) or (is_worker(user) and is_staff(user, job))


def may_manage(user: User, job: Job) -> bool:
    """Change its stage and assignee, delete it: the rights of the task's staff."""
    return tasks.may_edit(user, job.task)


def visible(user: User) -> list[ColumnElement[bool]]:
    """Conditions for the jobs that a list shows."""
    if is_admin(user):
        return []
    own_tasks = select(Task.id).where(*tasks.visible(user))
    return [or_(Job.assignee_id == user.id, Job.task_id.in_(own_tasks))]


def find(call: Call, allowed: Callable[[User, Job], bool] = may_view) -> Job:
    """The job that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    job = call.db.get(Job, call.path["id"])
    if job is None:
        raise not_found(f"There is no job {call.path['id']}.")
    if not allowed(call.user, job):
        raise forbidden()
    return job
