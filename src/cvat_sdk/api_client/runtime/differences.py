"""In what a body differs from the API description.

Answers have hundreds of thousands of values, so they are not looked at one by one, but all values of a field at a
time, in calls that loop in C. Dates and what may be of several types are looked at one after the other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Literal, NamedTuple

from cvat_sdk.api_client.exceptions import OpenApiException
from cvat_sdk.api_client.runtime import convert
from cvat_sdk.api_client.runtime.explain import one_line
from cvat_sdk.api_client.runtime.rules import STRICT
from cvat_sdk.api_client.runtime.schema import Node, wire_fields_of

_NONE = type(None)
_TYPES: dict[str, frozenset[type]] = {
    "bool": frozenset({bool}),
    "date": frozenset({str}),
    "datetime": frozenset({str}),
    "dict": frozenset({dict}),
    "enum": frozenset({str}),
    "float": frozenset({float, int}),
    "int": frozenset({int, float}),
    "list": frozenset({list}),
    "model": frozenset({dict}),
    "str": frozenset({str}),
}
# Objects whose fields are looked at one field after the other: few enough for the processor's cache.
_BLOCK = 256
_SHOWN = 60


class Difference(NamedTuple):
    """One kind of difference."""

    kind: Literal["unknown field", "missing field", "null", "type", "value"]
    model: str
    """Class of the object that differs; the expected type for a body that is no object."""
    field: str
    """Its field by wire name; empty for a body that is no object."""
    text: str
    """What differs, for people."""


def differences(raw: Any, node: Node, sample: int | None = None) -> Iterator[Difference]:
    """The differences of a body from its type; one of a kind may come more than once.

    Args:
        raw: The body as plain data.
        node: Its type.
        sample: Entries of each list that are looked at; default: all.
    """
    return _values([raw], node, node.text, "", sample or sys.maxsize)


def _values(
    values: Sequence[Any], node: Node, model: str, field: str, sample: int
) -> Iterator[Difference]:
    """Differences of values that stand in one field, or in lists there."""
    if node.kind == "any" or node.kind == "file":
        return
    place = f"{model}.{field}" if field else model
    types = set(map(type, values))
    if _NONE in types:
        types.remove(_NONE)
        if not node.nullable:
            yield Difference("null", model, field, f"{place} is null where {node.text} is expected")
        values = [value for value in values if value is not None]
    if node.kind in ("union", "values"):
        yield from _one_by_one(values, node, model, field)
        return
    expected = _TYPES[node.kind]
    for found in sorted(cls.__name__ for cls in types - expected):
        told = f"{place} is of type {found} where {node.text} is expected"
        yield Difference("type", model, field, told)
    if not types <= expected:
        values = [value for value in values if type(value) in expected]
    if not values:
        return
    if node.kind == "model":
        for start in range(0, len(values), _BLOCK):
            yield from _objects(values[start : start + _BLOCK], node.cls, sample)
    elif node.kind in ("dict", "list") and node.item is not None:
        held = values if node.kind == "list" else map(dict.values, values)
        entries = list(chain.from_iterable(held))
        yield from _values(entries[:: 1 + len(entries) // sample], node.item, model, field, sample)
    elif node.kind == "enum":
        for value in sorted(set(values)):
            if not node.cls.knows(value):
                shown = one_line(repr(value), _SHOWN)
                told = f"{place} is {shown}, which is no value of {node.text}"
                yield Difference("value", model, field, told)
    elif node.kind in ("date", "datetime") or (node.kind == "int" and float in types):
        yield from _one_by_one(values, node, model, field)


def _objects(objects: Sequence[dict[str, Any]], cls: Any, sample: int) -> Iterator[Difference]:
    fields = wire_fields_of(cls)
    model = cls.__name__
    for keys in dict.fromkeys(map(tuple, objects)):
        for key in keys:
            if key not in fields:
                shown = one_line(key, _SHOWN)
                told = f"{model} has an unknown field {shown!r}"
                yield Difference("unknown field", model, key, told)
        for wire, field in fields.items():
            if field.required and wire not in keys:
                told = f"{model} misses its field {wire!r}"
                yield Difference("missing field", model, wire, told)
    for wire, field in fields.items():
        values = [data[wire] for data in objects if wire in data]
        if values:
            yield from _values(values, field.node, model, wire, sample)


def _one_by_one(values: Sequence[Any], node: Node, model: str, field: str) -> Iterator[Difference]:
    for value in values:
        try:
            convert.walk(value, node, STRICT, ())
        except OpenApiException as error:
            place = f"{model}.{field}" if field else model
            told = f"{place}: {one_line(str(error), 3 * _SHOWN)}"
            yield Difference("type", model, field, told)
