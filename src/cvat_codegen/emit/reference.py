"""Reference pages: one row for each operation and each model."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit.aliases import todays_call
from cvat_codegen.emit.annotations import value_type
from cvat_codegen.emit.environment import header, render
from cvat_codegen.emit.markdown import Markdown, bold, code, inline, joined, note, row


def reference(api: ir.Api, source: str, package: str) -> dict[str, str]:
    """Text of every page by its path below the folder of the pages.

    Args:
        api: What to describe.
        source: Name of the description, for the first line of each page.
        package: Name that the generated modules are imported by.
    """
    variables: dict[str, Any] = {
        "header": note(header(api, source)),
        "apis": code(f"{package}.apis"),
        "model_package": code(f"{package}.models"),
        "tags": [_tag(tag) for tag in api.tags],
        "aliases": _aliases(api),
        "models": [_model(model) for model in api.models],
    }
    return {page: render(f"{page}.jinja", **variables) for page in ("apis.md", "models.md")}


def _tag(tag: ir.Tag) -> dict[str, Any]:
    return {
        "attribute": code(tag.api_module),
        "class_name": inline(tag.class_name),
        "description": inline(tag.description),
        "rows": [_operation(operation) for operation in tag.operations],
    }


def _operation(operation: ir.Operation) -> Markdown:
    summary = _line(operation.summary)
    if operation.deprecated:
        summary = Markdown(f"{summary} Deprecated.".lstrip())
    result = Markdown()
    if operation.response is not None:
        is_file = operation.response == ir.Scalar("file")
        result = code("IO[bytes]" if is_file else value_type(operation.response))
    return row(
        [
            code(f"{operation.name}({', '.join(operation.positional)})"),
            code(f"{operation.method} {operation.path}"),
            summary,
            result,
        ]
    )


def _aliases(api: ir.Api) -> list[Markdown]:
    return [
        row([code(f"{alias.attribute}.{alias.name}"), code(todays_call(alias))])
        for tag in api.tags
        for alias in tag.aliases
    ]


def _model(model: ir.Model) -> Markdown:
    if isinstance(model, ir.EnumModel):
        parts = [code(value) if value else Markdown("the empty text") for _, value in model.members]
    elif isinstance(model, ir.EnumUnion):
        parts = [Markdown(f"values of {code(member)}") for member in model.members]
    else:
        parts = [
            bold(code(field.name)) if field.required else code(field.name) for field in model.fields
        ]
    return row([code(model.name), _line(model.description), joined(", ", parts)])


def _line(text: str) -> Markdown:
    """The first paragraph of a text."""
    return inline(text.strip().split("\n\n")[0])
