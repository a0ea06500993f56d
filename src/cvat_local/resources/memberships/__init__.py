"""Memberships: the members of organizations and their roles."""

from __future__ import annotations

from cvat_local.resources.memberships.serialize import membership

__all__ = ["membership"]
