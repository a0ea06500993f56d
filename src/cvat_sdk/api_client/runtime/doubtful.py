"""Whether data may hold values that the encoder would change without a word: bytes, sets, decimals and the like.

msgspec has a JSON form for them, of its own choosing: base64, lists, text. Typed fields of models hold none of
them, but lists and dicts may have been changed after they were checked, and unchecked data may hold anything.
Bodies of annotations have hundreds of thousands of values, so these are looked at one level after the other, in
calls that loop in C. What the look finds is told apart by `runtime.plain`.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
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
            return _has_doubtful([obj])
        return not _SCALARS.issuperset(map(type, obj)) and any(map(is_doubtful, obj))
    if cls is dict:
        return not _KEYS.issuperset(map(type, obj)) or any(map(is_doubtful, obj.values()))
    columns = _columns(cls, False)
    if columns is None:
        return True
    return any(is_doubtful(column(obj)) for column in columns)


def _has_doubtful(iterables: Sequence[Collection[Any]]) -> bool:
    for cls in set(map(type, chain.from_iterable(iterables))) - _SCALARS:
        if cls is list or cls is tuple:
            found = _is_in_lists(_of(cls, iterables))
        elif cls is dict:
            found = any(map(_is_in_dicts, _blocks(_of(cls, iterables))))
        else:
            found = _is_in_models(cls, iterables)
        if found:
            return True
    return False


def _of(cls: Any, iterables: Sequence[Collection[Any]]) -> list[Any]:
    return [value for value in chain.from_iterable(iterables) if type(value) is cls]


def _blocks(group: list[Any]) -> Iterator[list[Any]]:
    return (group[start : start + _BLOCK] for start in range(0, len(group), _BLOCK))


def _is_in_lists(lists: list[Any]) -> bool:
    flat = [entries for entries in lists if entries and type(entries[0]) in _SCALARS]
    if _are_numbers(flat) or set(map(type, chain.from_iterable(flat))) <= _SCALARS:
        lists = [entries for entries in lists if entries and type(entries[0]) not in _SCALARS]
    return bool(lists) and _has_doubtful(lists)


def _are_numbers(lists: list[Any]) -> bool:
    """Whether all entries are plain numbers: nothing finds that out faster than adding them up."""
    try:
        return type(sum(map(sum, lists))) in _SCALARS
    except (TypeError, OverflowError):
        return False


def _is_in_dicts(dicts: list[Any]) -> bool:
    keys = set(map(type, chain.from_iterable(dicts)))
    return not keys <= _KEYS or _has_doubtful(list(map(dict.values, dicts)))


def _is_in_models(cls: Any, iterables: Sequence[Collection[Any]]) -> bool:
    many = sum(map(len, iterables)) > _MANY
    columns = _columns(cls, many)
    if columns is None:
        return True
    return bool(columns) and any(
        _has_doubtful([list(map(column, block)) for column in columns])
        for block in _blocks(_of(cls, iterables))
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
    if node.kind in ("any", "dict", "file"):
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
