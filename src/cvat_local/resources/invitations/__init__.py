"""Invitations to organizations."""

from __future__ import annotations

from cvat_local.resources.invitations.serialize import invitation

__all__ = ["invitation"]
