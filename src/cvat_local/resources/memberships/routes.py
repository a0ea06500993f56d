"""Operations on memberships. They are made by creating organizations and by invitations."""

from __future__ import annotations

from sqlalchemy import delete, select
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import forbidden
from cvat_local.http.filters import Listing
from cvat_local.resources.memberships import access, serialize
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Membership

handlers = Handlers("memberships")

LISTING = Listing(
    {
        "id": Membership.id,
        "user": username_of(Membership.user_id),
        "role": Membership.role,
    },
    search=("user", "role"),
    simple=("user", "role"),
)


@handlers("list")
def list_(call: Call) -> Response:
    """Members of an organization, or the caller's own memberships."""
    statement = select(Membership).where(*access.visible(call)).options(*serialize.SHOWN)
    return call.page(LISTING.apply(call, statement), lambda item: serialize.membership(call, item))


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One membership."""
    return outputs.json(serialize.membership(call, access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change the role of a member."""
    fixed = sent_fields(call) - {"role"}
    if fixed:
        raise forbidden(f"These fields cannot be changed: {', '.join(sorted(fixed))}.")
    membership = access.find(call)
    if call.json_body and not access.may_lead(call.user, membership):
        raise forbidden()
    values = call.input("PatchedMembershipWriteRequest", partial=True)
    membership.role = values.get("role", membership.role)
    return outputs.json(serialize.membership(call, membership))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Remove a member from an organization, or leave it; the invitation goes too."""
    membership = access.find(call)
    if not access.may_remove(call.user, membership):
        raise forbidden()
    call.db.execute(delete(Membership).where(Membership.id == membership.id))
    return outputs.empty()
