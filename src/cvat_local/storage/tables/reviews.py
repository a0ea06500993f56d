"""Tables of what people say about annotations: issues and their comments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvat_local.storage.base import NEVER_REUSE_IDS, Base, owned_by, person
from cvat_local.storage.tables.people import User
from cvat_local.storage.tables.projects import Job
from cvat_local.storage.types import Json, UtcDateTime, utc_now


class Issue(Base):
    """A remark that is pinned to a place on a frame of a job."""

    __tablename__ = "issue"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = owned_by("job.id")
    frame: Mapped[int]
    """Position in the task."""
    position: Mapped[list[float]] = mapped_column(Json)
    """Coordinates in pixels: x1, y1, x2, y2 ..."""
    owner_id: Mapped[int | None] = person()
    assignee_id: Mapped[int | None] = person()
    resolved: Mapped[bool] = mapped_column(default=False)
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    job: Mapped[Job] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])


class Comment(Base):
    """A message in the discussion of an issue."""

    __tablename__ = "comment"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = owned_by("issue.id")
    owner_id: Mapped[int | None] = person()
    message: Mapped[str] = mapped_column(Text, default="")
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    issue: Mapped[Issue] = relationship()
    owner: Mapped[User | None] = relationship()
