"""Who may do what with an access token: its owner, and admins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from cvat_local.auth.roles import is_admin, is_worker
from cvat_local.auth.tokens import usable
from cvat_local.http.errors import forbidden, not_found
from cvat_local.storage.tables import AccessToken
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def find(call: Call) -> AccessToken:
    """The token that the path names; one that cannot be used any more does not exist.

    Raises:
        ApiError: 404 when there is none, 403 when it is somebody else's.
    """
    statement = select(AccessToken).where(AccessToken.id == call.path["id"], usable(utc_now()))
    token = call.db.scalars(statement).one_or_none()
    if token is None:
        raise not_found(f"There is no access token {call.path['id']}.")
    own = is_worker(call.user) and token.owner_id == call.user.id
    if not own and not is_admin(call.user):
        raise forbidden()
    return token
