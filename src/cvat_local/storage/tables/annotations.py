"""Tables of annotation objects.

Objects are read and replaced by the job, never queried one by one, and there are up to hundreds of
thousands of them. So what belongs to one object (points, attributes, keyframes of a track, elements
of a skeleton) is JSON in its row, in the form of the API's document. Rows are inserted in bulk with
ids from `IdSequence`; keyframes and elements carry an id in the JSON from a sequence of their own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Double, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cvat_local.storage.base import Base, owned_by
from cvat_local.storage.types import Json


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
