"""Finding organizations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.storage.tables import Organization


def id_of_slug(db: Session, slug: str) -> int | None:
    """Id of the organization with just this slug."""
    return db.scalar(select(Organization.id).where(Organization.slug == slug))


def existing_id(db: Session, number: int) -> int | None:
    """The id itself when there is such an organization."""
    return db.scalar(select(Organization.id).where(Organization.id == number))
