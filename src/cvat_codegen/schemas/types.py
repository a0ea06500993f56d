"""Types: what a property, a list item, a parameter or a response holds."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import Context, allows_null, check_keywords
from cvat_codegen.schemas.enums import build_values
from cvat_codegen.schemas.limits import read_limits
from cvat_codegen.schemas.scalars import build_scalar
from cvat_codegen.schemas.unions import build_union, is_union, subtypes
from cvat_codegen.vocabulary import is_object, kind_of, wrapped_by

# Names that stand for each other, one after the other.
_LONGEST_CHAIN = 50


def build_type(
    context: Context, schema: Any, place: str, through: tuple[str, ...] = ()
) -> ir.Type | Problems:
    """Type of a schema in use. `through` holds the names of the schemas that led here, to stop in a circle."""
    kind = kind_of(schema)
    problems = check_keywords(schema, kind, place)
    if problems:
        return Problems(tuple(problems))
    built: ir.Type | Problems
    if kind == "reference":
        return _build_reference(context, schema, place, through)
    if kind == "wrapper":
        member, where = wrapped_by(schema, place)
        built = build_type(context, member, where, through)
    elif kind == "array":
        built = _build_array(context, schema, place, through)
    elif kind == "map":
        built = _build_map(context, schema, place, through)
    elif kind == "scalar":
        built = build_scalar(context, schema, place)
    elif kind == "any":
        built = ir.Scalar("any")
    elif kind == "values":
        built = build_values(context, schema, place)
    elif kind == "composed" and is_union(context, schema):
        built = build_union(
            context, schema, place, lambda part, where: build_type(context, part, where, through)
        )
    else:
        # Such a schema gets a name before types are built, except where no model can stand.
        return Problems.at(place, f"an inline schema of kind {kind!r} is not supported here")
    if isinstance(built, Problems):
        return built
    return ir.nullable(built) if schema.get("nullable") is True else built


def _build_reference(
    context: Context, schema: dict[str, Any], place: str, through: tuple[str, ...]
) -> ir.Type | Problems:
    found = context.target(schema, place)
    if isinstance(found, Problems):
        return found
    name, target = found
    if name in through or len(through) > _LONGEST_CHAIN:
        return Problems.at(
            place, f"the schemas {', '.join(through[:5])} are defined by each other only"
        )
    if not is_model(context, target):
        return build_type(context, target, f"/components/schemas/{name}", (*through, name))
    reference: ir.Type = ir.ModelRef(context.class_of(name))
    if "discriminator" in target:
        # It is said of the type that others are made of: where it is expected, each of them may come.
        others = [ir.ModelRef(context.class_of(other)) for other in subtypes(context, name)]
        reference = ir.one_of((*others, reference))
    may_be_null = target.get("nullable") is True or _has_null_member(context, target)
    return ir.nullable(reference) if may_be_null else reference


def _has_null_member(context: Context, schema: dict[str, Any]) -> bool:
    """Whether one of the enumerations that a schema chooses between holds null itself."""
    members = schema.get("oneOf")
    for member in members if isinstance(members, list) else ():
        found = context.target(member, "") if kind_of(member) == "reference" else ("", member)
        if not isinstance(found, Problems) and allows_null(found[1]):
            return True
    return False


def is_model(context: Context, schema: Any) -> bool:
    """Whether a named schema becomes a class; otherwise it is another name of its type."""
    kind = kind_of(schema)
    if kind == "wrapper":
        known = context.wrappers.get(id(schema))
        if known is None:
            known = context.wrappers[id(schema)] = _wraps_object(context, schema, set())
        return known
    if kind == "map":
        return "additionalProperties" not in schema  # an object about which nothing more is said
    return kind in ("object", "enum") or (kind == "composed" and not is_union(context, schema))


def _wraps_object(context: Context, schema: dict[str, Any], seen: set[str]) -> bool:
    member, _ = wrapped_by(schema, "")
    while kind_of(member) == "reference":
        found = context.target(member, "")
        if isinstance(found, Problems) or found[0] in seen or len(seen) > _LONGEST_CHAIN:
            return False
        seen = {*seen, found[0]}
        member = found[1]
    if kind_of(member) == "wrapper":
        return _wraps_object(context, member, seen)
    return bool(seen) and is_object(member)


def _build_array(
    context: Context, schema: dict[str, Any], place: str, through: tuple[str, ...]
) -> ir.Type | Problems:
    if "items" not in schema:
        return Problems.at(place, "an array needs items")
    problems: list[Problem] = []
    limits = read_limits(schema, ("minItems", "maxItems"), place, problems)
    item = build_type(context, schema["items"], f"{place}/items", through)
    if isinstance(item, Problems):
        problems.extend(item.items)
    return (
        Problems(tuple(problems))
        if isinstance(item, Problems) or problems
        else ir.ListOf(item, limits)
    )


def _build_map(
    context: Context, schema: dict[str, Any], place: str, through: tuple[str, ...]
) -> ir.Type | Problems:
    value = schema.get("additionalProperties", True)
    if isinstance(value, bool):
        return ir.DictOf(ir.Scalar("any"))
    built = build_type(context, value, f"{place}/additionalProperties", through)
    return built if isinstance(built, Problems) else ir.DictOf(built)
