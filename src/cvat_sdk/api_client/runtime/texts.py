"""Texts in addresses and forms, which are UTF-8; halves of characters, as in names of files that are not, have none."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.api_client.runtime.sources import Path


def utf8(text: str, place: Path) -> bytes:
    """The text as it is sent.

    Raises:
        ApiValueError: It holds half a character; the error names the place.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise _no_text(error, place) from None


def quoted(text: str, safe: str, place: Path) -> str:
    """The text as a part of a path; errors as in `utf8`."""
    try:
        return urllib.parse.quote(text, safe=safe)
    except UnicodeEncodeError as error:
        raise _no_text(error, place) from None


def urlencoded(pairs: Iterable[tuple[Any, Any]]) -> str:
    """Names and values as a query or a form; errors as in `utf8`."""
    pairs = list(pairs)
    try:
        return urllib.parse.urlencode(pairs)
    except UnicodeEncodeError:
        for name, value in pairs:
            for text in (name, value):
                utf8(str(text), (str(name),))
        raise


def _no_text(error: UnicodeEncodeError, place: Path) -> ApiValueError:
    # The text is not shown: it may be a secret.
    return ApiValueError(
        f"Character {error.start + 1} of {len(error.object)} is half a character, which UTF-8 cannot write; "
        "names of files that are no UTF-8 hold such ones",
        place,
    )
