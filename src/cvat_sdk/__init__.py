"""A client for CVAT, the Computer Vision Annotation Tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvat_sdk.version import __version__

if TYPE_CHECKING:
    from cvat_sdk import api_client, core, exceptions, models
    from cvat_sdk.core.client import Client, Config, make_client

__all__ = [
    "Client",
    "Config",
    "__version__",
    "api_client",
    "core",
    "exceptions",
    "make_client",
    "models",
]


if not TYPE_CHECKING:

    def __getattr__(name):
        # Modules and names that are reachable without an import of their own.
        import importlib

        if name in ("Client", "Config", "make_client"):
            return getattr(importlib.import_module(f"{__name__}.core.client"), name)
        if name not in ("api_client", "core", "exceptions", "models"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
