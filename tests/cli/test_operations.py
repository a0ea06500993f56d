"""Every operation of the table is a command, whose request is the one of the description."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cvat_sdk.api_client.operations import all_operations
from cvat_sdk.api_client.runtime.operation import Operation, Parameter
from cvat_sdk.api_client.runtime.schema import Node, fields_of, parse_text
from cvat_sdk.cli.values import choices

OPERATIONS = {operation.id: operation for operation in all_operations()}
SAMPLES = {"int": "7", "float": "0.5", "bool": "true", "datetime": "2031-01-02T03:04:05Z"}


def sample(parameter: Parameter) -> str:
    if parameter.limits.get("pattern"):
        return "7"  # ids in the form of texts
    return parameter.choices[0] if parameter.choices else SAMPLES.get(parameter.type, "text")


def value_of(node: Node) -> Any:
    """Something that the body of an operation may hold."""
    if node.kind == "model":
        return body_of(node)
    if node.kind in ("list", "dict") and node.item is not None:
        many = max(1, int(node.keywords.get("minItems", 1)))
        item = value_of(node.item)
        return [item] * many if node.kind == "list" else {"key": item}
    if node.kind == "enum":
        return choices(node)[0]
    least = node.keywords.get("minimum", 1)
    plain = {"bool": True, "int": max(1, least), "float": least, "any": {}}
    return plain.get(node.kind, "2031-01-02T03:04:05Z" if node.kind == "datetime" else "a" * 8)


def body_of(node: Node) -> dict[str, Any]:
    return {f.wire: value_of(f.node) for f in fields_of(node.cls).values() if f.required}


def arguments_of(operation: Operation, file: str) -> list[str]:
    by_wire = {parameter.wire: parameter for parameter in operation.parameters}
    words = [sample(by_wire[wire]) for wire in re.findall(r"{(\w+)}", operation.path)]
    for parameter in operation.parameters:
        if parameter.location != "path":
            value = file if parameter.type == "file" else sample(parameter)
            words += [f"--{parameter.name.replace('_', '-')}={value}"]
    if operation.body is not None:
        _, node = parse_text(operation.body.type)
        words += ["--body", json.dumps(body_of(node))] if not has_file(node) else []
        words += [f"--{name.replace('_', '-')}={file}" for name in has_file(node)]
    return words


def has_file(node: Node) -> list[str]:
    """The fields of a body that are files and have to be there."""
    return [f.name for f in fields_of(node.cls).values() if f.required and f.node.kind == "file"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_request_of_every_operation(
    name: str, command: Callable[..., Any], tmp_path: Any
) -> None:
    operation = OPERATIONS[name]
    file = tmp_path / "file.png"
    file.write_bytes(b"content")
    words = arguments_of(operation, str(file))
    verb = operation.name.replace("_", "-")
    done = command("--server-host", "http://cvat.test", operation.tag, verb, *words, "--dry-run")
    assert (done.code, done.err) == (0, "")

    request = shlex.split(done.out)
    assert request[:3] == ["curl", "-X", operation.method]
    address = urlsplit(request[3])
    by_wire = {parameter.wire: parameter for parameter in operation.parameters}
    path = re.sub(r"{(\w+)}", lambda match: sample(by_wire[match[1]]), operation.path)
    assert (address.netloc, address.path) == ("cvat.test", path)
    query = parse_qs(address.query)
    assert query.keys() == {p.wire for p in operation.parameters if p.location == "query"}
    for parameter in operation.parameters:
        if parameter.location == "query" and parameter.type in ("int", "str"):
            assert query[parameter.wire] == [sample(parameter)]
        if parameter.location == "header":
            assert any(word.startswith(f"{parameter.wire}: ") for word in request)
        if parameter.location == "form":
            assert any(word.startswith(f"{parameter.wire}=") for word in request)
    if operation.body is not None:
        _, node = parse_text(operation.body.type)
        if has_file(node):
            assert {f"{wire}=@{file}" for wire in has_file(node)} <= {*request}
        else:
            sent = json.loads(request[request.index("--data-binary") + 1])
            assert sent.keys() == body_of(node).keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_help_of_every_operation(name: str, command: Callable[..., Any]) -> None:
    operation = OPERATIONS[name]
    done = command(operation.tag, operation.name.replace("_", "-"), "--help")
    assert (done.code, done.err) == (0, "")
    assert operation.summary in done.out
    for parameter in operation.parameters:
        assert parameter.name.replace("_", "-") in done.out.replace("_", "-").lower()


def test_there_are_all_of_them() -> None:
    assert len(OPERATIONS) == 166


READABLE = [
    name
    for name, operation in OPERATIONS.items()
    if operation.method == "GET" and not any(p.required for p in operation.parameters)
]
REFUSED = {"auth.retrieve_access_tokens_self": 3}
"""Exit codes of those that are refused: a password is no token."""


@pytest.mark.parametrize("name", READABLE)
def test_what_needs_no_arguments_is_answered(name: str, cli: Callable[..., Any]) -> None:
    operation = OPERATIONS[name]
    done = cli(operation.tag, operation.name.replace("_", "-"), "--output", "json")
    if done.code == 6:  # an operation that the local server does not have
        assert "501" in done.err
    else:
        assert done.code == REFUSED.get(name, 0), done.err
    assert (done.err == "") == (done.code == 0)
