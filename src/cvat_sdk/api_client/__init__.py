"""The low-level API: every operation of a CVAT server as a typed method."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from cvat_sdk.version import __version__

if TYPE_CHECKING:
    from cvat_sdk.api_client.api_client import ApiClient
    from cvat_sdk.api_client.configuration import Configuration
    from cvat_sdk.api_client.exceptions import (
        ApiAttributeError,
        ApiException,
        ApiKeyError,
        ApiTypeError,
        ApiValueError,
        OpenApiException,
    )

__all__ = [
    "ApiAttributeError",
    "ApiClient",
    "ApiException",
    "ApiKeyError",
    "ApiTypeError",
    "ApiValueError",
    "Configuration",
    "OpenApiException",
    "__version__",
]

_HOMES = {
    "ApiClient": "api_client",
    "Configuration": "configuration",
    "ApiAttributeError": "exceptions",
    "ApiException": "exceptions",
    "ApiKeyError": "exceptions",
    "ApiTypeError": "exceptions",
    "ApiValueError": "exceptions",
    "OpenApiException": "exceptions",
}


# Modules that are reachable without an import of their own.
_MODULES = frozenset(
    {
        "api",
        "api_client",
        "apis",
        "configuration",
        "exceptions",
        "model",
        "model_utils",
        "models",
        "rest",
    }
)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
