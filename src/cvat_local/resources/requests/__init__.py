"""Background requests, as clients watch and cancel them."""

from __future__ import annotations

from cvat_local.resources.requests.serialize import request

__all__ = ["request"]
