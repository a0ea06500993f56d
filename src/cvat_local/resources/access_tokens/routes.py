"""Operations on personal access tokens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from starlette.responses import Response

from cvat_local.auth.roles import is_admin, is_worker
from cvat_local.auth.tokens import make_token, usable
from cvat_local.http import outputs
from cvat_local.http.errors import forbidden, list_error, not_authenticated, not_found
from cvat_local.http.filters import Listing
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.resources.users.serialize import basic_user
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
    return call.page(LISTING.apply(call, statement), lambda item: _written(call, item))


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
    return outputs.created({**_written(call, token), "value": made.value})


@handlers("retrieve_access_tokens")
def retrieve(call: Call) -> Response:
    """One token."""
    return outputs.json(_written(call, _find(call)))


# Other credentials than a token, or none, are answered here too: with what is needed instead.
@handlers("retrieve_access_tokens_self", anonymous=True)
def retrieve_self(call: Call) -> Response:
    """The token that the request is signed with."""
    if call.identity.token is None:
        raise not_authenticated("This is for requests signed with an access token.", "Bearer")
    return outputs.json(_written(call, call.identity.token))


@handlers("partial_update_access_tokens")
def partial_update(call: Call) -> Response:
    """Change name, expiry or rights of a token."""
    sent_fields(call)  # A body that cannot be read is refused before anything else.
    token = _find(call)
    for name, value in call.input("PatchedAccessTokenWriteRequest", partial=True).items():
        setattr(token, name, value)
    token.updated_date = utc_now()
    return outputs.json(_written(call, token))


@handlers("destroy_access_tokens")
def destroy(call: Call) -> Response:
    """Revoke a token: nobody can sign in with it any more."""
    call.db.delete(_find(call))
    return outputs.empty()


def _find(call: Call) -> AccessToken:
    """The token that the path names; one that cannot be used any more does not exist."""
    statement = select(AccessToken).where(AccessToken.id == call.path["id"], usable(utc_now()))
    token = call.db.scalars(statement).one_or_none()
    if token is None:
        raise not_found(f"There is no access token {call.path['id']}.")
    own = is_worker(call.user) and token.owner_id == call.user.id
    if not own and not is_admin(call.user):
        raise forbidden()
    return token


def _written(call: Call, token: AccessToken) -> dict[str, Any]:
    """A token as it is written (``AccessTokenRead``)."""
    return {
        "id": token.id,
        "name": token.name,
        "created_date": token.created_date,
        "updated_date": token.updated_date,
        "expiry_date": token.expiry_date,
        "last_used_date": token.last_used_date,
        "read_only": token.read_only,
        "owner": basic_user(call, token.owner),
    }
