"""The middle road: a body that differs from the API description, turned into models in C all the same.

`runtime.codec` comes here when msgspec has refused a body. The error says where: the classes on the way to
that place are *relaxed*, which means that a twin of each is made whose fields take any value and may be
missing. msgspec converts the body again, with twins in place of those classes; everything else stays exact.
Then each object of a twin becomes one of the real class. Both have the same fields in the same order, so
only the class is exchanged. What no field could take, the unknown ones, is put into `Extra`.

A body that msgspec still refuses takes the slow road through `runtime.convert`, which gives the same.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct, StructMeta

from cvat_sdk.api_client.runtime import convert
from cvat_sdk.api_client.runtime.decoders import new_decoder
from cvat_sdk.api_client.runtime.enums import EnumModelMeta
from cvat_sdk.api_client.runtime.model import UNSET, Extra, dec_hook, reader
from cvat_sdk.api_client.runtime.rules import LENIENT
from cvat_sdk.api_client.runtime.schema import Node, fields_of, parse_text, wire_fields_of

Settle = Callable[[Iterable[Any], Iterable[Any]], None]
"""Takes raw values and what was made of each, and makes models of the twins in the latter."""

_Child = tuple[str, Callable[[Any], Any], Settle]
"""Wire name of a field, what reads it from a model, and what settles its value."""

_SCALARS: Any = int | float | str | bool | None
# Places of different classes are found one after the other.
_ATTEMPTS = 8
# Sets of keys that are remembered for a class.
_MEMORY = 1000


class Unfit(Exception):
    """The body needs the slow road."""


def build(raw: Any, type_text: str, package: str, error: msgspec.DecodeError) -> Any:
    """Models of a body that differs from its type.

    Args:
        raw: The body as plain data.
        type_text: Expected type, as in the operation table.
        package: Package whose models the type names.
        error: Why msgspec refused it.

    Raises:
        Unfit: It is too different.
    """
    _, node = parse_text(type_text, package)
    relaxed: frozenset[Any] = frozenset()
    message = str(error)
    for _ in range(_ATTEMPTS):
        wider = relaxed | _classes_on_the_way(node, message)
        if wider == relaxed:
            break
        relaxed = wider
        annotation, settle = _road(type_text, package, relaxed)
        try:
            built = msgspec.convert(raw, annotation, dec_hook=_dec_hook)
        except msgspec.ValidationError as again:
            message = str(again)
            continue
        except SystemError:  # how msgspec 0.21 refuses an integer that no float can hold
            break
        if settle is not None:
            settle((raw,), (built,))
        return built
    raise Unfit


def _classes_on_the_way(node: Node, message: str) -> set[Any]:
    """The models that enclose the place that an error of msgspec names: ``... - at `$.shapes[7].type```."""
    found = set()
    place: Node | None = node
    _, _, path = message.rpartition(" - at `$")
    for step in re.finditer(r"\.([^.\[`]+)|\[[^\]]*\]", path):
        if place is None:
            break
        if place.kind == "model":
            found.add(place.cls)
            field = wire_fields_of(place.cls).get(step[1])
            place = None if field is None else field.node
        else:
            place = place.item
    if place is not None and place.kind == "model":
        found.add(place.cls)
    return found


# Bounded: a server whose every answer differs in another way must not fill the memory with classes.
@functools.lru_cache(maxsize=64)
def _road(type_text: str, package: str, relaxed: frozenset[Any]) -> tuple[Any, Settle | None]:
    _, node = parse_text(type_text, package)
    annotation, settle = _Twins(relaxed).of(node)
    new_decoder(annotation, _dec_hook)  # converting without it is not safe in threads
    return annotation, settle


class _Twins:
    """Twins of some classes, and how their objects are settled."""

    def __init__(self, relaxed: frozenset[Any]) -> None:
        self._relaxed = relaxed
        self._made: dict[Any, tuple[Any, Settle]] = {}

    def of(self, node: Node) -> tuple[Any, Settle | None]:
        """Annotation that takes any value at a place; and what settles it, or None for nothing to settle."""
        settle: Settle | None = None
        if node.kind == "float":
            return float | str | bool | None | list[Any] | dict[str, Any], None
        if node.kind == "enum" and isinstance(node.cls, EnumModelMeta):
            return node.cls | int | float | bool | None | list[Any] | dict[str, Any], None
        if node.kind in ("enum", "date", "datetime", "union", "values"):
            return _LooseMeta("Loose", (), {"node": node}), None
        if node.kind == "list" and node.item is not None:
            item, settle = self.of(node.item)
            annotation = list[item] | _SCALARS | dict[str, Any]  # type: ignore[valid-type]  # built at run time
            return annotation, settle and _lists(settle)
        if node.kind == "dict" and node.item is not None:
            item, settle = self.of(node.item)
            annotation = dict[str, item] | _SCALARS | list[Any]  # type: ignore[valid-type]  # likewise
            return annotation, settle and _dicts(settle)
        if node.kind == "model":
            cls = node.cls
            if cls in self._relaxed:
                cls, settle = self._twin(cls)
            return cls | _SCALARS | list[Any], settle
        return Any, None

    def _twin(self, cls: Any) -> tuple[Any, Settle]:
        if cls not in self._made:
            fields = fields_of(cls)
            twin = _empty_twin(cls, [name for name in cls.__struct_fields__ if name in fields])
            children: list[_Child] = []
            # Known before its fields are: a model may hold others of its own class.
            self._made[cls] = twin, _settler(cls, twin, children)
            annotations = {}
            for field in fields.values():
                annotations[field.name], settle = self.of(field.node)
                if settle is not None:
                    children.append((field.wire, reader(cls, field.name), settle))
            twin.__annotations__ = annotations
        return self._made[cls]


def _empty_twin(cls: Any, names: Sequence[str]) -> Any:
    namespace = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__annotations__": dict.fromkeys(names, Any),
        **dict.fromkeys(names, UNSET),
    }
    # Past ModelMeta.__new__: nobody reads a field of a twin by its name.
    return StructMeta.__new__(
        type(cls), cls.__name__, (cls,), namespace, kw_only=True, forbid_unknown_fields=False
    )


def _settler(cls: Any, twin: Any, children: Sequence[_Child]) -> Settle:
    known = wire_fields_of(cls)
    required = {field.wire: field.name for field in known.values() if field.required}
    surprises: dict[tuple[str, ...], tuple[list[str], list[str]]] = {}
    set_field = Struct.__setattr__

    def surprises_of(keys: tuple[str, ...]) -> tuple[list[str], list[str]]:
        found = surprises.get(keys)
        if found is None:
            if len(surprises) >= _MEMORY:
                surprises.clear()
            unknown = [key for key in keys if key not in known]
            missing = [name for wire, name in required.items() if wire not in keys]
            found = surprises[keys] = unknown, missing
        return found

    def settle(raws: Iterable[Any], models: Iterable[Any]) -> None:
        last: tuple[str, ...] | None = None
        for raw, model in zip(raws, models, strict=True):
            if type(model) is not twin:
                continue  # another value in the place of an object
            # Most objects of a list have the same keys.
            keys = tuple(raw)
            if keys != last:
                last = keys
                unknown, missing = surprises_of(keys)
            set_field(model, "__class__", cls)
            if len(unknown) == 1:
                set_field(model, "_extra", Extra({unknown[0]: raw[unknown[0]]}))
            elif unknown:
                set_field(model, "_extra", Extra({key: raw[key] for key in unknown}))
            for name in missing:
                Struct.__delattr__(model, name)
            for wire, read, settle_child in children:
                if wire in raw:
                    settle_child((raw[wire],), (read(model),))

    return settle


def _lists(settle: Settle) -> Settle:
    def settle_lists(raws: Iterable[Any], made: Iterable[Any]) -> None:
        for raw, entries in zip(raws, made, strict=True):
            if type(raw) is list:
                settle(raw, entries)

    return settle_lists


def _dicts(settle: Settle) -> Settle:
    def settle_dicts(raws: Iterable[Any], made: Iterable[Any]) -> None:
        for raw, entries in zip(raws, made, strict=True):
            if type(raw) is dict:
                settle(raw.values(), entries.values())

    return settle_dicts


class _LooseMeta(type):
    """Metaclass of places that take any value, but make a date or an enumeration of what can be one."""

    node: Node

    def __instancecheck__(cls, instance: object) -> bool:
        return True


def _dec_hook(expected: Any, value: Any) -> Any:
    if isinstance(expected, _LooseMeta):
        return convert.walk(value, expected.node, LENIENT, ())
    return dec_hook(expected, value)
