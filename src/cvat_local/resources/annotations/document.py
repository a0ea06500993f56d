"""Checks an annotation document that came from outside.

A document is ``{"tags": [...], "shapes": [...], "tracks": [...]}`` as in the API. It is read object by object, so
that what is kept of a large one besides its text is little. An object that is as the API describes it is read in C;
any other one is read once more by `readers`, which forgive or tell apart what is wrong.
Whether labels and attributes exist is checked later, see `cvat_local.resources.annotations.labels`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from cvat_local.resources.annotations.objects import (
    Keyframe,
    Objects,
    Shape,
    Tag,
    Track,
    TrackElement,
    encode,
)
from cvat_local.resources.annotations.readers import NULL, Action, Rejected, readers, wrong
from cvat_sdk.core.shapes.kinds import POINTS

_EMPTY = Raw(b"[]")


class InvalidDocument(ValueError):
    """A document that cannot be stored.

    Args:
        body: What the API answers with status 400: a dict that mirrors the document where its form
            is wrong, else a list of texts.
    """

    def __init__(self, body: dict[str, Any] | list[str]) -> None:
        super().__init__(body if isinstance(body, dict) else " ".join(body))
        self.body = body


class NotJson(ValueError):
    """A text that is no JSON."""


class _Envelope(Struct):
    tags: Raw = _EMPTY
    shapes: Raw = _EMPTY
    tracks: Raw = _EMPTY
    intervals: Raw = _EMPTY


class _Unfit(Exception):
    """An object that the readers have to look at."""


_envelope = msgspec.json.Decoder(_Envelope).decode
_items = msgspec.json.Decoder(list[Raw]).decode
_coordinates = msgspec.json.Decoder(list[float]).decode
_decode: dict[str, Callable[[Any], Any]] = {
    "tags": msgspec.json.Decoder(Tag).decode,
    "shapes": msgspec.json.Decoder(Shape).decode,
    "tracks": msgspec.json.Decoder(Track).decode,
}
_READERS = {action: readers(action) for action in ("create", "update", "delete")}


def parse(document: Any, action: Action = "create") -> Objects:
    """The checked objects of a document in plain dicts; like `parse_json`."""
    return parse_json(encode(document), action)


def parse_json(body: bytes, action: Action = "create") -> Objects:
    """The checked objects of a request.

    Args:
        body: The JSON.
        action: ``create``: ids must be absent, those of keyframes and elements are ignored;
            ``update``: all ids are kept; ``delete``: every object needs its id.

    A track without keyframes is left out, unless it is to be deleted.

    Raises:
        InvalidDocument: With the errors of all objects.
        NotJson: The body is no JSON.
    """
    try:
        envelope = _open(body)
        errors: dict[str, Any] = {}
        found = Objects()
        for kind in ("tags", "shapes", "tracks", "intervals"):
            try:
                items = _list(getattr(envelope, kind))
                if kind == "intervals":
                    if items:
                        raise Rejected(_NO_AUDIO)
                else:
                    setattr(found, kind, _read(items, kind, action))
            except Rejected as rejected:
                errors[kind] = rejected.detail
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise NotJson(f"The body is not valid JSON: {error}") from None
    if errors:
        raise InvalidDocument(errors)
    if action != "delete":
        found.tracks = [track for track in found.tracks if _has_keyframes(track)]
        for track in found.tracks:
            for part in (track, *track.elements):
                _start_at_frame(part)
    return found


_NO_AUDIO = "Intervals belong to audio tasks; this task holds images or video."


def _open(body: bytes) -> _Envelope:
    try:
        return _envelope(body)
    except msgspec.ValidationError:
        detail = wrong(json.loads(body), "An object").detail
        raise InvalidDocument({"non_field_errors": detail}) from None


def _list(text: Raw) -> list[Raw]:
    try:
        return _items(text)
    except msgspec.ValidationError:
        value = json.loads(bytes(text))
        if value is None:
            raise Rejected(NULL) from None
        raise Rejected({"non_field_errors": wrong(value, "A list").detail}) from None


def _read(texts: list[Raw], kind: str, action: Action) -> list[Any]:
    decode = _decode[kind]
    items: list[Any] = []
    errors: dict[int, Any] = {}
    for index, text in enumerate(texts):
        try:
            try:
                item = decode(text)
                _settle(item, action)
            except (msgspec.ValidationError, _Unfit):
                value = _READERS[action][kind](json.loads(bytes(text)))
                item = decode(encode(value))
                _settle(item, action)
            items.append(item)
        except Rejected as rejected:
            errors[index] = rejected.detail
    if errors:
        good: dict[str, Any] = {}
        raise Rejected([errors.get(index, good) for index in range(len(texts))])
    return items


def _settle(item: Tag | Shape, action: Action) -> None:
    """Check what the type of an object does not say, and write its coordinates in one way."""
    if item.id is not None if action == "create" else item.id is None and action == "delete":
        raise _Unfit
    for part in _inner(item):
        if action == "create":
            part.id = None
        if isinstance(part, Keyframe):
            _settle_points(part)
            if part.type == "skeleton" and isinstance(item, Shape):
                raise _Unfit
    if isinstance(item, Shape):
        _settle_points(item)
        if (item.type == "skeleton") != bool(item.elements):
            raise _Unfit


def _inner(item: Tag | Shape) -> Iterator[Any]:
    """Elements and keyframes."""
    if isinstance(item, TrackElement):
        yield from item.shapes
    if isinstance(item, Shape | Track):
        for element in item.elements:
            yield element
            if isinstance(element, TrackElement):
                yield from element.shapes


def _settle_points(item: Keyframe) -> None:
    points = _coordinates(item.points)
    if not POINTS[item.type][1](len(points)) or not math.isfinite(sum(points)):
        raise _Unfit
    item.points = Raw(encode(points))


def _has_keyframes(track: Track) -> bool:
    """Drops elements that never appear; tells whether anything of the track ever does."""
    track.elements = [element for element in track.elements if element.shapes]
    if not track.shapes and track.elements:
        # The motion is in the elements; the skeleton itself only says from when on it exists.
        first = min(shape.frame for part in track.elements for shape in part.shapes)
        track.shapes = [Keyframe(type="skeleton", frame=first)]
    return bool(track.shapes)


def _start_at_frame(track: TrackElement) -> None:
    """A track exists from its first keyframe on: where ``frame`` differs, one of both gives way."""
    first = min(track.shapes, key=lambda shape: shape.frame)
    if track.frame < first.frame:
        hidden = msgspec.structs.replace(first, id=None, frame=track.frame, outside=True)
        track.shapes.append(hidden)
    track.frame = min(track.frame, first.frame)
