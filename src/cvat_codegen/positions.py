"""Where the parts of a description stand: its schemas, parameters, responses and so on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from cvat_codegen.document import JsonObject, pointer
from cvat_codegen.vocabulary import METHODS

Place = tuple[Any, Any, str]
"""What holds a schema, the key or index that it has there, and its pointer."""

Group = Literal[
    "components",
    "description",
    "encoding",
    "headers",
    "media",
    "operation",
    "parameters",
    "pathItems",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
]
"""What a part is; if it may be one of the components, its name there."""


class Part(NamedTuple):
    """A part of a description."""

    owner: Any
    """What holds it."""
    key: Any
    """The key or index that it has there."""
    place: str
    group: Group


_COMPONENTS: tuple[Group, ...] = (
    *("schemas", "parameters", "headers", "requestBodies", "responses", "pathItems"),
    "securitySchemes",
)
# What the parts consist of. Of maps and lists the entries are parts.
_ENTRIES: dict[Group, dict[str, Group]] = {
    "description": {"paths": "pathItems"},
    "components": {name: name for name in _COMPONENTS},
    "pathItems": {"parameters": "parameters"},
    "operation": {"parameters": "parameters", "responses": "responses"},
    "parameters": {"content": "media"},
    "headers": {"content": "media"},
    "requestBodies": {"content": "media"},
    "responses": {"content": "media", "headers": "headers"},
    "media": {"encoding": "encoding"},
    "encoding": {"headers": "headers"},
    "schemas": dict.fromkeys(
        [
            *("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"),
            *("allOf", "anyOf", "oneOf", "prefixItems"),
        ],
        "schemas",
    ),
}
_SINGLE: dict[Group, dict[str, Group]] = {
    "description": {"components": "components"},
    "pathItems": dict.fromkeys(METHODS, "operation"),
    "operation": {"requestBody": "requestBodies"},
    "parameters": {"schema": "schemas"},
    "headers": {"schema": "schemas"},
    "media": {"schema": "schemas"},
    "schemas": dict.fromkeys(
        ("items", "additionalProperties", "not", "if", "then", "else", "propertyNames"), "schemas"
    ),
}


def parts_in(value: Any, group: Group, place: str) -> Iterator[Part]:
    """The parts that stand right in a part."""
    if not isinstance(value, dict):
        return
    for name, of in _SINGLE.get(group, {}).items():
        if name in value:
            yield Part(value, name, f"{place}/{name}", of)
    for name, of in _ENTRIES.get(group, {}).items():
        entries = value.get(name)
        where = place + pointer(name)
        if isinstance(entries, dict):
            for key in entries:
                yield Part(entries, key, where + pointer(key), of)
        elif isinstance(entries, list):
            for index in range(len(entries)):
                yield Part(entries, index, f"{where}/{index}", of)


def parts_of(value: Any, group: Group, place: str = "") -> Iterator[Part]:
    """The parts of a part and of these in turn, in the order of their places."""
    waiting = [parts_in(value, group, place)]
    while waiting:
        part = next(waiting[-1], None)
        if part is None:
            waiting.pop()
            continue
        yield part
        waiting.append(parts_in(part.owner[part.key], part.group, part.place))


def schemas_of(document: JsonObject) -> Iterator[Place]:
    """The schemas of a description that stand in no other schema."""
    waiting = [*parts_in(document, "description", "")]
    while waiting:
        owner, key, place, group = waiting.pop()
        if group == "schemas":
            yield owner, key, place
        else:
            waiting += reversed(list(parts_in(owner[key], group, place)))


def schemas_in(schema: Any, place: str) -> Iterator[Place]:
    """The schemas that stand right in a schema."""
    for owner, key, where, _ in parts_in(schema, "schemas", place):
        yield owner, key, where
