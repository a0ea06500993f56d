"""Limits of values, by JSON schema keyword, and what they say when a value is outside of them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError


def check_limits(
    value: Any,
    limits: Mapping[str, Any],
    path: tuple[str | int, ...],
    ignored: frozenset[str] = frozenset(),
) -> None:
    """Check a value against its limits, which are given by JSON schema keywords.

    Raises:
        ApiValueError: The value is outside of them.
    """
    for keyword, limit in limits.items():
        if keyword in ignored or _KEEPS[keyword](value, limit):
            continue
        shown = f"a length of {len(value)}" if keyword in _LENGTHS else _shown(value)
        raise ApiValueError(f"Expected {_WORDS[keyword].format(limit)}, got {shown}", path)


def check_items(
    values: Any, limits: Mapping[str, Any], path: tuple[str | int, ...], ignored: frozenset[str]
) -> None:
    """Check each value of a list against the limits of one; a null has none.

    Raises:
        ApiValueError: One is outside of them.
    """
    for index, value in enumerate(values if isinstance(values, (list, tuple)) else ()):
        if value is not None:
            check_limits(value, limits, (*path, index), ignored)


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except ValueError:
        return "a number with more digits than Python writes"


_KEEPS: Mapping[str, Callable[[Any, Any], Any]] = {
    "minimum": operator.ge,
    "exclusiveMinimum": operator.gt,
    "maximum": operator.le,
    "exclusiveMaximum": operator.lt,
    "multipleOf": lambda value, limit: not value % limit,
    "minLength": lambda value, limit: len(value) >= limit,
    "maxLength": lambda value, limit: len(value) <= limit,
    "minItems": lambda value, limit: len(value) >= limit,
    "maxItems": lambda value, limit: len(value) <= limit,
    "pattern": lambda value, limit: re.search(limit, value),
    "enum": lambda value, limit: all(
        entry in limit for entry in (value if isinstance(value, list) else (value,))
    ),
}
_WORDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "a length of at least {}",
    "maxLength": "a length of at most {}",
    "minItems": "a length of at least {}",
    "maxItems": "a length of at most {}",
    "pattern": "to match the pattern {!r}",
    "enum": "one of {}",
}
_LENGTHS = frozenset({"minLength", "maxLength", "minItems", "maxItems"})
