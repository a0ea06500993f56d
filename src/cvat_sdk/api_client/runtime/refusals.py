"""Why a server may have refused a caller (401, 403): with what the request was sent, and a likely cause."""

from __future__ import annotations

import binascii
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cvat_sdk.api_client.runtime.explain import names_secret, one_line

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
_NOT_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "x-csrftoken"})
_WITHOUT_LOGIN = re.compile(r"/api/auth/(login|register|password/reset(/confirm)?)/?$")
"""Operations whose body says who calls."""
_GENERAL = re.compile(
    r"permission|credential|authenti|authori[sz]|forbidden|denied|not allowed|invalid|token|password|csrf",
    re.IGNORECASE,
)
"""Words of a refusal that leaves the cause open."""
_SPECIFIC = re.compile(
    r"verif|confirm|exceed|limit|quota|maxim|thrott|too many|expired|inactive|disabled|suspend|blocked|locked",
    re.IGNORECASE,
)
"""Words of a refusal that names its cause."""


def hint(
    status: int,
    method: str,
    url: str,
    headers: Mapping[str, Any],
    detail: str,
    secret: Collection[str] = (),
    *,
    page: bool = False,
) -> str:
    """Two clauses about a refusal: the credentials that were sent, never their secret, and what to do.

    Args:
        status: 401 or 403.
        method: HTTP method of the request.
        url: Address of the request.
        headers: Headers of the request.
        detail: What the server says.
        secret: Names of query parameters, headers and cookies that carried credentials.
        page: Whether the answer is a page for people.

    Returns:
        Nothing about credentials that the operation does not look at, and no cause where the server names one.
    """
    sent = {name.lower(): str(value) for name, value in headers.items() if value is not None}
    kind, shown = _credentials(sent, url, secret)
    if page and "csrf" not in detail.lower():
        return f"It was sent {shown}: the answer is a web page, perhaps of a proxy in front of the server"
    operation = _WITHOUT_LOGIN.search(urlsplit(url.partition("?")[0]).path)
    if operation and "csrf" not in detail.lower():
        is_login = operation[1] == "login" and not _names_cause(detail)
        return (
            "Is the user name or the password in the body of the request wrong?" if is_login else ""
        )
    if _names_cause(detail):
        return f"It was sent {shown}"
    cause = _CAUSES[kind]
    if status == 403 and kind != "none":
        cause = _forbidden(kind, method.upper(), url, sent, detail)
    return f"It was sent {shown}: {cause}"


def _names_cause(detail: str) -> bool:
    """Whether a server says so much of the cause that a guess might contradict it."""
    if "csrf" in detail.lower() or len(detail.split()) < 3:
        return False
    return bool(_SPECIFIC.search(detail)) or not _GENERAL.search(detail)


def _credentials(sent: Mapping[str, str], url: str, secret: Collection[str]) -> tuple[str, str]:
    """The kind of the credentials that decided, and how to name all that were sent."""
    found: list[tuple[str, str]] = []
    if "authorization" in sent:
        found.append(_authorization(sent["authorization"]))
    if _SESSION.search(sent.get("cookie", "")):
        found.append(("session", "a session cookie"))
    for name in sent:
        if name not in _NOT_CREDENTIALS and (names_secret(name) or name in map(str.lower, secret)):
            found.append(("other", f"credentials in the header {name!r}"))
    cookies = {pair.partition("=")[0].strip() for pair in sent.get("cookie", "").split(";")}
    for name in sorted(secret):
        if name in cookies and name != "sessionid":
            found.append(("other", f"credentials in the cookie {name!r}"))
        elif name not in cookies and name.lower() not in sent:
            found.append(("other", f"credentials in the query parameter {name!r}"))
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
