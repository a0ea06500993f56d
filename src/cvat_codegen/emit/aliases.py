"""Names of older versions: what their methods look like, and the table of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit.text import bracketed, string_tuple
from cvat_codegen.source import Source, code, joined, quoted


def as_called(alias: ir.Alias) -> ir.Operation:
    """The operation behind an alias as its caller sees it: other names, other required arguments."""
    operation = alias.operation
    names = {new: old for old, new in alias.renamed}
    parameters = (
        dataclasses.replace(parameter, name=names.get(parameter.name, parameter.name))
        for parameter in operation.parameters
    )
    body = operation.body
    if body is not None:
        body = dataclasses.replace(body, name=names.get(body.name, body.name))
    return dataclasses.replace(
        operation,
        tag=alias.tag,
        name=alias.name,
        parameters=tuple(parameters),
        body=body,
        positional=alias.positional,
    )


def todays_call(alias: ir.Alias) -> str:
    """Such as ``tasks_api.list(project_id=...)``."""
    positional = alias.operation.positional
    keywords = (f"{new}=..." for _, new in alias.renamed if new not in positional)
    arguments = ", ".join([*positional, *keywords])
    return f"{alias.operation_attribute}.{alias.operation.name}({arguments})"


def message(alias: ir.Alias) -> str:
    """Text of the warning."""
    return f"{alias.attribute}.{alias.name} is deprecated; call {todays_call(alias)}"


def aliases_view(tags: Iterable[ir.Tag]) -> dict[str, Any]:
    """Variables of the template of the table."""
    return {
        "tags": [
            (quoted(tag.name), [(quoted(alias.name), _entry(alias)) for alias in tag.aliases])
            for tag in tags
            if tag.aliases
        ]
    }


def _entry(alias: ir.Alias) -> Source:
    arguments = [
        quoted(alias.tag),
        quoted(alias.name),
        quoted(alias.operation.id),
        quoted(message(alias)),
        code("positional={}", string_tuple(alias.positional)),
    ]
    if alias.renamed:
        pairs = (code("{}: {}", quoted(old), quoted(new)) for old, new in alias.renamed)
        arguments.append(code("renamed={{{}}}", joined(", ", pairs)))
    if alias.model is not None:
        arguments.append(code("model={}", quoted(alias.model)))
    return bracketed(Source("Alias("), arguments, ")", 8)
