"""Operations on personal access tokens."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from starlette.responses import Response

from cvat_local.auth.roles import is_worker
from cvat_local.auth.tokens import make_token, usable
from cvat_local.http import outputs
from cvat_local.http.errors import forbidden, list_error, not_authenticated
from cvat_local.http.filters import Listing
from cvat_local.resources.access_tokens import access, serialize
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import AccessToken
from cvat_local.storage.types import utc_now

handlers = Handlers("auth")

LISTING = Listing(
    {
        "id": AccessToken.id,
        "name": AccessToken.name,
        "created_date": AccessToken.created_date,
        "updated_date": AccessToken.updated_date,
        "expiry_date": AccessToken.expiry_date,
        "last_used_date": AccessToken.last_used_date,
        "read_only": AccessToken.read_only,
    },
    search=("name",),
    simple=("name", "read_only"),
)

_MOST = 50
"""Usable tokens that one account can have."""


@handlers("list_access_tokens")
def list_(call: Call) -> Response:
    """The caller's own tokens that can still be used; admins see no others either."""
    statement = (
        select(AccessToken)
        .where(AccessToken.owner_id == call.user.id, usable(utc_now()))
        .options(joinedload(AccessToken.owner))
    )
    return call.page(
        LISTING.apply(call, statement), lambda item: serialize.access_token(call, item)
    )


@handlers("create_access_tokens")
def create(call: Call) -> Response:
    """Make a token. Its value is in this answer and never again."""
    if not is_worker(call.user):
        raise forbidden("Access tokens are for accounts of a group.")
    values = call.input("AccessTokenWriteRequest")
    # In this order the count is taken while nobody else can write.
    present = select(func.count()).where(AccessToken.owner_id == call.user.id, usable(utc_now()))
    if (call.db.scalar(present) or 0) >= _MOST:
        raise list_error(f"An account has at most {_MOST} access tokens; revoke one first.")
    made = make_token()
    token = AccessToken(
        owner_id=call.user.id, prefix=made.prefix, secret_hash=made.secret_hash, **values
    )
    call.db.add(token)
    call.db.flush()
    return outputs.created({**serialize.access_token(call, token), "value": made.value})


@handlers("retrieve_access_tokens")
def retrieve(call: Call) -> Response:
    """One token."""
    return outputs.json(serialize.access_token(call, access.find(call)))


# Other credentials than a token, or none, are answered here too: with what is needed instead.
@handlers("retrieve_access_tokens_self", anonymous=True)
def retrieve_self(call: Call) -> Response:
    """The token that the request is signed with."""
    if call.identity.token is None:
        raise not_authenticated("This is for requests signed with an access token.", "Bearer")
    return outputs.json(serialize.access_token(call, call.identity.token))


@handlers("partial_update_access_tokens")
def partial_update(call: Call) -> Response:
    """Change name, expiry or rights of a token."""
    sent_fields(call)  # A body that cannot be read is refused before anything else.
    token = access.find(call)
    for name, value in call.input("PatchedAccessTokenWriteRequest", partial=True).items():
        setattr(token, name, value)
    token.updated_date = utc_now()
    return outputs.json(serialize.access_token(call, token))


@handlers("destroy_access_tokens")
def destroy(call: Call) -> Response:
    """Revoke a token: nobody can sign in with it any more."""
    call.db.delete(access.find(call))
    return outputs.empty()
