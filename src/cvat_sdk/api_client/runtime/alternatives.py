"""The choice between the types that a value may have (``oneOf``, ``anyOf``).

A value becomes what fits it best: an object the model that its discriminator names, else the first model that has all
of its fields, else the first that takes it; a number the type that it has in JSON; a text a date or an enumeration
where it is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError, OpenApiException
from cvat_sdk.api_client.runtime.model import Model
from cvat_sdk.api_client.runtime.rules import Rules
from cvat_sdk.api_client.runtime.schema import Kind, Node, fields_of
from cvat_sdk.api_client.runtime.sources import Path

Walk = Callable[[Any, Node, Rules, Path], Any]
"""Turns one value into what its type asks for."""

# Which types are tried for a value, those first that say most about it.
_OF_TEXTS: tuple[Kind, ...] = ("values", "enum", "datetime", "date", "str")
_ORDERS: tuple[tuple[type, tuple[Kind, ...]], ...] = (
    (bool, ("values", "bool")),
    (int, ("values", "int", "float")),
    (float, ("values", "float", "int")),
    (str, _OF_TEXTS),
    (Mapping, ("model", "dict")),
    (Model, ("model",)),
)
_NESTED = ("dict", "list", "model")
_OTHERS: tuple[Kind, ...] = ("list", "datetime", "date", "enum", "float", "int", "file")


def choose(value: Any, node: Node, rules: Rules, path: Path, walk: Walk) -> Any:
    """Turn a value into one of the types of a union.

    Raises:
        ApiTypeError: It fits none of them, by rules that raise.
        ApiValueError: The same, for a value of the right type that is not allowed.
    """
    options = _options(value, node, rules)
    # Without a fault and without a field that is not known; then with unknown fields as the rules have it.
    errors: list[OpenApiException] = []
    for unknown in dict.fromkeys(("refuse", rules.unknown)):
        errors.clear()
        exact = rules._replace(raise_errors=True, unknown=unknown)
        for option in options:
            try:
                return walk(value, option, exact, path)
            except OpenApiException as error:
                errors.append(error)
    if not rules.raise_errors:
        return walk(value, options[0], rules, path) if len(options) == 1 else value
    if len(errors) == 1 and (options[0].kind in _NESTED or isinstance(errors[0], ApiValueError)):
        raise errors[0]
    raise ApiTypeError(
        f"Expected {node.text}, got a value of type {type(value).__name__}{_reasons(errors)}",
        path,
        tuple(option.text for option in node.options),
    )


def _options(value: Any, node: Node, rules: Rules) -> list[Node]:
    """The types that a value can have, the best first."""
    same = [option for option in node.options if option.cls is type(value)]
    if same:
        return same
    if isinstance(value, Mapping):
        named = [option for option in node.options if _is_named(option, value, rules)]
        if named:
            return named
    order = next((order for cls, order in _ORDERS if isinstance(value, cls)), _OTHERS)
    found = [option for kind in order for option in node.options if option.kind == kind]
    return found + [option for option in node.options if option.kind == "any"]


def _is_named(option: Node, value: Mapping[Any, Any], rules: Rules) -> bool:
    """Whether the discriminator in an object names a model."""
    if option.kind != "model":
        return False
    fields = fields_of(option.cls)
    for name, names in option.cls._tags.items():
        key = fields[name].wire if rules.by_wire_names and name in fields else name
        given = value.get(key)
        if str(getattr(given, "value", given)) in names:
            return True
    return False


def _reasons(errors: list[OpenApiException]) -> str:
    told = dict.fromkeys(str(error).splitlines()[0] for error in errors)
    return "".join(f"; {text}" for text in told) if len(told) > 1 else ""
