"""A client for CVAT, the Computer Vision Annotation Tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvat_sdk.version import __version__

if TYPE_CHECKING:
    from cvat_sdk import api_client, core, exceptions, models
    from cvat_sdk.core.auth import (
        AuthStore,
        ClientAuthParameters,
        ProfileEntry,
        configure_client_auth_arguments,
        get_auth_store_path,
        make_client_from_cli,
        make_client_from_profile,
    )
    from cvat_sdk.core.client import Client, Config, make_client

__all__ = [
    "AuthStore",
    "Client",
    "ClientAuthParameters",
    "Config",
    "ProfileEntry",
    "__version__",
    "api_client",
    "configure_client_auth_arguments",
    "core",
    "exceptions",
    "get_auth_store_path",
    "make_client",
    "make_client_from_cli",
    "make_client_from_profile",
    "models",
]

# Names of modules that are imported when the first of them is asked for.
_CLIENT = frozenset({"Client", "Config", "make_client"})
_AUTH = frozenset(
    {
        "AuthStore",
        "ClientAuthParameters",
        "ProfileEntry",
        "configure_client_auth_arguments",
        "get_auth_store_path",
        "make_client_from_cli",
        "make_client_from_profile",
    }
)


if not TYPE_CHECKING:

    def __getattr__(name):
        # Modules and names that are reachable without an import of their own.
        import importlib

        if name in _CLIENT | _AUTH:
            module = "client" if name in _CLIENT else "auth"
            return getattr(importlib.import_module(f"{__name__}.core.{module}"), name)
        if name not in ("api_client", "core", "exceptions", "models"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
