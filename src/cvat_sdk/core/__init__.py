"""Helpers built on the low-level API."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvat_sdk.core import helpers, progress
    from cvat_sdk.core.client import Client, Config, make_client

__all__ = ["Client", "Config", "helpers", "make_client", "progress"]


if not TYPE_CHECKING:

    def __getattr__(name):
        # Modules and names that are reachable without an import of their own.
        import importlib

        if name in ("Client", "Config", "make_client"):
            return getattr(importlib.import_module(f"{__name__}.client"), name)
        if name not in ("helpers", "progress"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
