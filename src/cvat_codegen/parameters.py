"""Parameters in the path, the query, the headers and the cookies of an operation."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from cvat_codegen import ir
from cvat_codegen.document import pointer, resolve
from cvat_codegen.names import PythonName, is_argument_name, parameter_name, unused
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas import Context, build_type
from cvat_codegen.schemas.context import text_of
from cvat_codegen.schemas.enums import read_values
from cvat_codegen.vocabulary import JSON, composition_of, kind_of, unknown_keys, wrapped_by

_KEYWORDS = frozenset(
    [
        *("name", "in", "description", "required", "deprecated", "style", "explode", "schema"),
        *("example", "examples", "content", "allowReserved", "allowEmptyValue"),
    ]
)
_LOCATIONS: dict[str, ir.Location] = {
    "path": "path",
    "query": "query",
    "header": "header",
    "cookie": "cookie",
}
# The styles of each location, the default one first.
_STYLES: dict[str, tuple[ir.Style, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
# Schemas that stand for each other, one after the other.
_DEEPEST = 50
# Kinds of schemas that styles write as one text; what a caller passes for "any" is looked at then.
_SINGLE = ("any", "enum", "scalar", "values")
# Written by the client itself; OpenAPI says that such parameters have no meaning.
_OWN_HEADERS = frozenset({"accept", "content-type", "authorization"})


def build_parameters(
    context: Context, shared: Any, own: Any, path: str, item_place: str, place: str
) -> tuple[ir.Parameter, ...] | Problems:
    """Parameters of an operation: those of its path, overridden by its own."""
    found: dict[tuple[str, str], ir.Parameter] = {}
    problems: list[Problem] = []
    for source, where in ((shared, item_place), (own, place)):
        if not isinstance(source, list):
            problems.append(Problem(f"{where}/parameters", "must be a list"))
            continue
        for index, entry in enumerate(source):
            built = _build(context, entry, f"{where}/parameters/{index}")
            if isinstance(built, Problems):
                problems.extend(built.items)
            elif built is not None:
                found[built.location, built.wire] = built
    in_path = {wire for location, wire in found if location == "path"}
    if not problems and in_path != set(re.findall(r"\{([^{}]+)\}", path)):
        problems.append(Problem(place, "its path parameters are not those that its path names"))
    return Problems(tuple(problems)) if problems else tuple(found.values())


def name_arguments(
    parameters: Sequence[ir.Parameter], body: ir.Body | None
) -> tuple[tuple[ir.Parameter, ...], ir.Body | None]:
    """The arguments of an operation under names that differ.

    A name that several would have goes to the one that is spelt so, otherwise to the first.
    """
    arguments: list[ir.Parameter | ir.Body] = [*parameters, *([body] if body is not None else [])]
    names: dict[int, PythonName] = {}
    taken: set[PythonName] = set()
    order = sorted(
        enumerate(arguments), key=lambda pair: getattr(pair[1], "wire", "") != pair[1].name
    )
    for index, argument in order:
        names[index] = unused(argument.name, taken)
        taken.add(names[index])
    named = tuple(
        dataclasses.replace(parameter, name=names[index])
        for index, parameter in enumerate(parameters)
    )
    if body is not None:
        body = dataclasses.replace(body, name=names[len(parameters)])
    return named, body


def _build(context: Context, entry: Any, place: str) -> ir.Parameter | Problems | None:
    resolved = resolve(context.document, entry, place)
    if isinstance(resolved, Problems):
        return resolved
    entry, place = resolved
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        return Problems.at(place, "a parameter is an object with a name")
    wire, location = entry["name"], _LOCATIONS.get(str(entry.get("in")))
    if location is None:
        return Problems.at(f"{place}/in", f"a parameter in {entry.get('in')!r} is not supported")
    if location == "header" and wire.lower() in _OWN_HEADERS:
        return None
    problems = unknown_keys(entry, _KEYWORDS, place)
    context.skip(entry, ("allowReserved",), place)
    name = entry.get("x-python-name", parameter_name(wire))
    if not is_argument_name(name):
        message = f"{name!r} is not a name for an argument"
        problems.append(Problem(f"{place}/x-python-name", message))
    value = _read_content(context, entry, place) or read_value(
        context, entry.get("schema"), f"{place}/schema"
    )
    if isinstance(value, Problems):
        return Problems((*problems, *value.items))
    kind, choices = value
    written: tuple[ir.Style, bool] | Problems = ("json", False)
    if "content" not in entry:
        written = _read_style(context, entry, location, kind, place)
    if isinstance(written, Problems):
        return Problems((*problems, *written.items))
    style, explode = written
    if problems:
        return Problems(tuple(problems))
    return ir.Parameter(
        name=PythonName(name),
        wire=wire,
        location=location,
        type=kind,
        required=entry.get("required") is True or location == "path",
        choices=choices,
        limits=kind.limits if isinstance(kind, (ir.Scalar, ir.ListOf)) else (),
        description=text_of(entry),
        deprecated=entry.get("deprecated") is True,
        style=style,
        explode=explode,
    )


def _read_style(
    context: Context, entry: dict[str, Any], location: ir.Location, kind: ir.Type, place: str
) -> tuple[ir.Style, bool] | Problems:
    """How a parameter is written, and whether each of its values stands on its own."""
    known = _STYLES[location]
    style = next((style for style in known if style == entry.get("style", known[0])), None)
    if style is None and isinstance(kind, ir.Scalar) and isinstance(entry["style"], str):
        message = f"style {entry['style']!r} is none of a {location}: it goes by {known[0]!r}"
        context.warn(f"{place}/style", message)
        return "", False
    if style is None:
        message = f"style {entry['style']!r} is not one of a {location}: {', '.join(known)}"
        return Problems.at(f"{place}/style", message)
    explode = entry.get("explode", style in ("form", "deepObject"))
    if not isinstance(explode, bool):
        return Problems.at(f"{place}/explode", "must be true or false")
    is_object = isinstance(kind, (ir.DictOf, ir.ModelRef))
    if style == "deepObject" and not is_object:
        return Problems.at(f"{place}/style", "'deepObject' writes objects only")
    if isinstance(kind, ir.Scalar):
        return (style if style in ("label", "matrix") else "", False)
    if location == "cookie" and explode:
        return Problems.at(
            f"{place}/explode", "a list or an object in a cookie needs 'explode: false'"
        )
    if style in ("spaceDelimited", "pipeDelimited") and is_object and explode:
        return Problems.at(f"{place}/explode", f"an object in style {style!r} is not exploded")
    return style, explode


def _read_content(
    context: Context, entry: dict[str, Any], place: str
) -> tuple[ir.Type, tuple[str, ...]] | Problems | None:
    """Type of a parameter that is written in a media type; None: it has a schema."""
    if "content" not in entry:
        return None
    content, place = entry["content"], f"{place}/content"
    if "schema" in entry or not isinstance(content, dict) or list(content) != [JSON]:
        return Problems.at(
            place, f"must be an object with {JSON!r} alone, and there is no 'schema'"
        )
    media, place = content[JSON], place + pointer(JSON)
    if not isinstance(media, dict) or "schema" not in media:
        return Problems.at(place, "must be an object with a schema")
    kind = build_type(context, media["schema"], f"{place}/schema")
    return kind if isinstance(kind, Problems) else (kind, ())


def read_value(
    context: Context, schema: Any, place: str, depth: int = 0
) -> tuple[ir.Type, tuple[str, ...]] | Problems:
    """Type of a parameter and the values that it allows, if they are known.

    An enumeration stays a plain text here: callers pass the value, not a member of a class.
    """
    if schema is None:
        return Problems.at(place, "a parameter needs a schema")
    if depth > _DEEPEST:
        return Problems.at(place, "the schema leads back to itself")
    resolved = resolve(context.document, schema, place)
    if isinstance(resolved, Problems):
        return resolved
    target, target_place = resolved
    if kind_of(target) == "wrapper":
        member, where = wrapped_by(target, target_place)
        return read_value(context, member, where, depth + 1)
    if kind_of(target) == "enum":
        choices = read_values(target, target_place)
        if isinstance(choices, Problems):
            return choices
        return ir.Scalar("str"), tuple(choices)
    kind = build_type(context, schema, place)
    if isinstance(kind, Problems):
        return kind
    if isinstance(kind, ir.Nullable):
        kind = kind.inner
    if not _is_flat(context, target):
        message = (
            "no style writes lists or objects within a list or an object: such values are refused"
        )
        context.warn(target_place, message)
    return kind, ()


def _is_flat(context: Context, schema: Any, depth: int = 0) -> bool:
    """Whether a schema is a single value, a list or an object of such, or a choice between some of these."""
    schema = _unwrapped(context, schema)
    kind = kind_of(schema)
    if kind == "composed" and depth < _DEEPEST:
        choice = schema.get(composition_of(schema))
        return isinstance(choice, list) and all(
            _is_flat(context, member, depth + 1) for member in choice
        )
    if kind == "array":
        members = [schema.get("items")]
    elif kind == "map":
        members = [schema.get("additionalProperties", {})]
    elif kind == "object":
        properties = schema["properties"]
        # What is no object is reported where the model is built.
        members = list(properties.values()) if isinstance(properties, dict) else []
    else:
        return kind in _SINGLE
    return all(isinstance(member, bool) or _is_single(context, member) for member in members)


def _is_single(context: Context, schema: Any, depth: int = 0) -> bool:
    """Whether a schema is a single value, or a choice between some."""
    schema = _unwrapped(context, schema)
    if kind_of(schema) != "composed":
        return kind_of(schema) in _SINGLE
    choice = schema.get(composition_of(schema))
    return (
        depth < _DEEPEST
        and isinstance(choice, list)
        and all(_is_single(context, member, depth + 1) for member in choice)
    )


def _unwrapped(context: Context, schema: Any) -> Any:
    """What a schema is when the names and the wrappers around it are taken off."""
    for _ in range(_DEEPEST):
        if kind_of(schema) == "wrapper":
            schema, _place = wrapped_by(schema, "")
        elif kind_of(schema) == "reference":
            found = resolve(context.document, schema, "")
            schema = None if isinstance(found, Problems) else found[0]
        else:
            break
    return schema
