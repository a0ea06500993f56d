"""Helpers built on the low-level API."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvat_sdk.core import helpers, progress
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
    from cvat_sdk.version import __version__

__all__ = [
    "AuthStore",
    "Client",
    "ClientAuthParameters",
    "Config",
    "ProfileEntry",
    "__version__",
    "configure_client_auth_arguments",
    "get_auth_store_path",
    "helpers",
    "make_client",
    "make_client_from_cli",
    "make_client_from_profile",
    "progress",
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
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
        if name == "__version__":
            return importlib.import_module("cvat_sdk.version").__version__
        if name not in ("helpers", "progress"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
