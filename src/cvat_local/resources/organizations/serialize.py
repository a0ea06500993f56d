"""How organizations are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cvat_local.resources.users import basic_user
from cvat_local.storage.tables import Organization

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader


def organization(call: Reader, item: Organization) -> dict[str, Any]:
    """One organization (``OrganizationRead``)."""
    return {
        "id": item.id,
        "slug": item.slug,
        "name": item.name,
        "description": item.description,
        "created_date": item.created_date,
        "updated_date": item.updated_date,
        "contact": item.contact,
        "owner": basic_user(call, item.owner),
    }
