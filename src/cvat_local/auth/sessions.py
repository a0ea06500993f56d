"""Sessions of browser-like clients: cookies, their rows, and the tokens against forged requests."""

from __future__ import annotations

import hmac
import secrets
import string
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from cvat_local.http.errors import forbidden
from cvat_local.storage.tables import AuthSession, User
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from starlette.responses import Response

SESSION_COOKIE = "sessionid"
CSRF_COOKIE = "csrftoken"
FRESH_COOKIE = "sessionfresh"
"""Says that the session was extended within the last day, so that this need not happen again."""

SESSION_AGE = timedelta(days=14)
CSRF_AGE = timedelta(days=364)
FRESH_AGE = timedelta(days=1)

_LETTERS = string.ascii_letters + string.digits
_TOKEN_LENGTH = 32


def open_session(db: Session, user: User, response: Response) -> None:
    """Sign the caller in by cookies of the response."""
    key = _random_text()
    db.add(
        AuthSession(key_hash=hash_key(key), user_id=user.id, expiry_date=utc_now() + SESSION_AGE)
    )
    db.execute(delete(AuthSession).where(AuthSession.expiry_date < utc_now()))
    _set_session_cookies(response, key)


def extend_session(db: Session, session: AuthSession, key: str, response: Response) -> None:
    """Let a session live for its full age again."""
    renewed = (
        update(AuthSession)
        .where(AuthSession.key_hash == session.key_hash)
        .values(expiry_date=utc_now() + SESSION_AGE)
        .returning(AuthSession.key_hash)
    )
    # The request itself may have ended the session, by deleting its account for example.
    if db.scalar(renewed) is not None:
        _set_session_cookies(response, key)


def close_sessions(db: Session, user: User, *, keep: AuthSession | None = None) -> None:
    """End all sessions of a user but one."""
    statement = delete(AuthSession).where(AuthSession.user_id == user.id)
    if keep is not None:
        statement = statement.where(AuthSession.key_hash != keep.key_hash)
    db.execute(statement)


def find_session(db: Session, key: str) -> AuthSession | None:
    """The session of a cookie, None when it is unknown or over."""
    session = db.get(AuthSession, hash_key(key))
    if session is None or session.expiry_date < utc_now() or not session.user.is_active:
        return None
    return session


def hash_key(key: str) -> str:
    """What is stored of a session key: who reads the database cannot sign in with it."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def _set_session_cookies(response: Response, key: str) -> None:
    _set_cookie(response, FRESH_COOKIE, "1", FRESH_AGE, http_only=True)
    _set_cookie(response, SESSION_COOKIE, key, SESSION_AGE, http_only=True)


def set_csrf_cookie(response: Response) -> None:
    """Give the client a new token to prove by that its requests are its own."""
    _set_cookie(response, CSRF_COOKIE, _random_text(), CSRF_AGE, http_only=False)


def _set_cookie(
    response: Response, name: str, value: str, age: timedelta, *, http_only: bool
) -> None:
    seconds = int(age.total_seconds())
    response.set_cookie(
        name, value, max_age=seconds, expires=seconds, httponly=http_only, samesite="lax"
    )


def clear_cookies(response: Response, cookies: Mapping[str, str]) -> None:
    """Make the client forget a session that is over."""
    for name in (FRESH_COOKIE, SESSION_COOKIE):
        if name in cookies:
            response.delete_cookie(name, httponly=True, samesite="lax")


def check_csrf(cookies: Mapping[str, str], header: str, origin: str, base_url: str) -> None:
    """Refuse a request that another web site may have caused.

    Args:
        cookies: Cookies of the request.
        header: Value of ``X-CSRFToken``; empty when there is none.
        origin: Value of ``Origin``; empty when there is none.
        base_url: Origin that the server is reached at.

    Raises:
        ApiError: 403.
    """
    if origin and origin.rstrip("/").lower() != base_url.lower():
        raise forbidden(f"CSRF: the origin {origin} is not the one of this server.")
    cookie = cookies.get(CSRF_COOKIE, "")
    if not cookie:
        raise forbidden(f"CSRF: the cookie {CSRF_COOKIE} is missing.")
    if not header:
        raise forbidden("CSRF: the header X-CSRFToken is missing.")
    if len(header) not in (_TOKEN_LENGTH, 2 * _TOKEN_LENGTH):
        raise forbidden("CSRF: the header X-CSRFToken has the wrong length.")
    if not hmac.compare_digest(_unmask(cookie).encode(), _unmask(header).encode()):
        raise forbidden(f"CSRF: the header X-CSRFToken is not the cookie {CSRF_COOKIE}.")


def _unmask(token: str) -> str:
    """The token itself. Its long form is a random mask followed by the token shifted by that mask."""
    if len(token) != 2 * _TOKEN_LENGTH or any(letter not in _LETTERS for letter in token):
        return token
    mask, shifted = token[:_TOKEN_LENGTH], token[_TOKEN_LENGTH:]
    return "".join(
        _LETTERS[(_LETTERS.index(letter) - _LETTERS.index(by)) % len(_LETTERS)]
        for letter, by in zip(shifted, mask, strict=True)
    )


def _random_text() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN_LENGTH))
