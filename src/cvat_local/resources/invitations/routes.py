"""Operations on invitations."""

from __future__ import annotations

from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import forbidden
from cvat_local.http.filters import Listing
from cvat_local.resources.invitations import access, rules, serialize
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Invitation, Membership

handlers = Handlers("invitations")

LISTING = Listing(
    {
        "owner": username_of(Invitation.owner_id),
        "user_id": Membership.user_id,
        "accepted": Membership.is_active,
        "created_date": Invitation.created_date,
    },
    search=("owner",),
    simple=("owner", "user_id", "accepted"),
    order="-created_date",
)


@handlers("list")
def list_(call: Call) -> Response:
    """Invitations that the caller sent or got; all of an organization for those who lead it."""
    statement = access.shown(*access.visible(call))
    return call.page(LISTING.apply(call, statement), lambda item: serialize.invitation(call, item))


@handlers("create")
def create(call: Call) -> Response:
    """Invite a person to the organization of the request."""
    body = call.json_body
    role = body.get("role") if isinstance(body, dict) else None
    organization_id = access.check_inviter(call, role)
    values = call.input("InvitationWriteRequest")
    invitation = rules.create(call, organization_id, values["email"], values["role"])
    return outputs.created(serialize.invitation(call, invitation))


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One invitation."""
    return outputs.json(serialize.invitation(call, access.find(call)))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Take back an invitation."""
    invitation = access.find(call)
    if not access.may_manage(call.user, invitation):
        raise forbidden()
    rules.destroy(call.db, invitation)
    return outputs.empty()


@handlers("accept")
def accept(call: Call) -> Response:
    """Join the organization that one is invited to."""
    invitation = access.find(call)
    if not access.may_answer(call.user, invitation):
        raise forbidden("This invitation is for somebody else.")
    rules.accept(invitation)
    return outputs.json({"organization_slug": invitation.membership.organization.slug})


@handlers("decline")
def decline(call: Call) -> Response:
    """Refuse an invitation."""
    invitation = access.find(call)
    if not access.may_answer(call.user, invitation):
        raise forbidden("This invitation is for somebody else.")
    rules.decline(call.db, invitation)
    return outputs.empty()


@handlers("resend")
def resend(call: Call) -> Response:
    """Remind a person of an invitation."""
    invitation = access.find(call)
    if not access.may_manage(call.user, invitation):
        raise forbidden()
    rules.resend(invitation)
    return outputs.empty()
