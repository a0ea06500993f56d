"""What this server has not got yet, and what is written in its place, since clients look for the keys."""

from __future__ import annotations

FUNCTION_ID: str | None = None
"""The model that a background request runs."""
