"""The slow and exact road from plain data to models.

The fast road is msgspec's own conversion in C. It knows one answer to every surprise: an error. Whatever
it refuses comes here to be told apart: wrong input of a caller becomes an error with a path, and data of a
server that differs from the API description is kept as it came. What is done with which, `runtime.rules` says.
"""

from __future__ import annotations

import datetime
import operator
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from enum import Enum
from typing import Any

from msgspec import Struct

from cvat_sdk.api_client.exceptions import (
    ApiAttributeError,
    ApiTypeError,
    ApiValueError,
    UnknownFieldWarning,
)
from cvat_sdk.api_client.runtime import dates
from cvat_sdk.api_client.runtime.alternatives import choose
from cvat_sdk.api_client.runtime.callers import level_of_caller
from cvat_sdk.api_client.runtime.enums import ModelSimple
from cvat_sdk.api_client.runtime.limits import check_limits
from cvat_sdk.api_client.runtime.model import (
    Model,
    ModelComposed,
    assemble,
    items,
    put,
)
from cvat_sdk.api_client.runtime.rules import ASSIGNED, Rules
from cvat_sdk.api_client.runtime.schema import (
    Field,
    Node,
    fields_of,
    wire_fields_of,
)
from cvat_sdk.api_client.runtime.sources import Path, as_file, is_file
from cvat_sdk.api_client.runtime.suggest import did_you_mean


def assign(model: Model, name: str, value: Any, rules: Rules = ASSIGNED, path: Path = ()) -> None:
    """Set one field of a model as ``model.name = value`` does."""
    field = fields_of(type(model)).get(name)
    try:
        if field is not None:
            converted = _field(type(model), field, value, rules, (*path, name))
            Struct.__setattr__(model, name, converted)
            return
        added = _added(type(model), name)
        if added is not None:
            put(model, name, _field(type(model), added, value, rules, (*path, name)))
            return
        if rules.unknown == "warn" and name not in model:
            _unknown(type(model), name, fields_of(type(model)), rules, path)
        put(model, name, _additional(value, rules, (*path, name)))
    except RecursionError:
        raise too_deep((*path, name)) from None


def too_deep(path: Path) -> ApiValueError:
    return ApiValueError("The data is nested too deeply, or holds itself", path)


def convert(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    """Turn a caller's value into what its type asks for.

    Raises:
        ApiTypeError: It is of another type.
        ApiValueError: It is of the right type but not allowed, or nested too deeply.
    """
    try:
        return walk(value, node, rules, path)
    except RecursionError:
        raise too_deep(path) from None


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
    if node.keywords and rules.check_limits:
        check_limits(converted, node.keywords, path, rules.ignored_limits)
    return converted


_MISMATCH: Any = object()


def _wrong_type(value: Any, node: Node, path: Path) -> ApiTypeError:
    text = f"Expected {node.text}, got a value of type {type(value).__name__}"
    if node.kind == "file" and isinstance(value, (str, bytes)):
        text += "; pass open(..., 'rb') or pathlib.Path(...)"
    return ApiTypeError(text, path, (node.text,))


def _any(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    return _additional(value, rules, path)


def _bool(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    value = _scalar(value)
    return value if isinstance(value, bool) else _MISMATCH


def _int(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    value = _scalar(value)
    if isinstance(value, bool):
        return _MISMATCH
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        # JSON has one type of numbers: a server that writes 7.0 means 7.
        is_answer = rules.by_wire_names and rules.raise_errors
        return int(value) if is_answer and value.is_integer() else _MISMATCH
    try:
        return operator.index(value)
    except TypeError:
        return _MISMATCH


def _float(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    value = _scalar(value)
    if isinstance(value, (bool, str, bytes, bytearray)):
        return _MISMATCH
    if getattr(value, "ndim", 0) != 0:  # NumPy would take an array of one number
        return _MISMATCH
    try:
        return float(value)  # also Decimal and Fraction
    except (TypeError, ValueError):
        return _MISMATCH
    except OverflowError:
        if not rules.raise_errors:
            return _MISMATCH
        raise ApiValueError(
            f"Expected a number that a float can hold, got one of type {type(value).__name__} "
            "that is too large",
            path,
        ) from None


def _scalar(value: Any) -> Any:
    """Python's own number for a scalar of NumPy, or of a library that is like it."""
    return value.item() if getattr(value, "shape", None) == () else value


def _str(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    return value if isinstance(value, str) else _MISMATCH


def _file(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    file = as_file(value, path)
    return _MISMATCH if file is None else file


def _datetime(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if isinstance(value, datetime.datetime):
        return value
    return _parsed(value, dates.read_datetime, rules, path)


def _date(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    return _parsed(value, dates.read_date, rules, path)


def _parsed(value: Any, read: Callable[[str], Any], rules: Rules, path: Path) -> Any:
    if not isinstance(value, str):
        return _MISMATCH
    try:
        return read(value)
    except ValueError as error:
        if rules.raise_errors:
            raise ApiValueError(str(error), path) from None
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
    item = node.item
    if item is None:
        return _MISMATCH
    if hasattr(value, "tolist"):
        if item.kind not in ("float", "int"):
            return _MISMATCH
        value = _numbers(value, node, path)
    elif not isinstance(value, Sequence) or isinstance(value, (str, bytes, bytearray)):
        return _MISMATCH
    return [walk(entry, item, rules, (*path, index)) for index, entry in enumerate(value)]


def _numbers(array: Any, node: Node, path: Path) -> list[Any]:
    """The numbers of a NumPy array, or of anything else that has one dimension and gives a list."""
    shape = getattr(array, "shape", None)
    if shape is not None and len(shape) != 1:
        raise ApiTypeError(
            f"Expected {node.text}, got a value of type {type(array).__name__} of shape {tuple(shape)}; "
            "it must have one dimension",
            path,
            (node.text,),
        )
    numbers: list[Any] = array.tolist()
    return numbers


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
        return to_model(node.cls, value, rules, path)
    if isinstance(value, Model) and is_member(type(value), node.cls):
        return to_model(node.cls, dict(items(value)), rules._replace(allow_read_only=True), path)
    return _MISMATCH


def is_member(cls: type, composed: Any) -> bool:
    if not issubclass(composed, ModelComposed):
        return False
    return any(cls.__name__ in names for names in composed._composed.values())


def to_model(cls: Any, data: Mapping[Any, Any], rules: Rules, path: Path) -> Any:
    if not rules.allow_read_only:
        for name in cls._read_only:
            if name in data:
                error = ApiValueError if issubclass(cls, ModelComposed) else ApiAttributeError
                raise error(
                    f"'{name}' of {cls.__name__} is read-only: the server sets it", (*path, name)
                )
    if rules.raise_errors:
        fields = _fields(cls, rules)
        unknown = [key for key in data if key not in fields]
        given = {fields[key].name for key in data if key in fields}
        # Nobody but a server can give those.
        require(cls, given if rules.allow_read_only else given | cls._read_only, path, unknown)
    if not issubclass(cls, ModelComposed):
        known, extra = _values(cls, data, rules, path)
    else:
        try:
            known, extra = _values(cls, data, rules, path)
        except ApiTypeError as error:
            # For a choice of members, what none of them takes is a wrong value.
            raise ApiValueError(error.msg, error.path_to_item) from None
    return assemble(cls, known, extra)


def _fields(cls: Any, rules: Rules) -> Mapping[str, Field]:
    return wire_fields_of(cls) if rules.by_wire_names else fields_of(cls)


def _values(
    cls: Any, data: Mapping[Any, Any], rules: Rules, path: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The declared fields among some data by Python name, and the additional ones."""
    fields = _fields(cls, rules)
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    keys: Iterable[Any] = data
    if rules.raise_errors:
        # Of several faults that of a required field is reported, as in the published package.
        required = [key for key, field in fields.items() if field.required and key in data]
        keys = dict.fromkeys([*required, *data])
    for key in keys:
        value = data[key]
        field = fields.get(key)
        if field is None:
            if not isinstance(key, str):
                raise ApiTypeError(
                    f"Expected keys of type str, got a key of type {type(key).__name__}",
                    path,
                    (str,),
                    True,
                )
            added = _added(cls, key)
            if added is not None:
                extra[key] = _field(cls, added, value, rules, (*path, key))
                continue
            if rules.unknown != "keep":
                _unknown(cls, key, fields, rules, path)
            extra[key] = _additional(value, rules, (*path, key))
        else:
            known[field.name] = _field(cls, field, value, rules, (*path, key))
    return known, extra


def _added(cls: Any, name: str) -> Field | None:
    """A field that somebody has added to the tables of a model."""
    if not Model._handed_out:
        return None
    from cvat_sdk.api_client.runtime.described import added_field

    return added_field(cls, name)


def _unknown(cls: Any, name: str, known: Iterable[str], rules: Rules, path: Path) -> None:
    """Refuse a field that the API description does not know, or warn of it."""
    message = f"{cls.__name__} has no field '{name}'{did_you_mean(name, known)}"
    if rules.unknown == "refuse":
        raise ApiTypeError(message, (*path, name))
    if cls.additional_properties_type is None:
        raise ApiAttributeError(f"{message}, and allows no others", (*path, name))
    warnings.warn(
        f"{message}; it is sent as it is", UnknownFieldWarning, stacklevel=level_of_caller()
    )


def _field(cls: Any, field: Field, value: Any, rules: Rules, path: Path) -> Any:
    node = field.node
    if Model._handed_out and rules.check_limits:
        from cvat_sdk.api_client.runtime.described import node_by_tables

        node = node_by_tables(cls, field)
    try:
        return walk(value, node, rules, path)
    except ApiValueError:
        if field.name not in cls._secret:
            raise
    # The message of the error would show the secret.
    raise ApiValueError("The value is not allowed; it is not shown, for it is a secret", path)


def require(cls: Any, names: Set[str], path: Path, unknown: Iterable[Any] = ()) -> None:
    """Check that all required fields of a model are among the given names.

    Args:
        cls: The model.
        names: Names of fields.
        path: Where the model stands, for messages.
        unknown: Names that are no fields, one of which may have been meant to be a missing one.

    Raises:
        ApiTypeError: Some are not.
        ApiValueError: Some are not, and no member of a choice of models can do without them.
    """
    missing = [f.name for f in fields_of(cls).values() if f.required and f.name not in names]
    if missing:
        shown = ", ".join(f"'{name}'" for name in missing)
        for name in unknown:
            if hint := did_you_mean(str(name), missing):
                shown += f"; it has no field '{name}'{hint}"
        error = ApiValueError if "anyOf" in cls._composed else ApiTypeError
        raise error(f"{cls.__name__} misses the required {shown}", path)
    members = [
        member for member in cls._composed_schemas.get("oneOf", ()) if issubclass(member, Model)
    ]
    if members and not any(member.required_properties <= names for member in members):
        shown = ", ".join(member.__name__ for member in members)
        raise ApiValueError(
            f"The values make none of {shown}, of which {cls.__name__} is one", path or None
        )


def _additional(value: Any, rules: Rules, path: Path) -> Any:
    """A value of no declared type: anything that has a JSON form, and open files."""
    if not rules.raise_errors or value is None:
        return value
    if isinstance(value, (str, int, float, datetime.date, Model)):
        return value
    if isinstance(value, list):
        return [_additional(item, rules, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {key: _additional(item, rules, (*path, str(key))) for key, item in value.items()}
    if is_file(value):
        return value
    raise ApiTypeError(
        f"Expected a value that has a JSON form, got one of type {type(value).__name__}", path
    )


def _union(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    return choose(value, node, rules, path, walk)


def _one_of_values(value: Any, node: Node, rules: Rules, path: Path) -> Any:
    value = _scalar(value)
    for known in node.values:
        if value == known and isinstance(value, bool) == isinstance(known, bool):
            return known
    if not rules.raise_errors:
        return value
    shown = ", ".join(map(repr, node.values))
    raise ApiValueError(f"Expected one of {shown}; got {value!r}", path)


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
    "union": _union,
    "values": _one_of_values,
}
