"""Gives every inline object, enumeration and composition a name of its own.

A property ``mode`` of ``TaskRead`` with an inline enumeration becomes the schema ``TaskReadMode`` and a
reference to it, so that the later steps meet models under ``/components/schemas`` only.
"""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cvat_codegen.document import JsonObject, pointer, resolve
from cvat_codegen.names import pascal_case
from cvat_codegen.problems import Problems
from cvat_codegen.vocabulary import (
    COMPOSITIONS,
    FORM_TYPES,
    METHODS,
    composition_of,
    is_object,
    kind_of,
    wrapped_by,
)

# Keywords that belong to the place where a schema is used rather than to the schema.
_LOCAL_KEYWORDS = frozenset(
    {"nullable", "readOnly", "writeOnly", "deprecated", "default", "x-python-name"}
)
# Schemas that stand for each other, one after the other.
_LONGEST_CHAIN = 50


@dataclass
class _Hoister:
    document: JsonObject
    schemas: dict[str, Any]
    with_wrappers: bool
    origins: dict[str, str] = field(default_factory=dict)
    wrappers: dict[str, str] = field(default_factory=dict)
    """Name of each model that stands for another one, by what it says."""

    def components(self) -> None:
        for name, schema in list(self.schemas.items()):
            self.inside(schema, name, pointer("components", "schemas", name))

    def operations(self) -> None:
        for path, item in _items(self.document.get("paths")):
            for method in METHODS:
                operation = item.get(method) if isinstance(item, dict) else None
                if not isinstance(operation, dict):
                    continue
                name = pascal_case(str(operation.get("operationId", f"{method} {path}")))
                place = pointer("paths", path, method)
                self.parameters(item, name, pointer("paths", path))
                self.parameters(operation, name, place)
                self.owner(operation.get("requestBody"), f"{name}Request", f"{place}/requestBody")
                for status, response in _items(operation.get("responses")):
                    # Errors are raised with their text; they need no model.
                    if str(status).startswith("2"):
                        where = place + pointer("responses", status)
                        self.owner(response, f"{name}Response{status}", where)

    def parameters(self, owner: Any, name: str, place: str) -> None:
        """What parameters hold that are lists or objects; an enumeration alone stays what it is."""
        entries = owner.get("parameters")
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            found = resolve(self.document, entry, f"{place}/parameters/{index}")
            if isinstance(found, Problems) or not isinstance(found[0], dict):
                continue  # reported where the parameter is built
            parameter, where = found
            own_name = name + pascal_case(str(parameter.get("name")))
            self.content(parameter, own_name, where)
            schema = parameter.get("schema")
            if kind_of(schema) in ("array", "composed", "map", "object"):
                parameter["schema"] = self.replaced(schema, own_name, f"{where}/schema")

    def owner(self, owner: Any, name: str, place: str) -> None:
        """A request body or response, which may be shared by several operations."""
        found = resolve(self.document, owner, place)
        if isinstance(found, Problems):
            return  # reported where the operation is built
        owner, where = found
        shared = where != place
        self.content(owner, pascal_case(where.rpartition("/")[2]) if shared else name, where)

    def content(self, owner: Any, name: str, place: str) -> None:
        media = dict(_items(owner.get("content") if isinstance(owner, dict) else None))
        for media_type, entry in media.items():
            schema = entry.get("schema") if isinstance(entry, dict) else None
            where = place + pointer("content", media_type, "schema")
            if not isinstance(schema, dict):
                continue
            if "properties" in schema and set(media) <= FORM_TYPES:
                # The fields of a body that can only be sent as a form become parameters, not a model.
                self.inside(schema, name, where)
            else:
                entry["schema"] = self.replaced(schema, name, where)

    def inside(self, schema: Any, name: str, place: str) -> None:
        """Hoists what stands inside a schema that has a name."""
        if not isinstance(schema, dict):
            return
        for key, value in _items(schema.get("properties")):
            where = place + pointer("properties", key)
            own_name = name + pascal_case(str(key))
            schema["properties"][key] = self.wrapper(value, own_name, where) or self.replaced(
                value, own_name, where
            )
        for key, suffix in (("items", "Item"), ("additionalProperties", "Value")):
            if isinstance(schema.get(key), dict):
                schema[key] = self.replaced(schema[key], name + suffix, f"{place}/{key}")
        for keyword in COMPOSITIONS:
            members = schema.get(keyword)
            if isinstance(members, list):
                for index, member in enumerate(members):
                    number = str(index + 1) if len(members) > 1 else ""
                    # The only member of a schema without a name is what that schema is.
                    taken = number or name in self.schemas
                    member_name = name + pascal_case(keyword) + number if taken else name
                    where = f"{place}/{keyword}/{index}"
                    members[index] = self.replaced(member, member_name, where)

    def replaced(self, schema: Any, name: str, place: str) -> Any:
        """The schema, or a reference to the model that it has become."""
        if not isinstance(schema, dict) or not _needs_name(schema):
            self.inside(schema, name, place)
            return schema
        # Of a composition, being read-only stays with the model, as in a `wrapper`.
        local = _LOCAL_KEYWORDS - {"readOnly"} if composition_of(schema) else _LOCAL_KEYWORDS
        model = {key: value for key, value in schema.items() if key not in local}
        used = {key: value for key, value in schema.items() if key in local}
        if "enum" in model and None in _values(model) and len(_values(model)) > 1:
            model["enum"] = [value for value in _values(model) if value is not None]
            used["nullable"] = True
        name = self.free_name(name, model, place)
        if name not in self.schemas:
            self.schemas[name] = model
            self.origins[_schema_place(name)] = place
            self.inside(model, name, place)
        return {"allOf": [{"$ref": f"#{_schema_place(name)}"}], **used}

    def wrapper(self, schema: Any, name: str, place: str) -> Any:
        """A reference to the model that a property becomes which says more of another model; else None.

        ``allOf: [{$ref: User}], nullable: true`` is a model of its own, as generators of CVAT's clients always had it;
        properties that say the same share the first one. What is said of the property stays with the model.
        """
        if not self.with_wrappers or kind_of(schema) != "wrapper" or "allOf" not in schema:
            return None
        inner: Any = schema
        for _ in range(_LONGEST_CHAIN):
            if kind_of(inner) == "wrapper":
                inner, _ = wrapped_by(inner, place)
            found = resolve(self.document, inner, place)
            if isinstance(found, Problems):
                return None  # reported where the type is built
            inner = found[0]
            if is_object(inner):
                break
        if kind_of(schema["allOf"][0]) != "reference" or not is_object(inner):
            return None
        said = json.dumps(schema, sort_keys=True)
        if said not in self.wrappers:
            name = self.wrappers[said] = self.free_name(name, schema, place)
            self.schemas[name] = schema
            self.origins[_schema_place(name)] = place
        return {"$ref": f"#{_schema_place(self.wrappers[said])}"}

    def free_name(self, name: str, model: dict[str, Any], place: str) -> str:
        """The name, or that with a number where another schema has it already."""
        for number in itertools.count(2):
            other = self.schemas.get(name)
            if other is None or other == model or self.origins.get(_schema_place(name)) == place:
                break
            name = f"{name.removesuffix(str(number - 1))}{number}"
        return name


def hoist(
    document: JsonObject, *, wrappers: bool = True
) -> tuple[JsonObject, dict[str, str]] | Problems:
    """A copy without inline models, and where each new schema came from: its pointer -> the old place."""
    document = copy.deepcopy(document)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    if not isinstance(schemas, dict):
        return Problems.at("/components/schemas", "must be an object")
    hoister = _Hoister(document, schemas, wrappers)
    hoister.components()
    hoister.operations()
    return document, hoister.origins


def original_place(place: str, origins: Mapping[str, str]) -> str:
    """Where a place of the hoisted document stands in the document as it was read."""
    parts = place.split("/")
    schema = "/".join(parts[:4])
    if schema not in origins:
        return place
    return original_place(origins[schema] + place[len(schema) :], origins)


def _needs_name(schema: dict[str, Any]) -> bool:
    if "enum" in schema:
        return kind_of(schema) == "enum"
    if "properties" in schema:
        return True
    return any(isinstance(schema.get(k), list) and len(schema[k]) > 1 for k in COMPOSITIONS)


def _values(schema: dict[str, Any]) -> list[Any]:
    values = schema["enum"]
    return values if isinstance(values, list) else []


def _schema_place(name: str) -> str:
    return pointer("components", "schemas", name)


def _items(mapping: Any) -> list[tuple[Any, Any]]:
    return list(mapping.items()) if isinstance(mapping, dict) else []
