"""Comments: what is said about an issue."""

from __future__ import annotations

from cvat_local.resources.comments.serialize import comment

__all__ = ["comment"]
