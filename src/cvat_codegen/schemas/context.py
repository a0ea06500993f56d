"""What the schema builders share: the document, the names of its models, and what may stand in a schema."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cvat_codegen.document import JsonObject, resolve
from cvat_codegen.names import ClassName, ModuleName, model_names
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.limits import SCALAR_LIMITS
from cvat_codegen.vocabulary import COMPOSITIONS, SCHEMAS, Kind

# Say something to a reader, or about the use of a schema, and nothing about its type. Whether the
# items of a list differ is left to the server to check.
_TEXTS = frozenset({"title", "description", "default", "example", "externalDocs", "xml"})
_USES = frozenset({"deprecated", "nullable", "readOnly", "writeOnly", "uniqueItems"})
_KEYWORDS: dict[Kind, frozenset[str]] = {
    "any": frozenset(),
    "array": frozenset({"type", "items", "minItems", "maxItems"}),
    "composed": frozenset({"type", "required", "discriminator", *COMPOSITIONS}),
    "enum": frozenset({"type", "enum"}),
    "map": frozenset({"type", "additionalProperties"}),
    "object": frozenset(
        {"type", "properties", "required", "additionalProperties", "discriminator"}
    ),
    "reference": frozenset({"$ref"}),
    "scalar": frozenset({"type", "format", *SCALAR_LIMITS}),
    "values": frozenset({"type", "enum", "format", *SCALAR_LIMITS}),
    "wrapper": frozenset({"type", "discriminator", *COMPOSITIONS}),
}


@dataclass(frozen=True)
class Context:
    """The document that schemas are built from."""

    document: JsonObject
    warnings: set[Problem] = field(default_factory=set)
    """What is left out of the result, without harm to the rest."""

    wrappers: dict[int, bool] = field(default_factory=dict)
    """Whether a schema that wraps another one wraps an object, by its identity."""

    unions: dict[int, bool] = field(default_factory=dict)
    """Whether a composition is a union of types, by its identity."""

    choices: dict[int, str] = field(default_factory=dict)
    """Whether a choice that is no union is one between objects or between enumerations, by its identity."""

    def warn(self, place: str, message: str) -> None:
        """Notes what is left out."""
        self.warnings.add(Problem(place, message))

    def skip(self, value: Mapping[str, Any], keywords: Iterable[str], place: str) -> None:
        """Notes the keywords of a value that have no effect on the client."""
        for keyword in keywords:
            if keyword in value:
                self.warn(f"{place}/{keyword}", f"{keyword!r} is left out")

    def class_of(self, schema_name: str) -> ClassName:
        """Class of a named schema."""
        return self._names[schema_name][0]

    def module_of(self, schema_name: str) -> ModuleName:
        """Module of the class of a named schema."""
        return self._names[schema_name][1]

    @functools.cached_property
    def _names(self) -> dict[str, tuple[ClassName, ModuleName]]:
        return model_names(list(self.schemas))

    @property
    def schemas(self) -> dict[str, Any]:
        """Named schemas."""
        schemas: dict[str, Any] = self.document["components"]["schemas"]
        return schemas

    def target(self, schema: dict[str, Any], place: str) -> tuple[str, Any] | Problems:
        """Name and content of the named schema that a reference points to."""
        ref = schema["$ref"]
        name = str(ref)[len(SCHEMAS) :].replace("~1", "/").replace("~0", "~")
        if str(ref).startswith(SCHEMAS) and name in self.schemas:
            return name, self.schemas[name]
        found = resolve(self.document, schema, place)
        if isinstance(found, Problems):
            return found
        return Problems.at(place, f"$ref {ref!r} does not name a schema of the components")


def text_of(schema: dict[str, Any]) -> str:
    """Description of a schema."""
    text = schema.get("description", "")
    return text.strip() if isinstance(text, str) else ""


def allows_null(schema: Any) -> bool:
    """Whether null itself is one of the values of an enumeration."""
    values = schema.get("enum") if isinstance(schema, dict) else None
    return isinstance(values, list) and None in values


def check_keywords(schema: Any, kind: Kind | None, place: str) -> list[Problem]:
    """What the generator does not understand about a schema."""
    if not isinstance(schema, dict):
        return [Problem(place, "a schema is an object")]
    if kind is None:
        return [Problem(f"{place}/type", f"type {schema.get('type')!r} is not supported")]
    if kind == "reference":
        return []  # OpenAPI 3.0: whatever stands beside $ref has no meaning
    known = _KEYWORDS[kind] | _TEXTS | _USES
    problems = [
        Problem(f"{place}/{keyword}", f"{keyword!r} is not supported in a schema of kind {kind!r}")
        for keyword in schema
        if keyword not in known and not str(keyword).startswith("x-")
    ]
    used = [keyword for keyword in COMPOSITIONS if keyword in schema]
    if len(used) > 1:
        problems.append(Problem(place, f"{' and '.join(used)} together are not supported"))
    return problems
