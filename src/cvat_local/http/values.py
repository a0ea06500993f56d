"""Texts of requests as Python values."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that JSON can write but databases cannot store: NUL and halves of surrogate pairs."""

# Not `datetime.fromisoformat`, which reads other forms in each version of Python.
_DATETIME = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"([T ](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(:(?P<second>[0-9]{2})([.,](?P<fraction>[0-9]{1,6})[0-9]*)?)?"
    r" ?(?P<zone>[Zz]|(?P<sign>[+-])(?P<hours>[0-9]{2})(:?(?P<minutes>[0-9]{2}))?)?)?"
)


_LONGEST_ID = 18
"""Digits of the largest number that a database takes for certain."""


def parse_id(text: str) -> int | None:
    """The id that a text is, None when it can be none."""
    fits = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID
    return int(text) if fits else None


def parse_datetime(text: str) -> datetime:
    """An ISO 8601 date or date and time, in UTC.

    A date alone is its midnight in UTC; a time without an offset is in UTC.

    Raises:
        ValueError: It is neither; the message says what is expected.
    """
    match = _DATETIME.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        parts = match.groupdict(default="")
        number = {name: int(value) for name, value in parts.items() if value.isdecimal()}
        moment = datetime(
            number["year"],
            number["month"],
            number["day"],
            number.get("hour", 0),
            number.get("minute", 0),
            number.get("second", 0),
            int(parts["fraction"].ljust(6, "0")),
            timezone.utc,
        )
        offset = timedelta(hours=number.get("hours", 0), minutes=number.get("minutes", 0))
        return moment + offset if parts["sign"] == "-" else moment - offset
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text[:50]!r} is not a date and time such as 2024-05-31T12:00:00Z."
        ) from None
