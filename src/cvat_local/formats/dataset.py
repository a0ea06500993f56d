"""What a dataset format reads and writes: labels, frames and annotations of tasks, jobs and projects.

Annotations are documents of the API (``{"version", "tags", "shapes", "tracks"}``), with frame
positions and ids of labels and attributes. In a document to export, the tracks are flattened: each
visible position of a track stands among the shapes, with two more keys, ``track_id`` (an index that is
unique in the document) and ``keyframe``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

Document: TypeAlias = "dict[str, Any]"
"""Annotations as the API writes them."""

DEFAULT_SUBSET = "default"
"""What files call the subset of a task that has none."""

NUMBER = "number"
CHECKBOX = "checkbox"


def empty_document() -> Document:
    """A document without annotations."""
    return {"version": 0, "tags": [], "shapes": [], "tracks": []}


@dataclass(frozen=True)
class Attribute:
    """An attribute that objects with a label have."""

    id: int
    name: str
    mutable: bool = False
    input_type: str = "text"
    default_value: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Label:
    """A label, or a sublabel (a point of a skeleton) when it has a parent."""

    id: int
    name: str
    color: str = ""
    type: str = "any"
    attributes: tuple[Attribute, ...] = ()
    parent_id: int | None = None
    svg: str = ""
    """Drawing of a skeleton, its points carry ``data-label-name``."""


@dataclass(frozen=True)
class Frame:
    """One image of a task, or one frame of its video."""

    number: int
    """Position in the task, the ``frame`` of annotations."""
    source_number: int
    """Number in the uploaded media, before start, stop and step were applied."""
    name: str
    """Path relative to what was uploaded; of a video ``frame_000000``, without extension."""
    width: int
    height: int
    extension: str = ""
    """What image files are called beyond ``name``: ``.png`` for frames of a video, else nothing."""
    image: Callable[[], Path] | None = None
    """Makes the image file available; called when the image is written."""

    @property
    def file_name(self) -> str:
        """Name of the image file."""
        return self.name + self.extension

    @property
    def stem(self) -> str:
        """Name without the extension of the image file, folders included."""
        head, _, tail = self.file_name.rpartition("/")
        base = tail.rpartition(".")[0] or tail
        return f"{head}/{base}" if head else base


class Person(NamedTuple):
    """Owner or assignee."""

    username: str
    email: str


class Segment(NamedTuple):
    """A job, as the task it belongs to lists it."""

    id: int
    start: int
    stop: int
    url: str


@dataclass(frozen=True)
class TaskInfo:
    """What the CVAT format says about a task; about a job when ``name`` is None."""

    id: int
    name: str | None
    size: int
    mode: str
    overlap: int
    bug_tracker: str
    created: datetime
    updated: datetime
    subset: str
    start_frame: int
    stop_frame: int
    frame_filter: str
    segments: tuple[Segment, ...] = ()
    owner: Person | None = None
    assignee: Person | None = None
    video: str | None = None
    """Name of the task's video."""


@dataclass(frozen=True)
class ProjectInfo:
    """What the CVAT format says about a project."""

    id: int
    name: str
    bug_tracker: str
    created: datetime
    updated: datetime
    owner: Person | None = None
    assignee: Person | None = None


class FrameAnnotations(NamedTuple):
    """What was found in one frame."""

    tags: list[dict[str, Any]]
    shapes: list[dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """The frames and annotations of one task or job. Deleted frames are not in it."""

    task_id: int
    subset: str
    frames: Sequence[Frame]
    document: Document = field(default_factory=empty_document)
    info: TaskInfo | None = None

    @property
    def subset_name(self) -> str:
        """The subset, or the name that formats have for none."""
        return self.subset or DEFAULT_SUBSET

    def annotated_frames(self) -> Iterator[tuple[Frame, FrameAnnotations]]:
        """All frames in order, each with its tags and shapes."""
        tags: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        shapes: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        for tag in self.document["tags"]:
            tags[tag["frame"]].append(tag)
        for shape in self.document["shapes"]:
            shapes[shape["frame"]].append(shape)
        for frame in self.frames:
            yield frame, FrameAnnotations(tags[frame.number], shapes[frame.number])


@dataclass(frozen=True)
class Dataset:
    """What is exported, or what a file is imported to (then with one part and no images)."""

    labels: Sequence[Label]
    """Each parent label is followed by its sublabels."""
    parts: Sequence[Part]
    project: ProjectInfo | None = None
    """Set when a whole project is exported."""

    @cached_property
    def label_indexes(self) -> Mapping[int, int]:
        """Position in `labels` by label id."""
        return {label.id: index for index, label in enumerate(self.labels)}

    @cached_property
    def label_by_id(self) -> Mapping[int, Label]:
        return {label.id: label for label in self.labels}

    @cached_property
    def attribute_by_id(self) -> Mapping[int, Attribute]:
        return {a.id: a for label in self.labels for a in label.attributes}

    def subsets(self) -> dict[str, list[Part]]:
        """The parts by subset, in the order in which the subsets appear."""
        found: dict[str, list[Part]] = {}
        for part in self.parts:
            found.setdefault(part.subset_name, []).append(part)
        return found

    def attribute_texts(self, annotation: Mapping[str, Any]) -> dict[str, str]:
        """Attribute values of a tag or shape by name, as they are stored.

        Values of attributes that the labels do not have are left out.
        """
        specs = self.attribute_by_id
        return {
            specs[item["spec_id"]].name: item["value"]
            for item in annotation.get("attributes", ())
            if item["spec_id"] in specs
        }

    def attribute_values(
        self, annotation: Mapping[str, Any]
    ) -> dict[str, str | int | float | bool]:
        """Attribute values by name, with numbers as numbers and checkboxes as booleans."""
        specs = self.attribute_by_id
        return {
            specs[item["spec_id"]].name: _typed(specs[item["spec_id"]], item["value"])
            for item in annotation.get("attributes", ())
            if item["spec_id"] in specs
        }


def _typed(attribute: Attribute, value: str) -> str | int | float | bool:
    if attribute.input_type == CHECKBOX:
        return value.lower() == "true"
    if attribute.input_type == NUMBER:
        try:
            number = float(value)
        except ValueError:
            return value
        if math.isfinite(number):
            return int(number) if number.is_integer() else number
    return value
