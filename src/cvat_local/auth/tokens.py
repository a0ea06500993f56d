"""The tokens themselves: making one, and finding who it belongs to."""

from __future__ import annotations

import hmac
import secrets
import string
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from cvat_local.storage.engine import writing
from cvat_local.storage.tables import AccessToken
from cvat_local.storage.types import utc_now

UNUSED_LIMIT = timedelta(days=180)
"""A token that nobody uses for this long stops working."""

NOTED_EVERY = timedelta(hours=2)
"""Uses that follow each other faster are not written down: each would cost a write."""

_LETTERS = string.ascii_letters + string.digits
_PREFIX_LENGTH = 8
_SECRET_LENGTH = 32


class NewToken(NamedTuple):
    """A token just made.

    Attributes:
        prefix: What it is found by.
        secret_hash: What is kept of the rest.
        value: The whole token; nobody can see it later.
    """

    prefix: str
    secret_hash: str
    value: str


def make_token() -> NewToken:
    """A new random token, ``<8 letters or digits>.<32 letters or digits>``."""
    prefix, secret = _random_text(_PREFIX_LENGTH), _random_text(_SECRET_LENGTH)
    return NewToken(prefix, _hash(secret), f"{prefix}.{secret}")


def usable(now: datetime) -> ColumnElement[bool]:
    """Condition for tokens that can be signed in with."""
    last_used = func.coalesce(AccessToken.last_used_date, AccessToken.created_date)
    return and_(
        or_(AccessToken.expiry_date.is_(None), AccessToken.expiry_date > now),
        last_used > now - UNUSED_LIMIT,
    )


def find_token(db: Session, value: str) -> AccessToken | None:
    """The token with this value, None when it is unknown, over, or its owner is not active."""
    prefix, _, secret = value.partition(".")
    statement = select(AccessToken).where(AccessToken.prefix == prefix, usable(utc_now()))
    token = db.scalars(statement).one_or_none()
    if token is None or not hmac.compare_digest(token.secret_hash, _hash(secret)):
        return None
    return token if token.owner.is_active else None


def note_use(engine: Engine, token: AccessToken) -> None:
    """Write down that a token (of a session that is over) has been used."""
    now = utc_now()
    if token.last_used_date is not None and now - token.last_used_date < NOTED_EVERY:
        return
    with writing(engine) as db:
        changed = update(AccessToken).where(AccessToken.id == token.id).values(last_used_date=now)
        db.execute(changed)
    set_committed_value(token, "last_used_date", now)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def _random_text(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
