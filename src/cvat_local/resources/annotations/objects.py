"""Annotation objects in memory, in the form of the API's document.

There are hundreds of thousands of them in one document, so they are structs that are read and written in C.
Coordinates, by far the most of them, stay the JSON that they come as and go as.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from cvat_sdk.core.shapes.kinds import ShapeType
from cvat_sdk.core.shapes.tracks import Document, Object

KINDS = ("tags", "shapes", "tracks")

MAX_INTEGER = 2**31 - 1
MAX_ID = 2**53
MAX_SOURCE = 16
MAX_ATTRIBUTE = 4096

_Integer = Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
_Natural = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
_Id = Annotated[int, Meta(ge=1, le=MAX_ID)]
_Source = Annotated[str, Meta(min_length=1, max_length=MAX_SOURCE)]

NO_POINTS = Raw(b"[]")

# None of these can be part of a circle, so that the garbage collector need not look at them.


class Attribute(Struct, gc=False):
    """The value of one attribute."""

    spec_id: _Integer
    value: Annotated[str, Meta(max_length=MAX_ATTRIBUTE)]


class Mark(Struct, kw_only=True, gc=False):
    """What all objects have."""

    id: _Id | None = None
    frame: _Natural
    attributes: list[Attribute] = []


class Tag(Mark, kw_only=True, gc=False):
    """A label of a whole frame."""

    label_id: _Natural
    group: _Natural = 0
    source: _Source = "manual"


class Keyframe(Mark, kw_only=True, gc=False):
    """Where something is in a frame."""

    type: ShapeType
    occluded: bool = False
    outside: bool = False
    z_order: _Integer = 0
    rotation: Annotated[float, Meta(ge=0, le=360)] = 0.0
    points: Raw = NO_POINTS
    """A JSON list of numbers."""


class Element(Keyframe, kw_only=True, gc=False):
    """A point of a skeleton in one frame."""

    label_id: _Natural
    group: _Natural = 0
    source: _Source = "manual"
    score: Annotated[float, Meta(ge=0, le=1)] = 1.0


class Shape(Element, kw_only=True, gc=False):
    """A shape in one frame."""

    elements: list[Element] = []


class TrackElement(Tag, kw_only=True, gc=False):
    """The way of a skeleton's point."""

    shapes: list[Keyframe]


class Track(TrackElement, kw_only=True, gc=False):
    """An object that moves over frames."""

    elements: list[TrackElement] = []


class MarkedKeyframe(Keyframe, kw_only=True, gc=False):
    """A keyframe that says that it is one."""

    keyframe: bool = True


class Objects(Struct):
    """The objects of a document."""

    tags: list[Tag] = []
    shapes: list[Shape] = []
    tracks: list[Track] = []

    def of(self, kind: str) -> list[Any]:
        """The objects of one of `KINDS`."""
        found: list[Any] = getattr(self, kind)
        return found


encode = msgspec.json.Encoder().encode
_plain = msgspec.json.Decoder().decode
_track = msgspec.json.Decoder(Track).decode


def plain(objects: Objects) -> Document:
    """The objects as plain dicts, with their coordinates as lists of numbers."""
    document: Document = _plain(encode(objects))
    return document


def plain_items(items: Iterable[Shape] | Iterable[Track]) -> list[Object]:
    """Shapes or tracks as plain dicts."""
    found: list[Object] = _plain(encode(list(items)))
    return found


def marked(track: Track) -> Track:
    """The track with keyframes that say that they are ones."""
    shapes: list[Keyframe] = [
        MarkedKeyframe(**msgspec.structs.asdict(shape)) for shape in track.shapes
    ]
    return msgspec.structs.replace(track, shapes=shapes)


def track_of(item: Object) -> Track:
    """A track from its plain dict, which has to be right."""
    return _track(encode(item))
