"""Telling a full disk from other failures."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError

MESSAGE = "There is no space left on the server's disk; nothing was changed."

_NUMBERS = frozenset({errno.ENOSPC, errno.EDQUOT})
_WORDS = ("disk is full", "no space left", "could not extend file")
"""What SQLite and PostgreSQL say."""


def is_disk_full(error: BaseException | None) -> bool:
    """Whether this, or what led to it, is that a disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NUMBERS:
            return True
        if isinstance(error, DBAPIError):
            text = str(error.orig).lower()
            if any(word in text for word in _WORDS):
                return True
        error = error.__cause__ or error.__context__
    return False
