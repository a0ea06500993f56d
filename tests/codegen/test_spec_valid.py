"""The API description is a valid OpenAPI document, and one that people can read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SPEC_DIR = Path(__file__).parents[2] / "spec"
METHODS = ("get", "post", "put", "patch", "delete")

Json = dict[str, Any]


@pytest.fixture(scope="module")
def spec() -> Json:
    text = (SPEC_DIR / "openapi.yaml").read_text("utf-8")
    loaded: Json = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def operations(spec: Json) -> Iterator[tuple[str, Json]]:
    for item in spec["paths"].values():
        for method in METHODS:
            if method in item:
                operation = item[method]
                yield f"{operation['tags'][0]}.{operation['x-python-method']}", operation


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def is_one_line(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and "\n" not in text.strip()


def test_it_is_a_valid_openapi_document(spec: Json) -> None:
    validate(spec)


def test_every_operation_says_in_one_line_what_it_does(spec: Json) -> None:
    assert not [
        name for name, operation in operations(spec) if not is_one_line(operation.get("summary"))
    ]


def test_every_schema_and_tag_is_described(spec: Json) -> None:
    schemas = spec["components"]["schemas"].items()
    assert not [name for name, schema in schemas if not schema.get("description", "").strip()]
    assert not [tag["name"] for tag in spec["tags"] if not tag.get("description", "").strip()]


def test_every_component_is_used(spec: Json) -> None:
    components = {
        f"#/components/{kind}/{name}"
        for kind in ("parameters", "responses", "schemas")
        for name in spec["components"].get(kind, ())
    }
    used: set[str] = set()
    waiting = set(references(spec["paths"]))
    while waiting:
        reference = waiting.pop()
        used.add(reference)
        _, _, kind, name = reference.split("/")
        waiting |= set(references(spec["components"][kind][name])) - used
    assert components == used


def test_a_session_always_comes_with_its_cross_site_tokens(spec: Json) -> None:
    together = {"sessionAuth", "csrfAuth", "csrfHeaderAuth"}
    requirements = [spec["security"]] + [
        o["security"] for _, o in operations(spec) if "security" in o
    ]
    for alternatives in requirements:
        for schemes in alternatives:
            assert not together & schemes.keys() or schemes.keys() == together


def test_every_operation_has_a_success_and_only_known_failures(spec: Json) -> None:
    failures = {"400", "401", "403", "404", "409", "429"}
    for name, operation in operations(spec):
        success = {status for status in operation["responses"] if status.startswith("2")}
        assert success, name
        assert operation["responses"].keys() - success <= failures, name


def test_aliases_lead_from_free_names_to_operations(spec: Json) -> None:
    known = dict(operations(spec))
    aliases = tomllib.loads((SPEC_DIR / "aliases.toml").read_text("utf-8"))["alias"]
    names = [alias["name"] for alias in aliases]
    assert len(set(names)) == len(names)
    for alias in aliases:
        assert alias["name"] not in known
        assert alias["reason"]
        operation = known[alias["operation"]]
        arguments = {p.get("x-python-name", p.get("name")) for p in operation.get("parameters", ())}
        arguments.add(operation.get("requestBody", {}).get("x-python-name"))
        assert set(alias.get("rename", {}).values()) <= arguments, alias["name"]


def test_corrections_say_what_the_description_cannot() -> None:
    entries = tomllib.loads((SPEC_DIR / "corrections.toml").read_text("utf-8"))["correction"]
    assert entries
    assert {entry["pointer"].rpartition("/")[2] for entry in entries} == {"x-repeatable"}
