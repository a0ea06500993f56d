"""Compositions: objects made of other objects, and texts that belong to one of several enumerations."""

from __future__ import annotations

import dataclasses
from typing import Any

from cvat_codegen import ir
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import Context, allows_null, text_of
from cvat_codegen.schemas.objects import build_fields
from cvat_codegen.vocabulary import composition_of, is_object, kind_of, wrapped_by

_BINARY = {"type": "string", "format": "binary"}

Member = tuple[str, dict[str, Any]]
"""Class name (``file`` for a binary body) and schema."""


def build_composed(
    context: Context, name: str, schema: dict[str, Any], place: str
) -> ir.ComposedModel | ir.EnumUnion | Problems:
    """Model of an allOf, anyOf or oneOf schema."""
    keyword: Any = composition_of(schema)
    members = _members(context, schema[keyword], f"{place}/{keyword}")
    if isinstance(members, Problems):
        return members
    own_name, own_module = context.class_of(name), context.module_of(name)
    nullable = schema.get("nullable") is True
    if keyword != "allOf" and all(kind_of(member) == "enum" for _, member in members):
        return ir.EnumUnion(
            own_name,
            own_module,
            text_of(schema),
            tuple(context.class_of(member) for member, _ in members),
            nullable or any(allows_null(member) for _, member in members),
        )
    fields = _composed_fields(context, keyword, members, place, (name,))
    if isinstance(fields, Problems):
        return fields
    fields = _require(context, fields, schema.get("required", []), place)
    if isinstance(fields, Problems):
        return fields
    return ir.ComposedModel(
        own_name,
        own_module,
        text_of(schema),
        keyword,
        tuple(member if member == "file" else context.class_of(member) for member, _ in members),
        fields,
        nullable,
    )


def _require(
    context: Context, fields: tuple[ir.Field, ...], required: Any, place: str
) -> tuple[ir.Field, ...] | Problems:
    """Fields of which a composition requires some more than its members do."""
    if not isinstance(required, list) or not all(isinstance(wire, str) for wire in required):
        return Problems.at(f"{place}/required", "must be a list of names")
    known = {field.wire for field in fields}
    for wire in required:
        if wire not in known:
            context.warn(f"{place}/required", f"{wire!r}, which is no property, is left out")
    marked = [
        dataclasses.replace(field, required=field.required or field.wire in required)
        for field in fields
    ]
    return tuple(sorted(marked, key=lambda field: not field.required))


def _members(context: Context, members: Any, place: str) -> list[Member] | Problems:
    if not isinstance(members, list) or not members:
        return Problems.at(place, "must be a list of schemas")
    found: list[Member] = []
    problems: list[Problem] = []
    for index, member in enumerate(members):
        where = f"{place}/{index}"
        while kind_of(member) == "wrapper":  # an inline member that has got a name
            member, where = wrapped_by(member, where)
        if kind_of(member) == "reference":
            target = _named(context, member, where)
            if isinstance(target, Problems):
                problems.extend(target.items)
            else:
                found.append(target)
        elif isinstance(member, dict) and member.items() >= _BINARY.items():
            found.append(("file", member))
        else:
            problems.append(
                Problem(where, "a member that is no object and no enumeration is not supported")
            )
    return Problems(tuple(problems)) if problems else found


def _named(context: Context, reference: dict[str, Any], place: str) -> Member | Problems:
    """The schema at the end of a chain of references."""
    seen: set[str] = set()
    found = context.target(reference, place)
    while not isinstance(found, Problems) and kind_of(found[1]) == "reference":
        if found[0] in seen:
            return Problems.at(place, f"$ref {reference['$ref']!r} leads back to itself")
        seen.add(found[0])
        found = context.target(found[1], place)
    return found


def _composed_fields(
    context: Context, keyword: str, members: list[Member], place: str, through: tuple[str, ...]
) -> tuple[ir.Field, ...] | Problems:
    objects = [(name, schema) for name, schema in members if name != "file"]
    if keyword == "allOf" and len(objects) < len(members):
        return Problems.at(f"{place}/allOf", "a binary body cannot be a part of an object")
    parts: list[tuple[ir.Field, ...]] = []
    problems: list[Problem] = []
    for name, schema in objects:
        part = _object_fields(context, name, schema, place, through)
        if isinstance(part, Problems):
            problems.extend(part.items)
        else:
            parts.append(part)
    if problems:
        return Problems(tuple(problems))
    # A member that is not an object leaves every field of the others out.
    return _merge(parts, keyword, always=len(objects) == len(members), place=place)


def _object_fields(
    context: Context, name: str, schema: dict[str, Any], place: str, through: tuple[str, ...]
) -> tuple[ir.Field, ...] | Problems:
    where = f"/components/schemas/{name}"
    kind = kind_of(schema)
    if name in through:
        return Problems.at(place, f"the schemas {', '.join(through)} are composed of each other")
    if kind in ("composed", "wrapper"):
        keyword = str(composition_of(schema))
        members = _members(context, schema[keyword], f"{where}/{keyword}")
        if isinstance(members, Problems):
            return members
        return _composed_fields(context, keyword, members, where, (*through, name))
    if is_object(schema):
        return build_fields(context, schema, where)
    return Problems.at(
        place, f"the member {name!r} is neither an object nor an enumeration like the others"
    )


def _merge(
    parts: list[tuple[ir.Field, ...]], keyword: str, always: bool, place: str
) -> tuple[ir.Field, ...] | Problems:
    """Fields of an object that has all of some parts, or any of them."""
    by_name: dict[str, list[ir.Field]] = {}
    for part in parts:
        for field in part:
            by_name.setdefault(field.name, []).append(field)
    in_json = dict.fromkeys(
        field.name for part in parts for field in sorted(part, key=lambda field: field.position)
    )
    positions = {name: position for position, name in enumerate(in_json)}
    merged: list[ir.Field] = []
    problems: list[Problem] = []
    for fields in by_name.values():
        first, *others = fields
        if any((other.type, other.wire) != (first.type, first.wire) for other in others):
            # Where any part will do, a value has to keep the limits of one of them: the server's task.
            first = dataclasses.replace(first, type=ir.without_limits(first.type))
            if keyword == "allOf" or any(
                (ir.without_limits(other.type), other.wire) != (first.type, first.wire)
                for other in others
            ):
                message = f"the members give {first.wire!r} different types"
                problems.append(Problem(f"{place}/{keyword}", message))
        if keyword == "allOf":
            required = any(field.required for field in fields)
        else:
            required = (
                always and len(fields) == len(parts) and all(field.required for field in fields)
            )
        read_only = all(field.read_only for field in fields)
        position = positions[first.name]
        merged.append(
            dataclasses.replace(first, position=position, required=required, read_only=read_only)
        )
    if problems:
        return Problems(tuple(problems))
    return tuple(sorted(merged, key=lambda field: not field.required))
