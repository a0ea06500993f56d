"""Single values: numbers, texts, dates, files, and the limits that they keep."""

from __future__ import annotations

import re
from typing import Any

from cvat_codegen import ir
from cvat_codegen.problems import Problem, Problems

_STRING_FORMATS: dict[str, ir.ScalarKind] = {
    "binary": "file",
    "date": "date",
    "date-time": "datetime",
}
# Formats that change nothing about the Python type.
_PLAIN_FORMATS = {
    "string": frozenset(
        [
            *("email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "uuid", "slug"),
            *("byte", "decimal", "duration", "password", "regex", "time"),
        ]
    ),
    "integer": frozenset({"int32", "int64"}),
    "number": frozenset({"double", "float"}),
    "boolean": frozenset[str](),
}
_KINDS: dict[str, ir.ScalarKind] = {
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "string": "str",
}
_NUMBER_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_TEXT_LIMITS = ("minLength", "maxLength", "pattern")
_LIMITS: dict[ir.ScalarKind, tuple[str, ...]] = {
    "int": _NUMBER_LIMITS,
    "float": _NUMBER_LIMITS,
    "str": _TEXT_LIMITS,
}
SCALAR_LIMITS = (*_NUMBER_LIMITS, *_TEXT_LIMITS)


def build_scalar(schema: dict[str, Any], place: str) -> ir.Scalar | Problems:
    """Type of a schema of type boolean, integer, number or string."""
    declared, text_format = schema["type"], schema.get("format")
    kind = _KINDS[declared]
    problems: list[Problem] = []
    if declared == "string" and text_format in _STRING_FORMATS:
        kind = _STRING_FORMATS[text_format]
    elif text_format is not None and text_format not in _PLAIN_FORMATS[declared]:
        message = f"format {text_format!r} of type {declared!r} is not supported"
        problems.append(Problem(f"{place}/format", message))
    known = _LIMITS.get(kind, ())
    for keyword in SCALAR_LIMITS:
        if keyword in schema and keyword not in known:
            problems.append(Problem(f"{place}/{keyword}", f"has no meaning for type {kind!r}"))
    limits = read_limits(schema, known, place, problems)
    return Problems(tuple(problems)) if problems else ir.Scalar(kind, limits)


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
        if keyword == "pattern":
            fault = _pattern_fault(value)
        elif keyword.endswith(("Length", "Items")):
            fault = (
                None if _is_number(value, int) and value >= 0 else "must be a whole number from 0"
            )
        else:
            fault = None if _is_number(value, (int, float)) else "must be a number"
        if fault:
            problems.append(Problem(f"{place}/{keyword}", fault))
            continue
        exclusive = f"exclusive{keyword.capitalize()}"
        limits.append((exclusive if schema.get(exclusive) is True else keyword, value))
    return tuple(limits)


def _is_number(value: Any, kinds: type | tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _pattern_fault(value: Any) -> str | None:
    if not isinstance(value, str):
        return "must be text"
    try:
        re.compile(value)
    except re.error as error:
        return f"is not a regular expression that Python knows: {error}"
    return None
