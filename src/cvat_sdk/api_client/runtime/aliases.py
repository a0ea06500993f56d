"""Names of older versions: they warn whoever uses them, and do what today's operation does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cvat_sdk.api_client.runtime import types
from cvat_sdk.api_client.runtime.endpoint import OperationEndpoint
from cvat_sdk.api_client.runtime.model import items
from cvat_sdk.api_client.runtime.operation import Alias, Operation
from cvat_sdk.api_client.runtime.schema import parse_text

if TYPE_CHECKING:
    from typing_extensions import deprecated as deprecated
else:
    # For editors and type checkers; the warning is `Api._call_alias`'s. The decorator that it stands for
    # would import asyncio and inspect.
    def deprecated(message):
        """Mark a method as PEP 702 says."""

        def mark(method):
            method.__deprecated__ = message
            return method

        return mark


class AliasEndpoint(OperationEndpoint[Any]):
    """An operation under a name of older versions, with the argument names of that time."""

    def __init__(
        self, alias: Alias, operation: Operation, api_client: types.ApiClient, package: str
    ) -> None:
        super().__init__(as_called(alias, operation), api_client, package)
        self.alias = alias

    def call(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
        """Call the operation with its own arguments and the common keywords kept apart."""
        body = self.operation.body
        if self.alias.model is not None and body is not None:
            _, node = parse_text(self.alias.model, self.package)
            value = values.get(body.name)
            if isinstance(value, node.cls):
                values = {**values, body.name: dict(items(value))}
        return super().call(values, options)


def as_called(alias: Alias, operation: Operation) -> Operation:
    """An operation as the caller of its alias sees it: other names, other required arguments."""
    names = {new: old for old, new in alias.renamed.items()}
    parameters = (
        parameter._replace(
            name=(name := names.get(parameter.name, parameter.name)),
            required=name in alias.positional,
        )
        for parameter in operation.parameters
    )
    body = operation.body
    if body is not None:
        name = names.get(body.name, body.name)
        body = body._replace(name=name, required=name in alias.positional)
    return operation._replace(
        tag=alias.tag,
        name=alias.name,
        parameters=tuple(parameters),
        body=body,
        positional=alias.positional,
    )
