"""Who may do what with an organization. Admins may do everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from cvat_local.auth.organization_roles import owns, role_in
from cvat_local.auth.roles import is_admin, is_worker
from cvat_local.http.errors import not_found
from cvat_local.storage.tables import Membership, Organization, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def may_edit(user: User, organization: Organization) -> bool:
    """Change it: its owner and its maintainers."""
    leads = owns(user, organization) or role_in(user, organization.id) == "maintainer"
    return is_admin(user) or (is_worker(user) and leads)


def may_delete(user: User, organization: Organization) -> bool:
    """Delete it: its owner."""
    return is_admin(user) or (is_worker(user) and owns(user, organization))


def visible(call: Call) -> Select[Any]:
    """The organizations that the caller is a member of, all of them for admins; with their owners."""
    statement = select(Organization).options(joinedload(Organization.owner))
    if is_admin(call.user):
        return statement
    joined = select(Membership.organization_id).where(
        Membership.user_id == call.user.id, Membership.is_active.is_(True)
    )
    own = or_(Organization.owner_id == call.user.id, Organization.id.in_(joined))
    return statement.where(own)


def find(call: Call) -> Organization:
    """The organization that the path names.

    Raises:
        ApiError: 404 when there is none, and for outsiders.
    """
    statement = visible(call).where(Organization.id == call.path["id"])
    organization: Organization | None = call.db.scalars(statement).one_or_none()
    if organization is None:
        raise not_found(f"There is no organization {call.path['id']}.")
    return organization
