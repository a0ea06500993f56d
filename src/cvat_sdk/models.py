"""Every model of the low-level API, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvat_sdk.api_client.models import *  # noqa: F403 - a type checker follows it
else:
    from cvat_sdk.api_client import models as _models

    __all__ = list(_models.__all__)

    def __getattr__(name):
        return getattr(_models, name)

    def __dir__():
        return sorted({*globals(), *__all__})
