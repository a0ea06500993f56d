"""Operations on the event log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from cvat_local.background import states
from cvat_local.background.ids import BadRequestId, RequestId, parse
from cvat_local.http import outputs
from cvat_local.http.errors import list_error, not_found, string_error
from cvat_local.http.values import parse_datetime
from cvat_local.resources.cloudstorages import chosen_storage
from cvat_local.resources.events import access, rules
from cvat_local.resources.events.work import FILTERS
from cvat_local.resources.exports import checked_filename, result_file
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.engine import writing
from cvat_local.storage.tables import CloudStorage, Request
from cvat_local.storage.types import utc_now

handlers = Handlers("events")

_TYPE = "text/csv"
_DEPRECATED = {"Deprecation": "@1742169600"}
"""Since March 17, 2025."""


@handlers("create")
def create(call: Call) -> Response:
    """Record what a user did in a client."""
    access.check_sender(call)
    values = call.input("ClientEventsRequest")
    body = {
        "events": rules.record(call, values),
        "previous_event": values.get("previous_event"),
        "timestamp": values["timestamp"],
    }
    return outputs.created(body)


@handlers("create_export")
def create_export(call: Call) -> Response:
    """Start to write events to a file."""
    return outputs.json({"rq_id": _start(call, call.db, chosen_storage(call)).id}, 202)


@handlers.route("GET", "/api/events/download", name="events.download")
def download(call: Call) -> Response:
    """The file of a finished export."""
    text = call.query.get("rq_id")
    if not text:
        raise list_error("The query parameter rq_id is missing.")
    try:
        parsed = parse(text)
    except BadRequestId as error:
        raise list_error(f"rq_id: {error}.") from None
    if (parsed.action, parsed.target) != ("export", "events"):
        raise list_error(f"The request {text!r} is no export of events.")
    return result_file(call, parsed, _TYPE)


@handlers("list")
def list_(call: Call) -> Response:
    """Export in the old way: ask with the ``query_id`` of the first answer until there is a file."""
    query_id = call.parameter("query_id")
    if query_id is None:
        # A GET has no session for writing of its own.
        with writing(call.app.engine) as db:
            request = _start(call, db, None)
        return outputs.json({"query_id": parse(request.id).id}, 202, _DEPRECATED)
    request_id = RequestId("export", "events", id=query_id, user_id=call.user.id)
    found = call.db.get(Request, str(request_id))
    if found is None:
        raise not_found("There is no such export, or it has expired.")
    if found.status in states.UNDER_WAY:
        return outputs.json({"query_id": query_id}, 202, _DEPRECATED)
    if found.status == states.FAILED:
        raise string_error(500, found.message)
    if call.parameter("action") != "download":
        return outputs.json({"query_id": query_id}, 201, _DEPRECATED)
    response = result_file(call, request_id, _TYPE)
    response.headers.update(_DEPRECATED)
    return response


def _start(call: Call, db: Session, storage: CloudStorage | None) -> Request:
    """Ask for the background work, by the filters of the request."""
    wanted: dict[str, Any] = {name: call.parameter(name) for name in FILTERS}
    wanted["user_id"] = access.readable_user(call)
    # A parameter that names the organization of the request as well.
    wanted["org_id"] = call.workspace.organization_id
    since, until = _moment(call, "from"), _moment(call, "to")
    if since is not None and until is not None and since > until:
        raise list_error("The parameter from is after to.")
    default = f"events_{utc_now():%Y_%m_%d_%H_%M_%S}.csv"
    return call.app.queue.submit(
        db,
        action="export",
        target="events",
        user=call.user,
        organization_id=call.workspace.organization_id,
        params={
            **wanted,
            "from": None if since is None else since.isoformat(),
            "to": None if until is None else until.isoformat(),
            "filename": checked_filename(call) or default,
            "cloud_storage_id": None if storage is None else storage.id,
        },
    )


def _moment(call: Call, name: str) -> datetime | None:
    text = call.parameter(name)
    try:
        return None if text is None else parse_datetime(text)
    except ValueError as error:
        raise list_error(f"The parameter {name}: {error}") from None
