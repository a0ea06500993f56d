"""Operations on background requests."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from starlette.responses import Response

from cvat_local.background import states
from cvat_local.http import outputs
from cvat_local.http.errors import text_error
from cvat_local.http.filters import Listing
from cvat_local.resources.requests import access, serialize
from cvat_local.resources.shared.workspaces import check_member
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Request

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
        .where(Request.user_id == call.user.id, access.alive(call))
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
    return outputs.json(serialize.request(call, access.find(call)))


@handlers("create_cancel")
def cancel(call: Call) -> Response:
    """Take back a request on which nobody works yet."""
    request = access.find(call, edit=True)
    if request.status != states.QUEUED:
        raise text_error(400, f"The request is {request.status}; only queued ones are cancelled.")
    call.db.delete(request)
    return outputs.empty(200)
