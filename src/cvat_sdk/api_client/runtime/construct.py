"""Calls of a model's class: by the fast road in C, or argument by argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import convert
from cvat_sdk.api_client.runtime.collector import PAUSE
from cvat_sdk.api_client.runtime.decoders import decoder_of
from cvat_sdk.api_client.runtime.enums import PRIVATE_KEYWORDS
from cvat_sdk.api_client.runtime.loose import is_loose
from cvat_sdk.api_client.runtime.model import Model, dec_hook, items, tables_are_changed
from cvat_sdk.api_client.runtime.rules import LENIENT, client_rules
from cvat_sdk.api_client.runtime.schema import Field, fields_of, loose_fields_of, wire_fields_of
from cvat_sdk.api_client.runtime.sources import Path

# Objects of one list; fewer of them are not worth a pause of the garbage collector.
_LARGE = 8000


class Surprise(Exception):
    """The fast road does not know what to do with a value."""


def fast(value: dict[str, Any], cls: Any) -> Any:
    """Build a model from a caller's dict in C.

    Raises:
        Surprise: The dict is wrong, or right in a way that only the slow road knows.
    """
    if (
        (Model._handed_out and tables_are_changed())
        or not cls._read_only.isdisjoint(value)
        or is_loose((value,), cls)
    ):
        raise Surprise
    if not value and "oneOf" in cls._composed:
        raise Surprise  # nothing is none of the members
    decoder_of(cls)  # converting without it is not safe in threads
    try:
        if not _is_large(value, cls):
            return msgspec.convert(value, cls, dec_hook=dec_hook)
        with PAUSE:
            return msgspec.convert(value, cls, dec_hook=dec_hook)
    except (msgspec.ValidationError, UnicodeEncodeError, SystemError):
        # UnicodeEncodeError: half a character in a key. SystemError: how msgspec 0.21 refuses an integer that
        # no float can hold.
        raise Surprise from None


def _is_large(value: dict[str, Any], cls: Any) -> bool:
    for name, _ in loose_fields_of(cls):
        entries = value.get(name)
        if type(entries) is list and len(entries) > _LARGE:
            return True
    return False


def construct(cls: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Build a model as ``cls(*args, **kwargs)`` does, with the errors and leniences of the public API."""
    try:
        return _construct(cls, args, kwargs)
    except RecursionError:
        raise convert.too_deep(()) from None


def _construct(cls: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    private = {name: kwargs.pop(name) for name in PRIVATE_KEYWORDS & kwargs.keys()}
    path: Path = tuple(private.get("_path_to_item") or ())
    if cls._nullable and args == (None,) and not kwargs:
        return None
    if len(args) == 1 and not kwargs and convert.is_member(type(args[0]), cls):
        kwargs = dict(items(args[0]))
        args = ()
    values = _bind(cls, args, kwargs, path)
    rules = client_rules(private.get("_configuration"))
    if private.get("_spec_property_naming"):
        rules = rules._replace(by_wire_names=True, unknown="keep")
    if private.get("_check_type") is False:
        rules = rules._replace(raise_errors=False)
    if not rules.raise_errors:
        values = _copy(values)
    return convert.to_model(cls, values, rules, path)


def _bind(cls: Any, args: Sequence[Any], kwargs: dict[str, Any], path: Path) -> dict[str, Any]:
    """Required fields may be passed by position; dicts after them are merged into the keywords."""
    required = [
        field
        for field in fields_of(cls).values()
        if field.required and field.name not in cls._read_only
    ]
    values: dict[str, Any] = {}
    for position, arg in enumerate(args):
        if position < len(required) and not _names_fields(cls, arg, required[position]):
            given = {required[position].name: arg}
        elif isinstance(arg, dict):
            given = arg
        else:
            message = (
                f"{cls.__name__}() takes {len(required)} positional arguments and dicts, "
                f"got {type(arg).__name__} as argument {position + 1}"
            )
            if "oneOf" in cls._composed:
                raise ApiValueError(message, path or None)
            raise ApiTypeError(message, path, (dict,))
        doubled = given.keys() & (values.keys() | kwargs.keys()) & {f.name for f in required}
        if doubled:
            raise TypeError(f"{cls.__name__}() got several values for argument '{min(doubled)}'")
        values.update(given)
    return {**kwargs, **values}


def _names_fields(cls: Any, arg: Any, field: Field) -> bool:
    """Whether an argument in the place of a required field is a dict of several fields."""
    if not isinstance(arg, dict):
        return False
    if field.node.kind not in ("any", "dict", "model"):
        return True
    return bool(arg) and all(key in fields_of(cls) for key in arg)


def from_server(cls: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Build a model from a server's values: read-only names are allowed, nothing raises."""
    for name in PRIVATE_KEYWORDS & kwargs.keys():
        del kwargs[name]
    wire = wire_fields_of(cls)
    values = {}
    for name, value in kwargs.items():
        is_wire = name in wire and name not in fields_of(cls)
        values[wire[name].name if is_wire else name] = value
    names = list(fields_of(cls))
    for name, arg in zip(names, args, strict=False):
        values[name] = arg
    try:
        return convert.to_model(cls, _copy(values), LENIENT._replace(by_wire_names=False), ())
    except RecursionError:
        raise convert.too_deep(()) from None


def _copy(value: Any) -> Any:
    """New dicts and lists: rules that keep odd values must not keep the caller's own containers."""
    if isinstance(value, dict):
        return {key: _copy(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_copy(entry) for entry in value]
    return value
