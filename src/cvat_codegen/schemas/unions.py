"""Unions: schemas of which a value has one of several types.

A choice between objects whose fields agree becomes one model with the fields of all, as CVAT's clients always had it
(`schemas.composed`). Every other choice, and one that a discriminator decides, is a union of types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cvat_codegen import ir
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import Context
from cvat_codegen.vocabulary import SCHEMAS, composition_of, is_object, kind_of, wrapped_by

# Names that stand for each other, one after the other.
_LONGEST_CHAIN = 50
_BINARY = {"type": "string", "format": "binary"}

Build = Callable[[Any, str], "ir.Type | Problems"]
"""Gives the type of a schema at a place."""


def build_union(
    context: Context, schema: dict[str, Any], place: str, build: Build
) -> ir.Type | Problems:
    """Type of a schema for which `is_union` holds."""
    keyword = str(composition_of(schema))
    options: list[ir.Type] = []
    problems: list[Problem] = []
    for index, member in enumerate(schema[keyword]):
        built = build(member, f"{place}/{keyword}/{index}")
        if isinstance(built, Problems):
            problems.extend(built.items)
        else:
            options.append(built)
    return Problems(tuple(problems)) if problems else ir.one_of(options)


def is_union(context: Context, schema: dict[str, Any]) -> bool:
    """Whether a composition is a union of types, and no model."""
    keyword = composition_of(schema)
    if keyword == "allOf" or keyword is None or not isinstance(schema[keyword], list):
        return False
    known = context.unions.get(id(schema))
    if known is None:
        # A member that leads back here is compared as a model meanwhile: by its name.
        context.unions[id(schema)] = False
        known = context.unions[id(schema)] = _is_union(context, schema, keyword)
    return known


def _is_union(context: Context, schema: dict[str, Any], keyword: str) -> bool:
    if "discriminator" in schema:
        return True
    kinds = {_kind(context, member) for member in schema[keyword]}
    if kinds <= {"object", "file"}:
        return _differ(context, schema[keyword])
    return kinds != {"enum"}


def _kind(context: Context, member: Any) -> str:
    """What a member is: ``object``, ``file``, ``enum``, or something else."""
    member = _unwrapped(context, member)
    kind = kind_of(member)
    if kind is None or not isinstance(member, dict):
        return "other"  # reported where its type is built
    if member.items() >= _BINARY.items():
        return "file"
    if kind == "composed" and "allOf" not in member and not is_union(context, member):
        return _kind_of_choice(context, member)
    return "object" if is_object(member) else kind


def _kind_of_choice(context: Context, schema: dict[str, Any]) -> str:
    known = context.choices.get(id(schema))
    if known is None:
        context.choices[id(schema)] = "object"  # for a member that leads back here
        members = schema[str(composition_of(schema))]
        kinds = {_kind(context, part) for part in (members if isinstance(members, list) else ())}
        known = context.choices[id(schema)] = "enum" if kinds == {"enum"} else "object"
    return known


def _unwrapped(context: Context, schema: Any) -> Any:
    """A schema without the names and the wrappers around it."""
    for _ in range(_LONGEST_CHAIN):
        if kind_of(schema) == "wrapper":
            schema, _place = wrapped_by(schema, "")
        elif kind_of(schema) == "reference":
            found = context.target(schema, "")
            schema = None if isinstance(found, Problems) else found[1]
        else:
            break
    return schema


def _differ(context: Context, members: list[Any]) -> bool:
    """Whether some objects give a property of one name different types."""
    seen: dict[str, Any] = {}
    for member in members:
        for name, schema in _properties(context, member, 0).items():
            said = _type_words(context, schema)
            if seen.setdefault(name, said) != said:
                return True
    return False


def _properties(context: Context, schema: Any, depth: int) -> dict[str, Any]:
    """The properties of an object, with those of its parts."""
    schema = _unwrapped(context, schema)
    if not isinstance(schema, dict) or depth > _LONGEST_CHAIN:
        return {}
    found: dict[str, Any] = {}
    keyword = composition_of(schema)
    for part in schema[keyword] if keyword and isinstance(schema[keyword], list) else ():
        found |= _properties(context, part, depth + 1)
    own = schema.get("properties")
    return found | (own if isinstance(own, dict) else {})


def _type_words(context: Context, schema: Any) -> Any:
    """What a schema says of the type, without limits and texts."""
    if not isinstance(schema, dict):
        return None
    inner = schema
    for _ in range(_LONGEST_CHAIN):
        if kind_of(inner) != "wrapper":
            break
        inner, _place = wrapped_by(inner, "")
    if not isinstance(inner, dict):
        return None
    if kind_of(inner) == "reference":
        return inner["$ref"], bool(schema.get("nullable"))
    items = inner.get("items"), inner.get("additionalProperties")
    return (
        *(str(inner.get(word)) for word in ("type", "format", "enum", "oneOf", "anyOf", "allOf")),
        *(_type_words(context, item) for item in items),
        bool(schema.get("nullable") or inner.get("nullable")),
    )


def subtypes(context: Context, name: str) -> list[str]:
    """The schemas that are made of one that has a discriminator, which tells them from each other."""
    found = [name]
    for base in found:
        found += [
            other
            for other, schema in context.schemas.items()
            if other not in found and f"{SCHEMAS}{base}" in _parts(schema)
        ]
    return found[1:]


def _parts(schema: Any) -> list[str]:
    members = schema.get("allOf") if isinstance(schema, dict) else None
    return [
        str(member["$ref"])
        for member in (members if isinstance(members, list) else ())
        if isinstance(member, dict) and "$ref" in member
    ]


def tags_of(context: Context) -> dict[str, dict[str, tuple[str, ...]]] | Problems:
    """By schema: properties by which discriminators tell it from others, with the values that mean it."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    problems: list[Problem] = []
    for name, schema in context.schemas.items():
        if not isinstance(schema, dict) or "discriminator" not in schema:
            continue
        place = f"{SCHEMAS[1:]}{name}/discriminator"
        read = _read(schema["discriminator"])
        if isinstance(read, str):
            problems.append(Problem(place, read))
            continue
        property_name, mapping = read
        members = schema.get("oneOf", schema.get("anyOf"))
        refs = [
            str(member.get("$ref", "")).removeprefix(SCHEMAS)
            for member in (members if isinstance(members, list) else ())
            if isinstance(member, dict)
        ]
        for member in refs or [name, *subtypes(context, name)]:
            values = [
                value for value, target in mapping.items() if target.removeprefix(SCHEMAS) == member
            ]
            names = found.setdefault(member, {}).setdefault(property_name, {})
            names.update(dict.fromkeys(values or [member]))
    if problems:
        return Problems(tuple(problems))
    return {
        name: {property_name: tuple(values) for property_name, values in tags.items()}
        for name, tags in found.items()
    }


def _read(discriminator: Any) -> tuple[str, dict[str, str]] | str:
    """Name of the property and the mapping of a discriminator, or what is wrong with it."""
    if not isinstance(discriminator, dict):
        return "must be an object"
    name, mapping = discriminator.get("propertyName"), discriminator.get("mapping", {})
    if not isinstance(name, str):
        return "'propertyName' must be text"
    if not isinstance(mapping, dict) or not all(isinstance(v, str) for v in mapping.values()):
        return "'mapping' must be an object of texts"
    return name, mapping
