"""Texts about a request and its answer, for people who read an error: one line each, without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus, urlsplit

HIDDEN = "<hidden>"

_SECRET_NAME = re.compile(
    r"token|secret|passw|passphrase|signature|credential|session|auth(?!or)|jwt"
    r"|(api|access|private|account)[_-]?key|^(sig|key|pwd|pass|sid|code)$",
    re.IGNORECASE,
)
_SECRET_MEMBER = re.compile(
    r'"([^"\\]*(?:key|token|secret|passw|session)[^"\\]*)"\s*:\s*"[^"]*"?', re.IGNORECASE
)
_HTML = re.compile(
    r"\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_LONG_QUERY = 200
_LONG_DETAIL = 300
_BEGINNING = 60
_REQUEST_IDS = ("x-request-id", "x-correlation-id", "x-amzn-requestid", "x-amzn-trace-id", "cf-ray")


def one_line(text: str, limit: int) -> str:
    """A text without line breaks and control characters, cut to a number of characters."""
    joined = " ".join(text[: 4 * limit + 200].split())
    shown = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for character in joined
    )
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def address(url: str, *, secret: Container[str] = (), query: bool = True) -> str:
    """An address without the secrets that it may hold.

    Args:
        url: Absolute, or a path with a query.
        secret: Names of query parameters that carry credentials; values of those that are named like a
            credential are hidden anyway.
        query: False leaves the whole query out.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # none where a slash in a password has cut the address
    except ValueError:
        return "an address that cannot be read"
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
    text = origin + parts.path
    if query and parts.query:
        pairs = []
        for pair in parts.query.split("&"):
            name, equals, value = pair.partition("=")
            plain = unquote_plus(name)
            if plain in secret or _SECRET_NAME.search(plain):
                value = HIDDEN
            pairs.append(name + equals + value)
        text += "?" + one_line("&".join(pairs), _LONG_QUERY)
    return one_line(text, 2000)


def names_secret(name: str) -> bool:
    """Whether a parameter or a header is named like one that carries a credential."""
    return _SECRET_NAME.search(name) is not None


def request_id(headers: Mapping[str, str] | None) -> str | None:
    """The id by which the operators of a server find the request in their logs; None without one."""
    for name, value in (headers or {}).items():
        if name.lower() in _REQUEST_IDS and value:
            return one_line(str(value), 100)
    return None


def trail(response: Any) -> str:
    """How a request came to its answer when that took more than one: redirects, repetitions."""
    history = getattr(getattr(response, "retries", None), "history", None)
    if not isinstance(history, tuple):
        return ""
    text = ""
    redirects = [entry.redirect_location for entry in history if entry.redirect_location]
    if redirects:
        text += f" (redirected to {address(redirects[-1], query=False)})"
    if len(history) > len(redirects):
        text += f" (at attempt {len(history) - len(redirects) + 1})"
    return text


# --- what a server says about a failure ------------------------------------------------------------


def server_detail(body: str | bytes | None) -> str:
    """What the body of an error says, in one line; empty when it says nothing that a person can read.

    Understood are the shapes of Django REST framework (``detail``, ``non_field_errors``, errors by field),
    HTML pages by their title, and plain text.
    """
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    if not isinstance(body, str) or not body.strip():
        return ""
    if looks_like_html(body):
        return _title(body)
    if body.lstrip()[:1] in ("{", "[", '"'):
        try:
            return one_line("; ".join(_messages(json.loads(body))), _LONG_DETAIL)
        except (ValueError, RecursionError):
            pass
    if "\N{REPLACEMENT CHARACTER}" in body or "\0" in body:
        return ""
    return one_line(body, _LONG_DETAIL)


def _messages(value: Any, path: str = "") -> Iterator[str]:
    """The texts of a JSON error, each after the name of the field that it is about."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            # These stand for the whole, not for a field.
            whole = key in ("detail", "non_field_errors", "message", "error", "errors")
            yield from _messages(item, path if whole else f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            if value:
                yield _message(" ".join(value), path)
            return
        for index, item in enumerate(value):
            yield from _messages(item, f"{path}[{index}]")
    elif value is not None:
        yield _message(str(value), path)


def _message(text: str, path: str) -> str:
    return f"{path}: {text}" if path else text


# --- bodies that are not what was expected ----------------------------------------------------------


def unexpected_body(
    expected: str,
    *,
    url: str,
    content_type: str | None,
    body: bytes | str,
    method: str | None = None,
    reason: str | None = None,
) -> str:
    """What came in place of the JSON that an operation answers with.

    Args:
        expected: What was expected, such as ``TaskRead as JSON``.
        url: Address that the body comes from.
        content_type: The Content-Type header of the answer.
        body: The body, or its beginning.
        method: HTTP method of the request, when it is known.
        reason: What the JSON parser says.

    Returns:
        One line with the address, the content type, the first bytes, and a likely cause.
    """
    request = f"{method} {address(url)}" if method else address(url)
    media_type = one_line((content_type or "").partition(";")[0].strip() or "no content type", 60)
    got = f"Expected {expected} from {request}, got"
    text = body if isinstance(body, str) else body[:2000].decode("utf-8", "replace")
    if not text.strip():
        return f"{got} an empty body ({media_type})"
    begin = repr(beginning(text))
    if looks_like_html(text) or "html" in media_type:
        title = _title(text)
        return (
            f"{got} an HTML page ({media_type}{f', titled {title!r}' if title else ''}) that begins with "
            f"{begin}: the login page of a proxy, or is Configuration.host not the address of a CVAT server?"
        )
    if text.lstrip()[:1] in ("{", "["):
        cause = f": {one_line(reason, 100)}" if reason else ""
        return (
            f"{got} {len(body)} bytes of broken JSON ({media_type}) that begin with {begin}{cause}"
        )
    return f"{got} {len(body)} bytes that are not JSON ({media_type}) and begin with {begin}"


def beginning(body: bytes | str) -> str:
    """The first characters of a body in one line, without the values of members that hold secrets."""
    text = body if isinstance(body, str) else body[:2000].decode("utf-8", "replace")
    shown = _SECRET_MEMBER.sub(lambda match: f'"{match[1]}": "{HIDDEN}"', text[:2000])
    return one_line(shown, _BEGINNING)


def looks_like_html(text: str) -> bool:
    """Whether a text begins like a page."""
    return _HTML.match(text, 0, 5000) is not None


def _title(page: str) -> str:
    """Title of an HTML page, or its first heading."""
    lowered = page[:100_000].lower()
    for tag in ("title", "h1"):
        begin = lowered.find(">", lowered.find(f"<{tag}") % (len(lowered) + 1))
        end = lowered.find(f"</{tag}", begin)
        if 0 <= begin < end:
            import html

            text = html.unescape(re.sub(r"<[^<>]*>", " ", page[begin + 1 : end][:2000]))
            if text.strip():
                return one_line(text, 120)
    return ""
