"""Annotations and tasks as plain msgspec structs: what decoding to types costs at the least."""

from __future__ import annotations

import datetime
from typing import Any

from msgspec import Struct


class Attribute(Struct):
    """Value of an attribute."""

    spec_id: int
    value: str


class Shape(Struct):
    """A shape on one frame."""

    type: str
    occluded: bool
    outside: bool
    z_order: int
    rotation: float
    points: list[float]
    frame: int
    label_id: int
    group: int | None
    source: str
    attributes: list[Attribute]
    score: float
    elements: list[Any]
    id: int | None = None


class Keyframe(Struct):
    """A shape of a track."""

    type: str
    occluded: bool
    outside: bool
    z_order: int
    rotation: float
    points: list[float]
    frame: int
    attributes: list[Attribute]
    id: int | None = None


class Tag(Struct):
    """A label of a frame."""

    frame: int
    label_id: int
    group: int | None
    source: str
    attributes: list[Attribute]
    id: int | None = None


class Track(Struct):
    """An object over several frames."""

    frame: int
    label_id: int
    group: int | None
    source: str
    attributes: list[Attribute]
    shapes: list[Keyframe]
    elements: list[Any]
    id: int | None = None


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
    data_compressed_chunk_type: str
    data_original_chunk_type: str
    data_cloud_storage_id: int | None
    size: int
    image_quality: int
    data: int | None
    dimension: str
    media_type: str
    subset: str
    organization_id: int | None
    organization: int | None
    guide_id: int | None
    target_storage: Storage | None
    source_storage: Storage | None
    assignee_updated_date: datetime.datetime | None
    validation_mode: str | None
    jobs: Jobs
    labels: Labels


class Page(Struct):
    """A page of tasks."""

    count: int
    next: str | None
    previous: str | None
    results: list[Task]
