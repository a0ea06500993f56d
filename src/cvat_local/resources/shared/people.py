"""Owners and assignees that a client chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cvat_local.auth.roles import is_admin
from cvat_local.http.errors import field_errors, forbidden
from cvat_local.storage.tables import User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def check_person(
    call: Call, values: Mapping[str, Any], field: str, organization_id: int | None
) -> None:
    """Make sure that the user id in ``values[field]``, if there is one, may be used.

    In an organization everybody can be chosen, as it was in CVAT always; who is no member has no
    rights by it. With personal objects one can only choose oneself (or nobody); admins choose anybody.

    Args:
        call: The request.
        values: Checked input.
        field: Name of the field with the user's id.
        organization_id: Organization of the object, None for a personal one.

    Raises:
        ApiError: 403 for somebody else, 400 for an unknown id.
    """
    user_id = values.get(field)
    if user_id is None:
        return
    if organization_id is None and not is_admin(call.user):
        if user_id != call.user.id:
            raise forbidden("You may choose nobody but yourself here.")
    elif call.db.get(User, user_id) is None:
        raise field_errors({field: f"There is no user {user_id}."})
