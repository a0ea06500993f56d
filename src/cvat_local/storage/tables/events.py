"""Table of the event log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cvat_local.storage.base import Base
from cvat_local.storage.types import UtcDateTime

_ANY_ID = BigInteger()
"""Clients send any number as an id."""


class ClientEvent(Base):
    """Something that a user did in a client.

    A log: it points to nothing, so that it stays when what it tells of is deleted.
    """

    __tablename__ = "client_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(64))
    """``action:object``."""
    obj_name: Mapped[str | None] = mapped_column(Text)
    obj_id: Mapped[int | None] = mapped_column(_ANY_ID)
    obj_val: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(16))
    timestamp: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    """By the clock of the server."""
    count: Mapped[int | None] = mapped_column(_ANY_ID)
    duration: Mapped[int] = mapped_column(_ANY_ID)
    """Milliseconds."""
    project_id: Mapped[int | None] = mapped_column(_ANY_ID)
    task_id: Mapped[int | None] = mapped_column(_ANY_ID)
    job_id: Mapped[int | None] = mapped_column(_ANY_ID)
    user_id: Mapped[int] = mapped_column(index=True)
    user_name: Mapped[str] = mapped_column(Text)
    user_email: Mapped[str] = mapped_column(Text)
    org_id: Mapped[int | None] = mapped_column(index=True)
    org_slug: Mapped[str | None] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)
    """JSON."""
