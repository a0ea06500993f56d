"""The generated package offers what the published 2.80.0 client offers: names, order, requiredness, values.

``fixtures/api_facts.json`` holds the facts. Types are compared between the facts and the API description in
``test_spec_facts.py``; here the generated classes and tables themselves are looked at.
"""

from __future__ import annotations

import inspect
import json
import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cvat_codegen.build import build_api
from cvat_codegen.emit import emit
from cvat_codegen.reading import load
from cvat_sdk.api_client import apis, models, operations
from cvat_sdk.api_client.runtime.endpoint import MethodOptions
from cvat_sdk.api_client.runtime.model import ComposedEnum, ModelComposed, ModelNormal, ModelSimple
from cvat_sdk.api_client.runtime.operation import Operation
from cvat_sdk.api_client.runtime.schema import fields_of

FACTS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "fixtures" / "api_facts.json").read_text("utf-8")
)
OPERATIONS = {operation.id: operation for operation in operations.all_operations()}
# Published as required by none of the two members, although both of them require it.
REQUIRED_BY_EVERY_MEMBER = {"MetaUser": ["username"]}


def test_tags_and_operations() -> None:
    assert list(operations.TAGS) == FACTS["tags"]
    assert set(OPERATIONS) == set(FACTS["operations"])
    for tag in operations.TAGS:
        methods = operations.load(tag)
        assert list(methods) == sorted(methods)
        api = getattr(apis, f"{tag.capitalize()}Api")
        public = {name for name, _ in inspect.getmembers(api, inspect.isfunction) if name[0] != "_"}
        older = operations.load_aliases(tag)
        assert public == set(methods) | set(older)
        declared = {f"{name}_endpoint" for name in public}
        assert declared <= set(api.__annotations__)


def described(operation: Operation) -> dict[str, Any]:
    """An operation in the shape of the facts."""
    found: dict[str, Any] = {
        "method": operation.method,
        "path": operation.path,
        "parameters": {
            parameter.name: (
                parameter.location,
                parameter.type,
                parameter.wire,
                parameter.required,
                list(parameter.choices),
                {key: value for key, value in parameter.limits.items()},
            )
            for parameter in operation.parameters
        },
        "parameter_order": [parameter.name for parameter in operation.parameters],
        "positional": list(operation.positional),
        "content_types": set(operation.form_content_types),
        "accept": set(operation.accept),
        "response": operation.response,
        "auth": list(operation.auth),
    }
    if operation.body is not None:
        body = operation.body
        found["body"] = {"name": body.name, "type": body.type, "required": body.required}
        found["content_types"] = set(body.content_types)
    return found


def published(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: value for key, value in facts.items() if key != "deprecated"},
        "parameters": {
            name: (
                parameter["in"],
                parameter["type"],
                parameter.get("wire", name),
                parameter.get("required", False),
                list(parameter.get("choices", {}).values()),
                parameter.get("limits", {}),
            )
            for name, parameter in facts["parameters"].items()
        },
        "content_types": set(facts["content_types"]),
        "accept": set(facts["accept"]),
    }


@pytest.mark.parametrize("operation_id", sorted(FACTS["operations"]))
def test_operation(operation_id: str) -> None:
    assert described(OPERATIONS[operation_id]) == published(FACTS["operations"][operation_id])


def test_method_signatures_follow_the_table() -> None:
    for operation in OPERATIONS.values():
        method = getattr(getattr(apis, f"{operation.tag.capitalize()}Api"), operation.name)
        parameters = list(inspect.signature(method).parameters.values())[1:]
        positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        keyword = [
            p.name
            for p in parameters
            if p.kind is p.KEYWORD_ONLY and p.name not in MethodOptions.__annotations__
        ]
        assert positional == list(operation.positional), operation.id
        names = [parameter.name for parameter in operation.parameters]
        names += [operation.body.name] if operation.body else []
        assert keyword == [name for name in names if name not in positional], operation.id


_NO_NAMES = frozenset({"x-quoted", "x-token-prefix"})


def without_hints(node: Any) -> Any:
    """A part of a description without what only this project's description says about names."""
    if isinstance(node, dict):
        kept = {k: v for k, v in node.items() if k in _NO_NAMES or not str(k).startswith("x-")}
        return {k: without_hints(v) for k, v in kept.items()}
    return [without_hints(item) for item in node] if isinstance(node, list) else node


def test_names_follow_from_the_description_that_a_server_publishes() -> None:
    description = load(Path(__file__).parents[2] / "spec" / "openapi.yaml")
    assert isinstance(description, dict)
    hinted, plain = (
        emit(build_api(each), "openapi.yaml", "cvat_sdk.api_client")
        for each in (description, without_hints(description))
    )
    assert set(hinted) == set(plain)
    different = {name for name in hinted if hinted[name] != plain[name]}
    # The published client passes guide_id before file, against the alphabet.
    assert different == {"api/assets_api.py", "api/assets_api.pyi", "operations/assets.py"}


def test_models_interfaces_and_bases() -> None:
    kinds = {**FACTS["models"], **FACTS["enums"], **FACTS["composed"]}
    interfaces = {f"I{name}" for name in {*FACTS["models"], *FACTS["enums"]}}
    exported = {name for name in models.__all__ if not name.endswith(("Dict", "Literal"))}
    assert exported == set(kinds) | interfaces
    assert list(models.__all__) == sorted(models.__all__)
    for name in kinds:
        model = getattr(models, name)
        expected = (
            ModelNormal
            if name in FACTS["models"]
            else ModelSimple
            if name in FACTS["enums"]
            else (ModelComposed, ComposedEnum)
        )
        assert issubclass(model, expected), name


@pytest.mark.parametrize("name", sorted(FACTS["models"]))
def test_model(name: str) -> None:
    facts = FACTS["models"][name]
    fields = [
        field for field in msgspec.structs.fields(getattr(models, name)) if field.name != "_extra"
    ]
    assert {field.name for field in fields} == set(facts["fields"])
    assert {field.name for field in fields if field.required} == set(facts["required"])
    assert {field.name: field.encode_name for field in fields} == {
        field: fact.get("wire", field) for field, fact in facts["fields"].items()
    }
    read_only = {field for field, fact in facts["fields"].items() if fact.get("read_only")}
    assert getattr(models, name)._read_only == read_only
    # Declared as they are passed: first the required ones. The others have no order.
    required = facts["required"]
    for declared in (
        typing.get_type_hints(getattr(models, f"I{name}")),
        fields_of(getattr(models, name)),
    ):
        assert list(declared)[: len(required)] == required
        assert declared.keys() == set(facts["order"])


@pytest.mark.parametrize("name", sorted(FACTS["enums"]))
def test_enum(name: str) -> None:
    facts = FACTS["enums"][name]
    enum = getattr(models, name)
    assert enum.allowed_values == {("value",): facts["members"]}
    assert [member.value for member in enum] == facts["order"]
    if "default" in facts:
        assert enum().value == facts["default"]


@pytest.mark.parametrize("name", sorted(FACTS["composed"]))
def test_composed(name: str) -> None:
    facts = FACTS["composed"][name]
    model = getattr(models, name)
    assert model._composed == {facts["kind"]: tuple(facts["members"])}
    assert model._nullable is facts["nullable"]
    if hasattr(model, "__struct_fields__"):  # choices of enumerations have none
        fields = [field for field in msgspec.structs.fields(model) if field.name != "_extra"]
        assert {field.name for field in fields} == set(facts["fields"])


def test_what_a_composition_requires() -> None:
    for name, facts in FACTS["composed"].items():
        if facts["fields"]:
            model = getattr(models, name)
            required = [
                f.name for f in msgspec.structs.fields(model) if f.required and f.name != "_extra"
            ]
            expected = REQUIRED_BY_EVERY_MEMBER.get(name, [])
            if facts["kind"] == "allOf":
                member = facts["members"][0]
                expected = FACTS["models"].get(member, {}).get("required", [])
            assert required == expected, name
