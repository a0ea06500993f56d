"""How invitations are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import contains_eager, joinedload

from cvat_local.resources.users import basic_user
from cvat_local.storage.tables import Invitation, Membership

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader

_membership = contains_eager(Invitation.membership)
SHOWN = (
    joinedload(Invitation.owner),
    _membership.joinedload(Membership.user),
    _membership.joinedload(Membership.organization),
)
"""Loader options for invitations that are written, in a select that joins their memberships."""


def invitation(call: Reader, item: Invitation) -> dict[str, Any]:
    """One invitation (``InvitationRead``)."""
    membership = item.membership
    organization = membership.organization
    return {
        "key": item.key,
        "created_date": item.created_date,
        "owner": basic_user(call, item.owner),
        "role": membership.role,
        "user": basic_user(call, membership.user),
        "organization": organization.id,
        # They grow old from the moment when they are mailed, and this server sends no mail.
        "expired": None,
        "organization_info": {"id": organization.id, "slug": organization.slug},
        "accepted": membership.is_active,
    }
