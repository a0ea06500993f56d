"""Texts of requests as Python values."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timezone

NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that JSON can write but databases cannot store: NUL and halves of surrogate pairs."""


def parse_datetime(text: str) -> datetime:
    """An ISO 8601 date or date and time, in UTC.

    A date alone is its midnight in UTC; a time without an offset is in UTC.

    Raises:
        ValueError: It is neither; the message says what is expected.
    """
    text = text.strip()
    # Python before 3.11 knows neither "Z" nor a date alone here.
    candidate = text[:-1] + "+00:00" if text[-1:] in ("Z", "z") else text
    try:
        if len(candidate) == 10:
            moment = datetime.combine(date.fromisoformat(candidate), time())
        else:
            moment = datetime.fromisoformat(candidate)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=timezone.utc)
        return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a date and time such as 2024-05-31T12:00:00Z.") from None
