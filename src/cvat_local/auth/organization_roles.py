"""Roles in an organization, from the weakest: worker, supervisor, maintainer, owner.

What a role allows depends on the global role too: whoever has the group ``worker`` only, never gets
more than that by a role. Rules of the resources ask these questions with the id of the organization
that an object belongs to, None for a personal object.
"""

from __future__ import annotations

from cvat_local.auth.roles import is_admin, is_user
from cvat_local.storage.tables import Organization, User

ROLES = ("worker", "supervisor", "maintainer", "owner")
"""The weakest first."""


def role_in(user: User, organization_id: int) -> str | None:
    """The role that a user has; None for outsiders and for who has not accepted an invitation yet."""
    for membership in user.memberships:
        if membership.organization_id == organization_id and membership.is_active:
            return membership.role
    return None


def is_member(user: User, organization_id: int | None) -> bool:
    """Whether a user may have to do with objects there; everybody may with personal ones."""
    return organization_id is None or role_in(user, organization_id) is not None


def supervises(user: User, organization_id: int | None) -> bool:
    """May create things there: a supervisor or above, in the personal workspace everybody."""
    if is_admin(user):
        return True
    if organization_id is None:
        return is_user(user)
    return is_user(user) and role_in(user, organization_id) in ROLES[1:]


def oversees(user: User, organization_id: int | None) -> bool:
    """Sees and changes everything there: a maintainer or the owner; personal objects only admins."""
    if is_admin(user):
        return True
    if organization_id is None:
        return False
    return is_user(user) and role_in(user, organization_id) in ROLES[2:]


def owns(user: User, organization: Organization) -> bool:
    """Is the owner of an organization, and still its member."""
    return user.id == organization.owner_id and role_in(user, organization.id) == "owner"
