"""Checks an annotation document that came from outside.

A document is ``{"tags": [...], "shapes": [...], "tracks": [...]}``, plain dicts as in the API. What
`parse` returns has every key of every object, values of the right types, and no unknown keys.
Whether labels and attributes exist is checked later, see `cvat_local.resources.annotations.labels`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

from cvat_sdk.core.shapes.kinds import POINTS, SHAPE_TYPES
from cvat_sdk.core.shapes.tracks import Document, Object

Action = Literal["create", "update", "delete"]

KINDS = ("tags", "shapes", "tracks")

_Reader: TypeAlias = Callable[[Any], Any]

_MAX_INTEGER = 2**31 - 1
_MAX_ID = 2**53
_MAX_SOURCE = 16
_MAX_ATTRIBUTE = 4096
_REQUIRED = "This field is required."
_NULL = "This field may not be null."
_ABSENT: Any = object()
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,16}")


class InvalidDocument(ValueError):
    """A document that cannot be stored.

    Args:
        body: What the API answers with status 400: a dict that mirrors the document where its form
            is wrong, else a list of texts.
    """

    def __init__(self, body: dict[str, Any] | list[str]) -> None:
        super().__init__(body if isinstance(body, dict) else " ".join(body))
        self.body = body


class _Rejected(Exception):
    """A value that does not fit; ``detail`` is a list of texts or mirrors the value."""

    def __init__(self, detail: Any) -> None:
        super().__init__(detail)
        self.detail = [detail] if isinstance(detail, str) else detail


class _Field(NamedTuple):
    name: str
    read: _Reader
    default: Any = _ABSENT
    """Value when the key is missing (a list stands for a new empty list); unset: required."""


def empty() -> Document:
    """A document without objects."""
    return {kind: [] for kind in KINDS}


def parse(body: Any, action: Action = "create") -> Document:
    """The checked document of a request.

    Args:
        body: The decoded JSON.
        action: ``create``: ids must be absent, those of keyframes and elements are ignored;
            ``update``: all ids are kept; ``delete``: every object needs its id.

    A track without keyframes is left out, unless it is to be deleted.

    Raises:
        InvalidDocument: With the errors of all objects.
    """
    try:
        document: Document = _DOCUMENTS[action](body)
    except _Rejected as rejected:
        raise InvalidDocument(rejected.detail) from None
    if document.pop("intervals"):
        raise InvalidDocument(
            {"intervals": ["Intervals belong to audio tasks; this task holds images or video."]}
        )
    if action == "delete":
        return document
    document["tracks"] = [track for track in document["tracks"] if _has_keyframes(track)]
    for track in document["tracks"]:
        for part in (track, *track["elements"]):
            _start_at_frame(part)
    return document


def _has_keyframes(track: Object) -> bool:
    """Drops elements that never appear; tells whether anything of the track ever does."""
    track["elements"] = [element for element in track["elements"] if element["shapes"]]
    if not track["shapes"] and track["elements"]:
        # The motion is in the elements; the skeleton itself only says from when on it exists.
        first = min(shape["frame"] for part in track["elements"] for shape in part["shapes"])
        track["shapes"] = [_keyframe({"type": "skeleton", "frame": first})]
    return bool(track["shapes"])


def _start_at_frame(track: Object) -> None:
    """A track exists from its first keyframe on: where ``frame`` differs, one of both gives way."""
    first = min(track["shapes"], key=lambda shape: int(shape["frame"]))
    if track["frame"] < first["frame"]:
        hidden = {**first, "frame": track["frame"], "outside": True}
        hidden.pop("id", None)
        track["shapes"].append(hidden)
    track["frame"] = min(track["frame"], first["frame"])


# --- readers: each returns the value as it is kept, or raises _Rejected -----------------------------


def _wrong(value: Any, expected: str) -> _Rejected:
    if value is None:
        return _Rejected(_NULL)
    return _Rejected(f"{expected} is expected, not {_json_kind(value)}.")


def _json_kind(value: Any) -> str:
    if isinstance(value, str):
        return repr(value[:40])
    kinds = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    return kinds.get(type(value), "null")


def _integer(minimum: int = -_MAX_INTEGER, maximum: int = _MAX_INTEGER) -> _Reader:
    def read(value: Any) -> int:
        number = value if type(value) is int else _whole_number(value)
        if number < minimum:
            raise _Rejected(f"The smallest allowed value is {minimum}.")
        if number > maximum:
            raise _Rejected(f"The largest allowed value is {maximum}.")
        return number

    return read


def _whole_number(value: Any) -> int:
    """Also takes what other writers of JSON make of whole numbers: ``3.0`` and ``"3"``."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    raise _wrong(value, "A whole number")


def _number(minimum: float, maximum: float) -> _Reader:
    def read(value: Any) -> float:
        if type(value) not in (int, float):
            raise _wrong(value, "A number")
        if value < minimum:
            raise _Rejected(f"The smallest allowed value is {minimum:g}.")
        if value > maximum:
            raise _Rejected(f"The largest allowed value is {maximum:g}.")
        return float(value)

    return read


def _boolean(value: Any) -> bool:
    if value is True or value is False:
        return value
    if value in (0, "false", "False"):
        return False
    if value in (1, "true", "True"):
        return True
    raise _wrong(value, "true or false")


def _source(value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(value, "A text")
    if not value:
        raise _Rejected("This field may not be blank.")
    if len(value) > _MAX_SOURCE:
        raise _Rejected(f"At most {_MAX_SOURCE} characters are allowed.")
    return value


def _shape_type(value: Any) -> str:
    if not isinstance(value, str) or value not in POINTS:
        raise _wrong(value, f"One of {', '.join(SHAPE_TYPES)}")
    return value


def _points(value: Any) -> list[float]:
    if not isinstance(value, list):
        raise _wrong(value, "A list of numbers")
    # One pass in C over what may be a hundred thousand coordinates.
    if not set(map(type, value)) <= {int, float}:
        raise _Rejected(
            {
                str(index): _wrong(item, "A number").detail
                for index, item in enumerate(value)
                if type(item) not in (int, float)
            }
        )
    try:
        points = list(map(float, value))
    except OverflowError:
        raise _Rejected("A coordinate is too large.") from None
    if not math.isfinite(sum(points)):
        raise _Rejected("A coordinate is too large.")
    return points


def _attribute_value(value: Any) -> str:
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, (int, float)):
        value = str(value)
    elif not isinstance(value, str):
        raise _wrong(value, "A text")
    if len(value) > _MAX_ATTRIBUTE:
        raise _Rejected(f"At most {_MAX_ATTRIBUTE} characters are allowed.")
    text: str = value
    return text


def _optional(read: _Reader, when_null: Any) -> _Reader:
    return lambda value: when_null if value is None else read(value)


def _no_id(value: Any) -> None:
    if value is not None:
        raise _Rejected("A new object may not have an id.")


def _list_of(read: _Reader) -> _Reader:
    def read_list(value: Any) -> list[Any]:
        if value is None:
            raise _Rejected(_NULL)
        if not isinstance(value, list):
            raise _Rejected({"non_field_errors": _wrong(value, "A list").detail})
        items: list[Any] = []
        errors: dict[int, Any] = {}
        for index, item in enumerate(value):
            try:
                items.append(read(item))
            except _Rejected as rejected:
                errors[index] = rejected.detail
        if errors:
            raise _Rejected([errors.get(index, {}) for index in range(len(value))])
        return items

    return read_list


def _object_of(
    fields: tuple[_Field, ...], check: Callable[[Object], None] | None = None
) -> _Reader:
    def read_object(value: Any) -> Object:
        if not isinstance(value, dict):
            raise _Rejected({"non_field_errors": _wrong(value, "An object").detail})
        result: Object = {}
        errors: dict[str, Any] = {}
        for name, read, default in fields:
            item = value.get(name, _ABSENT)
            if item is _ABSENT:
                if default is _ABSENT:
                    errors[name] = [_REQUIRED]
                result[name] = [] if type(default) is list else default
                continue
            try:
                result[name] = read(item)
            except _Rejected as rejected:
                errors[name] = rejected.detail
        if errors:
            raise _Rejected(errors)
        if check is not None:
            check(result)
        return result

    return read_object


def _check_points(shape: Object) -> None:
    expected, fits = POINTS[shape["type"]]
    if not fits(len(shape["points"])):
        raise _Rejected(
            {"points": [f"A {shape['type']} has {expected}, not {len(shape['points'])}."]}
        )


def _check_shape(shape: Object) -> None:
    _check_points(shape)
    if shape["type"] == "skeleton" and not shape["elements"]:
        raise _Rejected({"elements": ["A skeleton needs at least one element."]})
    if shape["type"] != "skeleton" and shape["elements"]:
        raise _Rejected({"elements": [f"A {shape['type']} has no elements."]})


def _check_element(shape: Object) -> None:
    if shape["type"] == "skeleton":
        raise _Rejected({"type": ["An element of a skeleton is no skeleton itself."]})
    _check_points(shape)


# --- the tables of fields ---------------------------------------------------------------------------

_natural = _integer(0)

_ATTRIBUTES = _Field(
    "attributes",
    _list_of(_object_of((_Field("spec_id", _integer()), _Field("value", _attribute_value)))),
    [],
)

_LABELED = (
    _Field("label_id", _natural),
    _Field("frame", _natural),
    _Field("group", _optional(_natural, 0), 0),
    _Field("source", _source, "manual"),
    _ATTRIBUTES,
)

_GEOMETRY = (
    _Field("type", _shape_type),
    _Field("occluded", _boolean, False),
    _Field("outside", _boolean, False),
    _Field("z_order", _integer(), 0),
    _Field("rotation", _number(0, 360), 0.0),
    _Field("points", _points, []),
)

_SCORE = _Field("score", _number(0, 1), 1.0)


def _document_reader(action: Action) -> _Reader:
    """Reader of whole documents, with the rule for ids that the action has."""
    an_id = _integer(1, _MAX_ID)
    known_id = _Field("id", _optional(an_id, None), None)
    inner: tuple[_Field, ...] = () if action == "create" else (known_id,)
    outer = {
        "create": (_Field("id", _no_id, None),),
        "update": (known_id,),
        "delete": (_Field("id", an_id),),
    }[action]

    keyframe = _object_of(
        (*inner, *_GEOMETRY, _Field("frame", _natural), _ATTRIBUTES), _check_points
    )
    keyframes = _Field("shapes", _list_of(keyframe))
    shape_element = _object_of((*inner, *_LABELED, *_GEOMETRY, _SCORE), _check_element)
    track_element = _object_of((*inner, *_LABELED, keyframes))

    shape_fields = (*outer, *_LABELED, *_GEOMETRY, _SCORE)
    shape = _object_of(
        (*shape_fields, _Field("elements", _list_of(shape_element), [])), _check_shape
    )
    track = _object_of(
        (*outer, *_LABELED, keyframes, _Field("elements", _list_of(track_element), []))
    )
    return _object_of(
        (
            _Field("tags", _list_of(_object_of((*outer, *_LABELED))), []),
            _Field("shapes", _list_of(shape), []),
            _Field("tracks", _list_of(track), []),
            _Field("intervals", _list_of(lambda interval: interval), []),
        )
    )


_keyframe = _object_of((*_GEOMETRY, _Field("frame", _natural), _ATTRIBUTES))

_DOCUMENTS: dict[Action, _Reader] = {
    "create": _document_reader("create"),
    "update": _document_reader("update"),
    "delete": _document_reader("delete"),
}
