"""Models to plain Python data: `to_dict` for people, `to_json` for the wire."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from enum import Enum
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.api_client.runtime.model import Model, items
from cvat_sdk.api_client.runtime.schema import fields_of

_HIDDEN = "<hidden>"
_SCALARS = frozenset({str, int, float, bool, type(None)})


def to_dict(model: Model, *, hide_secrets: bool = False) -> dict[str, Any]:
    """Set fields by Python names; nested models as dicts, enumerations as str, datetimes as they are."""
    secret = type(model)._secret if hide_secrets else frozenset()
    return {
        name: _HIDDEN if name in secret else _plain(value, hide_secrets)
        for name, value in items(model)
    }


def _plain(value: Any, hide_secrets: bool) -> Any:
    if type(value) in _SCALARS:
        return value
    if isinstance(value, Model):
        return to_dict(value, hide_secrets=hide_secrets)
    if isinstance(value, list):
        return [_plain(item, hide_secrets) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item, hide_secrets) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    return value


def to_json(obj: Any, *, read_files: bool = True, _path: tuple[str | int, ...] = ()) -> Any:
    """Turn models and what they hold into data that a JSON encoder takes, by wire names.

    Args:
        obj: Models, mappings, lists, tuples, enumerations, dates, files, scalars.
        read_files: Replace an open file by its content and close it; otherwise leave the file as it is.

    Raises:
        ApiValueError: An object that has no JSON form; the message has the path to it.
    """
    if type(obj) in _SCALARS:
        return obj
    if isinstance(obj, Model):
        fields = fields_of(type(obj))
        result = {}
        for name, value in items(obj):
            wire = fields[name].wire if name in fields else name
            result[wire] = to_json(value, read_files=read_files, _path=(*_path, name))
        return result
    if isinstance(obj, (list, tuple)):
        return [
            to_json(item, read_files=read_files, _path=(*_path, i)) for i, item in enumerate(obj)
        ]
    if isinstance(obj, Mapping):
        return {
            str(key): to_json(item, read_files=read_files, _path=(*_path, str(key)))
            for key, item in obj.items()
        }
    if isinstance(obj, Enum):
        return to_json(obj.value)
    if isinstance(obj, (datetime.datetime, datetime.date)):
        return obj.isoformat()
    if isinstance(obj, io.IOBase):
        if not read_files:
            return obj
        with obj:
            return obj.read()
    if isinstance(obj, (str, int, float)):
        return obj
    raise ApiValueError(f"A value of type {type(obj).__name__} cannot be sent", _path)


def text_of(value: Any) -> str:
    """A parameter's value as it stands in a path, a query or a header."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    return str(value)


def header_text(value: Any) -> str | None:
    """A header's value; None takes the header away."""
    return None if value is None else text_of(value)
