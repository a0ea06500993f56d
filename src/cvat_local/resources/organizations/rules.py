"""What may be written to an organization, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cvat_local.http.errors import field_errors
from cvat_local.storage.tables import Membership, Organization
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def create(call: Call, values: Mapping[str, Any]) -> Organization:
    """Make an organization of checked input (``OrganizationWriteRequest``); the caller owns it."""
    _check(call.db, values)
    organization = Organization(
        slug=values["slug"],
        name=values.get("name") or values["slug"],
        description=values.get("description", ""),
        contact=values.get("contact", {}),
        owner_id=call.user.id,
    )
    call.db.add(organization)
    call.db.flush()
    call.db.add(
        Membership(
            organization_id=organization.id,
            user_id=call.user.id,
            role="owner",
            is_active=True,
            joined_date=utc_now(),
        )
    )
    return organization


def update(call: Call, organization: Organization, values: Mapping[str, Any]) -> None:
    """Change an organization by checked input (``PatchedOrganizationWriteRequest``)."""
    _check(call.db, values, of=organization)
    for field, value in values.items():
        setattr(organization, field, value)
    organization.updated_date = utc_now()
    call.db.flush()


def destroy(call: Call, organization: Organization) -> None:
    """Delete an organization; its projects, tasks and storages become personal ones of their owners."""
    call.db.execute(delete(Organization).where(Organization.id == organization.id))


def _check(db: Session, values: Mapping[str, Any], of: Organization | None = None) -> None:
    errors = {}
    if "contact" in values and not isinstance(values["contact"], dict):
        errors["contact"] = "Expected an object."
    if "slug" in values:
        statement = select(Organization.id).where(Organization.slug == values["slug"])
        if of is not None:
            statement = statement.where(Organization.id != of.id)
        if db.scalar(statement) is not None:
            errors["slug"] = "Another organization has this slug."
    if errors:
        raise field_errors(errors)
