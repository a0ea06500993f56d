"""What lists show and where things are created, by the workspace that a request names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import QueryableAttribute

from cvat_local.auth.organization_roles import is_member, oversees, supervises
from cvat_local.auth.roles import is_admin
from cvat_local.http.errors import forbidden

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def check_member(call: Call) -> None:
    """Make sure that the caller is a member of the organization that the request names, if it does.

    Raises:
        ApiError: 403.
    """
    if not is_admin(call.user) and not is_member(call.user, call.workspace.organization_id):
        raise forbidden("You are not a member of this organization.")


def check_creator(call: Call, kind: str) -> None:
    """Make sure that the caller may create things in the request's workspace.

    Args:
        call: The request.
        kind: What would be created, in the plural, for the message.

    Raises:
        ApiError: 403.
    """
    if not supervises(call.user, call.workspace.organization_id):
        raise forbidden(
            f"{kind} are created by accounts of the group user, and in an organization by its"
            " supervisors, maintainers and owner."
        )


def listed(
    call: Call,
    organization_id: ColumnElement[Any] | QueryableAttribute[Any],
    own: ColumnElement[bool],
) -> list[ColumnElement[bool]]:
    """Conditions for the objects that a list shows.

    Args:
        call: The request.
        organization_id: Column with the organization of an object.
        own: Condition for the objects that the caller has to do with.

    Raises:
        ApiError: 403 for an organization that the caller is no member of.
    """
    check_member(call)
    workspace = call.workspace
    conditions = []
    if workspace.given:
        conditions.append(organization_id == workspace.organization_id)
    if not oversees(call.user, workspace.organization_id):
        conditions.append(own)
    return conditions
