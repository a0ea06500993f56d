"""The words of OpenAPI that several steps go by, and what a schema is by its words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, cast

from cvat_codegen.document import pointer
from cvat_codegen.problems import Problem

Kind = Literal[
    "any",
    "array",
    "composed",
    "enum",
    "map",
    "object",
    "reference",
    "scalar",
    "values",
    "wrapper",
]
Composition = Literal["allOf", "anyOf", "oneOf"]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSON = "application/json"
FORM_TYPES = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
COMPOSITIONS: tuple[Composition, ...] = ("allOf", "anyOf", "oneOf")
SCALAR_TYPES = ("boolean", "integer", "number", "string")
SCHEMAS = "#/components/schemas/"


def kind_of(schema: Any) -> Kind | None:
    """Kind of a schema; None when it is of none that is known."""
    if not isinstance(schema, dict):
        return None
    if "$ref" in schema:
        return "reference"
    keyword = composition_of(schema)
    if keyword is not None:
        members = schema[keyword]
        return "wrapper" if isinstance(members, list) and len(members) == 1 else "composed"
    if "enum" in schema:
        return "enum" if _are_texts(schema) else "values"
    declared = schema.get("type")
    if declared == "array":
        return "array"
    if declared in SCALAR_TYPES:
        return "scalar"
    if "properties" in schema:
        return "object" if declared in ("object", None) else None
    if declared == "object":
        return "map"
    return "any" if declared is None else None


def _are_texts(schema: Mapping[str, Any]) -> bool:
    """Whether an enumeration is one of texts, or is meant to be one."""
    values = schema["enum"]
    if "type" in schema or not isinstance(values, list):
        return schema.get("type", "string") not in ("boolean", "integer", "number")
    return all(isinstance(value, (str, type(None))) for value in values)


def composition_of(schema: Mapping[str, Any]) -> Composition | None:
    """The keyword by which a schema is made of others."""
    return next((keyword for keyword in COMPOSITIONS if keyword in schema), None)


def wrapped_by(schema: Mapping[str, Any], place: str) -> tuple[Any, str]:
    """The only member of a schema of kind ``wrapper``, and its place."""
    keyword = cast(Composition, composition_of(schema))
    return schema[keyword][0], f"{place}/{keyword}/0"


def is_object(schema: Any) -> bool:
    """Whether a schema itself says that it is an object about which more is known than its name."""
    kind = kind_of(schema)
    if kind == "composed":
        return "allOf" in schema
    return kind == "object" or (kind == "map" and "additionalProperties" not in schema)


def unknown_keys(value: Iterable[Any], known: Collection[str], place: str) -> list[Problem]:
    """A problem for every key that is neither known nor an extension."""
    return [
        Problem(place + pointer(key), f"{key!r} is not supported here")
        for key in value
        if key not in known and not str(key).startswith("x-")
    ]


def is_token(text: str) -> bool:
    """Whether a text can be the name of a header or a cookie (RFC 9110, 5.6.2)."""
    signs = "!#$%&'*+-.^_`|~"
    return text.isascii() and text != "" and all(sign.isalnum() or sign in signs for sign in text)


def is_text(media_type: str) -> bool:
    """Whether what is of a media type is text."""
    name = media_type.partition(";")[0].strip().lower()
    return name.startswith("text/") or name.endswith(("json", "xml", "yaml", "javascript"))
