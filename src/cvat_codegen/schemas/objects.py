"""Objects with known properties."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.document import pointer
from cvat_codegen.names import class_name, field_name, is_python_name, module_name
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import Context
from cvat_codegen.schemas.types import build_type


def build_object(
    context: Context, name: str, schema: dict[str, Any], place: str
) -> ir.ObjectModel | Problems:
    """Model of an object schema."""
    fields = build_fields(context, schema, place)
    if isinstance(fields, Problems):
        return fields
    return ir.ObjectModel(class_name(name), module_name(class_name(name)), text_of(schema), fields)


def build_fields(
    context: Context, schema: dict[str, Any], place: str
) -> tuple[ir.Field, ...] | Problems:
    """Fields of an object schema: the required ones in the order of `required`, then the others."""
    properties, required = schema.get("properties", {}), schema.get("required", [])
    problems: list[Problem] = []
    if not isinstance(properties, dict):
        return Problems.at(f"{place}/properties", "must be an object")
    if not isinstance(required, list):
        return Problems.at(f"{place}/required", "must be a list")
    if isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
        message = "a type for further properties beside named ones is not supported"
        problems.append(Problem(f"{place}/additionalProperties", message))
    for wire in required:
        if wire not in properties:
            problems.append(Problem(f"{place}/required", f"names {wire!r}, which is no property"))
    order = [wire for wire in required if wire in properties]
    order += [wire for wire in properties if wire not in required]
    fields: list[ir.Field] = []
    for wire in order:
        where = place + pointer("properties", wire)
        built = _build_field(context, wire, properties, wire in required, where)
        if isinstance(built, Problems):
            problems.extend(built.items)
        elif any(built.name == other.name for other in fields):
            problems.append(
                Problem(where, f"another property has the Python name {built.name!r} too")
            )
        else:
            fields.append(built)
    return Problems(tuple(problems)) if problems else tuple(fields)


def _build_field(
    context: Context, wire: str, properties: dict[str, Any], required: bool, place: str
) -> ir.Field | Problems:
    schema = properties[wire]
    built = build_type(context, schema, place)
    if isinstance(built, Problems):
        return built
    name = schema.get("x-python-name", field_name(wire))
    if not is_python_name(name):
        return Problems.at(f"{place}/x-python-name", f"{name!r} is not a name in Python")
    return ir.Field(
        name=name,
        wire=wire,
        type=built,
        position=list(properties).index(wire),
        required=required,
        read_only=schema.get("readOnly") is True,
        secret=schema.get("format") == "password",
        deprecated=schema.get("deprecated") is True,
        description=text_of(schema),
    )


def text_of(schema: dict[str, Any]) -> str:
    """Description of a schema."""
    text = schema.get("description", "")
    return text.strip() if isinstance(text, str) else ""
