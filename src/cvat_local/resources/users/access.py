"""Who may see and change an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvat_local.auth.roles import is_admin
from cvat_local.resources.shared import objects
from cvat_local.resources.shared.workspaces import check_member
from cvat_local.storage.queries.accounts import members_of
from cvat_local.storage.tables import User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def may_manage(caller: User, user: User) -> bool:
    """See and change an account: one's own, any for an administrator."""
    return user.id == caller.id or is_admin(caller)


def find(call: Call, *, members: bool = False) -> User:
    """The account that the path names.

    Args:
        call: The request.
        members: The other members of the request's organization may be found too.

    Raises:
        ApiError: 404 when there is none, 403 when it is not accessible to the caller.
    """

    def allowed(caller: User, user: User) -> bool:
        return may_manage(caller, user) or (members and _is_fellow(call, user))

    return objects.find(
        call,
        User,
        call.path["id"],
        allowed,
        refusal="You can see yourself and your fellow members, and change only yourself.",
    )


def _is_fellow(call: Call, user: User) -> bool:
    organization_id = call.workspace.organization_id
    if organization_id is None:
        return False
    check_member(call)
    return user.id in call.db.scalars(members_of(organization_id)).all()
