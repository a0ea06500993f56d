"""Tables of webhooks, of what they sent and of what they still have to send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvat_local.storage.base import NEVER_REUSE_IDS, Base, owned_by, person
from cvat_local.storage.tables.people import User
from cvat_local.storage.tables.projects import Project
from cvat_local.storage.types import Json, UtcDateTime, utc_now


class Webhook(Base):
    """An address that is told what happens in a project, in an organization or on the whole server."""

    __tablename__ = "webhook"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(16))
    """``project``, ``organization`` or ``server``."""
    project_id: Mapped[int | None] = owned_by("project.id", nullable=True)
    organization_id: Mapped[int | None] = owned_by("organization.id", nullable=True)
    """Of type organization only; one of a project is where its project is."""
    owner_id: Mapped[int | None] = person()
    target_url: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(String(128), default="")
    events: Mapped[list[str]] = mapped_column(Json, default=list)
    """Their names, sorted."""
    content_type: Mapped[str] = mapped_column(String(32), default="application/json")
    secret: Mapped[str] = mapped_column(String(64), default="")
    """Key of the signatures; kept as it is, because they are made with it. No answer has it."""
    is_active: Mapped[bool] = mapped_column(default=True)
    enable_ssl: Mapped[bool] = mapped_column(default=True)
    server_url: Mapped[str] = mapped_column(Text)
    """Where whoever set it up reaches this server; the addresses in what is sent begin with it."""
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    project: Mapped[Project | None] = relationship()
    owner: Mapped[User | None] = relationship()


class WebhookDelivery(Base):
    """One HTTP request that a webhook sent, and what became of it."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = owned_by("webhook.id")
    event: Mapped[str] = mapped_column(String(64))
    status_code: Mapped[int]
    """Of the answer; 502 when there was none, 504 when it took too long."""
    redelivery: Mapped[bool] = mapped_column(default=False)
    attempt: Mapped[int]
    request_duration: Mapped[int]
    """Milliseconds."""
    changed_fields: Mapped[str] = mapped_column(Text, default="")
    request: Mapped[Any] = mapped_column(Json, nullable=False)
    response: Mapped[str] = mapped_column(Text, default="")
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class WebhookSending(Base):
    """Something that has to be sent, from the moment it happened until it has arrived or was given up."""

    __tablename__ = "webhook_sending"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int | None] = mapped_column(
        ForeignKey("webhook.id", ondelete="SET NULL"), index=True
    )
    """Null: the webhook went away with the project or organization whose end is told."""
    target_url: Mapped[str] = mapped_column(Text)
    """This and the next two are what the webhook said then, for when it is gone."""
    secret: Mapped[str] = mapped_column(String(64))
    enable_ssl: Mapped[bool]
    event: Mapped[str] = mapped_column(String(64))
    body: Mapped[Any] = mapped_column(Json, nullable=False)
    changed_fields: Mapped[str] = mapped_column(Text, default="")
    redelivery: Mapped[bool] = mapped_column(default=False)
    attempt: Mapped[int] = mapped_column(default=1)
    """Number of the next attempt, from 1."""
    due_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
