"""Where the schemas of a description stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cvat_codegen.document import JsonObject, pointer
from cvat_codegen.vocabulary import METHODS

Place = tuple[Any, Any, str]
"""What holds a schema, the key or index that it has there, and its pointer."""

_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = ("items", "additionalProperties", "not", "if", "then", "else", "propertyNames")


def schemas_of(document: JsonObject) -> Iterator[Place]:
    """The schemas of a description that stand in no other schema."""
    components = document.get("components")
    if isinstance(components, dict):
        place = pointer("components")
        yield from _in_map(components, "schemas", place)
        for name in ("parameters", "headers"):
            for key, entry in _items(components.get(name)):
                yield from _in_parameter(entry, place + pointer(name, key))
        for name in ("requestBodies", "responses"):
            for key, entry in _items(components.get(name)):
                yield from _in_message(entry, place + pointer(name, key))
        for key, entry in _items(components.get("pathItems")):
            yield from _in_path(entry, place + pointer("pathItems", key))
    for path, item in _items(document.get("paths")):
        yield from _in_path(item, pointer("paths", path))


def schemas_in(schema: Any, place: str) -> Iterator[Place]:
    """The schemas that stand right in a schema."""
    if not isinstance(schema, dict):
        return
    for name in _MAPS:
        yield from _in_map(schema, name, place)
    for name in _LISTS:
        members = schema.get(name)
        for index in range(len(members) if isinstance(members, list) else 0):
            yield members, index, f"{place}/{name}/{index}"
    for name in _SINGLE:
        if name in schema:
            yield schema, name, f"{place}/{name}"


def _in_path(item: Any, place: str) -> Iterator[Place]:
    if not isinstance(item, dict):
        return
    yield from _in_parameters(item, place)
    for method in METHODS:
        operation = item.get(method)
        if not isinstance(operation, dict):
            continue
        where = place + pointer(method)
        yield from _in_parameters(operation, where)
        yield from _in_message(operation.get("requestBody"), f"{where}/requestBody")
        for status, response in _items(operation.get("responses")):
            yield from _in_message(response, where + pointer("responses", status))


def _in_parameters(owner: dict[str, Any], place: str) -> Iterator[Place]:
    entries = owner.get("parameters")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        yield from _in_parameter(entry, f"{place}/parameters/{index}")


def _in_parameter(parameter: Any, place: str) -> Iterator[Place]:
    if isinstance(parameter, dict) and "schema" in parameter:
        yield parameter, "schema", f"{place}/schema"
    yield from _in_message(parameter, place)


def _in_message(message: Any, place: str) -> Iterator[Place]:
    if not isinstance(message, dict):
        return
    for media_type, entry in _items(message.get("content")):
        if isinstance(entry, dict) and "schema" in entry:
            yield entry, "schema", place + pointer("content", media_type, "schema")
    for name, header in _items(message.get("headers")):
        if isinstance(header, dict) and "schema" in header:
            yield header, "schema", place + pointer("headers", name, "schema")


def _in_map(owner: dict[str, Any], name: str, place: str) -> Iterator[Place]:
    for key, _ in _items(owner.get(name)):
        yield owner[name], key, place + pointer(name, key)


def _items(mapping: Any) -> list[tuple[Any, Any]]:
    return list(mapping.items()) if isinstance(mapping, dict) else []
