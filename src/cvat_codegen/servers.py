"""Servers that a description, a path or an operation names, with the variables in their addresses."""

from __future__ import annotations

import re
from typing import Any

from cvat_codegen import ir
from cvat_codegen.document import pointer
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import Context, text_of
from cvat_codegen.vocabulary import unknown_keys

_KEYWORDS = frozenset({"url", "description", "variables"})
_VARIABLE_KEYWORDS = frozenset({"default", "description", "enum"})
# What no address holds.
_UNWRITABLE = re.compile(r"[\s\x00-\x1f\x7f\"<>\\^`|]")


def build_servers(
    context: Context, owner: dict[str, Any], place: str
) -> tuple[ir.Server, ...] | Problems:
    """The servers that a part of a description names; none: those of what it is a part of."""
    servers, place = owner.get("servers", []), f"{place}/servers"
    if not isinstance(servers, list):
        return Problems.at(place, "must be a list of objects")
    problems: list[Problem] = []
    found: list[ir.Server] = []
    for index, entry in enumerate(servers):
        built = _build(context, entry, f"{place}/{index}")
        if isinstance(built, Problems):
            problems += built.items
        else:
            found.append(built)
    return Problems(tuple(problems)) if problems else tuple(found)


def _build(context: Context, entry: Any, place: str) -> ir.Server | Problems:
    if not isinstance(entry, dict):
        return Problems.at(place, "must be an object with a url")
    problems = unknown_keys(entry, _KEYWORDS, place)
    url, variables = entry.get("url"), entry.get("variables", {})
    if not isinstance(url, str) or _UNWRITABLE.search(url):
        problems.append(Problem(f"{place}/url", "must be an address"))
    elif "://" in url and not url.lower().startswith(("http://", "https://", "{")):
        context.warn(f"{place}/url", "is no http address: calls to it fail")
    if not isinstance(variables, dict):
        problems.append(Problem(f"{place}/variables", "must be an object"))
        variables = {}
    found: list[ir.ServerVariable] = []
    for name, variable in variables.items():
        built = _build_variable(name, variable, place + pointer("variables", name))
        if isinstance(built, Problems):
            problems += built.items
        else:
            found.append(built)
    for name in re.findall(r"\{([^{}]*)\}", url) if isinstance(url, str) else ():
        if name not in variables:
            problems.append(Problem(f"{place}/url", f"{name!r} is none of its variables"))
    if problems:
        return Problems(tuple(problems))
    return ir.Server(str(url), text_of(entry), tuple(found))


def _build_variable(name: str, variable: Any, place: str) -> ir.ServerVariable | Problems:
    if not isinstance(variable, dict):
        return Problems.at(place, "must be an object with a default")
    problems = unknown_keys(variable, _VARIABLE_KEYWORDS, place)
    default, choices = _text(variable.get("default")), variable.get("enum", [])
    if default is None:
        problems.append(Problem(f"{place}/default", "must be text"))
    texts = [_text(choice) for choice in choices] if isinstance(choices, list) else [None]
    if not all(isinstance(text, str) for text in texts):
        problems.append(Problem(f"{place}/enum", "must be a list of texts"))
    elif texts and default is not None and default not in texts:
        problems.append(Problem(f"{place}/default", f"{default!r} is not one of the values"))
    if problems:
        return Problems(tuple(problems))
    allowed = tuple(text for text in texts if text is not None)
    return ir.ServerVariable(name, default or "", allowed, text_of(variable))


def _text(value: Any) -> str | None:
    """A value of a variable; YAML reads the number of a port as a number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None
