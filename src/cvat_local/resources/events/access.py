"""Who may write to the event log, and who reads what of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvat_local.auth.organization_roles import oversees
from cvat_local.auth.roles import is_worker
from cvat_local.http.errors import forbidden
from cvat_local.resources.shared.workspaces import check_member

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def check_sender(call: Call) -> None:
    """Make sure that the caller may send events in the workspace that the request names.

    Raises:
        ApiError: 403.
    """
    check_member(call)
    if call.workspace.organization_id is not None and not is_worker(call.user):
        raise forbidden()


def readable_user(call: Call) -> int | None:
    """Whose events the caller may read of those that the request asks for; None: those of everybody.

    Raises:
        ApiError: 403 for the events of somebody else, unless the caller oversees the organization.
    """
    check_member(call)
    if not is_worker(call.user):
        raise forbidden("The event log is read by accounts that are in a group.")
    wanted: int | None = call.parameter("user_id")
    if oversees(call.user, call.workspace.organization_id):
        return wanted
    if wanted not in (None, call.user.id):
        raise forbidden("You may read your own events only.")
    return call.user.id
