"""Operations on organizations. The workspace of a request does not matter here."""

from __future__ import annotations

from starlette.responses import Response

from cvat_local.auth.roles import is_user
from cvat_local.http import outputs
from cvat_local.http.errors import forbidden
from cvat_local.http.filters import Listing
from cvat_local.resources.organizations import access, rules, serialize
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Organization

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
        LISTING.apply(call, access.visible(call)), lambda item: serialize.organization(call, item)
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
    return outputs.json(serialize.organization(call, access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change an organization: its owner and maintainers."""
    sent_fields(call)  # A body that cannot be read is refused before anything else.
    organization = access.find(call)
    if not access.may_edit(call.user, organization):
        raise forbidden("An organization is changed by its owner and its maintainers.")
    values = call.input("PatchedOrganizationWriteRequest", partial=True)
    rules.update(call, organization, values)
    return outputs.json(serialize.organization(call, organization))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete an organization: its owner."""
    organization = access.find(call)
    if not access.may_delete(call.user, organization):
        raise forbidden("An organization is deleted by its owner.")
    rules.destroy(call, organization)
    return outputs.empty()
