"""Single values: numbers, texts, dates, files."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import Context
from cvat_codegen.schemas.limits import LIMITS, SCALAR_LIMITS, read_limits

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


def build_scalar(context: Context, schema: dict[str, Any], place: str) -> ir.Scalar | Problems:
    """Type of a schema of type boolean, integer, number or string."""
    declared, text_format = schema["type"], schema.get("format")
    kind = _KINDS[declared]
    problems: list[Problem] = []
    if not isinstance(text_format, (str, type(None))):
        return Problems.at(f"{place}/format", "must be text")
    if declared == "string" and text_format in _STRING_FORMATS:
        kind = _STRING_FORMATS[text_format]
    elif text_format is not None and text_format not in _PLAIN_FORMATS[declared]:
        context.warn(f"{place}/format", f"format {text_format!r} is not known; a plain {kind}")
    known = LIMITS.get(kind, ())
    for keyword in SCALAR_LIMITS:
        if keyword in schema and keyword not in known:
            problems.append(Problem(f"{place}/{keyword}", f"has no meaning for type {kind!r}"))
    limits = read_limits(schema, known, place, problems)
    return Problems(tuple(problems)) if problems else ir.Scalar(kind, limits)
