"""Checking what a client sends against the fields of a model.

This is the server's side of the models: it converts kindly (``"12"`` is an integer, a number is a text),
collects all errors instead of stopping at the first, and gives plain values:

- objects as dicts by wire names, without read-only and unknown keys,
- enumerations as their texts, dates as `datetime.datetime` in UTC and `datetime.date`,
- files of a form as `UploadedFile`.

Errors mirror the input: ``{"labels": [{}, {"name": ["..."]}]}``; those of a list of plain values are
keyed by position: ``{"values": {"1": ["..."]}}``.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from cvat_local.http.errors import NON_FIELD_ERRORS, FieldErrors
from cvat_local.http.multipart import UploadedFile
from cvat_local.http.values import NOT_STORABLE, parse_datetime
from cvat_sdk.api_client.runtime.enums import ComposedEnumMeta
from cvat_sdk.api_client.runtime.schema import Node, wire_fields_of

_TRUE = frozenset({"true", "t", "yes", "y", "on", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "off", "0"})
_INDEXED = re.compile(r"(.+)\[([0-9]{1,9})\]")
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}(\.0*)?")
_LARGEST_INTEGER = 2**63 - 1


class Invalid(Exception):
    """A value that cannot be used.

    Attributes:
        errors: Its errors: a list of texts, or what mirrors a list or an object.
    """

    def __init__(self, errors: Any) -> None:
        super().__init__(errors)
        self.errors: Any = [errors] if isinstance(errors, str) else errors


def validate(model_name: str, data: Any, *, partial: bool = False) -> dict[str, Any]:
    """The fields of ``data`` as the model declares them.

    Args:
        model_name: A model of the API, such as ``TaskWriteRequest``.
        data: A parsed body.
        partial: No field is required, in nested objects neither.

    Raises:
        FieldErrors: With the errors of all fields.
    """
    try:
        return _object(data, model(model_name), partial)
    except Invalid as invalid:
        errors: dict[str, Any] = invalid.errors
        raise FieldErrors(errors) from None


def model(name: str) -> Any:
    """Class of a model of the API."""
    # Imported here because the package builds each model when it is first asked for.
    from cvat_sdk.api_client import models

    return getattr(models, name)


def from_form(
    model_name: str, fields: Mapping[str, str], files: Sequence[UploadedFile]
) -> dict[str, Any]:
    """What the texts and files of a form stand for, not checked yet.

    Lists are written as ``name[0]``, ``name[1]``; objects as JSON text.
    """
    parts: list[tuple[str, Any]] = [*fields.items(), *((file.name, file) for file in files)]
    plain = dict(parts)
    lists: dict[str, list[tuple[int, Any]]] = {}
    for key, part in parts:
        match = _INDEXED.fullmatch(key)
        if match:
            lists.setdefault(match[1], []).append((int(match[2]), part))
    values: dict[str, Any] = {}
    for name, field in wire_fields_of(model(model_name)).items():
        kind = field.node.kind
        if kind == "list" and name in lists:
            values[name] = [part for _, part in sorted(lists[name], key=lambda item: item[0])]
        elif name not in plain:
            continue
        elif kind in ("list", "model", "dict", "any"):
            parsed = _json_text(plain[name])
            if kind != "list" or isinstance(parsed, list):
                values[name] = parsed
        elif plain[name] != "" or kind == "str":
            values[name] = plain[name]
    return values


def _json_text(part: Any) -> Any:
    try:
        return json.loads(part)
    except (TypeError, ValueError):
        return part


# --- values ----------------------------------------------------------------------------------------


def _read(value: Any, node: Node, partial: bool) -> Any:
    if value is None:
        if node.nullable or getattr(node.cls, "_nullable", False):
            return None
        raise Invalid("This field may not be null.")
    return _READERS[node.kind](value, node, partial)


def _object(data: Any, cls: Any, partial: bool) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Invalid({NON_FIELD_ERRORS: [f"Expected an object, got {_name(data)}."]})
    values: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for name, field in wire_fields_of(cls).items():
        if field.name in cls._read_only:
            continue
        if name not in data:
            if field.required and not partial:
                errors[name] = ["This field is required."]
            continue
        try:
            value = data[name]
            if "password" in name and isinstance(value, str):
                values[name] = _secret(value, field.node.limits)
            else:
                values[name] = _read(value, field.node, partial)
        except Invalid as invalid:
            errors[name] = invalid.errors
    if errors:
        raise Invalid(errors)
    return values


def _nested(value: Any, node: Node, partial: bool) -> Any:
    return _object(value, node.cls, partial)


def _list(value: Any, node: Node, partial: bool) -> Any:
    item = node.item
    assert item is not None  # noqa: S101  # a list type always has one
    of_objects = item.kind == "model"
    if not isinstance(value, list):
        text = f"Expected a list, got {_name(value)}."
        raise Invalid({NON_FIELD_ERRORS: [text]} if of_objects else text)
    limits = node.limits
    if limits is not None:
        if limits.min_length is not None and len(value) < limits.min_length:
            raise Invalid(f"At least {limits.min_length} items are needed.")
        if limits.max_length is not None and len(value) > limits.max_length:
            raise Invalid(f"No more than {limits.max_length} items are allowed.")
    values = []
    errors: dict[int, Any] = {}
    for index, entry in enumerate(value):
        try:
            values.append(_read(entry, item, partial))
        except Invalid as invalid:
            errors[index] = invalid.errors
    if errors and of_objects:
        raise Invalid([_as_object(errors.get(index, {})) for index in range(len(value))])
    if errors:
        raise Invalid({str(index): texts for index, texts in errors.items()})
    return values


def _as_object(errors: Any) -> dict[str, Any]:
    return errors if isinstance(errors, dict) else {NON_FIELD_ERRORS: errors}


def _dict(value: Any, node: Node, partial: bool) -> Any:
    if not isinstance(value, dict):
        raise Invalid(f"Expected an object, got {_name(value)}.")
    values = {}
    errors = {}
    for key, entry in value.items():
        try:
            values[key] = _read(entry, node.item or Node("any", nullable=True), partial)
        except Invalid as invalid:
            errors[key] = invalid.errors
    if errors:
        raise Invalid(errors)
    return values


def _any(value: Any, node: Node, partial: bool) -> Any:
    return value


def _str(value: Any, node: Node, partial: bool) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(f"Expected a text, got {_name(value)}.")
    return _checked_text(str(value).strip(), node.limits)


def _secret(text: str, limits: msgspec.Meta | None) -> str:
    """A password or key: blanks belong to it, and whether it is long enough is judged by the handler."""
    if limits is not None and limits.min_length and not text:
        raise Invalid("This field may not be blank.")
    longest = None if limits is None else limits.max_length
    return _checked_text(text, msgspec.Meta(max_length=longest))


def _checked_text(text: str, limits: msgspec.Meta | None) -> str:
    if NOT_STORABLE.search(text):
        raise Invalid("The text has characters that cannot be stored.")
    if limits is None:
        return text
    if limits.min_length and not text:
        raise Invalid("This field may not be blank.")
    if limits.min_length is not None and len(text) < limits.min_length:
        raise Invalid(f"At least {limits.min_length} characters are needed.")
    if limits.max_length is not None and len(text) > limits.max_length:
        raise Invalid(f"No more than {limits.max_length} characters are allowed.")
    if limits.pattern is not None and not re.search(limits.pattern, text):
        raise Invalid(f"The text does not match the pattern {limits.pattern}")
    return text


def _int(value: Any, node: Node, partial: bool) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(f"Expected a whole number, got {_name(value)}.")
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST_INTEGER:
        number = int(value)
    elif _INTEGER.fullmatch(str(value).strip()):
        number = int(str(value).strip().partition(".")[0])
    else:
        raise Invalid(f"{str(value)[:50]!r} is not a whole number.")
    if abs(number) > _LARGEST_INTEGER:
        raise Invalid("The number is too large.")
    _check_range(number, node.limits)
    return number


def _float(value: Any, node: Node, partial: bool) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(f"Expected a number, got {_name(value)}.")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise Invalid(f"{str(value)[:50]!r} is not a number.")
    _check_range(number, node.limits)
    return number


def _check_range(number: float, limits: msgspec.Meta | None) -> None:
    if limits is None:
        return
    if limits.ge is not None and number < limits.ge:
        raise Invalid(f"The number must be at least {limits.ge}.")
    if limits.le is not None and number > limits.le:
        raise Invalid(f"The number must be at most {limits.le}.")
    if limits.gt is not None and number <= limits.gt:
        raise Invalid(f"The number must be greater than {limits.gt}.")
    if limits.lt is not None and number >= limits.lt:
        raise Invalid(f"The number must be less than {limits.lt}.")
    if limits.multiple_of is not None and number % limits.multiple_of:
        raise Invalid(f"The number must be a multiple of {limits.multiple_of}.")


def _bool(value: Any, node: Node, partial: bool) -> bool:
    if isinstance(value, bool | str | int):
        word = str(value).strip().lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
    raise Invalid("Expected true or false.")


def _enum(value: Any, node: Node, partial: bool) -> str:
    classes = node.cls.members() if isinstance(node.cls, ComposedEnumMeta) else (node.cls,)
    allowed = [member.value for cls in classes for member in cls]
    if isinstance(value, str) and value in allowed:
        return value
    raise Invalid(f"{str(value)[:50]!r} is not one of {', '.join(map(repr, allowed))}.")


def _datetime(value: Any, node: Node, partial: bool) -> datetime.datetime:
    try:
        return parse_datetime(_str(value, Node("str"), partial))
    except ValueError as error:
        raise Invalid(str(error)) from None


def _date(value: Any, node: Node, partial: bool) -> datetime.date:
    try:
        return datetime.date.fromisoformat(_str(value, Node("str"), partial))
    except ValueError:
        raise Invalid(f"{str(value)[:50]!r} is not a date such as 2024-05-31.") from None


def _file(value: Any, node: Node, partial: bool) -> UploadedFile:
    if not isinstance(value, UploadedFile):
        raise Invalid("Expected a file; send it as a part of a multipart/form-data body.")
    return value


def _name(value: Any) -> str:
    names = {bool: "a boolean", dict: "an object", list: "a list", str: "a text"}
    return names.get(type(value), "null" if value is None else "a number")


_READERS: dict[str, Callable[[Any, Node, bool], Any]] = {
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
    "model": _nested,
    "str": _str,
}
