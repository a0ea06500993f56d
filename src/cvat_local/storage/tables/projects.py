"""All tables of the server.

Deleting a row deletes what belongs to it in the database itself (``ON DELETE CASCADE``): a task takes
its data, frames, jobs, labels, annotations and requests along. Files are removed by the caller, see
`cvat_local.storage.files.DataFolder.discard_after_commit`. People are never deleted along: a project
or task whose owner goes away keeps a null owner.

Ids are not used twice, as clients keep them in scripts and file names.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvat_local.storage.base import NEVER_REUSE_IDS, Base, owned_by, person, workspace
from cvat_local.storage.base import metadata as metadata
from cvat_local.storage.tables.people import Membership
from cvat_local.storage.types import Json, UtcDateTime, utc_now

# --- accounts --------------------------------------------------------------------------------------

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


# --- cloud storages --------------------------------------------------------------------------------


class CloudStorage(Base):
    """A bucket that somebody attached, with the credentials to use it."""

    __tablename__ = "cloud_storage"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = person()
    organization_id: Mapped[int | None] = workspace()
    provider_type: Mapped[str] = mapped_column(String(32))
    resource: Mapped[str] = mapped_column(String(222))
    """Name of the bucket."""
    display_name: Mapped[str] = mapped_column(String(63))
    credentials_type: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(40), default="")
    """Id of the access key; empty for anonymous access."""
    secret_key: Mapped[str] = mapped_column(String(64), default="")
    """Kept as it is, because requests are signed with it; no answer and no log has it."""
    specific_attributes: Mapped[str] = mapped_column(String(1024), default="")
    """``name=value&name=value``, see `cvat_local.cloudstorages.attributes`."""
    description: Mapped[str] = mapped_column(Text, default="")
    manifests: Mapped[list[str]] = mapped_column(Json, default=list)
    """Keys of the manifest files, in the order given."""
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    owner: Mapped[User | None] = relationship()


# --- projects, tasks, labels -----------------------------------------------------------------------


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


# --- data and jobs ---------------------------------------------------------------------------------


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
    video_path: Mapped[str | None] = mapped_column(Text)
    """Path of the video within the data folder; null for images."""
    chapters: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    deleted_frames: Mapped[list[int]] = mapped_column(Json, default=list)
    chunks_updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    task: Mapped[Task] = relationship(back_populates="data")
    frames: Mapped[list[Frame]] = relationship(passive_deletes=True, order_by="Frame.number")


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


# --- annotations -----------------------------------------------------------------------------------
# Objects are read and replaced by the job, never queried one by one, and there are up to hundreds of
# thousands of them. So what belongs to one object (points, attributes, keyframes of a track, elements
# of a skeleton) is JSON in its row, in the form of the API's document. Rows are inserted in bulk with
# ids from `IdSequence`; keyframes and elements carry an id in the JSON from a sequence of their own.


class IdSequence(Base):
    """Next free id of a kind of annotation object; see `cvat_local.storage.sequences`."""

    __tablename__ = "id_sequence"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    next_id: Mapped[int]


class Tag(Base):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    job_id: Mapped[int] = owned_by("job.id")
    label_id: Mapped[int] = owned_by("label.id")
    frame: Mapped[int]
    group: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(Text, default="manual")
    attributes: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """``[{"spec_id": int, "value": str}]``"""


class Shape(Base):
    __tablename__ = "shape"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    job_id: Mapped[int] = owned_by("job.id")
    label_id: Mapped[int] = owned_by("label.id")
    frame: Mapped[int]
    type: Mapped[str] = mapped_column(String(16))
    group: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(Text, default="manual")
    occluded: Mapped[bool] = mapped_column(default=False)
    outside: Mapped[bool] = mapped_column(default=False)
    z_order: Mapped[int] = mapped_column(default=0)
    rotation: Mapped[float] = mapped_column(Double, default=0.0)
    score: Mapped[float] = mapped_column(Double, default=1.0)
    points: Mapped[list[float]] = mapped_column(Json, default=list)
    attributes: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    elements: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    """Elements of a skeleton, whole shapes with ids of the ``shape`` sequence; null otherwise."""


class Track(Base):
    __tablename__ = "track"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    job_id: Mapped[int] = owned_by("job.id")
    label_id: Mapped[int] = owned_by("label.id")
    frame: Mapped[int]
    group: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(Text, default="manual")
    attributes: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """Values of the immutable attributes."""
    shapes: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """Keyframes by frame, with ids of the ``tracked_shape`` sequence."""
    elements: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    """Tracks of a skeleton's points, with ids of the ``track`` sequence; null otherwise."""


# --- background work -------------------------------------------------------------------------------


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
