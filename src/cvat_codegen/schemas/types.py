"""Types: what a property, a list item, a parameter or a response holds."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.names import class_name
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import COMPOSITIONS, Context, check_keywords, kind_of
from cvat_codegen.schemas.scalars import build_scalar, read_limits


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
        keyword = next(keyword for keyword in COMPOSITIONS if keyword in schema)
        built = build_type(context, schema[keyword][0], f"{place}/{keyword}/0", through)
    elif kind == "array":
        built = _build_array(context, schema, place, through)
    elif kind == "map":
        built = _build_map(context, schema, place, through)
    elif kind == "scalar":
        built = build_scalar(schema, place)
    elif kind == "any":
        built = ir.Scalar("any")
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
    if name in through:
        return Problems.at(
            place, f"the schemas {', '.join(through)} are defined by each other only"
        )
    if not is_model(context, target):
        return build_type(context, target, f"/components/schemas/{name}", (*through, name))
    reference = ir.ModelRef(class_name(name))
    may_be_null = target.get("nullable") is True or _has_null_member(context, target)
    return ir.nullable(reference) if may_be_null else reference


def _has_null_member(context: Context, schema: dict[str, Any]) -> bool:
    """Whether one of the enumerations that a schema chooses between holds null itself."""
    for member in schema.get("oneOf", ()):
        found = context.target(member, "") if kind_of(member) == "reference" else ("", member)
        if not isinstance(found, Problems) and None in (found[1].get("enum") or ()):
            return True
    return False


def is_model(context: Context, schema: Any) -> bool:
    """Whether a named schema becomes a class; otherwise it is another name of its type."""
    kind = kind_of(schema)
    if kind == "wrapper":
        return _wraps_object(context, schema, set())
    if kind == "map":
        return "additionalProperties" not in schema  # an object about which nothing more is said
    return kind in ("object", "enum", "composed")


def _wraps_object(context: Context, schema: dict[str, Any], seen: set[str]) -> bool:
    keyword = next(keyword for keyword in COMPOSITIONS if keyword in schema)
    member = schema[keyword][0]
    if kind_of(member) == "wrapper":
        return _wraps_object(context, member, seen)
    if kind_of(member) != "reference":
        return False
    found = context.target(member, "")
    if isinstance(found, Problems) or found[0] in seen:
        return False
    name, target = found
    kind = kind_of(target)
    if kind == "wrapper":
        return _wraps_object(context, target, seen | {name})
    return kind == "object" or (kind == "composed" and "allOf" in target)


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
