"""A client for CVAT, the Computer Vision Annotation Tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvat_sdk.version import __version__

if TYPE_CHECKING:
    from cvat_sdk import api_client, core, exceptions, models

__all__ = ["__version__", "api_client", "core", "exceptions", "models"]


if not TYPE_CHECKING:

    def __getattr__(name):
        # Modules that are reachable without an import of their own.
        if name not in ("api_client", "core", "exceptions", "models"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import importlib

        return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
