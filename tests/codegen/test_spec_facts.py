"""The API description says what the published 2.80.0 client knows: nothing is missing, nothing differs.

Both sides are reduced to the same nested dictionaries of names, types and limits, and compared leaf by leaf.
What differs on purpose stands in ``fixtures/spec_exceptions.toml``, each with its reason.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
SPEC = HERE.parents[1] / "spec" / "openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
LIMITS = ("minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems")
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
FORMATS = {"date-time": "datetime", "binary": "file"}
ABSENT = object()

Json = dict[str, Any]


class Reduction:
    """The facts of an API description, in the shape of the fixture."""

    def __init__(self, spec: Json) -> None:
        self.spec = spec

    def all(self) -> Json:
        operations: Json = {}
        for path, item in self.spec["paths"].items():
            for method in METHODS:
                if method in item:
                    operation = item[method]
                    (tag,) = operation["tags"]
                    name = f"{tag}.{operation['x-python-method']}"
                    assert operation["operationId"] == name.replace(".", "_", 1)
                    operations[name] = self.operation(method, path, operation)
        facts: Json = {
            "tags": [tag["name"] for tag in self.spec["tags"]],
            "security_schemes": {
                name: scheme_text(scheme)
                for name, scheme in self.spec["components"]["securitySchemes"].items()
            },
            "operations": operations,
            "enums": {},
            "composed": {},
            "models": {},
        }
        for name, schema in self.schemas.items():
            if "enum" in schema:
                facts["enums"][name] = self.enum(schema)
            elif schema.get("type") == "object":
                facts["models"][name] = self.model(schema)
            else:
                facts["composed"][name] = self.composed(schema)
        return facts

    @property
    def schemas(self) -> Json:
        schemas: Json = self.spec["components"]["schemas"]
        return schemas

    def resolve(self, node: Json) -> Json:
        while "$ref" in node:
            target: Any = self.spec
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def operation(self, method: str, path: str, operation: Json) -> Json:
        parameters: Json = {}
        for parameter in map(self.resolve, operation.get("parameters", ())):
            name = str(parameter.get("x-python-name", parameter["name"]))
            parameters[name] = self.parameter(parameter)
        facts: Json = {"method": method.upper(), "path": path, "parameters": parameters}
        positional = [name for name, p in parameters.items() if p.get("required")]
        body = operation.get("requestBody")
        content = body["content"] if body else {}
        if body and "x-python-name" in body:
            (body_type,) = {type_text(media["schema"]) for media in content.values()}
            facts["body"] = {
                "name": body["x-python-name"],
                "type": body_type,
                "required": body.get("required", False),
            }
            positional += [facts["body"]["name"]] if facts["body"]["required"] else []
        elif body:
            (form,) = (media["schema"] for media in content.values())
            for name, field in form["properties"].items():
                parameters[name] = {"in": "form", **value(field)}
                if name in form["required"]:
                    parameters[name]["required"] = True
                    positional.append(name)
        successes = {
            status: response.get("content", {})
            for status, response in operation["responses"].items()
            if status.startswith("2")
        }
        first: Json = next(iter(successes[min(successes)].values()), {})
        security: list[Json] = (operation if "security" in operation else self.spec)["security"]
        return (
            facts
            | {
                "parameter_order": list(parameters),
                "positional": operation.get("x-positional-order", sorted(positional)),
                "content_types": list(content),
                "accept": list(dict.fromkeys(t for types in successes.values() for t in types)),
                "response": type_text(first["schema"]) if "schema" in first else None,
                "auth": sorted({scheme for option in security for scheme in option}),
            }
            | ({"deprecated": True} if operation.get("deprecated") else {})
        )

    def parameter(self, parameter: Json) -> Json:
        schema = self.resolve(parameter["schema"])
        facts: Json = {"in": parameter["in"], **value(schema)}
        if "x-python-name" in parameter:
            facts["wire"] = parameter["name"]
        for mark in ("required", "deprecated"):
            if parameter.get(mark):
                facts[mark] = True
        if "enum" in schema:
            facts["choices"] = {member_key(v): v for v in schema["enum"]}
        return facts

    def enum(self, schema: Json) -> Json:
        facts: Json = {
            "type": type_text(schema),
            "members": {member_key(v): v for v in schema["enum"]},
            "order": schema["enum"],
        }
        if "default" in schema:
            facts["default"] = schema["default"]
        return facts

    def composed(self, schema: Json) -> Json:
        (kind,) = {"allOf", "anyOf", "oneOf"} & schema.keys()
        fields = {f for m in schema[kind] for f in self.resolve(m).get("properties", ())}
        members = [type_text(member) for member in schema[kind]]
        if kind == "allOf":  # its only member may be composed itself
            fields |= set(self.composed_fields(members[0]))
        return {
            "kind": kind,
            "members": members,
            "nullable": schema.get("nullable", False),
            "fields": sorted(fields),
        }

    def composed_fields(self, name: str) -> list[str]:
        schema = self.schemas[name]
        return (
            list(schema["properties"])
            if "properties" in schema
            else self.composed(schema)["fields"]
        )

    def model(self, schema: Json) -> Json:
        python = {n: f.get("x-python-name", n) for n, f in schema["properties"].items()}
        fields: Json = {}
        for wire, field in schema["properties"].items():
            fields[python[wire]] = (
                value(field)
                | ({"wire": wire} if python[wire] != wire else {})
                | ({"read_only": True} if field.get("readOnly") else {})
            )
        return {
            "required": [python[wire] for wire in schema.get("required", ())],
            "fields": fields,
        }


def scheme_text(scheme: Json) -> str:
    if scheme["type"] == "http":
        return f"Authorization: {scheme['scheme'].title()}"
    return f"Cookie {scheme['name']}" if scheme["in"] == "cookie" else str(scheme["name"])


def member_key(member: str) -> str:
    """The documented key of an enum member, by the rule that the generator applies."""
    return member.upper().replace(" ", "_") or "EMPTY"


def value(schema: Json) -> Json:
    facts: Json = {"type": type_text(schema)}
    if "default" in schema:
        facts["default"] = schema["default"]
    limits = {k: schema[k] for k in LIMITS if k in schema}
    if limits:
        facts["limits"] = limits
    if schema.get("deprecated"):
        facts["deprecated"] = True
    return facts


def type_text(schema: Json) -> str:
    if "$ref" in schema:
        text = schema["$ref"].rpartition("/")[2]
    elif "allOf" in schema:
        (member,) = schema["allOf"]
        text = type_text(member)
    elif schema.get("type") == "array":
        text = f"list[{type_text(schema['items'])}]"
    elif schema.get("type") == "object":
        text = f"dict[str, {type_text(schema['additionalProperties'])}]"
    elif "type" in schema:
        text = FORMATS.get(schema.get("format", ""), SCALARS[schema["type"]])
    else:
        text = "any"
    return f"{text} | None" if schema.get("nullable") else text


def leaves(node: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a tree of dictionaries, with its path; a list counts as one value."""
    if isinstance(node, dict) and node:
        for key, child in node.items():
            yield from leaves(child, f"{at}/{key}" if at else key)
    else:
        yield at, node


def differences(published: Json, described: Json) -> dict[str, tuple[Any, Any]]:
    left, right = dict(leaves(published)), dict(leaves(described))
    pairs = {at: (left.get(at, ABSENT), right.get(at, ABSENT)) for at in left.keys() | right.keys()}
    # compared as text, because False == 0 and 1 == 1.0
    return {at: pair for at, pair in pairs.items() if repr(pair[0]) != repr(pair[1])}


def exceptions() -> dict[str, tuple[Any, Any]]:
    table = tomllib.loads((HERE / "fixtures" / "spec_exceptions.toml").read_text("utf-8"))
    found: dict[str, tuple[Any, Any]] = {}
    for entry in table["exception"]:
        assert entry["reason"]
        for at in entry["at"]:
            assert at not in found, f"{at} is listed twice"
            found[at] = (entry.get("published", ABSENT), entry.get("described", ABSENT))
    return found


def show(differing: dict[str, tuple[Any, Any]]) -> str:
    def text(v: Any) -> str:
        return "nothing" if v is ABSENT else repr(v)

    return "\n".join(f"{at}: {text(a)} -> {text(b)}" for at, (a, b) in sorted(differing.items()))


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[Any, Any]]:
    published = json.loads((HERE / "fixtures" / "api_facts.json").read_text("utf-8"))
    del published["origin"]
    for model in published["models"].values():
        del model[
            "order"
        ]  # the description has the properties in the order in which a server sends them
    spec = yaml.load(SPEC.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return differences(published, Reduction(spec).all())


def test_description_differs_from_the_published_client_only_as_listed(
    found: dict[str, tuple[Any, Any]],
) -> None:
    listed = exceptions()
    unlisted = {at: pair for at, pair in found.items() if listed.get(at) != pair}
    assert not unlisted, f"published -> described:\n{show(unlisted)}"


def test_no_listed_difference_is_outdated(found: dict[str, tuple[Any, Any]]) -> None:
    outdated = {at: pair for at, pair in exceptions().items() if found.get(at) != pair}
    assert not outdated, f"these do not occur:\n{show(outdated)}"
