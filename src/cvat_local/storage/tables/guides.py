"""Tables of annotation guides and the files that they show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvat_local.storage.base import NEVER_REUSE_IDS, Base, owned_by, person
from cvat_local.storage.tables.people import User
from cvat_local.storage.tables.projects import Project, Task
from cvat_local.storage.types import UtcDateTime, utc_now


class Guide(Base):
    """How a project or task is to be annotated; each has at most one."""

    __tablename__ = "guide"
    __table_args__ = (
        CheckConstraint("(project_id IS NULL) != (task_id IS NULL)", name="one_target"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = owned_by("project.id", index=False, unique=True, nullable=True)
    task_id: Mapped[int | None] = owned_by("task.id", index=False, unique=True, nullable=True)
    markdown: Mapped[str] = mapped_column(Text, default="")
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    project: Mapped[Project | None] = relationship()
    task: Mapped[Task | None] = relationship()
    assets: Mapped[list[Asset]] = relationship(
        back_populates="guide", passive_deletes=True, order_by="Asset.created_date"
    )

    @property
    def target(self) -> Project | Task:
        """What it is for."""
        target = self.project or self.task
        if target is None:
            raise LookupError("a guide is for a project or a task")
        return target


class Asset(Base):
    """A picture or document that a guide links to; its file is in the data folder."""

    __tablename__ = "asset"

    uuid: Mapped[str] = mapped_column(String(36), primary_key=True)
    guide_id: Mapped[int] = owned_by("guide.id")
    filename: Mapped[str] = mapped_column(String(1024))
    """Name that it was uploaded under."""
    content_type: Mapped[str] = mapped_column(String(32))
    owner_id: Mapped[int | None] = person()
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    guide: Mapped[Guide] = relationship(back_populates="assets")
    owner: Mapped[User | None] = relationship()
