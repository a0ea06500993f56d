"""Request bodies: one argument sent as JSON or as a form, or a form that is passed field by field."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from cvat_codegen import ir
from cvat_codegen.document import pointer, resolve
from cvat_codegen.encodings import build_parts
from cvat_codegen.names import PythonName, is_argument_name, parameter_name
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas import Context, build_type
from cvat_codegen.schemas.context import text_of
from cvat_codegen.schemas.objects import build_fields
from cvat_codegen.vocabulary import FORM_TYPES, JSON, is_text, kind_of, unknown_keys, wrapped_by

_KEYWORDS = frozenset({"description", "content", "required"})
# Schemas that stand for each other, one after the other.
_LONGEST_CHAIN = 50


@dataclass(frozen=True)
class Request:
    """What an operation sends besides its parameters."""

    body: ir.Body | None = None
    form: tuple[ir.Parameter, ...] = ()
    form_content_types: tuple[str, ...] = ()
    parts: tuple[tuple[str, ir.Part], ...] | None = None


def build_request(context: Context, operation: dict[str, Any], place: str) -> Request | Problems:
    """Body of an operation."""
    if "requestBody" not in operation:
        return Request()
    resolved = resolve(context.document, operation["requestBody"], f"{place}/requestBody")
    if isinstance(resolved, Problems):
        return resolved
    body, place = resolved
    if (
        not isinstance(body, dict)
        or not isinstance(body.get("content"), dict)
        or not body["content"]
    ):
        return Problems.at(f"{place}/content", "must be an object with at least one media type")
    problems = unknown_keys(body, _KEYWORDS, place)
    content = body["content"]
    schemas = {name: schema_of(name, entry) for name, entry in content.items()}
    is_form = set(content) <= FORM_TYPES and "x-python-name" not in body
    for media_type, entry in content.items():
        if isinstance(entry, dict) and media_type not in FORM_TYPES:
            context.skip(entry, ("encoding",), place + pointer("content", media_type))
    parts = build_parts(context, content, place)
    if isinstance(parts, Problems):
        problems += parts.items
    for media_type, schema in schemas.items():
        if schema is None:
            where = place + pointer("content", media_type, "schema")
            problems.append(Problem(where, "is missing"))
    first, *others = schemas.values()
    if is_form and any(other != first for other in others):
        problems.append(Problem(f"{place}/content", "different schemas of forms are not supported"))
    if problems or isinstance(parts, Problems):
        return Problems(tuple(problems))
    where = place + pointer("content", next(iter(content)), "schema")
    if is_form and not _is_choice(context, first):
        request = _build_form(context, first, media_types_of(content), where)
    else:
        request = _build_body(context, body, schemas, place)
    if isinstance(request, Problems):
        return request
    return dataclasses.replace(request, parts=parts)


def media_types_of(content: dict[str, Any]) -> tuple[str, ...]:
    """Media types, JSON first: it is what is sent and asked for unless the caller chooses."""
    return tuple(sorted(content, key=lambda media_type: media_type != JSON))


def schema_of(media_type: str, entry: Any) -> Any:
    """Schema of a media type, if there is one; where it says nothing, the content is text or bytes by that type."""
    if not isinstance(entry, dict):
        return None
    schema = entry.get("schema")
    if schema or ("schema" in entry and schema != {}) or media_type in FORM_TYPES:
        return schema
    if "json" in media_type or "*" in media_type:
        return schema
    return {"type": "string"} if is_text(media_type) else {"type": "string", "format": "binary"}


def _build_body(
    context: Context, body: dict[str, Any], schemas: dict[str, Any], place: str
) -> Request | Problems:
    types: dict[str, ir.Type] = {}
    problems: list[Problem] = []
    media_types = media_types_of(schemas)
    for media_type in media_types:
        where = place + pointer("content", media_type, "schema")
        built = build_type(context, schemas[media_type], where)
        if isinstance(built, Problems):
            problems += built.items
        else:
            types[media_type] = built
    if problems:
        return Problems(tuple(problems))
    first = types[media_types[0]]
    is_same = all(kind == first for kind in types.values())
    fallback = parameter_name(_model_name(first) or "body")
    name = body.get("x-python-name", fallback)
    if not is_argument_name(name):
        return Problems.at(f"{place}/x-python-name", f"{name!r} is not a name for an argument")
    return Request(
        ir.Body(
            name=PythonName(name),
            type=first if is_same else ir.one_of(types.values()),
            required=body.get("required") is True,
            content_types=media_types,
            types=() if is_same else tuple(types.items()),
            description=text_of(body),
        )
    )


def _model_name(type_: ir.Type) -> str | None:
    """Model that a body consists of, alone or as a list."""
    if isinstance(type_, ir.Nullable):
        return _model_name(type_.inner)
    if isinstance(type_, ir.ListOf):
        return _model_name(type_.item)
    return type_.name if isinstance(type_, ir.ModelRef) else None


def _is_choice(context: Context, schema: Any) -> bool:
    """Whether a form has no fields that are always the same: it is passed as one argument then."""
    for _ in range(_LONGEST_CHAIN):
        if kind_of(schema) == "wrapper":
            schema, _place = wrapped_by(schema, "")
        elif kind_of(schema) == "reference":
            found = resolve(context.document, schema, "")
            schema = None if isinstance(found, Problems) else found[0]
    return kind_of(schema) in ("composed", "map")


def _build_form(
    context: Context, schema: Any, media_types: tuple[str, ...], where: str
) -> Request | Problems:
    resolved = resolve(context.document, schema, where)
    if isinstance(resolved, Problems):
        return resolved
    target, target_place = resolved
    if kind_of(target) != "object":
        return Problems.at(where, "a form must be an object with properties")
    fields = build_fields(context, target, target_place)
    if isinstance(fields, Problems):
        return fields
    parameters = tuple(
        ir.Parameter(
            name=parameter_name(field.name),
            wire=field.wire,
            location="form",
            type=field.type,
            required=field.required,
            limits=field.type.limits if isinstance(field.type, (ir.Scalar, ir.ListOf)) else (),
            description=field.description,
            deprecated=field.deprecated,
        )
        for field in fields
    )
    return Request(form=parameters, form_content_types=media_types)
