"""Tables of accounts, of what they sign in with, and of the organizations that they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvat_local.storage.base import NEVER_REUSE_IDS, Base, metadata, owned_by, person
from cvat_local.storage.types import Json, UtcDateTime, utc_now

# --- accounts ------------------------------------------------------------------------------------


user_group = Table(
    "user_group",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
)


class Group(Base):
    """A global role: ``admin``, ``user`` or ``worker``."""

    __tablename__ = "group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(150), unique=True)


class User(Base):
    """An account."""

    __tablename__ = "user"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(150), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    password_hash: Mapped[str | None] = mapped_column(Text)
    """Argon2 hash; null: nobody can sign in by password."""
    first_name: Mapped[str] = mapped_column(String(150), default="")
    last_name: Mapped[str] = mapped_column(String(150), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_staff: Mapped[bool] = mapped_column(default=False)
    is_superuser: Mapped[bool] = mapped_column(default=False)
    date_joined: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_login: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_analytics_access: Mapped[bool] = mapped_column(default=False)
    cvat_usage_reason: Mapped[str | None] = mapped_column(String(64))
    primary_role: Mapped[str] = mapped_column(String(255), default="")
    planned_activities: Mapped[list[str]] = mapped_column(Json, default=list)
    data_types: Mapped[list[str]] = mapped_column(Json, default=list)
    discovery_source: Mapped[str] = mapped_column(String(255), default="")
    email_verified: Mapped[bool | None]
    created_via: Mapped[str | None] = mapped_column(String(32))
    github_prompt_shown: Mapped[bool] = mapped_column(default=False)
    github_prompt_support_clicked: Mapped[bool] = mapped_column(default=False)
    promotion_notifications_allowed: Mapped[bool] = mapped_column(default=False)

    groups: Mapped[list[Group]] = relationship(secondary=user_group, lazy="selectin")
    memberships: Mapped[list[Membership]] = relationship(back_populates="user", viewonly=True)
    """Places in organizations, those that are still invitations too."""


class AuthSession(Base):
    """A signed-in browser-like client (cookie ``sessionid``)."""

    __tablename__ = "auth_session"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the cookie's value."""
    user_id: Mapped[int] = owned_by("user.id")
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expiry_date: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class ApiKey(Base):
    """The one API key of an account; logging out deletes it.

    The key itself is kept because every login has to hand out the same one.
    """

    __tablename__ = "api_key"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(40), unique=True)
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    user: Mapped[User] = relationship()


class AccessToken(Base):
    """A personal access token: signs a script in as its owner, with fewer rights.

    Deleting the row revokes the token.
    """

    __tablename__ = "access_token"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = owned_by("user.id")
    name: Mapped[str] = mapped_column(String(50))
    prefix: Mapped[str] = mapped_column(String(8), unique=True)
    """What the token begins with, by which it is found."""
    secret_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the rest, which is random and long enough for a fast hash."""
    read_only: Mapped[bool] = mapped_column(default=True)
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expiry_date: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_date: Mapped[datetime | None] = mapped_column(UtcDateTime)

    owner: Mapped[User] = relationship()


# --- organizations -------------------------------------------------------------------------------


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
