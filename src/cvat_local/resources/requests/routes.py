"""Operations on background requests."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload
from starlette.responses import Response

from cvat_local.auth.roles import is_admin
from cvat_local.background import states
from cvat_local.background.ids import BadRequestId, parse
from cvat_local.http import outputs
from cvat_local.http.errors import forbidden, text_error
from cvat_local.http.filters import Listing
from cvat_local.resources.jobs import access as jobs
from cvat_local.resources.projects import access as projects
from cvat_local.resources.requests import serialize
from cvat_local.resources.shared.workspaces import check_member
from cvat_local.resources.tasks import access as tasks
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Job, Project, Request, Task

handlers = Handlers("requests")

LISTING = Listing(
    {
        "created_date": Request.created_date,
        "status": Request.status,
        "action": Request.action,
        "target": Request.target,
        "subresource": Request.subresource,
        "format": Request.format,
        "project_id": Request.project_id,
        "task_id": Request.task_id,
        "job_id": Request.job_id,
    },
    simple=("action", "target", "subresource", "format", "project_id", "task_id", "job_id"),
    order="-created_date",
)


@handlers("list")
def list_(call: Call) -> Response:
    """Requests of the caller, for admins too."""
    statement = (
        select(Request)
        .where(Request.user_id == call.user.id, _alive(call))
        .options(joinedload(Request.user))
    )
    check_member(call)
    if call.workspace.given:
        statement = statement.where(Request.organization_id == call.workspace.organization_id)
    # An unknown status is no error here, unlike unknown choices elsewhere.
    if call.query.get("status"):
        statement = statement.where(Request.status == call.query["status"])
    return call.page(LISTING.apply(call, statement), lambda item: serialize.request(call, item))


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One request."""
    return outputs.json(serialize.request(call, _find(call)))


@handlers("create_cancel")
def cancel(call: Call) -> Response:
    """Take back a request on which nobody works yet."""
    request = _find(call, edit=True)
    if request.status != states.QUEUED:
        raise text_error(400, f"The request is {request.status}; only queued ones are cancelled.")
    call.db.delete(request)
    return outputs.empty(200)


def _alive(call: Call) -> ColumnElement[bool]:
    return or_(Request.expiry_date.is_(None), Request.expiry_date > call.app.queue.now())


def _find(call: Call, *, edit: bool = False) -> Request:
    missing = text_error(404, "There is no such request; it may have expired.")
    try:
        request_id = str(parse(call.path["id"]))
    except BadRequestId:
        raise missing from None
    statement = select(Request).where(Request.id == request_id, _alive(call))
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
