"""Who may see and cancel a background request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from cvat_local.auth.roles import is_admin
from cvat_local.background.ids import BadRequestId, parse
from cvat_local.http.errors import forbidden, text_error
from cvat_local.resources import jobs, projects, tasks
from cvat_local.storage.tables import Job, Project, Request, Task

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def alive(call: Call) -> ColumnElement[bool]:
    """Condition for requests that have not expired."""
    return or_(Request.expiry_date.is_(None), Request.expiry_date > call.app.queue.now())


def find(call: Call, *, edit: bool = False) -> Request:
    """The request that the path names.

    Args:
        call: The request to the API.
        edit: The caller wants to cancel it.

    Raises:
        ApiError: 404 when there is none, 403 when the caller may not see or cancel it.
    """
    missing = text_error(404, "There is no such request; it may have expired.")
    try:
        request_id = str(parse(call.path["id"]))
    except BadRequestId:
        raise missing from None
    statement = select(Request).where(Request.id == request_id, alive(call))
    request = call.db.scalars(statement).one_or_none()
    if request is None:
        raise missing
    if not _allowed(call, request, edit=edit):
        raise forbidden()
    return request


def _allowed(call: Call, request: Request, *, edit: bool) -> bool:
    """Own requests, and those that are anybody's who may see (or change) what they are about."""
    user = call.user
    if request.user_id == user.id or is_admin(user):
        return True
    if request.private:
        return False
    if request.job_id is not None:
        job = call.db.get_one(Job, request.job_id)
        return (jobs.may_edit if edit else jobs.may_view)(user, job)
    if request.task_id is not None:
        task = call.db.get_one(Task, request.task_id)
        return (tasks.may_edit if edit else tasks.may_view)(user, task)
    if request.project_id is not None:
        project = call.db.get_one(Project, request.project_id)
        return (projects.may_edit if edit else projects.may_view)(user, project)
    return False
