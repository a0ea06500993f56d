"""Who may see and change the members of an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement

from cvat_local.auth.organization_roles import owns, role_in
from cvat_local.auth.roles import is_admin, is_user, is_worker
from cvat_local.resources.shared import objects
from cvat_local.resources.shared.workspaces import check_member
from cvat_local.storage.tables import Membership, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_LEADERS = ("maintainer", "owner")
_LED_BY_MAINTAINERS = ("worker", "supervisor")


def may_view(user: User, membership: Membership) -> bool:
    """Members see each other; who has not accepted an invitation yet is seen by those who lead."""
    role = role_in(user, membership.organization_id)
    return is_admin(user) or role in _LEADERS or (role is not None and membership.is_active)


def may_lead(user: User, membership: Membership) -> bool:
    """Change the role of a member, or remove them. The owner's place is theirs, whoever asks.

    Which role a member gets is not limited: as in CVAT, a maintainer may make another one.
    """
    return (
        membership.user_id != membership.organization.owner_id
        and (is_admin(user) or membership.user_id != user.id)
        and membership.role in _roles_led(user, membership)
    )


def may_remove(user: User, membership: Membership) -> bool:
    """Remove a member, or leave."""
    leaves = (
        membership.user_id == user.id
        and membership.is_active
        and membership.user_id != membership.organization.owner_id
        and is_worker(user)
    )
    return leaves or may_lead(user, membership)


def _roles_led(user: User, membership: Membership) -> tuple[str, ...]:
    if is_admin(user) or (is_user(user) and owns(user, membership.organization)):
        return (*_LED_BY_MAINTAINERS, *_LEADERS)
    if is_user(user) and role_in(user, membership.organization_id) == "maintainer":
        return _LED_BY_MAINTAINERS
    return ()


def visible(call: Call) -> list[ColumnElement[bool]]:
    """Conditions for the memberships that a list shows."""
    check_member(call)
    user, workspace = call.user, call.workspace
    conditions: list[ColumnElement[bool]] = []
    if workspace.given:
        # Nobody is a member of a personal workspace, so that list is empty.
        conditions.append(Membership.organization_id == workspace.organization_id)
    if is_admin(user):
        return conditions
    if workspace.organization_id is None:
        conditions.append(Membership.user_id == user.id)
        conditions.append(Membership.is_active.is_(True))
    elif role_in(user, workspace.organization_id) not in _LEADERS:
        conditions.append(Membership.is_active.is_(True))
    return conditions


def find(call: Call) -> Membership:
    """The membership that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when the caller may not see it.
    """
    return objects.find(call, Membership, call.path["id"], may_view)
