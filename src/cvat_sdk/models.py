"""Every model of the low-level API, by name."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client import models as _models

__all__ = list(_models.__all__)


def __getattr__(name: str) -> Any:
    return getattr(_models, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
