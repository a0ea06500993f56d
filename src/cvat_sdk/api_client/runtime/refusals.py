"""Why a server may have refused a caller (401, 403): with what the request was sent, and a likely cause."""

from __future__ import annotations

import binascii
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cvat_sdk.api_client.runtime.explain import one_line

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_SESSION = re.compile(r"(^|;)\s*sessionid=[^;]")
_CAUSES = {
    "none": "set username and password, access_token or api_key of the Configuration",
    "basic": "a wrong password, or an account that is not active?",
    "token": "a logout ends an API key: log in again for a new one",
    "bearer": "is it expired or revoked?",
    "session": "it may have ended: log in again",
    "other": "does the server know this kind of credentials?",
}


def hint(
    status: int,
    method: str,
    url: str,
    headers: Mapping[str, Any],
    detail: str,
    secret: Collection[str] = (),
) -> str:
    """Two clauses about a refusal: the credentials that were sent, never their secret, and what to do.

    Args:
        status: 401 or 403.
        method: HTTP method of the request.
        url: Address of the request.
        headers: Headers of the request.
        detail: What the server says.
        secret: Names of query parameters that carried credentials.
    """
    sent = {name.lower(): str(value) for name, value in headers.items() if value is not None}
    kind, shown = _credentials(sent, secret)
    cause = _CAUSES[kind]
    if status == 403 and kind != "none":
        cause = _forbidden(kind, method.upper(), url, sent, detail)
    return f"It was sent {shown}: {cause}"


def _credentials(sent: Mapping[str, str], secret: Collection[str]) -> tuple[str, str]:
    """The kind of the credentials that decided, and how to name all that were sent."""
    found: list[tuple[str, str]] = []
    if "authorization" in sent:
        found.append(_authorization(sent["authorization"]))
    if _SESSION.search(sent.get("cookie", "")):
        found.append(("session", "a session cookie"))
    found += [("other", f"credentials in the query parameter {name!r}") for name in sorted(secret)]
    if not found:
        return "none", "without credentials"
    return found[0][0], "with " + " and ".join(text for _, text in found)


def _authorization(value: str) -> tuple[str, str]:
    scheme, blank, rest = value.strip().partition(" ")
    kind = scheme.lower()
    if not blank or not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,20}", scheme):
        # What stands there may be the secret itself.
        return "other", "an Authorization header that names no scheme such as Token or Bearer"
    if kind == "basic":
        return kind, f"a user name and password (Basic, user {_user(rest)!r})"
    if kind == "token":
        return kind, "an API key (Token)"
    if kind == "bearer":
        return kind, "an access token (Bearer)"
    return "other", f"credentials of the scheme {scheme}"


def _user(encoded: str) -> str:
    try:
        raw = binascii.a2b_base64(encoded)
    except ValueError:
        return "?"
    name = raw.partition(b":")[0]
    try:
        return one_line(name.decode(), 60)
    except UnicodeDecodeError:
        return one_line(name.decode("latin-1"), 60)


def _forbidden(kind: str, method: str, url: str, sent: Mapping[str, str], detail: str) -> str:
    changes = method not in _SAFE_METHODS
    if "csrf" in detail.lower() or (kind == "session" and changes and not sent.get("x-csrftoken")):
        if sent.get("x-csrftoken"):
            return (
                "the X-CSRFToken header does not belong to this session, or the server does not trust "
                f"the Origin {one_line(sent.get('origin', 'that was not sent'), 100)!r}"
            )
        return "a change needs the X-CSRFToken header as well: set api_key['csrfAuth'] to the csrftoken cookie"
    named = _organization(url, sent)
    if named:
        return f"in the organization {named} that it asked for, is the user a member whose role allows this?"
    if kind == "bearer" and changes:
        return "a read-only token, or does the user lack the permission?"
    return "the user lacks the permission, also perhaps because no organization was named"


def _organization(url: str, sent: Mapping[str, str]) -> str:
    """The organization that a request asks for, as it says it; empty when it asks for none."""
    if sent.get("x-organization"):
        return f"{one_line(sent['x-organization'], 60)!r} (X-Organization)"
    try:
        query = parse_qs(urlsplit(url).query)
    except ValueError:
        return ""
    return next(
        (
            f"{one_line(query[name][0], 60)!r} ({name})"
            for name in ("org", "org_id")
            if name in query
        ),
        "",
    )
