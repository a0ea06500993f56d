"""Owners and assignees that a client chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cvat_local.auth.roles import is_admin
from cvat_local.http.errors import field_errors, forbidden
from cvat_local.storage.tables import User

if TYPE_CHECKING:
    from cvat_local.http.call import Call


def check_person(call: Call, values: Mapping[str, Any], field: str) -> None:
    """Make sure that the user id in ``values[field]``, if there is one, may be used.

    Outside of organizations one can only choose oneself (or nobody); admins choose anybody.

    Raises:
        ApiError: 403 for somebody else, 400 for an unknown id given by an admin.
    """
    user_id = values.get(field)
    if user_id is None:
        return
    if not is_admin(call.user):
        if user_id != call.user.id:
            raise forbidden("You may choose nobody but yourself here.")
    elif call.db.get(User, user_id) is None:
        raise field_errors({field: f"There is no user {user_id}."})
