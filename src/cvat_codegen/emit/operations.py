"""The operation table: one module of plain data for each tag."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit.annotations import table_type
from cvat_codegen.emit.text import bracketed, quoted, string_tuple


def operations_view(tag: ir.Tag) -> dict[str, Any]:
    """Variables of the template of a tag's table."""
    with_body = any(operation.body for operation in tag.operations)
    with_parameters = any(operation.parameters for operation in tag.operations)
    names = ["Body"] * with_body + ["Operation"] + ["Parameter"] * with_parameters
    return {
        "tag": tag.name,
        "names": ", ".join(names),
        "operations": [_view(operation) for operation in tag.operations],
    }


def _view(operation: ir.Operation) -> dict[str, Any]:
    return {
        "name": quoted(operation.name),
        "head": [
            f"tag={quoted(operation.tag)}",
            f"name={quoted(operation.name)}",
            f"method={quoted(operation.method)}",
            f"path={quoted(operation.path)}",
        ],
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "tail": _tail(operation),
    }


def _tail(operation: ir.Operation) -> list[str]:
    """Fields after the parameters that differ from their defaults."""
    lines = []
    if operation.body is not None:
        lines.append(f"body={_body(operation.body)}")
    for name in ("form_content_types",):
        if operation.form_content_types:
            lines.append(f"{name}={string_tuple(operation.form_content_types)}")
    responses = [f"({status}, {_optional_type(type_)})" for status, type_ in operation.responses]
    lines.append(bracketed("responses=(", responses, ",)" if len(responses) == 1 else ")", 8))
    if operation.response is not None:
        lines.append(f"response={_optional_type(operation.response)}")
    for name, values in (
        ("accept", operation.accept),
        ("auth", operation.auth),
        ("positional", operation.positional),
    ):
        if values:
            tail = ",)" if len(values) == 1 else ")"
            lines.append(bracketed(f"{name}=(", map(quoted, values), tail, 8))
    if operation.deprecated:
        lines.append("deprecated=True")
    if operation.summary:
        lines.append(f"summary={quoted(operation.summary)}")
    return lines


def _optional_type(type_: ir.Type | None) -> str:
    return "None" if type_ is None else quoted(table_type(type_))


def _parameter(parameter: ir.Parameter) -> str:
    arguments = [
        quoted(parameter.name),
        quoted(parameter.location),
        quoted(table_type(parameter.type)),
        quoted(parameter.wire),
    ]
    if parameter.required:
        arguments.append("required=True")
    if parameter.choices:
        tail = ",)" if len(parameter.choices) == 1 else ")"
        arguments.append(bracketed("choices=(", map(quoted, parameter.choices), tail, 16))
    if parameter.limits:
        limits = (
            f"{quoted(key)}: {quoted(value) if isinstance(value, str) else value}"
            for key, value in parameter.limits
        )
        arguments.append(f"limits={{{', '.join(limits)}}}")
    return bracketed("Parameter(", arguments, ")", 12)


def _body(body: ir.Body) -> str:
    arguments = [
        quoted(body.name),
        quoted(table_type(body.type)),
        str(body.required),
        string_tuple(body.content_types),
    ]
    return bracketed("Body(", arguments, ")", 8)
