"""Models to plain Python data: `to_dict` for people, `to_json` for the wire."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.api_client.runtime.described import wire_by_tables
from cvat_sdk.api_client.runtime.model import Model, items
from cvat_sdk.api_client.runtime.schema import fields_of
from cvat_sdk.api_client.runtime.sources import Path, is_file

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


def wire_items(model: Model) -> Iterator[tuple[str, Any]]:
    """Set fields of a model by wire names; what is below stays as it is."""
    cls = type(model)
    fields = fields_of(cls)
    is_changed = bool(Model._handed_out)
    for name, value in items(model):
        wire = fields[name].wire if name in fields else name
        yield wire_by_tables(cls, name, wire) if is_changed else wire, value


def to_json(obj: Any, *, read_files: bool = True, _path: Path = ()) -> Any:
    """Turn models and what they hold into data that a JSON encoder takes, by wire names.

    Args:
        obj: Models, mappings, lists, tuples, enumerations, dates, files, scalars.
        read_files: Replace an open file by its content and close it; otherwise leave the file as it is.

    Raises:
        ApiValueError: An object that has no JSON form, or one that holds itself; the message has the path to it.
    """

    def leaf(value: Any, path: Path) -> Any:
        if isinstance(value, datetime.date):
            return value.isoformat()
        if not is_file(value):
            hint = (
                f"; {type(value).__name__}.tolist() can" if hasattr(value, "tolist") else ""
            )  # arrays
            raise ApiValueError(
                f"A value of type {type(value).__name__} cannot be sent{hint}", path
            )
        if not read_files:
            return value
        with contextlib.closing(value):
            return value.read()

    return without_models(obj, leaf, _path)


def without_models(obj: Any, leaf: Callable[[Any, Path], Any], path: Path = ()) -> Any:
    """Models by wire names, mappings, lists, tuples and enumerations as dicts, lists and scalars.

    Args:
        obj: The data.
        leaf: Called with everything else and the path to it; returns what is to stand in its place.
        path: Place of the data, for messages.

    Raises:
        ApiValueError: A key of a mapping that has no JSON form, or data that is nested too deeply.
    """
    try:
        return _without_models(obj, leaf, path)
    except RecursionError:
        raise too_deep(path) from None


def too_deep(path: Path = ()) -> ApiValueError:
    """The error for data that is nested too deeply."""
    return ApiValueError("The data is nested too deeply to be sent, or holds itself", path)


def _without_models(obj: Any, leaf: Callable[[Any, Path], Any], path: Path) -> Any:
    if type(obj) in _SCALARS:
        return obj
    if isinstance(obj, Model):
        return {
            name: _without_models(value, leaf, (*path, name)) for name, value in wire_items(obj)
        }
    if isinstance(obj, (list, tuple)):
        return [_without_models(item, leaf, (*path, i)) for i, item in enumerate(obj)]
    if isinstance(obj, Mapping):
        return {
            _key(key, path): _without_models(value, leaf, (*path, str(key)))
            for key, value in obj.items()
        }
    if isinstance(obj, Enum):
        return _without_models(obj.value, leaf, path)
    if isinstance(obj, (str, int, float)):
        return obj
    return leaf(obj, path)


def _key(key: Any, path: Path) -> Any:
    if isinstance(key, Enum):
        key = key.value
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[
            key
        ]  # as the standard library writes them
    for base in (str, int, float):
        if isinstance(key, base):
            return base(key)
    raise ApiValueError(f"A key of type {type(key).__name__} cannot be sent as JSON", path)


def text_of(value: Any) -> str:
    """A parameter's value as it stands in a path, a query or a header."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    return str(value)


def header_text(value: Any) -> Any:
    """A header's value; None takes the header away, lists and dicts are left for `headers.checked` to refuse."""
    return value if value is None or isinstance(value, (list, dict)) else text_of(value)
