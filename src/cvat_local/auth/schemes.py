"""Finding out who calls.

Credentials in the ``Authorization`` header win over cookies. In that header ``Token`` is the account's
API key, ``Bearer`` a personal access token and ``Basic`` name and password; any other word counts as no
credentials. Only requests signed by a cookie need a token against forgery, as browsers add cookies by
themselves.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.auth import sessions
from cvat_local.auth.passwords import Passwords
from cvat_local.auth.tokens import find_token
from cvat_local.http.errors import not_authenticated
from cvat_local.storage.queries.accounts import find_by_email, find_by_username
from cvat_local.storage.tables import AccessToken, ApiKey, AuthSession, User

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


@dataclass(frozen=True)
class Identity:
    """Who calls, and how that is known."""

    user: User | None = None
    session: AuthSession | None = None
    """Set when the caller is known by its cookie."""
    session_key: str = ""
    """The cookie's value."""
    over: bool = False
    """The cookie stands for no session (any more)."""
    token: AccessToken | None = None
    """Set when the caller is known by a personal access token."""


def authenticate(
    db: Session,
    passwords: Passwords,
    *,
    method: str,
    headers: Mapping[str, str],
    cookies: Mapping[str, str],
    base_url: str,
) -> Identity:
    """Who sent a request.

    Args:
        db: Session to look accounts up in.
        passwords: Verifies passwords.
        method: HTTP method; unsafe ones are checked for forgery under a session.
        headers: Request headers, by names in any case.
        cookies: Request cookies.
        base_url: Origin that the server is reached at.

    Raises:
        ApiError: 401 for wrong credentials, 403 for a request that may be forged.
    """
    scheme, _, credentials = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "token":
        return Identity(_by_key(db, credentials))
    if scheme.lower() == "bearer":
        return _by_access_token(db, credentials)
    if scheme.lower() == "basic":
        return Identity(_by_password(db, passwords, credentials))
    return _by_cookie(db, method, headers, cookies, base_url)


def _by_key(db: Session, key: str) -> User:
    found = db.scalars(select(ApiKey).where(ApiKey.key == key.strip())).one_or_none()
    if found is None:
        raise not_authenticated("The API key is wrong or its account has been logged out.")
    if not found.user.is_active:
        raise not_authenticated("The account is not active.")
    return found.user


def _by_access_token(db: Session, value: str) -> Identity:
    token = find_token(db, value.strip())
    if token is None:
        raise not_authenticated("The access token is unknown, revoked or expired.")
    return Identity(token.owner, token=token)


def _by_password(db: Session, passwords: Passwords, credentials: str) -> User:
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise not_authenticated("The credentials are not the Base64 of name:password.") from None
    username, colon, password = text.partition(":")
    if not colon:
        raise not_authenticated("The credentials are not the Base64 of name:password.")
    user = find_by_username(db, username) or find_by_email(db, username)
    if not passwords.verify(user, password) or user is None:
        raise not_authenticated("The user name or the password is wrong.")
    return user


def _by_cookie(
    db: Session,
    method: str,
    headers: Mapping[str, str],
    cookies: Mapping[str, str],
    base_url: str,
) -> Identity:
    key = cookies.get(sessions.SESSION_COOKIE, "")
    if not key:
        return Identity()
    session = sessions.find_session(db, key)
    if session is None:
        return Identity(over=True)
    if method not in SAFE_METHODS:
        sessions.check_csrf(
            cookies, headers.get("x-csrftoken", ""), headers.get("origin", ""), base_url
        )
    return Identity(session.user, session, key)
