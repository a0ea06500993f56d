"""What a model class says about itself: the tables that the published package keeps on each class.

They are worked out from the fields when they are asked for, which hardly any program does.
"""

from __future__ import annotations

import copy
import importlib
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from cvat_sdk.api_client.exceptions import ApiTypeError
from cvat_sdk.api_client.runtime.model import Model
from cvat_sdk.api_client.runtime.schema import Field, Kind, Node, fields_of, parse

T = TypeVar("T")

ANYTHING: tuple[type, ...] = (
    bool,
    date,
    datetime,
    dict,
    float,
    int,
    list,
    str,
    type(None),
)

_TYPES: Mapping[Kind, type] = {
    "bool": bool,
    "date": date,
    "datetime": datetime,
    "file": io.IOBase,
    "float": float,
    "int": int,
    "str": str,
}
_LIMIT_NAMES = {
    "minimum": "inclusive_minimum",
    "exclusiveMinimum": "exclusive_minimum",
    "maximum": "inclusive_maximum",
    "exclusiveMaximum": "exclusive_maximum",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_items",
    "maxItems": "max_items",
}


Table = dict[tuple[str, ...], dict[str, Any]]
"""What is said of fields, by a tuple of the field's name."""


def types_of(node: Node) -> tuple[Any, ...]:
    """A type as a tuple of classes; ``([X],)`` is a list of X, ``({str: (X,)},)`` a dict of X."""
    if node.kind == "any":
        return ANYTHING
    if node.kind in ("union", "values"):
        some = [entry for option in node.options for entry in types_of(option)]
        some += [*map(type, node.values), *([type(None)] if node.nullable else [])]
        # A list or a dict stands for one of the same; these have no hash.
        return tuple(entry for index, entry in enumerate(some) if entry not in some[:index])
    found: Any
    if node.kind == "list" and node.item is not None:
        found = list(types_of(node.item))
    elif node.kind == "dict" and node.item is not None:
        found = {str: types_of(node.item)}
    else:
        found = node.cls or _TYPES[node.kind]
    # A class that is nullable itself says so by its own `_nullable`.
    if node.nullable and not getattr(node.cls, "_nullable", False):
        return (found, type(None))
    return (found,)


def nodes_of(types: Sequence[Any]) -> list[Node]:
    """Types from a tuple of classes, the reverse of `types_of`: one type for each class but None."""
    if set(map(str, types)) == set(map(str, ANYTHING)):
        return [Node("any", nullable=True)]
    nullable = type(None) in types
    nodes = [_node_of(entry) for entry in types if entry is not type(None)]
    return [node._replace(nullable=nullable) for node in nodes]


def node_of(cls: Any, name: str, types: Sequence[Any]) -> Node:
    """The type of a field from those that a table lists; anything goes where there are several.

    Raises:
        ApiTypeError: The table holds something else than types.
    """
    try:
        nodes = nodes_of(types)
    except (KeyError, TypeError):
        raise ApiTypeError(
            f"{cls.__name__} cannot be used: openapi_types of '{name}' are {types!r}; "
            "expected a tuple of models and of classes that JSON has",
            [name],
        ) from None
    # Of several types there is none to convert to.
    return nodes[0] if len(nodes) == 1 else Node("any", nullable=True)


def _node_of(entry: Any) -> Node:
    if entry in (dict, list):
        entry = {str: ANYTHING} if entry is dict else list(ANYTHING)
    if isinstance(entry, list):
        item = _item_of(entry)
        return Node("list", item=item, text=f"list[{item.text}]")
    if isinstance(entry, dict):
        item = _item_of(entry[str])
        return Node("dict", item=item, text=f"dict[str, {item.text}]")
    kinds: dict[Any, Kind] = {cls: kind for kind, cls in _TYPES.items()}
    if entry in kinds:
        return Node(kinds[entry], text=kinds[entry])
    return parse(entry)


def _item_of(types: Sequence[Any]) -> Node:
    nodes = nodes_of(types)
    # A node says one type: of several ones that items may have, each item stays as it is.
    return nodes[0] if len(nodes) == 1 else Node("any", nullable=True)


def limits_of(keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Limits by the names of the published package, from those by JSON schema keyword."""
    found = {_LIMIT_NAMES[word]: limit for word, limit in keywords.items() if word != "pattern"}
    if "pattern" in keywords:
        found["regex"] = {"pattern": keywords["pattern"]}
    return found


def keywords_of(limits: Mapping[str, Any]) -> dict[str, Any]:
    """Limits by JSON schema keyword, the reverse of `limits_of`."""
    words = {name: word for word, name in _LIMIT_NAMES.items()}
    found = {words[name]: limit for name, limit in limits.items() if name != "regex"}
    if "regex" in limits:
        found["pattern"] = limits["regex"]["pattern"]
    return found


def allowed_values(cls: Any) -> Table:
    """Allowed values of fields that are not enumerations of their own: none, until somebody adds some."""
    return _kept(cls, "_kept_allowed_values", {})


def validations(cls: Any) -> Table:
    """Limits of the fields. What is changed in them acts on what callers pass from then on."""
    limits: Table = {
        (field.name,): limits_of(field.node.keywords)
        for field in fields_of(cls).values()
        if field.node.keywords
    }
    return _kept(cls, "_kept_validations", limits)


def _kept(cls: Any, attribute: str, table: T) -> T:
    """The table of a class that was handed out before, or else this one from now on."""
    if attribute not in cls.__dict__:
        type.__setattr__(cls, attribute, table)
        Model._handed_out.append((table, copy.deepcopy(table)))
    found: T = cls.__dict__[attribute]
    return found


def node_by_tables(cls: Any, field: Field) -> Node:
    """The type of a field with its limits, as the tables say that somebody may have changed."""
    name, node = field.name, field.node
    types: Any = getattr(cls, "_kept_openapi_types", None) or {}
    if name in types and tuple(types[name]) != types_of(node):
        node = node_of(cls, name, types[name])._replace(keywords=node.keywords)
    return node._replace(keywords=limits_by_tables(cls, name, node.keywords))


def added_field(cls: Any, name: str) -> Field | None:
    """A field that the tables have and the API description has not."""
    types: Any = getattr(cls, "_kept_openapi_types", None) or {}
    if name not in types or name in fields_of(cls):
        return None
    return Field(name, wire_by_tables(cls, name, name), node_of(cls, name, types[name]), False)


def wire_by_tables(cls: Any, name: str, declared: str) -> str:
    """The wire name of a field, as the tables say that somebody may have changed."""
    wires: Any = getattr(cls, "_kept_attribute_map", None) or {}
    found: str = wires.get(name, declared)
    return found


def limits_by_tables(cls: Any, name: str, declared: Mapping[str, Any]) -> Mapping[str, Any]:
    """Limits of a field by JSON schema keyword, as the tables say that somebody may have changed."""
    limits: Any = getattr(cls, "_kept_validations", None)
    found = dict(declared) if limits is None else keywords_of(limits.get((name,), {}))
    allowed: Any = getattr(cls, "_kept_allowed_values", None)
    if allowed and (name,) in allowed:
        found["enum"] = tuple(allowed[(name,)].values())
    return found


def attribute_map(cls: Any) -> dict[str, str]:
    """Wire names of the fields. What is changed in them acts on what is sent from then on."""
    wires = {field.name: field.wire for field in fields_of(cls).values()}
    return _kept(cls, "_kept_attribute_map", wires)


def openapi_types(cls: Any) -> dict[str, tuple[Any, ...]]:
    """Types of the fields. What is changed in them acts on what callers pass from then on."""
    types = {field.name: types_of(field.node) for field in fields_of(cls).values()}
    return _kept(cls, "_kept_openapi_types", types)


def additional_properties_type(cls: Any) -> tuple[type, ...]:
    """Allowed classes of additional fields: whatever JSON can hold."""
    return ANYTHING


def required_properties(cls: Any) -> set[str]:
    """Names of the required fields."""
    return {field.name for field in fields_of(cls).values() if field.required}


def read_only_vars(cls: Any) -> set[str]:
    """Names of the fields that only the server sets."""
    return set(cls._read_only)


def composed_schemas(cls: Any) -> dict[str, list[Any]]:
    """Classes that a composed model is made of; empty for the others."""
    if not cls._composed:
        return {}
    models = importlib.import_module(f"{cls.__module__.rpartition('.model.')[0]}.models")

    def member(name: str) -> Any:
        return io.IOBase if name == "file" else getattr(models, name)

    return {
        keyword: [member(name) for name in cls._composed.get(keyword, ())]
        for keyword in ("anyOf", "allOf", "oneOf")
    }
