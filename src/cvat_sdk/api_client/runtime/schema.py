"""Fields of a model as data: what the checks and conversions of `runtime.convert` walk over.

Read once per class from its resolved annotations and kept on the class.
"""

from __future__ import annotations

import ast
import datetime
import functools
import importlib
import re
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Union

import msgspec

from cvat_sdk.api_client.runtime import above
from cvat_sdk.api_client.runtime.enums import ComposedEnumMeta, EnumModelMeta
from cvat_sdk.api_client.runtime.model import File, ModelMeta
from cvat_sdk.api_client.runtime.operation import NO_LIMITS
from cvat_sdk.api_client.runtime.unions import UnionMeta, one_of_values, union_of

Kind = Literal[
    "any",
    "bool",
    "date",
    "datetime",
    "dict",
    "enum",
    "file",
    "float",
    "int",
    "list",
    "model",
    "str",
    "union",
    "values",
]

_SCALARS: dict[Any, Kind] = {
    Any: "any",
    bool: "bool",
    datetime.date: "date",
    datetime.datetime: "datetime",
    File: "file",
    float: "float",
    int: "int",
    str: "str",
}
_NAMES: dict[str, Any] = {
    "any": Any,
    "bool": bool,
    "date": datetime.date,
    "datetime": datetime.datetime,
    "file": File,
    "float": float,
    "int": int,
    "str": str,
}


class Node(NamedTuple):
    """Type of one value."""

    kind: Kind
    nullable: bool = False
    cls: Any = None
    """Class of a model or an enumeration."""
    item: Node | None = None
    """Type of the items of a list or of the values of a dict."""
    limits: msgspec.Meta | None = None
    keywords: Mapping[str, Any] = NO_LIMITS
    """The same limits by JSON schema keyword."""
    text: str = "any"
    """The type as a caller would write it, for messages."""
    options: tuple[Node, ...] = ()
    """Types of a union."""
    values: tuple[Any, ...] = ()
    """What a value may be that is one of some."""


class Field(NamedTuple):
    """One declared field of a model."""

    name: str
    wire: str
    node: Node
    required: bool


def fields_of(cls: Any) -> Mapping[str, Field]:
    """Declared fields of a model by Python name, those first that may be passed by position."""
    found: Mapping[str, Field] | None = cls.__dict__.get("_fields")
    if found is None and cls._by_hand:
        found = above.by_hand.fields(cls)
        type.__setattr__(cls, "_fields", found)
    elif found is None:
        declared = {info.name: info for info in msgspec.structs.fields(cls)}
        del declared["_extra"]
        required = [name for name, info in declared.items() if info.required]
        order = dict.fromkeys([*cls._positional, *required, *declared])
        found = {
            name: Field(name, info.encode_name, parse(info.type), info.required)
            for name, info in ((name, declared[name]) for name in order)
        }
        type.__setattr__(cls, "_fields", found)
    return found


def wire_fields_of(cls: Any) -> Mapping[str, Field]:
    """Declared fields of a model by wire name."""
    found: Mapping[str, Field] | None = cls.__dict__.get("_wire_fields")
    if found is None:
        found = {field.wire: field for field in fields_of(cls).values()}
        type.__setattr__(cls, "_wire_fields", found)
    return found


LOOSE = frozenset({"any", "dict", "enum", "list", "model", "union", "values"})
"""Kinds for which msgspec takes more than a caller may pass (see `runtime.loose`)."""


def loose_fields_of(cls: Any) -> tuple[tuple[str, Node], ...]:
    """Python names and types of the fields of such a kind."""
    found: tuple[tuple[str, Node], ...] | None = cls.__dict__.get("_loose_fields")
    if found is None:
        found = tuple(
            (field.name, field.node)
            for field in fields_of(cls).values()
            if field.node.kind in LOOSE
        )
        type.__setattr__(cls, "_loose_fields", found)
    return found


@functools.cache
def may_hold_null_number(cls: Any) -> bool:
    """Whether a number in a model, at any depth, stands where a null might stand as well."""
    seen: set[Any] = set()

    def look(node: Node) -> bool:
        if node.kind == "any" or (node.kind == "float" and node.nullable):
            return True
        if node.item is not None:
            return look(node.item)
        if node.kind == "union":
            return any(map(look, node.options))
        if node.kind != "model" or node.cls in seen:
            return False
        seen.add(node.cls)
        return any(look(field.node) for field in fields_of(node.cls).values())

    return look(Node("model", cls=cls))


def parse(annotation: Any) -> Node:
    """The type that an annotation of a model's field means."""
    if typing.get_origin(annotation) is typing.Annotated:
        annotation, *metadata = typing.get_args(annotation)
        meta = next((entry for entry in metadata if isinstance(entry, msgspec.Meta)), None)
        if meta is not None:
            is_list = typing.get_origin(annotation) is list
            return parse(annotation)._replace(limits=meta, keywords=keywords_of(meta, is_list))
    origin = typing.get_origin(annotation)
    if origin is Union or origin is types.UnionType:
        options = [
            option
            for option in typing.get_args(annotation)
            if option not in (type(None), msgspec.UnsetType)
        ]
        node = parse(options[0])
        nullable = node.nullable or type(None) in typing.get_args(annotation)
        text = f"{node.text} | None" if nullable and not node.nullable else node.text
        return node._replace(nullable=nullable, text=text)
    if origin is list:
        item = parse(typing.get_args(annotation)[0])
        return Node("list", item=item, text=f"list[{item.text}]")
    if origin is dict:
        item = parse(typing.get_args(annotation)[1])
        return Node("dict", item=item, text=f"dict[str, {item.text}]")
    if isinstance(annotation, ModelMeta):
        return Node("model", cls=annotation, text=annotation.__name__)
    if isinstance(annotation, (EnumModelMeta, ComposedEnumMeta)):
        return Node("enum", cls=annotation, text=annotation.__name__)
    if isinstance(annotation, UnionMeta):
        return node_of_union(annotation)
    if annotation is dict:
        return Node("dict", item=Node("any", nullable=True), text="dict")
    kind = _SCALARS[annotation]
    return Node(kind, nullable=kind == "any", text=kind)


@functools.cache
def node_of_union(annotation: UnionMeta) -> Node:
    """The type that a union, or one of some values, means."""
    if annotation.values:
        text = f"Literal[{', '.join(map(repr, annotation.values))}]"
        return Node("values", text=text, values=annotation.values)
    options = tuple(map(parse, annotation.options))
    text = " | ".join(option.text for option in options)
    return Node("union", cls=annotation, text=text, options=options)


def keywords_of(limits: msgspec.Meta, is_list: bool) -> dict[str, Any]:
    """Limits by their JSON schema keywords."""
    found = {
        "minimum": limits.ge,
        "exclusiveMinimum": limits.gt,
        "maximum": limits.le,
        "exclusiveMaximum": limits.lt,
        "multipleOf": limits.multiple_of,
        "minItems" if is_list else "minLength": limits.min_length,
        "maxItems" if is_list else "maxLength": limits.max_length,
        "pattern": limits.pattern,
    }
    return {keyword: limit for keyword, limit in found.items() if limit is not None}


@functools.cache
def parse_text(text: str, package: str = "cvat_sdk.api_client") -> tuple[Any, Node]:
    """The annotation and the type that a type text of the operation table means.

    Args:
        text: Such as ``list[TaskRead]``; see `runtime.operation`.
        package: Package whose ``models`` the names belong to.
    """
    annotation = _annotation(text, importlib.import_module(f"{package}.models"))
    return annotation, parse(annotation)


def _annotation(text: str, models: Any) -> Any:
    options = _split(text)
    if len(options) > 1:
        some = tuple(_annotation(option, models) for option in options if option != "None")
        annotation: Any = union_of(some) if len(some) > 1 else some[0]
        return annotation | None if "None" in options else annotation
    if text.startswith("list["):
        return list[_annotation(text[len("list[") : -1], models)]  # type: ignore[misc]  # built at run time
    if text.startswith("dict[str, "):
        return dict[str, _annotation(text[len("dict[str, ") : -1], models)]  # type: ignore[misc]  # likewise
    if text.startswith("Literal["):
        return one_of_values(ast.literal_eval(f"({text[len('Literal[') : -1]},)"))
    return _NAMES[text] if text in _NAMES else getattr(models, text)


def _split(text: str) -> list[str]:
    """Types that are joined by ``|``, but for those in brackets, and not in a text."""
    if " | " not in text:
        return [text]
    found, depth = [""], 0
    for part in re.findall(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"| \| |.", text, re.DOTALL):
        depth += (part == "[") - (part == "]")
        if part == " | " and not depth:
            found.append("")
        else:
            found[-1] += part
    return found
