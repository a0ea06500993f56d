"""What clients may write to the event log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from cvat_local.http.errors import ApiError, field_errors
from cvat_local.storage.tables import ClientEvent, Organization
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from datetime import timedelta

    from cvat_local.serving.call import Call

_SOURCE = "client"
_SCOPES = frozenset(
    {
        *("load:cvat", "load:job", "save:job", "load:workspace"),
        *("send:exception", "debug:info", "user:activity", "click:element"),
        *("join:objects", "merge:objects", "split:objects", "group:objects"),
        *("slice:object", "draw:object", "paste:object", "copy:object", "propagate:object"),
        *("drag:object", "resize:object", "delete:object"),
        *("change:frame", "zoom:image", "fit:image", "rotate:image"),
        *("action:undo", "action:redo", "run:annotations_action"),
    }
)


def record(call: Call, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Store events of checked input (``ClientEventsRequest``).

    Returns:
        The events as they are recorded, with the keys that were sent and those that the server sets.

    Raises:
        ApiError: 400 for events that clients do not send.
    """
    late = utc_now() - values["timestamp"]
    sender = _sender(call)
    events = [_recorded(event, late, sender) for event in values.get("events", ())]
    if events:
        columns = ClientEvent.__table__.columns.keys()
        rows = [{name: event.get(name) for name in columns if name != "id"} for event in events]
        call.db.execute(insert(ClientEvent), rows)
    return events


def _sender(call: Call) -> dict[str, Any]:
    organization_id = call.workspace.organization_id
    slug = None
    if organization_id is not None:
        slug = call.db.get_one(Organization, organization_id).slug
    return {
        "org_id": organization_id,
        "org_slug": slug,
        "user_id": call.user.id,
        "user_name": call.user.username,
        "user_email": call.user.email,
    }


def _recorded(
    event: Mapping[str, Any], late: timedelta, sender: Mapping[str, Any]
) -> dict[str, Any]:
    scope, source = event["scope"], event.get("source") or _SOURCE
    if source != _SOURCE or scope not in _SCOPES:
        raise ApiError(400, {"scope": f"The scope {scope[:50]} is not allowed from {source[:50]}."})
    try:
        # The clock of the sender may be wrong, but it knows how long ago it was.
        timestamp = event["timestamp"] + late
    except OverflowError:
        raise field_errors({"timestamp": "The events are too far away from it."}) from None
    return {
        **event,
        "source": source,
        "timestamp": timestamp,
        "duration": event.get("duration", 0),
        "payload": _payload(event.get("payload")),
        **sender,
    }


def _payload(text: str | None) -> str:
    try:
        return json.dumps(json.loads(text or "{}"))
    except (ValueError, RecursionError):
        raise ApiError(400, {"payload": "The payload is not a text that holds JSON."}) from None
