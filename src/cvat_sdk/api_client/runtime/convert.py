"""The slow and exact road from plain data to models.

The fast road is msgspec's own conversion in C. It knows one answer to every surprise: an error. Whatever
it refuses comes here to be told apart: wrong input of a caller becomes an error with a path, and data of a
server that differs from the API description is kept as it came.

Three sets of rules share one walk:

========  ==========================  ==============================  ===========
rules     used for                    wrong type, unknown enum value  value limits
========  ==========================  ==============================  ===========
CLIENT    what a caller passes        error                           checked
STRICT    responses, when asked for   error                           ignored
LENIENT   responses                   kept as received                ignored
========  ==========================  ==============================  ===========
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from cvat_sdk.api_client.exceptions import ApiAttributeError, ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime.enums import ModelSimple
from cvat_sdk.api_client.runtime.model import (
    UNSET,
    Extra,
    Model,
    ModelComposed,
    assemble,
    dec_hook,
    items,
)
from cvat_sdk.api_client.runtime.schema import Field, Node, fields_of, wire_fields_of

Path = tuple[str | int, ...]

_PRIVATE = frozenset(
    {
        "_check_type",
        "_configuration",
        "_path_to_item",
        "_spec_property_naming",
        "_visited_composed_classes",
    }
)


class Rules(NamedTuple):
    """What the walk does with a surprise."""

    raise_errors: bool
    check_limits: bool
    by_wire_names: bool
    allow_read_only: bool = False


CLIENT = Rules(raise_errors=True, check_limits=True, by_wire_names=False)
STRICT = Rules(raise_errors=True, check_limits=False, by_wire_names=True, allow_read_only=True)
LENIENT = Rules(raise_errors=False, check_limits=False, by_wire_names=True, allow_read_only=True)


class Surprise(Exception):
    """The fast road does not know what to do with a value."""


def fast(value: dict[str, Any], cls: Any) -> Any:
    """Build a model from a caller's dict in C.

    Raises:
        Surprise: The dict is wrong, or right in a way that only the slow road knows.
    """
    if not cls._read_only.isdisjoint(value):
        raise Surprise
    try:
        return msgspec.convert(value, cls, dec_hook=dec_hook)
    except msgspec.ValidationError:
        raise Surprise from None


def construct(cls: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Build a model as ``cls(*args, **kwargs)`` does, with the errors and leniences of the public API."""
    private = {name: kwargs.pop(name) for name in _PRIVATE & kwargs.keys()}
    path: Path = tuple(private.get("_path_to_item") or ())
    if cls._nullable and args == (None,) and not kwargs:
        return None
    values = _bind(cls, args, kwargs, path)
    rules = CLIENT._replace(by_wire_names=bool(private.get("_spec_property_naming")))
    if private.get("_check_type") is False:
        rules = rules._replace(raise_errors=False)
    return _model(cls, values, rules, path)


def _bind(cls: Any, args: Sequence[Any], kwargs: dict[str, Any], path: Path) -> dict[str, Any]:
    """Required fields may be passed by position; dicts after them are merged into the keywords."""
    required = [field.name for field in fields_of(cls).values() if field.required]
    values: dict[str, Any] = {}
    free = [name for name in required if name not in kwargs]
    for position, arg in enumerate(args):
        if free and not (isinstance(arg, dict) and _names_fields(cls, arg)):
            values[free.pop(0)] = arg
        elif isinstance(arg, dict):
            values.update(arg)
            free = [name for name in free if name not in arg]
        elif position < len(required):
            raise TypeError(
                f"{cls.__name__}() got several values for argument '{required[position]}'"
            )
        else:
            raise ApiTypeError(
                f"{cls.__name__}() takes {len(required)} positional arguments and dicts, "
                f"got {type(arg).__name__} as argument {position + 1}",
                path,
                (dict,),
            )
    for name in values.keys() & kwargs.keys():
        raise TypeError(f"{cls.__name__}() got several values for argument '{name}'")
    return {**values, **kwargs}


def _names_fields(cls: Any, arg: dict[Any, Any]) -> bool:
    # A dict in the place of a required scalar or list can only be meant as a set of fields.
    return bool(arg) and all(key in fields_of(cls) for key in arg)


def from_server(cls: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Build a model from a server's values: read-only names are allowed, nothing raises."""
    for name in _PRIVATE & kwargs.keys():
        del kwargs[name]
    values = dict(kwargs)
    names = list(fields_of(cls))
    for name, arg in zip(names, args, strict=False):
        values[name] = arg
    return _model(cls, values, LENIENT._replace(by_wire_names=False), ())


def assign(model: Model, name: str, value: Any) -> None:
    """Set one field of a model as ``model.name = value`` does."""
    field = fields_of(type(model)).get(name)
    if field is not None:
        Struct.__setattr__(model, name, walk(value, field.node, CLIENT, (name,)))
        return
    value = _additional(value, CLIENT, (name,))
    extra: Any = model._extra
    if extra is UNSET:
        Struct.__setattr__(model, "_extra", Extra({name: value}))
    else:
        extra.data[name] = value


def walk(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    """Turn one value into what its type asks for."""
    if value is None:
        if node.nullable or not rules.raise_errors:
            return None
        raise _wrong_type(value, node, path)
    converted = _CONVERTERS[node.kind](value, node, rules, path)
    if converted is _MISMATCH:
        if rules.raise_errors:
            raise _wrong_type(value, node, path)
        return value
    if node.limits is not None and rules.check_limits:
        _check_limits(converted, node.limits, path)
    return converted


_MISMATCH: Any = object()


def _wrong_type(value: Any, node: Node, path: Path) -> ApiTypeError:
    return ApiTypeError(
        f"Expected {node.text}, got a value of type {type(value).__name__}", path, (node.text,)
    )


def _any(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    return _additional(value, rules, path)


def _bool(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    return value if isinstance(value, bool) else _MISMATCH


def _int(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if isinstance(value, bool):
        return _MISMATCH
    if isinstance(value, int):
        return value
    if not isinstance(value, (str, float, bytes)) and hasattr(value, "__index__"):
        return value.__index__()  # numpy integers
    return _MISMATCH


def _float(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if isinstance(value, bool):
        return _MISMATCH
    if isinstance(value, (int, float)):
        return float(value)
    if not isinstance(value, (str, bytes)) and hasattr(value, "__float__"):
        return float(value)  # numpy scalars, Decimal, Fraction
    return _MISMATCH


def _str(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    return value if isinstance(value, str) else _MISMATCH


def _file(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    return value if isinstance(value, io.IOBase) else _MISMATCH


def _datetime(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if isinstance(value, datetime.datetime):
        return value
    if not isinstance(value, str):
        return _MISMATCH
    try:
        return msgspec.convert(value, datetime.datetime)
    except msgspec.ValidationError:
        pass
    try:
        parsed = datetime.datetime.fromisoformat(value)
    except ValueError:
        return _unreadable(value, "a date and time in ISO 8601 form", rules, path)
    if "T" not in value and ":" not in value:
        return _unreadable(value, "a date with a time", rules, path)
    return parsed


def _date(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    if not isinstance(value, str):
        return _MISMATCH
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return _unreadable(value, "a date in ISO 8601 form", rules, path)


def _unreadable(value: str, expected: str, rules: Rules, path: Path) -> Any:
    if rules.raise_errors:
        raise ApiValueError(f"Expected {expected}, got {value!r}", path)
    return value


def _enum(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if isinstance(value, node.cls):
        return value
    if not isinstance(value, str):
        return _MISMATCH
    if isinstance(value, Enum):
        if isinstance(value, ModelSimple) and rules.raise_errors:
            return _MISMATCH
        value = str(value.value)
    if rules.raise_errors:
        return node.cls(value, _path_to_item=path)
    return node.cls.keep(value)


def _list(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if not isinstance(value, list) or node.item is None:
        return _MISMATCH
    item = node.item
    return [walk(entry, item, rules, (*path, index)) for index, entry in enumerate(value)]


def _dict(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if not isinstance(value, Mapping) or node.item is None:
        return _MISMATCH
    item = node.item
    result = {}
    for key, entry in value.items():
        if not isinstance(key, str):
            if rules.raise_errors:
                raise ApiTypeError(
                    f"Expected keys of type str, got a key of type {type(key).__name__}",
                    path,
                    (str,),
                    True,
                )
            key = str(key)
        result[key] = walk(entry, item, rules, (*path, key))
    return result


def _model_value(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if isinstance(value, node.cls):
        return value
    if isinstance(value, Mapping):
        return _model(node.cls, value, rules, path)
    if isinstance(value, Model) and _is_member(type(value), node.cls):
        return _model(node.cls, dict(items(value)), rules._replace(allow_read_only=True), path)
    return _MISMATCH


def _is_member(cls: type, composed: Any) -> bool:
    if not issubclass(composed, ModelComposed):
        return False
    return any(cls.__name__ in names for names in composed._composed.values())


def _model(cls: Any, data: Mapping[Any, Any], rules: Rules, path: Path) -> Any:
    fields: Mapping[str, Field] = wire_fields_of(cls) if rules.by_wire_names else fields_of(cls)
    if not rules.allow_read_only:
        for name in cls._read_only:
            if name in data:
                raise ApiAttributeError(
                    f"'{name}' of {cls.__name__} is read-only: the server sets it", (*path, name)
                )
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, value in data.items():
        field = fields.get(key)
        if field is None:
            if not isinstance(key, str):
                raise ApiTypeError(
                    f"Expected keys of type str, got a key of type {type(key).__name__}",
                    path,
                    (str,),
                    True,
                )
            extra[key] = _additional(value, rules, (*path, key))
        else:
            known[field.name] = walk(value, field.node, rules, (*path, key))
    if rules.raise_errors:
        missing = [f.name for f in fields.values() if f.required and f.name not in known]
        if missing:
            names = ", ".join(f"'{name}'" for name in missing)
            raise ApiTypeError(f"{cls.__name__} misses the required {names}", path)
    return assemble(cls, known, extra)


def _additional(value: Any, rules: Rules, path: Path) -> Any:
    """A value of no declared type: anything that has a JSON form, and open files."""
    if not rules.raise_errors or value is None:
        return value
    if isinstance(value, (str, int, float, datetime.date, Model, io.IOBase)):
        return value
    if isinstance(value, list):
        return [_additional(item, rules, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {key: _additional(item, rules, (*path, str(key))) for key, item in value.items()}
    raise ApiTypeError(
        f"Expected a value that has a JSON form, got one of type {type(value).__name__}", path
    )


def _check_limits(value: Any, limits: msgspec.Meta, path: Path) -> None:
    broken = None
    if limits.ge is not None and value < limits.ge:
        broken = f"at least {limits.ge}"
    elif limits.gt is not None and value <= limits.gt:
        broken = f"more than {limits.gt}"
    elif limits.le is not None and value > limits.le:
        broken = f"at most {limits.le}"
    elif limits.lt is not None and value >= limits.lt:
        broken = f"less than {limits.lt}"
    elif limits.multiple_of is not None and value % limits.multiple_of:
        broken = f"a multiple of {limits.multiple_of}"
    elif limits.min_length is not None and len(value) < limits.min_length:
        broken = f"a length of at least {limits.min_length}"
    elif limits.max_length is not None and len(value) > limits.max_length:
        broken = f"a length of at most {limits.max_length}"
    elif limits.pattern is not None and not re.search(limits.pattern, value):
        broken = f"to match the pattern {limits.pattern!r}"
    if broken:
        shown = f"a length of {len(value)}" if "length" in broken else repr(value)
        raise ApiValueError(f"Expected {broken}, got {shown}", path)


_KEYWORDS = {
    "minimum": "ge",
    "exclusiveMinimum": "gt",
    "maximum": "le",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "pattern": "pattern",
}


def check_keywords(value: Any, keywords: Mapping[str, Any], path: Path) -> None:
    """Check a value against limits that are written as JSON schema keywords.

    Raises:
        ApiValueError: The value is outside of them.
    """
    limits = {_KEYWORDS[name]: limit for name, limit in keywords.items() if name in _KEYWORDS}
    _check_limits(value, msgspec.Meta(**limits), path)


_CONVERTERS = {
    "any": _any,
    "bool": _bool,
    "date": _date,
    "datetime": _datetime,
    "dict": _dict,
    "enum": _enum,
    "file": _file,
    "float": _float,
    "int": _int,
    "list": _list,
    "model": _model_value,
    "str": _str,
}
