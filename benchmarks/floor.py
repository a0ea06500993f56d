"""Annotations and tasks as plain msgspec structs: what decoding to types costs at the least."""

from __future__ import annotations

import datetime
from typing import Any

from msgspec import Struct


class Attribute(Struct):
    """Value of an attribute."""

    spec_id: int
    value: str


class Shape(Struct, kw_only=True):
    """A shape on one frame."""

    id: int | None = None
    label_id: int
    type: str
    frame: int
    group: int | None
    source: str
    occluded: bool
    outside: bool
    z_order: int
    rotation: float
    points: list[float]
    attributes: list[Attribute]
    score: float
    elements: list[Any]


class Keyframe(Struct, kw_only=True):
    """A shape of a track."""

    id: int | None = None
    type: str
    frame: int
    occluded: bool
    outside: bool
    z_order: int
    rotation: float
    points: list[float]
    attributes: list[Attribute]


class Tag(Struct, kw_only=True):
    """A label of a frame."""

    id: int | None = None
    label_id: int
    frame: int
    group: int | None
    source: str
    attributes: list[Attribute]


class Track(Struct, kw_only=True):
    """An object over several frames."""

    id: int | None = None
    label_id: int
    frame: int
    group: int | None
    source: str
    shapes: list[Keyframe]
    attributes: list[Attribute]
    elements: list[Any]


class Annotations(Struct):
    """Annotations of a task."""

    version: int
    tags: list[Tag]
    shapes: list[Shape]
    tracks: list[Track]


class User(Struct):
    """Owner or assignee of a task."""

    url: str
    id: int
    username: str
    first_name: str
    last_name: str


class Jobs(Struct):
    """Numbers of jobs of a task."""

    count: int
    completed: int
    validation: int
    url: str


class Labels(Struct):
    """Where the labels of a task are."""

    url: str


class Storage(Struct):
    """Where exports of a task go."""

    id: int
    location: str
    cloud_storage_id: int | None


class Task(Struct):
    """A task."""

    url: str
    id: int
    name: str
    project_id: int | None
    project_name: str | None
    mode: str
    media_type: str
    owner: User | None
    assignee: User | None
    bug_tracker: str
    created_date: datetime.datetime
    updated_date: datetime.datetime
    overlap: int | None
    segment_size: int
    initial_replicas: int
    status: str
    data_chunk_size: int | None
    data_original_chunk_type: str
    data_compressed_chunk_type: str
    data_cloud_storage_id: int | None
    guide_id: int | None
    size: int
    image_quality: int
    data: int | None
    dimension: str
    subset: str
    organization_id: int | None
    organization: int | None
    target_storage: Storage | None
    source_storage: Storage | None
    jobs: Jobs
    labels: Labels
    assignee_updated_date: datetime.datetime | None
    validation_mode: str | None


class Page(Struct):
    """A page of tasks."""

    count: int
    next: str | None
    previous: str | None
    results: list[Task]
