"""Types of arguments."""

from __future__ import annotations

from enum import Enum

__all__ = ["Location"]


class Location(str, Enum):
    """Where a file of the server is to be."""

    LOCAL = "local"
    CLOUD_STORAGE = "cloud_storage"

    def __str__(self) -> str:
        return str(self.value)
