"""The operation table: one module of plain data for each tag."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit import servers
from cvat_codegen.emit.annotations import table_type
from cvat_codegen.emit.text import bracketed, docstring, string_tuple
from cvat_codegen.settings import Profile
from cvat_codegen.source import Source, code, joined, number, quoted


def operations_view(tag: ir.Tag, profile: Profile | None) -> dict[str, Any]:
    """Variables of the template of a tag's table."""
    with_body = any(operation.body for operation in tag.operations)
    with_parameters = any(operation.parameters for operation in tag.operations)
    named = [*(["Body"] * with_body), "Operation", *(["Parameter"] * with_parameters)]
    parts = [part for one in tag.operations for part in one.parts or ()]
    named += ["Part"] * bool(parts and profile != "cvat")
    named += servers.names([server for one in tag.operations for server in one.servers])
    return {
        "docstring": docstring(f"Operations of the tag `{tag.name}`.", 0),
        "names": joined(", ", map(Source, named)),
        "operations": [_view(operation, profile) for operation in tag.operations],
    }


def _view(operation: ir.Operation, profile: Profile | None) -> dict[str, Any]:
    return {
        "name": quoted(operation.name),
        "head": [
            code("tag={}", quoted(operation.tag)),
            code("name={}", quoted(operation.name)),
            code("method={}", quoted(operation.method)),
            code("path={}", quoted(operation.path)),
        ],
        "parameters": [_parameter(parameter, profile) for parameter in operation.parameters],
        "tail": _tail(operation, profile),
    }


def _tail(operation: ir.Operation, profile: Profile | None) -> list[Source]:
    """Fields after the parameters that differ from their defaults."""
    lines = []
    if operation.body is not None:
        lines.append(code("body={}", _body(operation.body)))
    if operation.form_content_types:
        lines.append(code("form_content_types={}", string_tuple(operation.form_content_types)))
    if operation.responses:
        responses = [
            code("({}, {})", number(status), _optional_type(type_))
            for status, type_ in operation.responses
        ]
        tail = ",)" if len(responses) == 1 else ")"
        lines.append(bracketed(Source("responses=("), responses, tail, 8))
    if operation.response is not None:
        lines.append(code("response={}", _optional_type(operation.response)))
    for name, values in (
        ("accept", operation.accept),
        ("auth", operation.auth),
        ("positional", operation.positional),
    ):
        if values:
            tail = ",)" if len(values) == 1 else ")"
            lines.append(bracketed(Source(f"{name}=("), map(quoted, values), tail, 8))
    if operation.deprecated:
        lines.append(Source("deprecated=True"))
    if operation.repeatable:
        lines.append(Source("repeatable=True"))
    if operation.summary:
        lines.append(code("summary={}", quoted(operation.summary)))
    if operation.servers:
        lines.append(servers.servers(operation.servers, "servers=", 8))
    if operation.parts is not None and profile != "cvat":
        parts = (code("{}: {}", quoted(name), _part(part)) for name, part in operation.parts)
        lines.append(bracketed(Source("form_parts={"), parts, "}", 8))
    return lines


def _optional_type(type_: ir.Type | None) -> Source:
    return Source("None") if type_ is None else quoted(table_type(type_))


def _parameter(parameter: ir.Parameter, profile: Profile | None) -> Source:
    arguments = [
        quoted(parameter.name),
        quoted(parameter.location),
        quoted(table_type(parameter.type)),
        quoted(parameter.wire),
    ]
    if parameter.required:
        arguments.append(Source("required=True"))
    if parameter.choices:
        tail = ",)" if len(parameter.choices) == 1 else ")"
        choices = bracketed(Source("choices=("), map(quoted, parameter.choices), tail, 16)
        arguments.append(choices)
    if parameter.limits:
        arguments.append(code("limits={}", _limits(parameter.limits)))
    style = parameter.style or _style(parameter, profile)
    if style:
        arguments.append(code("style={}", quoted(style)))
    if parameter.explode:
        arguments.append(Source("explode=True"))
    if _item_limits(parameter.type):
        arguments.append(code("item_limits={}", _limits(_item_limits(parameter.type))))
    return bracketed(Source("Parameter("), arguments, ")", 12)


def _style(parameter: ir.Parameter, profile: Profile | None) -> ir.Style:
    """Style of a single value that may be a truth value, which CVAT takes as Python writes it."""
    has_truth = parameter.type in (ir.Scalar("any"), ir.Scalar("bool"))
    if profile == "cvat" or not has_truth or parameter.location in ("cookie", "form"):
        return ""
    return "form" if parameter.location == "query" else "simple"


def _item_limits(type_: ir.Type) -> ir.Limits:
    """Limits of each value of a list."""
    if not isinstance(type_, ir.ListOf):
        return ()
    item = type_.item.inner if isinstance(type_.item, ir.Nullable) else type_.item
    return item.limits if isinstance(item, ir.Scalar) else ()


def _limits(limits: ir.Limits) -> Source:
    entries = (
        code("{}: {}", quoted(key), quoted(value) if isinstance(value, str) else number(value))
        for key, value in limits
    )
    return code("{{{}}}", joined(", ", entries))


def _part(part: ir.Part) -> Source:
    arguments = []
    if part.content_type:
        arguments.append(quoted(part.content_type))
    if part.headers:
        headers = (code("{}: {}", quoted(name), quoted(value)) for name, value in part.headers)
        arguments.append(code("headers={{{}}}", joined(", ", headers)))
    if part.style != "form":
        arguments.append(code("style={}", quoted(part.style)))
    if not part.explode:
        arguments.append(Source("explode=False"))
    return code("Part({})", joined(", ", arguments))


def _body(body: ir.Body) -> Source:
    arguments = [
        quoted(body.name),
        quoted(table_type(body.type)),
        Source(repr(body.required)),
        string_tuple(body.content_types),
    ]
    if body.types:
        types = (code("{}: {}", quoted(key), quoted(table_type(kind))) for key, kind in body.types)
        arguments.append(bracketed(Source("{"), types, "}", 12))
    return bracketed(Source("Body("), arguments, ")", 8)
