"""Data for any model, made from what its fields say about themselves."""

from __future__ import annotations

import datetime
import functools
import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cvat_sdk.api_client import models
from cvat_sdk.api_client.runtime.enums import ComposedEnumMeta, EnumModelMeta
from cvat_sdk.api_client.runtime.model import ModelMeta
from cvat_sdk.api_client.runtime.schema import Field, Node, fields_of

Json = Any

ENUMS: list[Any] = [
    cls for name in models.__all__ if isinstance(cls := getattr(models, name), EnumModelMeta)
]
COMPOSED_ENUMS: list[Any] = [
    cls for name in models.__all__ if isinstance(cls := getattr(models, name), ComposedEnumMeta)
]
OBJECTS: list[Any] = [
    cls for name in models.__all__ if isinstance(cls := getattr(models, name), ModelMeta)
]

DEPTH = 3
"""Models inside of models, beyond which only required fields are made."""

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON: SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT
    | st.sampled_from(["2024-01-02", "12:30:00", "2024-01-02T03:04:05Z", "null", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=3,
)
"""Anything that a server may send, also text that looks like a date."""

UNKNOWN_NAMES = [
    "newer",
    "with-dash",
    "with blank",
    "é",
    "to_dict",
    "get",
    "self",
    "_extra",
    "__class__",
]
"""Names of fields that no model declares, among them those of methods."""


def documents(cls: Any, *, by_client: bool, depth: int = DEPTH) -> SearchStrategy[dict[str, Json]]:
    """JSON objects of a model.

    Args:
        cls: The model.
        by_client: What a caller may pass: Python names, no read-only fields, values within their limits,
            known values of enumerations. Otherwise what a server may send.
        depth: Models inside of models.
    """
    return _documents(cls, by_client, depth)


@functools.cache
def _documents(cls: Any, by_client: bool, depth: int) -> SearchStrategy[dict[str, Json]]:
    required: dict[str, SearchStrategy[Json]] = {}
    optional: dict[str, SearchStrategy[Json]] = {}
    for field in fields_of(cls).values():
        if by_client and field.name in cls._read_only:
            continue
        if holds_file(field) or (depth <= 0 and not field.required):
            continue
        values = _values(field.node, by_client, depth - 1)
        # A choice of members that have nothing is none of them.
        is_needed = field.required or "oneOf" in cls._composed
        (required if is_needed else optional)[field.name if by_client else field.wire] = values
    if depth == DEPTH:
        declared = {*fields_of(cls), *(field.wire for field in fields_of(cls).values())}
        optional |= {name: JSON for name in UNKNOWN_NAMES if name not in declared}
    return st.fixed_dictionaries(required, optional=optional)


def holds_file(field: Field) -> bool:
    """Whether a field is for open files, which have no JSON form."""
    return "file" in (field.node.kind, field.node.item and field.node.item.kind)


def _values(node: Node, by_client: bool, depth: int) -> SearchStrategy[Json]:
    values = _not_null(node, by_client, depth)
    return st.none() | values if node.nullable else values


def _not_null(node: Node, by_client: bool, depth: int) -> SearchStrategy[Json]:
    limits = node.keywords
    if node.kind == "model":
        return documents(node.cls, by_client=by_client, depth=depth)
    if node.kind in ("list", "dict"):
        assert node.item is not None
        items = _values(node.item, by_client, depth)
        if node.kind == "dict":
            return st.dictionaries(_TEXT, items, max_size=2)
        most = limits.get("maxItems", 2)
        return st.lists(items, min_size=limits.get("minItems", 0), max_size=most)
    if node.kind == "enum":
        known = st.sampled_from([value for cls in _members(node.cls) for value in cls])
        values = known.map(lambda member: str(member.value))
        return values if by_client else values | st.just("a newer value")
    if node.kind == "str":
        if "pattern" in limits:
            return st.from_regex(limits["pattern"].replace("^", r"\A").replace("$", r"\Z")).filter(
                lambda text: limits.get("minLength", 0) <= len(text) <= limits.get("maxLength", 999)
            )
        least = limits.get("minLength", 0)
        return st.text(
            st.characters(exclude_categories=["Cs"]),
            min_size=least,
            max_size=min(limits.get("maxLength", least + 6), least + 6),
        )
    if node.kind == "int":
        least, most = limits.get("minimum", -(2**63)), limits.get("maximum", 2**63 - 1)
        return st.integers(least, most)
    if node.kind == "float":
        least, most = limits.get("minimum"), limits.get("maximum")
        return st.floats(least, most, allow_nan=False, allow_infinity=False)
    if node.kind == "datetime":
        return _MOMENTS
    return {"any": JSON, "bool": st.booleans()}[node.kind]


def _members(cls: Any) -> list[Any]:
    return list(cls.members()) if isinstance(cls, ComposedEnumMeta) else [cls]


_ZONES: SearchStrategy[Any] = st.none() | st.sampled_from(
    [datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=5, minutes=30))]
)
_MOMENTS = st.datetimes(datetime.datetime(1970, 1, 1), timezones=_ZONES).map(
    lambda moment: moment.isoformat().replace("+00:00", "Z")
)


def same(first: Json, second: Json) -> bool:
    """Whether two JSON values are equal, kinds of numbers included, order of keys not."""
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


def as_objects(value: Json, node: Node) -> Any:
    """What `documents` gives for a client, as models, members of enumerations and datetimes."""
    if value is None:
        return None
    if node.kind == "model":
        return node.cls(**fields_as_objects(node.cls, value))
    if node.kind == "list" and node.item is not None:
        return [as_objects(item, node.item) for item in value]
    if node.kind == "dict" and node.item is not None:
        return {key: as_objects(item, node.item) for key, item in value.items()}
    if node.kind == "enum":
        return node.cls(value)
    if node.kind == "datetime":
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value


def fields_as_objects(cls: Any, document: dict[str, Json]) -> dict[str, Any]:
    """The fields of a document as `as_objects` makes them, by name."""
    fields = fields_of(cls)
    return {
        name: as_objects(value, fields[name].node) if name in fields else value
        for name, value in document.items()
    }
