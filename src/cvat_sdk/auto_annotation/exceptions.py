"""Errors of auto-annotation."""

from __future__ import annotations

__all__ = ["BadFunctionError"]


class BadFunctionError(Exception):
    """A function that does not keep to the interface, or does not fit the task."""
