"""What all tables have in common: their base class and the columns that point to something."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all tables; ``Base.metadata`` is what the migrations build."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


metadata = Base.metadata

NEVER_REUSE_IDS = {"sqlite_autoincrement": True}
"""Table argument: SQLite gives the id of the last deleted row to the next one unless told otherwise."""


def owned_by(
    target: str, *, index: bool = True, unique: bool = False, nullable: bool = False
) -> Mapped[Any]:
    """Column of a row that is deleted together with the row it points to."""
    return mapped_column(
        ForeignKey(target, ondelete="CASCADE"),
        index=index,
        unique=unique,
        nullable=nullable,
    )


def person() -> Mapped[Any]:
    """Column that points to a user and becomes null when the account is deleted."""
    return mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)


def workspace() -> Mapped[Any]:
    """Column that says which organization a row belongs to; null: it is personal.

    What an organization had becomes personal again when the organization is deleted.
    """
    return mapped_column(ForeignKey("organization.id", ondelete="SET NULL"), index=True)
