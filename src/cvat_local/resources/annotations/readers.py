"""Reads one annotation object whose JSON is not what `objects` takes as it is.

It may be written in another way, as other writers of JSON do it (``3.0``, ``"3"``), or be wrong: then the
errors of all its values are told apart. Everything is in plain dicts here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

from cvat_local.resources.annotations.objects import (
    MAX_ATTRIBUTE,
    MAX_ID,
    MAX_INTEGER,
    MAX_SOURCE,
)
from cvat_sdk.core.shapes.kinds import POINTS, SHAPE_TYPES
from cvat_sdk.core.shapes.tracks import Object

Action = Literal["create", "update", "delete"]

Reader: TypeAlias = Callable[[Any], Any]

NULL = "This field may not be null."
_REQUIRED = "This field is required."
_ABSENT: Any = object()
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,16}")


class Rejected(Exception):
    """A value that does not fit; ``detail`` is a list of texts or mirrors the value."""

    def __init__(self, detail: Any) -> None:
        super().__init__(detail)
        self.detail = [detail] if isinstance(detail, str) else detail


class _Field(NamedTuple):
    name: str
    read: Reader
    default: Any = _ABSENT
    """Value when the key is missing (a list stands for a new empty list); unset: required."""


# --- readers: each returns the value as it is kept, or raises Rejected ------------------------------


def wrong(value: Any, expected: str) -> Rejected:
    if value is None:
        return Rejected(NULL)
    return Rejected(f"{expected} is expected, not {_json_kind(value)}.")


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


def _integer(minimum: int = -MAX_INTEGER, maximum: int = MAX_INTEGER) -> Reader:
    def read(value: Any) -> int:
        number = value if type(value) is int else _whole_number(value)
        if number < minimum:
            raise Rejected(f"The smallest allowed value is {minimum}.")
        if number > maximum:
            raise Rejected(f"The largest allowed value is {maximum}.")
        return number

    return read


def _whole_number(value: Any) -> int:
    """Also takes what other writers of JSON make of whole numbers: ``3.0`` and ``"3"``."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    raise wrong(value, "A whole number")


def _number(minimum: float, maximum: float) -> Reader:
    def read(value: Any) -> float:
        if type(value) not in (int, float):
            raise wrong(value, "A number")
        if value < minimum:
            raise Rejected(f"The smallest allowed value is {minimum:g}.")
        if value > maximum:
            raise Rejected(f"The largest allowed value is {maximum:g}.")
        return float(value)

    return read


def _boolean(value: Any) -> bool:
    if value is True or value is False:
        return value
    if value in (0, "false", "False"):
        return False
    if value in (1, "true", "True"):
        return True
    raise wrong(value, "true or false")


def _source(value: Any) -> str:
    if not isinstance(value, str):
        raise wrong(value, "A text")
    if not value:
        raise Rejected("This field may not be blank.")
    if len(value) > MAX_SOURCE:
        raise Rejected(f"At most {MAX_SOURCE} characters are allowed.")
    return value


def _shape_type(value: Any) -> str:
    if not isinstance(value, str) or value not in POINTS:
        raise wrong(value, f"One of {', '.join(SHAPE_TYPES)}")
    return value


def _points(value: Any) -> list[float]:
    if not isinstance(value, list):
        raise wrong(value, "A list of numbers")
    # One pass in C over what may be a hundred thousand coordinates.
    if not set(map(type, value)) <= {int, float}:
        raise Rejected(
            {
                str(index): wrong(item, "A number").detail
                for index, item in enumerate(value)
                if type(item) not in (int, float)
            }
        )
    try:
        points = list(map(float, value))
    except OverflowError:
        raise Rejected("A coordinate is too large.") from None
    if not math.isfinite(sum(points)):
        raise Rejected("A coordinate is too large.")
    return points


def _attribute_value(value: Any) -> str:
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, (int, float)):
        value = str(value)
    elif not isinstance(value, str):
        raise wrong(value, "A text")
    if len(value) > MAX_ATTRIBUTE:
        raise Rejected(f"At most {MAX_ATTRIBUTE} characters are allowed.")
    text: str = value
    return text


def _optional(read: Reader, when_null: Any) -> Reader:
    return lambda value: when_null if value is None else read(value)


def _no_id(value: Any) -> None:
    if value is not None:
        raise Rejected("A new object may not have an id.")


def _list_of(read: Reader) -> Reader:
    def read_list(value: Any) -> list[Any]:
        if value is None:
            raise Rejected(NULL)
        if not isinstance(value, list):
            raise Rejected({"non_field_errors": wrong(value, "A list").detail})
        items: list[Any] = []
        errors: dict[int, Any] = {}
        for index, item in enumerate(value):
            try:
                items.append(read(item))
            except Rejected as rejected:
                errors[index] = rejected.detail
        if errors:
            raise Rejected([errors.get(index, {}) for index in range(len(value))])
        return items

    return read_list


def _object_of(fields: tuple[_Field, ...], check: Callable[[Object], None] | None = None) -> Reader:
    def read_object(value: Any) -> Object:
        if not isinstance(value, dict):
            raise Rejected({"non_field_errors": wrong(value, "An object").detail})
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
            except Rejected as rejected:
                errors[name] = rejected.detail
        if errors:
            raise Rejected(errors)
        if check is not None:
            check(result)
        return result

    return read_object


def _check_points(shape: Object) -> None:
    expected, fits = POINTS[shape["type"]]
    if not fits(len(shape["points"])):
        raise Rejected(
            {"points": [f"A {shape['type']} has {expected}, not {len(shape['points'])}."]}
        )


def _check_shape(shape: Object) -> None:
    _check_points(shape)
    if shape["type"] == "skeleton" and not shape["elements"]:
        raise Rejected({"elements": ["A skeleton needs at least one element."]})
    if shape["type"] != "skeleton" and shape["elements"]:
        raise Rejected({"elements": [f"A {shape['type']} has no elements."]})


def _check_element(shape: Object) -> None:
    if shape["type"] == "skeleton":
        raise Rejected({"type": ["An element of a skeleton is no skeleton itself."]})
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


def readers(action: Action) -> dict[str, Reader]:
    """By kind, what reads an object of a document, with the rule for ids that the action has.

    A reader returns the object with all its keys, or raises `Rejected`.
    """
    an_id = _integer(1, MAX_ID)
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
    return {"tags": _object_of((*outer, *_LABELED)), "shapes": shape, "tracks": track}
