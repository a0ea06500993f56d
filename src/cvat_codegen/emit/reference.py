"""Reference pages: one row for each operation and each model."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit.aliases import todays_call
from cvat_codegen.emit.annotations import value_type
from cvat_codegen.emit.environment import ENVIRONMENT, header

Row = tuple[str, ...]


def reference(api: ir.Api, source: str, package: str) -> dict[str, str]:
    """Text of every page by its path below the folder of the pages.

    Args:
        api: What to describe.
        source: Name of the description, for the first line of each page.
        package: Name that the generated modules are imported by.
    """
    variables: dict[str, Any] = {
        "header": header(api, source),
        "package": package,
        "tags": [_tag(tag) for tag in api.tags],
        "aliases": _aliases(api),
        "models": [_model(model) for model in api.models],
    }
    return {
        page: ENVIRONMENT.get_template(f"{page}.jinja").render(variables)
        for page in ("apis.md", "models.md")
    }


def _tag(tag: ir.Tag) -> dict[str, Any]:
    return {
        "attribute": tag.api_module,
        "class_name": tag.class_name,
        "description": tag.description,
        "rows": [_operation(operation) for operation in tag.operations],
    }


def _operation(operation: ir.Operation) -> Row:
    summary = _line(operation.summary)
    if operation.deprecated:
        summary = f"{summary} Deprecated.".lstrip()
    result = ""
    if operation.response is not None:
        is_file = operation.response == ir.Scalar("file")
        result = _code("IO[bytes]" if is_file else value_type(operation.response))
    return (
        _code(f"{operation.name}({', '.join(operation.positional)})"),
        _code(f"{operation.method} {operation.path}"),
        summary,
        result,
    )


def _aliases(api: ir.Api) -> list[Row]:
    return [
        (_code(f"{alias.attribute}.{alias.name}"), _code(todays_call(alias)))
        for tag in api.tags
        for alias in tag.aliases
    ]


def _model(model: ir.Model) -> Row:
    if isinstance(model, ir.EnumModel):
        parts = [_code(value) if value else "the empty text" for _, value in model.members]
    elif isinstance(model, ir.EnumUnion):
        parts = [f"values of {_code(member)}" for member in model.members]
    else:
        parts = [
            f"**{_code(field.name)}**" if field.required else _code(field.name)
            for field in model.fields
        ]
    return _code(model.name), _line(model.description), ", ".join(parts)


def _line(text: str) -> str:
    """The first paragraph of a text, as it can stand in a cell of a table."""
    return " ".join(text.strip().split("\n\n")[0].split()).replace("|", "\\|")


def _code(text: str) -> str:
    # Tables are cut at bars before code is recognised.
    return f"`{text}`".replace("|", "\\|")
