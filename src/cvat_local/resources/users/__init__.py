"""Accounts: reading, changing and deleting them."""

from __future__ import annotations

from cvat_local.resources.users.serialize import basic_user, full_user

__all__ = ["basic_user", "full_user"]
