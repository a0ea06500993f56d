"""Who may invite, and who sees and handles an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, or_, select

from cvat_local.auth.organization_roles import ROLES, oversees, owns, role_in
from cvat_local.auth.roles import is_admin, is_user, is_worker
from cvat_local.http.errors import forbidden, not_found
from cvat_local.resources.invitations import serialize
from cvat_local.resources.shared.workspaces import listed
from cvat_local.storage.tables import Invitation, Membership, Organization, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def check_inviter(call: Call, role: object) -> int:
    """Make sure that the caller may invite somebody with a role.

    Args:
        call: The request.
        role: What was sent as the role, perhaps no role at all.

    Returns:
        Id of the organization to invite to.

    Raises:
        ApiError: 403, also when the request names no organization.
    """
    organization_id = call.workspace.organization_id
    if organization_id is None:
        raise forbidden("Name the organization to invite to, by org, org_id or X-Organization.")
    organization = call.db.get_one(Organization, organization_id)
    user = call.user
    if is_admin(user) or (is_user(user) and owns(user, organization)):
        refused: tuple[str, ...] = ROLES[3:]
    elif is_user(user) and role_in(user, organization_id) == "maintainer":
        refused = ROLES[2:]
    else:
        raise forbidden("The owner and the maintainers of an organization invite to it.")
    if role in refused:
        raise forbidden(f"You may not invite anybody as {role}.")
    return organization_id


def may_manage(user: User, invitation: Invitation) -> bool:
    """Resend it and take it back: who sent it, and who oversees the organization."""
    sent = is_worker(user) and invitation.owner_id == user.id
    return sent or oversees(user, invitation.membership.organization_id)


def may_answer(user: User, invitation: Invitation) -> bool:
    """Accept or decline it: whom it is for."""
    return is_admin(user) or invitation.membership.user_id == user.id


def shown(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Select of invitations with all that is written of them."""
    return (
        select(Invitation).join(Invitation.membership).where(*conditions).options(*serialize.SHOWN)
    )


def visible(call: Call) -> list[ColumnElement[bool]]:
    """Conditions for the invitations that a list shows."""
    own = or_(Invitation.owner_id == call.user.id, Membership.user_id == call.user.id)
    return listed(call, Membership.organization_id, own)


def find(call: Call) -> Invitation:
    """The invitation that the path names.

    Raises:
        ApiError: 404 when there is none, also when the caller has nothing to do with it.
    """
    statement = shown(Invitation.key == call.path["key"])
    invitation: Invitation | None = call.db.scalars(statement).one_or_none()
    if invitation is None or not _may_view(call.user, invitation):
        raise not_found("There is no such invitation.")
    return invitation


def _may_view(user: User, invitation: Invitation) -> bool:
    return may_answer(user, invitation) or (
        invitation.owner_id == user.id or oversees(user, invitation.membership.organization_id)
    )
