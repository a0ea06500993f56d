"""What the API description says of parameters and fields, from the generated code, for help."""

from __future__ import annotations

import ast
import importlib
import inspect
import re

from cvat_sdk.api_client.runtime.operation import Operation


def resource(tag: str) -> str:
    """What a resource is."""
    return (inspect.getdoc(_api(tag)) or "").partition("\n")[0]


def parameters(operation: Operation) -> dict[str, str]:
    """Texts of an operation's parameters, by name."""
    text = inspect.getdoc(getattr(_api(operation.tag), operation.name)) or ""
    entries = re.findall(r"^`(\w+)`: (.*(?:\n {4}.*)*)", text, re.MULTILINE)
    return {name: " ".join(entry.split()) for name, entry in entries}


def fields(operation: Operation) -> dict[str, str]:
    """Texts of the fields of an operation's body, by name: they stand below the fields in the source."""
    from cvat_sdk.api_client import models

    if operation.body is None:
        return {}
    tree = ast.parse(inspect.getsource(inspect.getmodule(getattr(models, operation.body.type))))  # type: ignore[arg-type]  # a model has a module
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == operation.body.type:
            for one, two in zip(node.body, node.body[1:], strict=False):
                if (
                    isinstance(one, ast.AnnAssign)
                    and isinstance(one.target, ast.Name)
                    and isinstance(two, ast.Expr)
                    and isinstance(two.value, ast.Constant)
                ):
                    found[one.target.id] = " ".join(str(two.value.value).split())
    return found


def _api(tag: str) -> type:
    found: type = getattr(
        importlib.import_module(f"cvat_sdk.api_client.api.{tag}_api"), f"{tag.capitalize()}Api"
    )
    return found
