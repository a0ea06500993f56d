"""Objects with known properties."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from cvat_codegen import ir
from cvat_codegen.document import pointer
from cvat_codegen.names import PythonName, field_names, is_field_name
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import Context, text_of
from cvat_codegen.schemas.types import build_type

# Signs that the decoder cannot look for in the name of a property; and the one that only its own names have.
_UNWRITABLE = frozenset([*map(chr, range(0x20)), '"', "\\", "\u2063"])


def build_object(
    context: Context, name: str, schema: dict[str, Any], place: str
) -> ir.ObjectModel | Problems:
    """Model of an object schema."""
    fields = build_fields(context, schema, place)
    if isinstance(fields, Problems):
        return fields
    return ir.ObjectModel(context.class_of(name), context.module_of(name), text_of(schema), fields)


def build_fields(
    context: Context, schema: dict[str, Any], place: str
) -> tuple[ir.Field, ...] | Problems:
    """Fields of an object schema: the required ones in the order of `required`, then the others."""
    properties, required = schema.get("properties", {}), schema.get("required", [])
    problems: list[Problem] = []
    if not isinstance(properties, dict):
        return Problems.at(f"{place}/properties", "must be an object")
    if not isinstance(required, list) or not all(isinstance(wire, str) for wire in required):
        return Problems.at(f"{place}/required", "must be a list of names")
    if isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
        message = "the type of further properties is not checked: they are kept as they come"
        context.warn(f"{place}/additionalProperties", message)
    for wire in required:
        if wire not in properties:
            problems.append(Problem(f"{place}/required", f"names {wire!r}, which is no property"))
    first = [wire for wire in dict.fromkeys(required) if wire in properties]
    order = dict.fromkeys([*first, *properties])
    names = _names(properties, order)
    positions = {wire: position for position, wire in enumerate(properties)}
    fields: dict[PythonName, ir.Field] = {}
    for wire in order:
        where = place + pointer("properties", wire)
        built = _build_field(context, wire, names.get(wire), properties[wire], where)
        if isinstance(built, Problems):
            problems.extend(built.items)
        elif built.name in fields:
            message = f"another property has the Python name {built.name!r} too"
            problems.append(Problem(f"{where}/x-python-name", message))
        else:
            fields[built.name] = dataclasses.replace(
                built, position=positions[wire], required=wire in required
            )
    return Problems(tuple(problems)) if problems else tuple(fields.values())


def _names(properties: dict[str, Any], order: Iterable[str]) -> dict[str, PythonName]:
    """Fields of the properties whose schema does not give a name."""
    own = [wire for wire in order if not _has_given_name(properties[wire])]
    return dict(zip(own, field_names(own), strict=True))


def _build_field(
    context: Context, wire: str, name: PythonName | None, schema: Any, place: str
) -> ir.Field | Problems:
    if not _UNWRITABLE.isdisjoint(wire):
        message = "a property name with quotes, backslashes or control characters is not supported"
        return Problems.at(place, message)
    built = build_type(context, schema, place)
    if isinstance(built, Problems):
        return built
    if name is None:
        given = schema["x-python-name"]
        if not is_field_name(given):
            return Problems.at(f"{place}/x-python-name", f"{given!r} is not a name for a field")
        name = PythonName(given)
    return ir.Field(
        name=name,
        wire=wire,
        type=built,
        read_only=schema.get("readOnly") is True,
        secret=schema.get("format") == "password",
        deprecated=schema.get("deprecated") is True,
        description=text_of(schema),
    )


def _has_given_name(schema: Any) -> bool:
    return isinstance(schema, dict) and "x-python-name" in schema
