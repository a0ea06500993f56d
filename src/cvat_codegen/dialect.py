"""A description in the words that later steps know: OpenAPI 3.1 in those of 3.0, and one spelling for one thing.

What has no effect on a client is left out with a warning. Everything is changed in place, so that the places of the
description stay what they were.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cvat_codegen.document import JsonObject, pointer, resolve
from cvat_codegen.names import pascal_case
from cvat_codegen.positions import Place, schemas_in, schemas_of
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.vocabulary import COMPOSITIONS, SCHEMAS, is_text

# What only a validator needs: no type follows from it.
_LEFT_OUT = frozenset(
    [
        *("contains", "dependencies", "dependentRequired", "dependentSchemas", "else", "if"),
        *("maxContains", "maxProperties", "minContains", "minProperties", "not", "propertyNames"),
        *("then", "unevaluatedItems", "unevaluatedProperties", "additionalItems", "contentSchema"),
    ]
)
_SILENT = frozenset(
    ["$anchor", "$comment", "$dynamicAnchor", "$id", "$schema", "$vocabulary", "examples"]
)
# Keywords that say something of one type only.
_OF_TYPE = {
    "array": ("items", "minItems", "maxItems", "uniqueItems", "prefixItems"),
    "object": ("properties", "required", "additionalProperties", "patternProperties"),
    "string": ("minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_OF_TYPE["integer"] = _OF_TYPE["number"]
_OF_OBJECTS = ("properties", "required", "additionalProperties")
_NULLS: tuple[Any, ...] = (
    {"type": "null"},
    {"enum": [None]},
    {"const": None},
    {"type": "null", "enum": [None]},
)
_AT_THE_TOP = ("webhooks", "jsonSchemaDialect")


@dataclass(frozen=True)
class Understood:
    """What has become of a description."""

    warnings: set[Problem]
    """What is left out of it."""
    origins: dict[str, str]
    """Where schemas that have become components came from: their pointers -> the old ones."""


def understood(document: JsonObject) -> Understood:
    """Changes a description in place."""
    reader = _Reader(document)
    for key in _AT_THE_TOP:
        if document.pop(key, None) is not None:
            reader.warn(pointer(key), key)
    for found in list(schemas_of(document)):
        reader.read(found)
    while reader.added:
        reader.read(reader.added.pop())
    origins = {pointer("components", "schemas", name): old for old, name in reader.names.items()}
    return Understood(reader.warnings, origins)


class _Reader:
    def __init__(self, document: JsonObject) -> None:
        self.document = document
        self.is_new = str(document.get("openapi")).startswith("3.1")
        self.warnings: set[Problem] = set()
        self.added: list[Place] = []
        self.names: dict[str, str] = {}
        """Names of the schemas that stood elsewhere than among the components, by their places."""

    def warn(self, place: str, keyword: str) -> None:
        self.warnings.add(Problem(place, f"{keyword!r} is left out"))

    def read(self, found: Place) -> None:
        """Reads a schema, and what stands in it."""
        waiting = [found]
        while waiting:
            owner, key, place = waiting.pop()
            schema = owner[key]
            if isinstance(schema, bool):
                if key == "additionalProperties":
                    continue
                if not schema:
                    message = "nothing is allowed here; read as anything"
                    self.warnings.add(Problem(place, message))
                owner[key] = {}
            elif isinstance(schema, dict):
                owner[key] = schema = self._schema(schema, place)
                waiting.extend(schemas_in(schema, place))

    def _schema(self, schema: dict[str, Any], place: str) -> dict[str, Any]:
        if "$ref" in schema:
            schema = self._reference(schema, place)
        if "$ref" in schema:
            return schema
        for keyword in [word for word in schema if word in _SILENT]:
            if keyword != "examples" or self.is_new:
                del schema[keyword]
        for keyword in [word for word in schema if word in _LEFT_OUT]:
            del schema[keyword]
            self.warn(f"{place}/{keyword}", keyword)
        if schema.pop("patternProperties", None) is not None:
            self.warn(f"{place}/patternProperties", "patternProperties")
            schema.setdefault("type", "object")
            schema.setdefault("additionalProperties", True)
        # Referred to by their places (`_reference`), they are copied from there.
        for keyword in ("$defs", "definitions"):
            if isinstance(schema.get(keyword), dict):
                self._keep(schema.pop(keyword), f"{place}/{keyword}")
        if self.is_new:
            _new_words(schema)
        return self._composition(schema, place)

    def _keep(self, definitions: dict[str, Any], place: str) -> None:
        for name, definition in definitions.items():
            self._component(place + pointer(name), definition)

    def _reference(self, schema: dict[str, Any], place: str) -> dict[str, Any]:
        """A reference to a schema of the components, which may have to become one."""
        ref = schema["$ref"]
        if not isinstance(ref, str) or not ref.startswith("#/") or self._is_name(ref):
            return self._beside_reference(schema)
        target = ref[1:]
        if target not in self.names:
            found = resolve(self.document, schema, place)
            if isinstance(found, Problems):
                return schema  # reported where the type is built
            target = found[1]
            if self._is_name(f"#{target}"):
                schema["$ref"] = f"#{target}"
                return self._beside_reference(schema)
            if target not in self.names:
                self._component(target, copy.deepcopy(found[0]))
        schema["$ref"] = SCHEMAS + self.names[target]
        return self._beside_reference(schema)

    def _is_name(self, ref: str) -> bool:
        return ref.startswith(SCHEMAS) and "/" not in ref[len(SCHEMAS) :]

    def _component(self, place: str, schema: Any) -> None:
        """Makes a schema one of the components."""
        if place in self.names:
            return
        components = self.document.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        parts = [part for part in place.split("/") if part not in ("components", "schemas", "")]
        name = pascal_case("_".join(part.replace("~1", "_") for part in parts[-3:])) or "Schema"
        while name in schemas:
            name += "2"
        schemas[name] = schema
        self.names[place] = name
        self.added.append((schemas, name, pointer("components", "schemas", name)))

    def _beside_reference(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A reference, in OpenAPI 3.1 with what stands beside it as a part of its own."""
        beside = {"allOf", "anyOf", "oneOf", "properties", "required", "nullable", "enum", "type"}
        if not self.is_new or not beside & schema.keys():
            return schema
        reference = {"$ref": schema.pop("$ref")}
        members = schema.pop("allOf", [])
        return {"allOf": [reference, *(members if isinstance(members, list) else [])], **schema}

    def _composition(self, schema: dict[str, Any], place: str) -> dict[str, Any]:
        """Compositions with nothing beside them but `required`, and one of them at a time."""
        for keyword in ("anyOf", "oneOf"):
            members = schema.get(keyword)
            if not isinstance(members, list):
                continue
            if members and all(_only_requires(member) for member in members):
                del schema[keyword]
                self.warn(f"{place}/{keyword}", keyword)
                continue
            others = [member for member in members if member not in _NULLS]
            if self.is_new and others and len(others) < len(members):
                schema[keyword], schema["nullable"] = others, True
        used = [keyword for keyword in COMPOSITIONS if isinstance(schema.get(keyword), list)]
        return _as_all_of(schema, used) if used else schema


def _only_requires(schema: Any) -> bool:
    return (
        isinstance(schema, dict) and "required" in schema and schema.keys() <= {"required", "type"}
    )


def _as_all_of(schema: dict[str, Any], used: Sequence[str]) -> dict[str, Any]:
    """A composition as an ``allOf`` of its parts, if there is more to it than one keyword."""
    parts: list[Any] = []
    required: list[Any] = []
    for keyword in used:
        if keyword == "allOf":
            for member in schema["allOf"]:
                if _only_requires(member) and isinstance(member["required"], list):
                    required += member["required"]
                else:
                    parts.append(member)
    has_more = any(word in schema for word in ("properties", "additionalProperties"))
    has_more = has_more or (bool(schema.get("required")) and used != ["allOf"])
    if used == ["allOf"] and not has_more:
        if required:
            own = schema.get("required", [])
            schema["required"] = [*(own if isinstance(own, list) else []), *required]
        if len(parts) == 1 and schema.get("required"):
            # One object that requires more is no other name of it.
            parts.append({"type": "object", "properties": {}})
        return {**schema, "allOf": parts or [{}]}
    if not has_more and len(used) == 1:
        return schema
    parts += [{keyword: schema[keyword]} for keyword in used if keyword != "allOf"]
    own = {word: schema[word] for word in _OF_OBJECTS if word in schema}
    if "properties" in own:
        known = own["properties"] if isinstance(own["properties"], dict) else {}
        wires = own.get("required")
        outer = [
            wire
            for wire in (wires if isinstance(wires, list) else ())
            if isinstance(wire, str) and wire not in known
        ]
        if outer:
            # Of the other parts, which say what it is.
            own["required"] = [wire for wire in own["required"] if wire not in outer]
            required += outer
        parts.append({"type": "object", **own})
    elif isinstance(own.get("required"), list):
        required += own["required"]
    rest = {
        word: value
        for word, value in schema.items()
        if word not in _OF_OBJECTS and word not in COMPOSITIONS
    }
    result = {**rest, "allOf": parts}
    return {**result, "required": required} if required else result


def _new_words(schema: dict[str, Any]) -> None:
    """The keywords of OpenAPI 3.1 in the words of 3.0."""
    if "const" in schema:
        value = schema.pop("const")
        if isinstance(value, (str, bool, int, float, type(None))):
            schema["enum"] = [value]
    types = schema.get("type")
    if types == "null":
        types = ["null"]
    if isinstance(types, list):
        _several_types(schema, [kind for kind in types if isinstance(kind, str)])
    if "type" not in schema and isinstance(schema.get("enum"), list):
        kinds = {_kind_of_value(value) for value in schema["enum"] if value is not None}
        if len(kinds) == 1 and (kind := kinds.pop()):
            schema["type"] = kind
    if schema.get("enum") == [None]:
        del schema["enum"]
        schema["nullable"] = True
    elif isinstance(schema.get("enum"), list) and None in schema["enum"]:
        schema["nullable"] = True
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    for keyword, exclusive, choose in (
        ("minimum", "exclusiveMinimum", max),
        ("maximum", "exclusiveMaximum", min),
    ):
        bound = schema.get(exclusive)
        if isinstance(bound, bool) or not isinstance(bound, (int, float)) or math.isnan(bound):
            continue
        other: Any = schema.get(keyword)
        is_number = isinstance(other, (int, float)) and not isinstance(other, bool)
        nearer: Any = choose(bound, other) if is_number else bound
        schema[keyword], schema[exclusive] = nearer, nearer == bound
    if "prefixItems" in schema:
        members = schema.pop("prefixItems")
        rest = schema.get("items")
        parts = [*(members if isinstance(members, list) else []), *([rest] if rest else [])]
        schema["items"] = {"anyOf": parts} if len(parts) > 1 else (parts or [{}])[0]
    if schema.get("type") == "array":
        schema.setdefault("items", {})
    encoding, media_type = schema.pop("contentEncoding", None), schema.pop("contentMediaType", None)
    if schema.get("type") == "string" and "format" not in schema:
        if encoding in ("base64", "base64url"):
            schema["format"] = "byte"
        elif isinstance(media_type, str) and encoding is None and not is_text(media_type):
            schema["format"] = "binary"


def _several_types(schema: dict[str, Any], types: list[str]) -> None:
    """``type: [string, "null"]`` as one type that may be null, or as a choice between several."""
    if "null" in types:
        schema["nullable"] = True
    kinds = [kind for kind in dict.fromkeys(types) if kind != "null"]
    if {"integer", "number"} <= set(kinds):
        kinds.remove("integer")
    if len(kinds) == 1:
        schema["type"] = kinds[0]
        return
    del schema["type"]
    if not kinds or "enum" in schema:
        return
    members = []
    for kind in kinds:
        words = (*_OF_TYPE.get(kind, ()), *(["format"] if kind != "boolean" else []))
        members.append({"type": kind, **{word: schema[word] for word in words if word in schema}})
    for words in _OF_TYPE.values():
        for word in words:
            schema.pop(word, None)
    schema.pop("format", None)
    schema["anyOf"] = members


def _kind_of_value(value: Any) -> str | None:
    kinds = {str: "string", bool: "boolean", int: "integer", float: "number"}
    return kinds.get(type(value))
