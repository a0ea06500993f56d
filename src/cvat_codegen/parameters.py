"""Parameters in the path, the query and the headers of an operation."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from cvat_codegen import ir
from cvat_codegen.document import resolve
from cvat_codegen.names import PythonName, is_argument_name, parameter_name, unused
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas import Context, build_type
from cvat_codegen.schemas.enums import read_values
from cvat_codegen.schemas.objects import text_of
from cvat_codegen.vocabulary import kind_of, unknown_keys, wrapped_by

_KEYWORDS = frozenset(
    [
        *("name", "in", "description", "required", "deprecated", "style", "explode", "schema"),
        *("example", "examples"),
    ]
)
_LOCATIONS: dict[str, ir.Location] = {"path": "path", "query": "query", "header": "header"}
# The one style in which each location is written.
_STYLES = {"path": "simple", "query": "form", "header": "simple"}
# Written by the client itself; OpenAPI says that such parameters have no meaning.
# Schemas that stand for each other, one after the other.
_DEEPEST = 50
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
    order = sorted(
        enumerate(arguments), key=lambda pair: getattr(pair[1], "wire", "") != pair[1].name
    )
    for index, argument in order:
        names[index] = unused(argument.name, names.values())
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
    if entry.get("style", _STYLES[location]) != _STYLES[location]:
        problems.append(Problem(f"{place}/style", f"style {entry['style']!r} is not supported"))
    name = entry.get("x-python-name", parameter_name(wire))
    if not is_argument_name(name):
        message = f"{name!r} is not a name for an argument"
        problems.append(Problem(f"{place}/x-python-name", message))
    value = read_value(context, entry.get("schema"), f"{place}/schema")
    if isinstance(value, Problems):
        return Problems((*problems, *value.items))
    kind, choices = value
    if problems:
        return Problems(tuple(problems))
    return ir.Parameter(
        name=PythonName(name),
        wire=wire,
        location=location,
        type=kind,
        required=entry.get("required") is True or location == "path",
        choices=choices,
        limits=kind.limits,
        description=text_of(entry),
        deprecated=entry.get("deprecated") is True,
    )


def read_value(
    context: Context, schema: Any, place: str, depth: int = 0
) -> tuple[ir.Scalar, tuple[str, ...]] | Problems:
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
    if not isinstance(kind, ir.Scalar):
        return Problems.at(place, "a parameter that is not a single value is not supported")
    return kind, ()
