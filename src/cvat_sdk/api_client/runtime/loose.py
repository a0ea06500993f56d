"""What msgspec would let pass, or change, although it has to be refused or kept in a caller's data.

msgspec's conversion takes a tuple or a set for a list, keeps an unknown value of an enumeration (as it has
to for responses) and copies a dict or a list that stands where anything may. The slow road knows better;
this module finds out whether it is needed. Annotations have hundreds of thousands of values, so they are
not looked at one by one, but all objects of a list at a time, in calls that loop in C.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import chain
from typing import Any

from cvat_sdk.api_client.runtime.schema import LOOSE, Node, loose_fields_of

_NONE = type(None)
# What stands for itself where anything may stand.
_PLAIN = frozenset({str, int, float, bool, _NONE, datetime.datetime, datetime.date})
# Objects whose fields are looked at one field after the other: few enough for the processor's cache.
_BLOCK = 256


def is_loose(objects: Sequence[dict[str, Any]], cls: Any) -> bool:
    """Whether some of these dicts, each meant to become a `cls`, have such a value at any depth."""
    for start in range(0, len(objects), _BLOCK):
        block = objects[start : start + _BLOCK]
        for name, node in loose_fields_of(cls):
            values = [data[name] for data in block if name in data]
            if values and _has_loose(values, node):
                return True
    return False


def _has_loose(values: list[Any], node: Node) -> bool:
    if node.kind == "enum":
        return _has_unknown(values, node.cls)
    if node.kind == "model":
        objects = [value for value in values if type(value) is dict]
        return bool(objects) and is_loose(objects, node.cls)
    if node.kind in ("union", "values"):
        return True
    types = set(map(type, values))
    if node.kind == "any":
        return not types <= _PLAIN
    types.discard(_NONE)
    if types != {list if node.kind == "list" else dict}:
        return bool(types)
    item = node.item
    if item is None or item.kind not in LOOSE or _is_plain(item):
        return False
    filled: Any = filter(None, values)
    entries = list(chain.from_iterable(filled if node.kind == "list" else map(dict.values, filled)))
    return bool(entries) and _has_loose(entries, item)


def _is_plain(node: Node) -> bool:
    """Whether values of a type need no look: models that hold scalars only, such as attributes."""
    return node.kind == "model" and not loose_fields_of(node.cls)


def _has_unknown(values: list[Any], cls: Any) -> bool:
    try:
        distinct = set(values)
    except TypeError:  # a list or a dict
        return True
    distinct.discard(None)
    return not all(
        cls.knows(value) if type(value) is str else isinstance(value, cls) for value in distinct
    )
