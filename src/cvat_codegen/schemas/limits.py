"""Limits of values: bounds of numbers, lengths of texts and lists, patterns."""

from __future__ import annotations

import fractions
import math
import re
import sys
from typing import Any

from cvat_codegen import ir
from cvat_codegen.problems import Problem

_NUMBER_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_LARGEST = 2**63 - 1
_TEXT_LIMITS = ("minLength", "maxLength", "pattern")
LIMITS: dict[ir.ScalarKind, tuple[str, ...]] = {
    "int": _NUMBER_LIMITS,
    "float": _NUMBER_LIMITS,
    "str": _TEXT_LIMITS,
}
"""Keywords that limit a kind of values."""
SCALAR_LIMITS = (*_NUMBER_LIMITS, *_TEXT_LIMITS)


def read_limits(
    schema: dict[str, Any], keywords: tuple[str, ...], place: str, problems: list[Problem]
) -> ir.Limits:
    """Limits of a schema; faults are added to `problems`.

    OpenAPI 3.0 marks a bound as exclusive by a flag beside it. In the result, as in newer JSON schema,
    the exclusive keyword holds the bound itself.
    """
    limits: list[tuple[str, int | float | str]] = []
    for keyword in keywords:
        value = schema.get(keyword)
        if value is None or keyword.startswith("exclusive"):
            continue
        fault = _fault(keyword, value)
        if fault:
            problems.append(Problem(f"{place}/{keyword}", fault))
            continue
        exclusive = f"exclusive{keyword.capitalize()}"
        key = exclusive if schema.get(exclusive) is True else keyword
        is_whole = schema.get("type") == "integer"
        if is_whole:
            key, value = _whole(key, value)
        # A limit that no number of 64 bits reaches limits nothing, and a decoder cannot hold it.
        largest = _LARGEST if is_whole else sys.float_info.max
        if keyword not in _NUMBER_LIMITS or abs(value) < largest:
            limits.append((key, value))
    return tuple(limits)


def _fault(keyword: str, value: Any) -> str | None:
    if keyword == "pattern":
        return _pattern_fault(value)
    if keyword.endswith(("Length", "Items")):
        fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST
        return None if fits else "must be a whole number from 0"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "must be a number"
    if isinstance(value, float) and not math.isfinite(value):
        return "must be a finite number"
    return "must be more than 0" if keyword == "multipleOf" and value <= 0 else None


def _whole(keyword: str, value: float) -> tuple[str, float]:
    """A limit of whole numbers as one: at least 0.5 means at least 1."""
    if value == int(value):
        return keyword, int(value)
    if keyword == "multipleOf":
        return keyword, fractions.Fraction(str(value)).numerator
    is_lower = keyword in ("minimum", "exclusiveMinimum")
    return ("minimum", math.ceil(value)) if is_lower else ("maximum", math.floor(value))


def _pattern_fault(value: Any) -> str | None:
    if not isinstance(value, str):
        return "must be text"
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is not a regular expression that Python knows: {error}"
    return None
