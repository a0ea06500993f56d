"""Cookies of a client: read from responses line by line, sent with every later call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from http.cookies import CookieError, Morsel, SimpleCookie
from typing import Any

_PAIR = re.compile(r"""\s*([^=;]*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*?)\s*(?:;|$)""")
_UNUSABLE = re.compile(r"[\0-\x1f\x7f]")


def as_jar(cookies: Mapping[str, Any] | None) -> SimpleCookie:
    """A cookie jar from what a caller gives: a jar, morsels or plain strings by name."""
    jar = SimpleCookie()
    for name, value in (cookies or {}).items():
        jar[name] = value.value if isinstance(value, Morsel) else _stripped(value)
        if isinstance(value, Morsel):
            jar[name].update(value)
    return jar


def _stripped(value: Any) -> Any:
    """A value that was read from a file ends in a line break, which no cookie has."""
    return value.strip() if isinstance(value, str) else value


def header(cookies: Mapping[str, Any]) -> str | None:
    """Value of the Cookie header, or None without cookies."""
    if not cookies:
        return None
    pairs = []
    for name, value in sorted(list(cookies.items())):
        pairs.append(f"{name}={value.coded_value if isinstance(value, Morsel) else value}")
    return "; ".join(pairs)


def store(jar: SimpleCookie, set_cookie_lines: Iterable[str]) -> None:
    """Take over the cookies of a response.

    Each header line is one cookie: joined with commas, as header dictionaries offer them, a line that ends in a
    flag such as ``Secure`` would hide all that follow. Attributes that this version does not know are passed over,
    as RFC 6265 asks; `http.cookies` drops a cookie that has one.
    """
    for line in set_cookie_lines:
        morsel = _read(line)
        if morsel is None:
            continue  # one unusable cookie must not cost the response
        if _is_expired(morsel):
            jar.pop(morsel.key, None)
        else:
            jar[morsel.key] = morsel


def _read(line: str) -> Morsel[str] | None:
    """The cookie of a Set-Cookie line, or None when it is none."""
    found = _PAIR.match(line)
    if found is None or _UNUSABLE.search(found[2]):
        return None
    morsel: Morsel[str] = Morsel()
    try:
        morsel.set(found[1], *SimpleCookie().value_decode(found[2]))
    except CookieError:
        return None
    for attribute in line[found.end() :].split(";"):
        key, equals, value = (part.strip() for part in attribute.partition("="))
        if morsel.isReservedKey(key):
            morsel[key] = value.strip('"') if equals else True
    return morsel


def _is_expired(morsel: Morsel[str]) -> bool:
    max_age = str(morsel["max-age"]).strip()
    if max_age:
        try:
            return int(max_age) <= 0
        except ValueError:
            return False
    expires = morsel["expires"]
    if not expires:
        return False
    from email.utils import parsedate_to_datetime  # it takes longer to load than all the rest

    try:
        moment = parsedate_to_datetime(expires)
    except (TypeError, ValueError):
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment <= datetime.now(timezone.utc)
