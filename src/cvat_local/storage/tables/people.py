"""Tables of organizations; import them from `cvat_local.storage.tables`, which has all tables."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvat_local.storage.base import NEVER_REUSE_IDS, Base, owned_by, person
from cvat_local.storage.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from cvat_local.storage.tables.projects import User


class Organization(Base):
    """A workspace that its members share."""

    __tablename__ = "organization"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    description: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[Any] = mapped_column(Json, default=dict, nullable=False)
    owner_id: Mapped[int | None] = person()
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    owner: Mapped[User | None] = relationship()


class Membership(Base):
    """The place of a user in an organization; it is not active before the invitation is accepted."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("organization_id", "user_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = owned_by("organization.id", index=False)
    user_id: Mapped[int] = owned_by("user.id")
    role: Mapped[str] = mapped_column(String(16))
    """``worker``, ``supervisor``, ``maintainer`` or ``owner``."""
    is_active: Mapped[bool] = mapped_column(default=False)
    joined_date: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship()
    user: Mapped[User] = relationship(back_populates="memberships")
    invitation: Mapped[Invitation | None] = relationship(
        back_populates="membership", passive_deletes=True
    )


class Invitation(Base):
    """How a member was invited. It goes away together with the membership."""

    __tablename__ = "invitation"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("membership.id", ondelete="CASCADE"), unique=True
    )
    owner_id: Mapped[int | None] = person()
    """Who sent it."""
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    membership: Mapped[Membership] = relationship(back_populates="invitation")
    owner: Mapped[User | None] = relationship()
