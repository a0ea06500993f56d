"""Enumerations: texts with known values, and other values that are known."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cvat_codegen import ir
from cvat_codegen.names import PythonName, is_member_name, member_names
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import Context, text_of


def build_enum(
    context: Context, name: str, schema: dict[str, Any], place: str
) -> ir.EnumModel | Problems:
    """Model of an enumeration."""
    values = read_values(schema, place)
    if isinstance(values, Problems):
        return values
    problems: list[Problem] = []
    names = schema.get("x-enum-names", member_names(values))
    if not isinstance(names, list) or len(names) != len(values):
        return Problems.at(f"{place}/x-enum-names", "must be a list with one name for each value")
    taken = Counter(member for member in names if isinstance(member, str))
    for value, member in zip(values, names, strict=True):
        if not is_member_name(member):
            problems.append(
                Problem(place, f"{member!r} for value {value!r} is not a name in Python")
            )
        elif taken[member] > 1:
            problems.append(Problem(f"{place}/x-enum-names", f"{member!r} names several values"))
    default = schema.get("default")
    if default is not None and default not in values:
        problems.append(Problem(f"{place}/default", f"{default!r} is not one of the values"))
    is_quoted = schema.get("x-quoted", False)
    if not isinstance(is_quoted, bool):
        problems.append(Problem(f"{place}/x-quoted", "must be true or false"))
    if problems:
        return Problems(tuple(problems))
    return ir.EnumModel(
        context.class_of(name),
        context.module_of(name),
        text_of(schema),
        tuple(zip(map(PythonName, names), values, strict=True)),
        default,
        is_quoted,
    )


def build_values(context: Context, schema: dict[str, Any], place: str) -> ir.Type | Problems:
    """Type of an enumeration of other values than texts alone."""
    values, declared = schema["enum"], schema.get("type")
    if not isinstance(values, list) or not values:
        return Problems.at(f"{place}/enum", "must be a list of values")
    known = [value for value in values if value is not None]
    # A list or an object has no hash; 1 and true are equal.
    if len({(type(value), repr(value)) for value in values}) < len(values):
        return Problems.at(f"{place}/enum", "names a value twice")
    wrong = [value for value in known if not isinstance(value, _CLASSES.get(declared, object))]
    wrong += [value for value in known if isinstance(value, bool) and declared in _NUMBERS]
    if wrong:
        return Problems.at(f"{place}/enum", f"{wrong[0]!r} is not of type {declared!r}")
    built: ir.Type
    if not all(isinstance(value, (bool, int, str)) for value in known):
        built = ir.Scalar("float" if declared == "number" else "any")
        message = f"the values are not checked: there is no type for them; {built.kind}"
        context.warn(f"{place}/enum", message)
    else:
        built = ir.Values(tuple(known)) if known else ir.Scalar("any")
    return ir.nullable(built) if len(known) < len(values) else built


_NUMBERS = ("integer", "number")
_CLASSES: dict[Any, Any] = {"boolean": bool, "integer": int, "number": (int, float)}


def read_values(schema: dict[str, Any], place: str) -> list[str] | Problems:
    """Allowed values of a schema.

    The value null becomes the text "null", as older clients of this API know it; whether a field may be
    null is said by `nullable` at the field.
    """
    values = schema["enum"]
    if not isinstance(values, list) or not values:
        return Problems.at(f"{place}/enum", "must be a list of values")
    if schema.get("type", "string") != "string":
        return Problems.at(place, f"an enumeration of type {schema['type']!r} is not supported")
    texts = ["null" if value is None else value for value in values]
    if not all(isinstance(value, str) for value in texts):
        return Problems.at(
            f"{place}/enum", "an enumeration of other values than texts is not supported"
        )
    if len(set(texts)) != len(texts):
        return Problems.at(f"{place}/enum", "names a value twice")
    return texts
