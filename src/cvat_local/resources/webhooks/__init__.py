"""Webhooks: addresses that are told what happens."""

from __future__ import annotations

from cvat_local.resources.webhooks.watching import Watch

__all__ = ["Watch"]
