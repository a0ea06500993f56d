"""Cookies of a client: read from responses line by line, sent with every later call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from http.cookies import CookieError, Morsel, SimpleCookie
from typing import Any


def as_jar(cookies: Mapping[str, Any] | None) -> SimpleCookie:
    """A cookie jar from what a caller gives: a jar, morsels or plain strings by name."""
    jar = SimpleCookie()
    for name, value in (cookies or {}).items():
        jar[name] = value.value if isinstance(value, Morsel) else value
        if isinstance(value, Morsel):
            jar[name].update(value)
    return jar


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

    Each header line is parsed by itself: joined with commas, as header dictionaries offer them, a line
    that ends in a flag such as ``Secure`` would hide all that follow.
    """
    for line in set_cookie_lines:
        received = SimpleCookie()
        try:
            received.load(line)
        except CookieError:
            continue  # one unusable cookie must not cost the response
        for name, morsel in received.items():
            if _is_expired(morsel):
                jar.pop(name, None)
            else:
                jar[name] = morsel


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
