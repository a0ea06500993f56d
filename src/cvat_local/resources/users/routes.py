"""Accounts: listing, reading, changing, deleting."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from cvat_local.auth.accounts import is_email, username_problem
from cvat_local.auth.roles import is_admin
from cvat_local.http import outputs
from cvat_local.http.errors import field_errors, non_field_error
from cvat_local.http.filters import Listing
from cvat_local.resources.shared.workspaces import check_member
from cvat_local.resources.users import access
from cvat_local.resources.users.serialize import basic_user, full_user
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import members_of
from cvat_local.storage.tables import Group, User

handlers = Handlers("users")

LISTING = Listing(
    {
        "id": User.id,
        "username": User.username,
        "first_name": User.first_name,
        "last_name": User.last_name,
        "is_active": User.is_active,
    },
    search=("username", "first_name", "last_name"),
    simple=("username", "first_name", "last_name", "is_active"),
)

_OWN_FIELDS = frozenset(
    {
        "username",
        "first_name",
        "last_name",
        "cvat_usage_reason",
        "primary_role",
        "planned_activities",
        "data_types",
        "discovery_source",
    }
)
"""What users may change of themselves; the rest is for staff."""


@handlers("list")
def list_users(call: Call) -> Response:
    """The members of an organization; elsewhere administrators see everybody, others themselves."""
    statement = select(User)
    check_member(call)
    if call.workspace.organization_id is not None:
        statement = statement.where(User.id.in_(members_of(call.workspace.organization_id)))
    elif not is_admin(call.user):
        statement = statement.where(User.id == call.user.id)
    serialize = full_user if call.user.is_staff else basic_user
    return call.page(LISTING.apply(call, statement), lambda user: serialize(call, user))


@handlers("retrieve_self")
def retrieve_self(call: Call) -> Response:
    """The caller's own account."""
    return outputs.json(full_user(call, call.user))


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One account: the caller's own, a member of the organization, any for an administrator."""
    user = access.find(call, members=True)
    whole = call.user.is_staff or user.id == call.user.id
    return outputs.json((full_user if whole else basic_user)(call, user))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change an account."""
    body = call.json_body
    user = access.find(call)
    if not call.user.is_staff and isinstance(body, dict):
        refused = sorted(set(body) - _OWN_FIELDS)
        if refused:
            raise non_field_error(f"You cannot change {', '.join(map(repr, refused))}.")
    values = call.input("PatchedUserRequest", partial=True)
    _check(call, user, values)
    if "groups" in values:
        user.groups = _groups(call, values.pop("groups"))
    for name, value in values.items():
        setattr(user, name, value)
    call.db.flush()
    serialize = full_user if call.user.is_staff else basic_user
    return outputs.json(serialize(call, user))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete an account; what it owned stays, without an owner."""
    call.db.delete(access.find(call))
    return outputs.empty()


def _check(call: Call, user: User, values: dict[str, Any]) -> None:
    if "username" in values:
        problem = username_problem(call.db, values["username"], of=user)
        if problem:
            raise field_errors({"username": problem})
    if values.get("email") and not is_email(values["email"]):
        raise field_errors({"email": "This is not an e-mail address."})


def _groups(call: Call, names: list[str]) -> list[Group]:
    known = {group.name: group for group in call.db.scalars(select(Group))}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise field_errors({"groups": f"There is no group {unknown[0]!r}."})
    return [known[name] for name in dict.fromkeys(names)]
