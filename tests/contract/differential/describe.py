"""Values and exceptions as JSON, so that those of two processes can be compared.

Scalars stand for themselves. Everything else is a dict with the name of its class under ``$``.
"""

from __future__ import annotations

import datetime
import enum
import http.cookies
import inspect
import io
import math
import types
from collections.abc import Mapping
from typing import Any

_DEEPEST = 40

# Classes that callers name in `except` clauses.
_CAUGHT = frozenset(
    {
        "ApiAttributeError",
        "ApiException",
        "ApiKeyError",
        "ApiTypeError",
        "ApiValueError",
        "AttributeError",
        "CvatSdkException",
        "Exception",
        "ForbiddenException",
        "HTTPError",
        "ImportError",
        "KeyError",
        "LookupError",
        "MaxRetryError",
        "NotFoundException",
        "OSError",
        "OpenApiException",
        "ProtocolError",
        "RequestError",
        "ServiceException",
        "TimeoutError",
        "TypeError",
        "UnauthorizedException",
        "UnicodeError",
        "ValueError",
    }
)


def describe(value: Any, depth: int = 0) -> Any:
    """A value as JSON data."""
    if depth > _DEEPEST:
        return {"$": "too deep"}
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"$": "float", "value": repr(value)}
    if type(value) is list:
        return [describe(item, depth + 1) for item in value]
    if type(value) is dict:
        return _mapping(value, depth)
    if isinstance(value, tuple):
        return {"$": "tuple", "items": [describe(item, depth + 1) for item in value]}
    for kind, describer in _DESCRIBERS:
        if isinstance(value, kind):
            return describer(value, depth)
    names = {cls.__name__ for cls in type(value).__mro__}
    if names & {"ModelSimple", "ComposedEnum"}:
        return {"$": type(value).__name__, "enum": describe(value.value)}
    if "OpenApiModel" in names:
        return _model(value, depth)
    if "BaseHTTPResponse" in names:
        return _response(value)
    if "ModelProxy" in names and hasattr(value, "_model"):
        return {"$": type(value).__name__, "model": describe(value._model, depth + 1)}
    if "ndarray" in names:
        return {"$": "ndarray", "dtype": str(value.dtype), "values": value.tolist()}
    if hasattr(type(value), "__attrs_attrs__"):
        fields = [field.name for field in type(value).__attrs_attrs__]
        return {
            "$": type(value).__name__,
            "fields": {name: describe(getattr(value, name), depth + 1) for name in fields},
        }
    return {"$": type(value).__name__}


def _mapping(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    named = {
        key if isinstance(key, str) else repr(key): describe(item, depth + 1)
        for key, item in value.items()
    }
    return {"$": "dict", "items": named}


def _model(value: Any, depth: int) -> dict[str, Any]:
    fields = {}
    for name, plain in value.to_dict().items():
        try:
            item = value[name]
        except Exception:
            item = plain
        fields[name] = describe(item, depth + 1)
    return {"$": type(value).__name__, "fields": fields}


def _response(value: Any) -> dict[str, Any]:
    return {
        "$": type(value).__name__,
        "status": value.status,
        "reason": value.reason,
        "headers": sorted([name.lower(), text] for name, text in value.headers.items()),
        "data": describe(value.data),
    }


def describe_error(error: BaseException, depth: int = 0) -> dict[str, Any]:
    """An exception without its wording."""
    cls = type(error)
    described: dict[str, Any] = {
        "$": cls.__name__,
        # An explained error is of a class below one of the same name.
        "bases": sorted(({base.__name__ for base in cls.__mro__} - {cls.__name__}) & _CAUGHT),
    }
    if hasattr(error, "path_to_item"):
        path = error.path_to_item
        described["path"] = None if path is None else " / ".join(map(repr, path))
    if "ApiException" in {base.__name__ for base in cls.__mro__}:
        api_error: Any = error
        described["status"] = api_error.status
        # Status 0 stands for a request that was not sent; its reason is a message of the client.
        described["reason"] = api_error.reason if api_error.status else "<message>"
        described["body"] = describe(api_error.body)
        headers = api_error.headers
        described["headers"] = (
            None if headers is None else sorted([n.lower(), v] for n, v in headers.items())
        )
    return described


def _str(value: str, depth: int) -> dict[str, Any]:
    if isinstance(value, enum.Enum):
        return {"$": type(value).__name__, "enum": str(value.value)}
    return {"$": type(value).__name__, "value": str(value)}


def _file(value: Any, depth: int) -> dict[str, Any]:
    if value.closed:
        return {"$": "file", "closed": True}
    return {"$": "file", "closed": False, "content": describe(value.read())}


def _class(value: Any, depth: int) -> dict[str, Any]:
    return {"$": "class", "name": value.__name__}


_DESCRIBERS: tuple[tuple[Any, Any], ...] = (
    (str, _str),
    (bool, lambda value, depth: {"$": type(value).__name__, "value": bool(value)}),
    (int, lambda value, depth: {"$": type(value).__name__, "value": int(value)}),
    (float, lambda value, depth: {"$": type(value).__name__, "value": float(value)}),
    (bytes, lambda value, depth: {"$": "bytes", "value": value.decode("latin-1")}),
    (datetime.datetime, lambda value, depth: {"$": "datetime", "value": value.isoformat()}),
    (datetime.date, lambda value, depth: {"$": "date", "value": value.isoformat()}),
    (BaseException, describe_error),
    (http.cookies.Morsel, lambda value, depth: {"$": "Morsel", "value": value.value}),
    (
        http.cookies.SimpleCookie,
        lambda value, depth: {"$": "SimpleCookie", "items": {n: m.value for n, m in value.items()}},
    ),
    (Mapping, _mapping),
    (list, lambda value, depth: [describe(item, depth + 1) for item in value]),
    ((set, frozenset), lambda value, depth: {"$": "set", "items": sorted(map(repr, value))}),
    (io.IOBase, lambda value, depth: _file(value, depth) if _is_file(value) else _other(value)),
    (type, _class),
    (types.ModuleType, lambda value, depth: {"$": "module", "name": value.__name__}),
    (inspect.Signature, lambda value, depth: {"$": "signature", "parameters": _parameters(value)}),
)


def _is_file(value: Any) -> bool:
    return not hasattr(value, "status")  # a urllib3 response is an io object too


def _other(value: Any) -> Any:
    return _response(value)


def _parameters(signature: inspect.Signature) -> list[list[str]]:
    return [
        [parameter.name, str(parameter.kind), repr(parameter.default)]
        for parameter in signature.parameters.values()
    ]
