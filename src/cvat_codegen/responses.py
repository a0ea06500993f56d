"""Successful responses of an operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cvat_codegen import ir
from cvat_codegen.bodies import media_types_of, schema_of
from cvat_codegen.document import pointer, resolve
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas import Context, build_type
from cvat_codegen.vocabulary import JSON, unknown_keys

_KEYWORDS = frozenset({"description", "headers", "content", "links"})


@dataclass(frozen=True)
class Answer:
    """What comes back from an operation."""

    responses: tuple[tuple[int, ir.Type | None], ...]
    response: ir.Type | None
    """The type of the success with the lowest status."""
    accept: tuple[str, ...]


def build_responses(context: Context, responses: Any, place: str) -> Answer | Problems:
    """The successes among the responses. Errors have no type: they are raised, with the body as text."""
    if not isinstance(responses, dict) or not responses:
        return Problems.at(place, "must be an object with at least one response")
    problems: list[Problem] = []
    found: dict[int, ir.Type | None] = {}
    accept: dict[str, None] = {}
    for key, response in responses.items():
        status, where = str(key), place + pointer(key)
        if status == "default" or status[:1] in ("1", "3", "4", "5"):
            continue
        if status.upper() == "2XX":
            status = "200"
        if not (status.isascii() and status.isdigit()) or len(status) != 3:
            problems.append(Problem(where, f"{status!r} is not the number of a status"))
            continue
        built = _build(context, response, where, accept)
        if isinstance(built, Problems):
            problems.extend(built.items)
        elif key == status or int(status) not in found:
            found[int(status)] = built
    if set(map(str, responses)) == {"default"}:
        # The only response is that of the success as well.
        built = _build(context, responses["default"], f"{place}/default", accept)
        if isinstance(built, Problems):
            problems.extend(built.items)
        else:
            found[200] = built
    if problems:
        return Problems(tuple(problems))
    ordered = tuple(sorted(found.items(), key=lambda pair: pair[0]))
    # Whether there is a success at all is the server's affair: some operations only say that they are gone.
    response = ordered[0][1] if ordered else None
    return Answer(ordered, response, media_types_of(dict(accept)))


def _build(
    context: Context, response: Any, place: str, accept: dict[str, None]
) -> ir.Type | Problems | None:
    resolved = resolve(context.document, response, place)
    if isinstance(resolved, Problems):
        return resolved
    response, place = resolved
    if not isinstance(response, dict):
        return Problems.at(place, "must be an object")
    problems = unknown_keys(response, _KEYWORDS, place)
    context.skip(response, ("links",), place)
    if problems:
        return Problems(tuple(problems))
    content = response.get("content", {})
    if not isinstance(content, dict):
        return Problems.at(f"{place}/content", "must be an object")
    if not content:
        return None
    accept.update(dict.fromkeys(content))
    media_type = JSON if JSON in content else next(iter(content))
    schema = schema_of(media_type, content[media_type])
    if schema is None:
        return None
    return build_type(context, schema, place + pointer("content", media_type, "schema"))
