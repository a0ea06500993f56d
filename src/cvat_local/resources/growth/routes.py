"""Operations on what an account has seen of prompts. It has one record, which only itself sees."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import not_found
from cvat_local.http.filters import Listing
from cvat_local.http.values import parse_id
from cvat_local.resources.shared import objects
from cvat_local.resources.users import basic_user
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import User

handlers = Handlers("growth")

_CHANGEABLE = (
    "github_prompt_shown",
    "github_prompt_support_clicked",
    "promotion_notifications_allowed",
)
LISTING = Listing({"id": User.id, **{name: getattr(User, name) for name in _CHANGEABLE}})


@handlers("list")
def list_(call: Call) -> Response:
    """The caller's record."""
    statement = select(User).where(User.id == call.user.id)
    return call.page(LISTING.apply(call, statement), lambda item: _record(call, item))


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """The caller's record, by its id."""
    return outputs.json(_record(call, _find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Note what the caller has seen or allows."""
    user = _find(call)
    for name, value in call.input("PatchedUserGrowthDataRequest", partial=True).items():
        setattr(user, name, value)
    call.db.flush()
    return outputs.json(_record(call, user))


def _find(call: Call) -> User:
    number = parse_id(call.path["id"])
    if number is None:
        raise not_found("There is no such record.")
    return objects.find(call, User, number, lambda user, other: user.id == other.id)


def _record(call: Call, user: User) -> dict[str, Any]:
    """A record (``UserGrowthData``); its id is that of its account."""
    return {
        "id": user.id,
        "owner": basic_user(call, user),
        **{name: getattr(user, name) for name in _CHANGEABLE},
        # This server promotes nothing.
        "github_prompt_enabled": False,
    }
