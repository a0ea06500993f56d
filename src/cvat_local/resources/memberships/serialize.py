"""How memberships are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import joinedload

from cvat_local.resources.users import basic_user
from cvat_local.storage.tables import Membership

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader

SHOWN = (joinedload(Membership.user), joinedload(Membership.invitation))
"""Loader options for memberships that are written."""


def membership(call: Reader, item: Membership) -> dict[str, Any]:
    """One membership (``MembershipRead``)."""
    return {
        "id": item.id,
        "user": basic_user(call, item.user),
        "organization": item.organization_id,
        "is_active": item.is_active,
        "joined_date": item.joined_date,
        "role": item.role,
        "invitation": None if item.invitation is None else item.invitation.key,
    }
