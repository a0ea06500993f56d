"""Finding accounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import QueryableAttribute, Session, aliased

from cvat_local.storage.tables import Membership, User


def username_of(
    user_id: ColumnElement[Any] | QueryableAttribute[Any],
) -> ScalarSelect[str]:
    """Name of the user that a column points to, for filters and orders: ``username_of(Task.owner_id)``."""
    person = aliased(User)
    # Only the alias belongs to the subquery; the column is that of the query around it.
    return (
        select(person.username).where(person.id == user_id).correlate_except(person)
    ).scalar_subquery()


def find_by_username(db: Session, username: str) -> User | None:
    """The account with just this name."""
    return db.scalars(select(User).where(User.username == username)).one_or_none()


def find_by_email(db: Session, email: str) -> User | None:
    """The account with this address, whose case does not matter."""
    if not email:
        return None
    statement = select(User).where(func.lower(User.email) == email.lower())
    return db.scalars(statement.order_by(User.id).limit(1)).one_or_none()


def members_of(organization_id: int) -> Select[Any]:
    """Ids of the users in an organization, those who are only invited too."""
    return select(Membership.user_id).where(Membership.organization_id == organization_id)
