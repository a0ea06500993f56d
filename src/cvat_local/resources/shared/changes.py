"""Steps that changing a project, a task and a job have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cvat_local.http.errors import non_field_error
from cvat_local.storage.tables import Job, Project, Task
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def sent_fields(call: Call) -> set[str]:
    """Names of all fields in the body of a PATCH: which rights are needed depends on them.

    Raises:
        ApiError: 400 when the body is no JSON object.
    """
    body = call.json_body
    if not isinstance(body, dict):
        raise non_field_error("The body has to be an object.")
    return set(body)


def set_fields(
    item: Project | Task | Job, values: Mapping[str, Any], names: tuple[str, ...]
) -> bool:
    """Set those of the named fields that the input has; True when one got another value."""
    changed = [name for name in names if name in values and getattr(item, name) != values[name]]
    for name in changed:
        setattr(item, name, values[name])
    return bool(changed)


def set_assignee(item: Project | Task | Job, user_id: int | None) -> bool:
    """Assign somebody or nobody; True when that is a change. Its date is kept."""
    if item.assignee_id == user_id:
        return False
    item.assignee_id = user_id
    item.assignee_updated_date = utc_now()
    return True
