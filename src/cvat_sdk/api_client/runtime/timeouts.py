"""Time limits as callers write them: seconds in total, or a pair (connect, read)."""

from __future__ import annotations

import math
from typing import Any

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError

Limit = float | tuple[float | None, float | None] | None
"""Seconds for all of a call, or seconds for a connection and for each wait for a byte; None for no limit."""


class _AsConfigured:
    """Default of ``_request_timeout``: None says that there is no limit."""

    def __repr__(self) -> str:
        return "Configuration.timeout"

    def __reduce__(self) -> str:
        return "AS_CONFIGURED"


AS_CONFIGURED: Any = _AsConfigured()


def of_call(given: Any, configuration: Any) -> Any:
    """The limit of a call: what was given, or that of the configuration."""
    return getattr(configuration, "timeout", None) if given is AS_CONFIGURED else given


def read(value: Any, name: str) -> Limit:
    """A limit as plain numbers; 0 means none, like None.

    Args:
        value: What a caller gave.
        name: The setting or argument, for messages.

    Raises:
        ApiTypeError: Neither a number nor a pair of numbers.
        ApiValueError: A number below 0, or one that is not finite.
    """
    if value is None:
        return None
    total = _number(value)
    if total is not None:
        return _checked(total, name) or None
    if isinstance(value, (tuple, list)) and len(value) == 2:
        pair = [None if part is None else _number(part) for part in value]
        if all(
            part is None or number is not None for part, number in zip(value, pair, strict=True)
        ):
            connect, wait = (number and _checked(number, name) for number in pair)
            return connect or None, wait or None
    raise ApiTypeError(
        f"Expected seconds or a pair (connect, read), got a value of type {type(value).__name__}",
        (name,),
        (int, float, tuple),
    )


def read_text(text: str, name: str) -> Limit:
    """A limit from the environment: ``30`` or ``5,60``; empty for none.

    Raises:
        ApiValueError: Something else.
    """
    parts = [part.strip() for part in text.split(",")]
    if parts == [""]:
        return None
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2):
        raise ApiValueError(
            f"{name}: expected seconds, such as 30, or connect,read such as 5,60; got {text!r}"
        )
    return read(numbers[0] if len(numbers) == 1 else tuple(numbers), name)


def _checked(seconds: float, name: str) -> float:
    if not (seconds >= 0 and math.isfinite(seconds)):
        raise ApiValueError(f"Expected seconds from 0, got {seconds!r}", (name,))
    return seconds


def _number(value: Any) -> int | float | None:
    """A number as Python has it, also of NumPy and `decimal`; None for anything else, such as True."""
    if isinstance(value, (int, float)):
        return None if isinstance(value, bool) else value
    if isinstance(value, (str, bytes)) or type(value).__name__.startswith("bool"):
        return None  # NumPy's truth values count as numbers too
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None
