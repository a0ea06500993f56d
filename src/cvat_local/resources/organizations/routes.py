"""Operations on organizations. The workspace of a request does not matter here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload
from starlette.responses import Response

from cvat_local.auth.organization_roles import owns, role_in
from cvat_local.auth.roles import is_admin, is_user, is_worker
from cvat_local.http import outputs
from cvat_local.http.errors import forbidden, not_found
from cvat_local.http.filters import Listing
from cvat_local.resources.organizations import rules, serialize
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Membership, Organization

handlers = Handlers("organizations")

LISTING = Listing(
    {
        "id": Organization.id,
        "name": Organization.name,
        "owner": username_of(Organization.owner_id),
        "slug": Organization.slug,
    },
    search=("name", "owner", "slug"),
    simple=("name", "owner", "slug"),
)


@handlers("list")
def list_(call: Call) -> Response:
    """Organizations that the caller is a member of; all of them for admins."""
    return call.page(
        LISTING.apply(call, _visible(call)), lambda item: serialize.organization(call, item)
    )


@handlers("create")
def create(call: Call) -> Response:
    """Make an organization."""
    if not is_user(call.user):
        raise forbidden("Organizations are created by accounts of the group user.")
    organization = rules.create(call, call.input("OrganizationWriteRequest"))
    return outputs.created(serialize.organization(call, organization))


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One organization."""
    return outputs.json(serialize.organization(call, _find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change an organization: its owner and maintainers."""
    sent_fields(call)  # A body that cannot be read is refused before anything else.
    organization = _find(call)
    user = call.user
    leads = owns(user, organization) or role_in(user, organization.id) == "maintainer"
    if not is_admin(user) and not (is_worker(user) and leads):
        raise forbidden("An organization is changed by its owner and its maintainers.")
    values = call.input("PatchedOrganizationWriteRequest", partial=True)
    rules.update(call, organization, values)
    return outputs.json(serialize.organization(call, organization))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete an organization: its owner."""
    organization = _find(call)
    if not is_admin(call.user) and not (is_worker(call.user) and owns(call.user, organization)):
        raise forbidden("An organization is deleted by its owner.")
    rules.destroy(call, organization)
    return outputs.empty()


def _visible(call: Call) -> Select[Any]:
    statement = select(Organization).options(joinedload(Organization.owner))
    if is_admin(call.user):
        return statement
    joined = select(Membership.organization_id).where(
        Membership.user_id == call.user.id, Membership.is_active.is_(True)
    )
    own = or_(Organization.owner_id == call.user.id, Organization.id.in_(joined))
    return statement.where(own)


def _find(call: Call) -> Organization:
    """The organization that the path names; to outsiders there is none."""
    statement = _visible(call).where(Organization.id == call.path["id"])
    organization: Organization | None = call.db.scalars(statement).one_or_none()
    if organization is None:
        raise not_found(f"There is no organization {call.path['id']}.")
    return organization
