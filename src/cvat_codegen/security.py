"""Security schemes of the description: which credentials there are, and how they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from cvat_codegen import ir
from cvat_codegen.document import pointer, resolve
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.context import Context
from cvat_codegen.vocabulary import is_token

_PLACES = ("header", "query", "cookie")


def build_schemes(context: Context) -> tuple[ir.SecurityScheme, ...] | Problems:
    """The schemes that a client can use, in the order of the description; the others give a warning."""
    schemes = context.document["components"].get("securitySchemes", {})
    found: list[ir.SecurityScheme] = []
    problems: list[Problem] = []
    for name, entry in schemes.items():
        resolved = resolve(context.document, entry, pointer("components", "securitySchemes", name))
        if isinstance(resolved, Problems):
            problems += resolved.items
            continue
        scheme, place = resolved
        if not isinstance(scheme, Mapping):
            problems.append(Problem(place, "must be an object"))
            continue
        built = _build(name, scheme)
        if isinstance(built, ir.SecurityScheme):
            found.append(built)
        else:
            context.warn(place, f"{built}: calls send no such credential unless a header holds it")
    return Problems(tuple(problems)) if problems else tuple(found)


def _build(name: str, scheme: Mapping[str, Any]) -> ir.SecurityScheme | str:
    """A scheme, or why it cannot be used."""
    kind = scheme.get("type")
    if kind == "http":
        word = str(scheme.get("scheme")).lower()
        if word not in ("basic", "bearer"):
            return f"http scheme {word!r} is not known"
        return ir.SecurityScheme(name, cast(Literal["basic", "bearer"], word))
    if kind != "apiKey":
        return f"type {kind!r} is not known"
    place, key = scheme.get("in"), scheme.get("name")
    if place not in _PLACES or not isinstance(key, str) or not key:
        return "a key needs a place, which is header, query or cookie, and a name"
    if place != "query" and not is_token(key):
        return f"{key!r} is no name of a {place}"
    prefix = scheme.get("x-token-prefix")
    return ir.SecurityScheme(
        name,
        "api_key",
        cast(Literal["header", "query", "cookie"], place),
        key,
        prefix if isinstance(prefix, str) and prefix else None,
    )
