"""Table of background work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvat_local.storage.base import Base, owned_by, workspace
from cvat_local.storage.tables.people import User
from cvat_local.storage.types import Json, UtcDateTime, utc_now


class Request(Base):
    """A piece of background work, from the moment it was asked for until its result expires."""

    __tablename__ = "request"
    __table_args__ = (Index("ix_request_owner", "user_id", "created_date"),)

    id: Mapped[str] = mapped_column(String(512), primary_key=True)
    """The id that clients use, see `cvat_local.background.ids`."""
    run: Mapped[str] = mapped_column(String(32))
    """Changes each time the same work is asked for again, so that stale queue entries do nothing."""
    status: Mapped[str] = mapped_column(String(16), default="queued", index=True)
    progress: Mapped[float] = mapped_column(Double, default=0.0)
    message: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    action: Mapped[str] = mapped_column(String(32))
    target: Mapped[str] = mapped_column(String(32))
    subresource: Mapped[str | None] = mapped_column(String(32))
    format: Mapped[str | None] = mapped_column(String(128))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """Input of the work, known to its work function."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    private: Mapped[bool] = mapped_column(default=False)
    """True: only the owner (and admins) may see it; False: whoever may view the target."""
    lightweight: Mapped[bool] = mapped_column(default=False)
    """A backup that leaves out media which lie in a cloud storage."""
    organization_id: Mapped[int | None] = workspace()
    project_id: Mapped[int | None] = owned_by("project.id", nullable=True)
    task_id: Mapped[int | None] = owned_by("task.id", nullable=True)
    job_id: Mapped[int | None] = owned_by("job.id", nullable=True)
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    started_date: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_date: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expiry_date: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result_path: Mapped[str | None] = mapped_column(Text)
    """File made by the work, as a path within the data folder."""
    result_filename: Mapped[str | None] = mapped_column(Text)
    """Name under which ``result_path`` is downloaded."""
    result_id: Mapped[int | None]

    user: Mapped[User | None] = relationship()
