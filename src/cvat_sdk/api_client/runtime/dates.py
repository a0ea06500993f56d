"""Dates and times from their texts: ISO 8601 and, for times, the form of mails (RFC 2822)."""

from __future__ import annotations

import datetime

import msgspec


def read_datetime(text: str) -> datetime.datetime:
    """The time that a text means; a text without a zone gives a time without one.

    Raises:
        ValueError: The text is no such time; the message says what was expected.
    """
    try:
        return msgspec.convert(text, datetime.datetime)
    except msgspec.ValidationError:
        pass
    if ":" not in text and "T" not in text:
        raise ValueError(f"Expected a date with a time, got {text!r}")
    from email.utils import parsedate_to_datetime

    for read in (datetime.datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text)
        except (ValueError, TypeError):  # TypeError: parsedate_to_datetime of Python before 3.10.x
            continue
    raise ValueError(f"Expected a date and time in ISO 8601 or RFC 2822 form, got {text!r}")


def read_date(text: str) -> datetime.date:
    """The day that a text means.

    Raises:
        ValueError: The text is no such day; the message says what was expected.
    """
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"Expected a date in ISO 8601 form, got {text!r}") from None
