"""Whether data may hold values that the encoder would change without a word: bytes, sets, decimals and the like.

msgspec has a JSON form for them, of its own choosing: base64, lists, text. Typed fields of models hold none of
them, but lists and dicts may have been changed after they were checked, and unchecked data may hold anything.
Bodies of annotations have hundreds of thousands of values, so these are looked at one level after the other, in
calls that loop in C. What the look finds is told apart by `runtime.plain`.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import countOf
from typing import Any

from cvat_sdk.api_client.runtime.model import UNSET, Model, reader
from cvat_sdk.api_client.runtime.schema import Node, fields_of

_SCALARS = frozenset(
    {str, int, float, bool, type(None), datetime.datetime, datetime.date, type(UNSET)}
)
_KEYS = frozenset({str, int})
_NUMBERS = frozenset({"bool", "float", "int"})
# Objects of one class on one level; of so many, not every list is looked into (see `_columns`).
_MANY = 200
# Items of a list; fewer of them are looked at one by one.
_FEW = 8
# Objects that are looked into at a time: few enough for the processor's cache.
_BLOCK = 256


def is_doubtful(obj: Any) -> bool:
    """Whether there may be such a value in data that the encoder has written, at any depth."""
    cls: Any = type(obj)
    if cls in _SCALARS:
        return False
    if cls is list or cls is tuple:
        if len(obj) > _FEW:
            return _has_doubtful(obj)
        return not _SCALARS.issuperset(map(type, obj)) and any(map(is_doubtful, obj))
    if cls is dict:
        return not _KEYS.issuperset(map(type, obj)) or any(map(is_doubtful, obj.values()))
    columns = _columns(cls, False)
    if columns is None:
        return True
    # Nearly all of these values are scalars or not set.
    for column in columns:
        value = column(obj)
        if type(value) not in _SCALARS and is_doubtful(value):
            return True
    return False


def _has_doubtful(values: Sequence[Any]) -> bool:
    """Whether there may be such a value in one of many, most of which are of one class."""
    if not values:
        return False
    cls = type(values[0])
    # Counting is the fastest of all ways to look at the classes, and saves a copy of the values.
    if countOf(map(type, values), cls) == len(values):
        return cls not in _SCALARS and _is_in_group(cls, values)
    return any(
        _is_in_group(cls, [value for value in values if type(value) is cls])
        for cls in set(map(type, values)) - _SCALARS
    )


def _is_in_group(cls: Any, group: Sequence[Any]) -> bool:
    """Whether there may be such a value in one of the objects of a class."""
    if cls is list or cls is tuple:
        return _is_in_lists(group)
    if cls is dict:
        return any(map(_is_in_dicts, _blocks(group)))
    return _is_in_models(cls, group)


def _blocks(group: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (group[start : start + _BLOCK] for start in range(0, len(group), _BLOCK))


def _is_in_lists(lists: Sequence[Any]) -> bool:
    lists = [entries for entries in lists if entries]
    if not lists:
        return False
    flat = [entries for entries in lists if type(entries[0]) in _SCALARS]
    if _are_numbers(flat) or set(map(type, chain.from_iterable(flat))) <= _SCALARS:
        lists = [entries for entries in lists if type(entries[0]) not in _SCALARS]
    return _has_doubtful(list(chain.from_iterable(lists)))


def _are_numbers(lists: list[Any]) -> bool:
    """Whether all entries are plain numbers: nothing finds that out faster than adding them up."""
    try:
        return type(sum(map(sum, lists))) in _SCALARS
    except (TypeError, OverflowError):
        return False


def _is_in_dicts(dicts: Sequence[Any]) -> bool:
    keys = set(map(type, chain.from_iterable(dicts)))
    values = chain.from_iterable(map(dict.values, dicts))
    return not keys <= _KEYS or _has_doubtful(list(values))


def _is_in_models(cls: Any, models: Sequence[Any]) -> bool:
    columns = _columns(cls, len(models) > _MANY)
    if columns is None:
        return True
    return bool(columns) and any(
        _has_doubtful(list(map(column, block))) for block in _blocks(models) for column in columns
    )


@functools.cache
def _columns(cls: Any, many: bool) -> tuple[Callable[[Any], Any], ...] | None:
    """Readers of the fields of a class that are looked into; None for a class that is no model.

    For many objects these are not the lists of numbers and of models without such fields: servers refuse what
    the encoder makes of a wrong value there, and the look would take a fifth of the time of the encoding.
    """
    if not issubclass(cls, Model):
        return None
    return tuple(
        reader(cls, field.name)
        for field in fields_of(cls).values()
        if _needs_look(field.node, many, frozenset({cls}))
    )


def _needs_look(node: Node, many: bool, seen: frozenset[Any]) -> bool:
    if node.kind in ("any", "dict", "file", "union"):
        return True
    if node.kind == "list":
        item = node.item
        if not many or item is None:
            return True
        return item.kind not in _NUMBERS and (item.kind != "model" or _needs_look(item, many, seen))
    if node.kind != "model" or node.cls in seen:
        return False
    seen |= {node.cls}
    return any(_needs_look(field.node, many, seen) for field in fields_of(node.cls).values())
