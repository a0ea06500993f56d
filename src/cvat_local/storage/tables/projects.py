"""Tables of projects and tasks with their labels, media and jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvat_local.storage.base import NEVER_REUSE_IDS, Base, owned_by, person, workspace
from cvat_local.storage.tables.people import User
from cvat_local.storage.types import Json, UtcDateTime, utc_now

GROUND_TRUTH = "ground_truth"
"""Type of the job that holds the ground truth of a task."""
GT, GT_POOL = "gt", "gt_pool"
"""Validation modes: some frames of the jobs, or a pool that the jobs show as honeypots."""

# --- projects and tasks --------------------------------------------------------------------------


class Project(Base):
    __tablename__ = "project"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(256))
    owner_id: Mapped[int | None] = person()
    assignee_id: Mapped[int | None] = person()
    assignee_updated_date: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bug_tracker: Mapped[str] = mapped_column(String(2000), default="")
    status: Mapped[str] = mapped_column(String(32), default="annotation")
    organization_id: Mapped[int | None] = workspace()
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])
    tasks: Mapped[list[Task]] = relationship(
        back_populates="project", passive_deletes=True, order_by="Task.id"
    )
    labels: Mapped[list[Label]] = relationship(order_by="Label.id", viewonly=True)
    storages: Mapped[list[Storage]] = relationship(
        passive_deletes=True, cascade="all, delete-orphan"
    )


class Task(Base):
    __tablename__ = "task"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(256))
    project_id: Mapped[int | None] = owned_by("project.id", nullable=True)
    owner_id: Mapped[int | None] = person()
    assignee_id: Mapped[int | None] = person()
    assignee_updated_date: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bug_tracker: Mapped[str] = mapped_column(String(2000), default="")
    subset: Mapped[str] = mapped_column(String(64), default="")
    status: Mapped[str] = mapped_column(String(32), default="annotation")
    mode: Mapped[str] = mapped_column(String(32), default="")
    """``annotation`` (images), ``interpolation`` (video), empty before there is data."""
    dimension: Mapped[str] = mapped_column(String(2), default="2d")
    overlap: Mapped[int | None]
    segment_size: Mapped[int] = mapped_column(default=0)
    consensus_replicas: Mapped[int] = mapped_column(default=0)
    organization_id: Mapped[int | None] = workspace()
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    project: Mapped[Project | None] = relationship(back_populates="tasks")
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])
    data: Mapped[Data | None] = relationship(back_populates="task", passive_deletes=True)
    jobs: Mapped[list[Job]] = relationship(
        back_populates="task", passive_deletes=True, order_by="Job.id"
    )
    labels: Mapped[list[Label]] = relationship(order_by="Label.id", viewonly=True)
    """The task's own labels; those of a task in a project belong to the project."""
    storages: Mapped[list[Storage]] = relationship(
        passive_deletes=True, cascade="all, delete-orphan"
    )

    @property
    def data_id(self) -> int | None:
        """Id of the task's data, null before any was attached."""
        return None if self.data is None else self.data.id


class Storage(Base):
    """Where a project or task imports from (``source``) or exports to (``target``)."""

    __tablename__ = "storage"
    __table_args__ = (
        CheckConstraint("(project_id IS NULL) != (task_id IS NULL)", name="one_parent"),
        UniqueConstraint("project_id", "role", name="uq_storage_project_role"),
        UniqueConstraint("task_id", "role", name="uq_storage_task_role"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = owned_by("project.id", index=False, nullable=True)
    task_id: Mapped[int | None] = owned_by("task.id", index=False, nullable=True)
    role: Mapped[str] = mapped_column(String(6))
    """``source`` or ``target``."""
    location: Mapped[str] = mapped_column(String(16), default="local")
    cloud_storage_id: Mapped[int | None] = owned_by("cloud_storage.id", nullable=True)
    """A project or task whose cloud storage goes away has no storage of this role any more."""


# --- labels --------------------------------------------------------------------------------------


class Label(Base):
    """A label of a project or of a task outside projects; a sublabel has a parent label too."""

    __tablename__ = "label"
    __table_args__ = (
        CheckConstraint("(project_id IS NULL) != (task_id IS NULL)", name="one_parent"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = owned_by("project.id", nullable=True)
    task_id: Mapped[int | None] = owned_by("task.id", nullable=True)
    parent_id: Mapped[int | None] = owned_by("label.id", nullable=True)
    name: Mapped[str] = mapped_column(String(64))
    color: Mapped[str] = mapped_column(String(8))
    type: Mapped[str] = mapped_column(String(32), default="any")
    svg: Mapped[str] = mapped_column(Text, default="")
    """Drawing of a skeleton; its points name their sublabels by ``data-label-id``."""

    attributes: Mapped[list[AttributeSpec]] = relationship(
        back_populates="label", passive_deletes=True, order_by="AttributeSpec.id"
    )
    sublabels: Mapped[list[Label]] = relationship(
        back_populates="parent", passive_deletes=True, order_by="Label.id"
    )
    parent: Mapped[Label | None] = relationship(back_populates="sublabels", remote_side=[id])
    project: Mapped[Project | None] = relationship()
    task: Mapped[Task | None] = relationship()


class AttributeSpec(Base):
    """An attribute that objects with a label have."""

    __tablename__ = "attribute_spec"
    __table_args__ = (UniqueConstraint("label_id", "name"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    label_id: Mapped[int] = owned_by("label.id", index=False)
    name: Mapped[str] = mapped_column(String(64))
    mutable: Mapped[bool]
    input_type: Mapped[str] = mapped_column(String(16))
    default_value: Mapped[str] = mapped_column(String(128), default="")
    values: Mapped[list[str]] = mapped_column(Json, default=list)

    label: Mapped[Label] = relationship(back_populates="attributes")


# --- data and jobs -------------------------------------------------------------------------------


class Data(Base):
    """The media of a task and how it is cut into chunks.

    ``size`` is 0 until the request that creates the task's frames has finished.
    """

    __tablename__ = "data"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), unique=True)
    size: Mapped[int] = mapped_column(default=0)
    chunk_size: Mapped[int | None]
    image_quality: Mapped[int] = mapped_column(default=70)
    start_frame: Mapped[int] = mapped_column(default=0)
    stop_frame: Mapped[int] = mapped_column(default=0)
    frame_filter: Mapped[str] = mapped_column(String(256), default="")
    storage: Mapped[str] = mapped_column(String(16), default="local")
    storage_method: Mapped[str] = mapped_column(String(16), default="cache")
    compressed_chunk_type: Mapped[str] = mapped_column(String(16), default="imageset")
    original_chunk_type: Mapped[str] = mapped_column(String(16), default="imageset")
    sorting_method: Mapped[str] = mapped_column(String(16), default="lexicographical")
    cloud_storage_id: Mapped[int | None] = mapped_column(
        ForeignKey("cloud_storage.id", ondelete="SET NULL"), index=True
    )
    validation_mode: Mapped[str | None] = mapped_column(String(16))
    disabled_frames: Mapped[list[int]] = mapped_column(Json, default=list)
    """Validation frames that do not count, as positions in the task."""
    video_path: Mapped[str | None] = mapped_column(Text)
    """Path of the video within the data folder; null for images."""
    chapters: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    deleted_frames: Mapped[list[int]] = mapped_column(Json, default=list)
    chunks_updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    task: Mapped[Task] = relationship(back_populates="data")
    frames: Mapped[list[Frame]] = relationship(passive_deletes=True, order_by="Frame.number")

    @property
    def has_honeypots(self) -> bool:
        """Whether the jobs show frames of a pool of ground truth."""
        return self.validation_mode == GT_POOL


class Frame(Base):
    """One frame of a task. Of a video only frame 0 is kept: all frames have its size."""

    __tablename__ = "frame"

    data_id: Mapped[int] = mapped_column(
        ForeignKey("data.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Position in the task, from 0 and without gaps."""
    name: Mapped[str] = mapped_column(String(1024))
    """Path relative to what was uploaded, as users see it."""
    path: Mapped[str] = mapped_column(Text)
    """Path of the image within the data folder."""
    width: Mapped[int]
    height: Mapped[int]
    related_paths: Mapped[list[str]] = mapped_column(Json, default=list)
    """Context images, as paths within the data folder."""


class Job(Base):
    """A range of a task's frames that one person works on."""

    __tablename__ = "job"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = owned_by("task.id")
    parent_job_id: Mapped[int | None] = owned_by("job.id", nullable=True)
    type: Mapped[str] = mapped_column(String(32), default="annotation")
    start_frame: Mapped[int]
    """Position in the task of the first frame."""
    stop_frame: Mapped[int]
    """Position in the task of the last frame, inclusive."""
    frames: Mapped[list[int] | None] = mapped_column(Json)
    """Positions in the task when they are not all of start..stop, else null."""
    stage: Mapped[str] = mapped_column(String(16), default="annotation")
    state: Mapped[str] = mapped_column(String(16), default="new")
    status: Mapped[str] = mapped_column(String(16), default="annotation")
    assignee_id: Mapped[int | None] = person()
    assignee_updated_date: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    task: Mapped[Task] = relationship(back_populates="jobs")
    assignee: Mapped[User | None] = relationship()
