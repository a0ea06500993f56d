"""The low-level API: every operation of a CVAT server as a typed method."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from cvat_sdk.version import __version__

if TYPE_CHECKING:
    from cvat_sdk.api_client import api as api
    from cvat_sdk.api_client import api_client as api_client
    from cvat_sdk.api_client import apis as apis
    from cvat_sdk.api_client import configuration as configuration
    from cvat_sdk.api_client import exceptions as exceptions
    from cvat_sdk.api_client import model as model
    from cvat_sdk.api_client import model_utils as model_utils
    from cvat_sdk.api_client import models as models
    from cvat_sdk.api_client import rest as rest
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
    "api",
    "api_client",
    "apis",
    "configuration",
    "exceptions",
    "model",
    "model_utils",
    "models",
    "rest",
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


if not TYPE_CHECKING:

    def __getattr__(name):
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
