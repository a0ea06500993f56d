"""Values whose type is one of several, written as the published package writes types.

A tuple holds the classes that are allowed; ``[X]`` in it stands for a list of X, ``{str: (X,)}`` for a dict of X.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError, OpenApiException
from cvat_sdk.api_client.runtime import convert
from cvat_sdk.api_client.runtime.described import nodes_of
from cvat_sdk.api_client.runtime.rules import Rules
from cvat_sdk.api_client.runtime.schema import Kind, Node
from cvat_sdk.api_client.runtime.sources import Path

# Where a value fits several types, the one that says most about it is meant.
_ORDER: tuple[Kind, ...] = (
    "model",
    "enum",
    "list",
    "dict",
    "float",
    "int",
    "bool",
    "datetime",
    "date",
    "str",
    "file",
    "any",
)


def in_order(types: Sequence[Any]) -> list[Node]:
    """Some types, those first that say most about a value."""
    return sorted(nodes_of(types), key=lambda node: _ORDER.index(node.kind))


def convert_to_any(value: Any, types: Sequence[Any], rules: Rules, path: Path) -> Any:
    """Turn a value into the first of some types that it fits.

    Raises:
        ApiTypeError: It fits none of them, by rules that raise.
        ApiValueError: The same, for a value of the right type that is not allowed.
    """
    nodes = in_order(types)
    if not nodes:
        if value is None and type(None) in types:
            return None
        raise ApiTypeError("There is no type to convert to", path)
    if len(nodes) == 1:
        return _convert(value, nodes[0], rules, path)
    first_error: OpenApiException | None = None
    for node in nodes:
        try:
            return _convert(value, node, rules._replace(raise_errors=True), path)
        except (ApiTypeError, ApiValueError) as error:
            first_error = first_error or error
    if rules.raise_errors and first_error is not None:
        raise first_error
    for node in nodes:
        converted = _convert(value, node, rules, path)
        if converted is not value:
            return converted
    return value


def _convert(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if isinstance(value, list) and node.kind == "model" and not rules.by_wire_names:
        # A list of a caller holds the arguments of the model by their positions.
        return node.cls(*value, _path_to_item=path)
    return convert.walk(value, node, rules, path)
