"""Helpers built on the low-level API."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvat_sdk.core import helpers, progress

__all__ = ["helpers", "progress"]


if not TYPE_CHECKING:

    def __getattr__(name):
        # Modules that are reachable without an import of their own.
        if name not in ("helpers", "progress"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import importlib

        return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
