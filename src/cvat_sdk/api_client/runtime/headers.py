"""What may stand in a header. Errors name the header or setting, never its value: it may be a credential."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError

BLANK = " \t\r\n"
_ILLEGAL = re.compile(r"[\r\n\0]|[^\0-\xff]")


def checked(headers: MutableMapping[str, Any]) -> None:
    """Take blanks and line breaks off the ends of header values, and write numbers as text, in place.

    A token that was read from a file ends in a line break; around a value no such character means anything.

    Raises:
        ApiValueError: A value is a list or a dict, or holds a line break or another character that no header
            can carry.
    """
    if _are_plain(headers):
        return
    for name, value in headers.items():
        if isinstance(value, str) and not (value.isascii() and value.isprintable()):
            headers[name] = clean(value, f"header {name!r}")
        elif isinstance(value, bytes):
            headers[name] = clean(value.decode("latin-1"), f"header {name!r}").encode("latin-1")
        elif isinstance(value, float):
            headers[name] = str(value)
        elif isinstance(value, (list, dict)):
            raise ApiValueError(
                f"header {name!r}: expected text, got a value of type {type(value).__name__}"
            )
        if isinstance(name, str) and (":" in name or not name.isprintable()):
            raise ApiValueError(
                "headers: a name holds a colon or a line break; name and value are given apart"
            )


def _are_plain(headers: Mapping[str, Any]) -> bool:
    """Whether there is nothing to change or refuse, as in nearly all requests: a look at all of them in C."""
    try:
        names, values = "".join(headers), "".join(headers.values())
    except TypeError:  # not all of them are text
        return False
    return ":" not in names and names.isprintable() and values.isascii() and values.isprintable()


def clean(value: str, setting: str) -> str:
    """A value without blanks and line breaks at its ends.

    Args:
        value: What is to be sent.
        setting: Where the value comes from, for the error.

    Raises:
        ApiTypeError: It is no text.
        ApiValueError: It holds a line break or another character that no header can carry.
    """
    if not isinstance(value, str):
        raise ApiTypeError(f"{setting}: expected text, got a value of type {type(value).__name__}")
    if value.isascii() and value.isprintable():
        return value.strip(" ")
    stripped = value.strip(BLANK)
    found = _ILLEGAL.search(stripped)
    if found is not None:
        raise ApiValueError(
            f"{setting}: character {found.start() + 1} of {len(stripped)} is {_NAMES.get(found[0], _OTHER)}, "
            "which no header can carry (the value is not shown, it may be a secret)"
        )
    return stripped


_NAMES: Mapping[str, str] = {"\r": "a line break", "\n": "a line break", "\0": "a null"}
_OTHER = "outside of latin-1"
