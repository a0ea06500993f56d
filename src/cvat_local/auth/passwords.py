"""Passwords: hashing, verifying, and which ones are good enough."""

from __future__ import annotations

import functools
import hmac
import re
import secrets
import threading
from collections import OrderedDict
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cvat_local.storage.tables import User

MIN_LENGTH = 8
MAX_LENGTH = 256

_REMEMBERED = 256
_CODE_AGE = 24 * 60 * 60
"""Seconds for which the code of a reset is good."""
_CLOCK_DIGITS = 12
_LONGEST_TRIED = 4096
"""Hashing what is longer would be work for nothing."""


class Passwords:
    """Hashes and verifies passwords.

    Verifying is slow on purpose. A client that signs each request with its password (Basic
    authentication) would pay for that every time, so passwords that were right are remembered, as keyed
    hashes in memory, until the account's password changes.
    """

    def __init__(self) -> None:
        # The smallest of the settings that OWASP recommends: each sign-in costs about 20 ms and 19 MB.
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        return self._hasher.hash(password)

    def verify(self, user: User | None, password: str) -> bool:
        """Whether the account may be signed in with the password.

        Takes as long for an account that does not exist, so that nobody can learn which ones do.
        """
        stored = user.password_hash if user is not None and user.is_active else None
        if stored is None or len(password) > _LONGEST_TRIED:
            self._verify_slowly(self._hash_of_nobody(), password[:MAX_LENGTH])
            return False
        mark = hmac.digest(self._key, f"{stored}\0{password}".encode("utf-8", "replace"), sha256)
        with self._lock:
            if mark in self._right:
                self._right.move_to_end(mark)
                return True
        if not self._verify_slowly(stored, password):
            return False
        with self._lock:
            self._right[mark] = None
            if len(self._right) > _REMEMBERED:
                self._right.popitem(last=False)
        return True

    def reset_code(self, user: User, now: float) -> str:
        """A code that lets whoever gets it by mail choose a new password for the account.

        It works once, for a day at most, and not after this server has been started anew.

        Args:
            user: The account.
            now: Seconds since 1970.
        """
        return self._reset_code(user, int(now))

    def is_reset_code(self, user: User, code: str, now: float) -> bool:
        """Whether a code was made for the account and is still good."""
        made = code.partition("-")[0]
        if not (made.isascii() and made.isdigit() and len(made) <= _CLOCK_DIGITS):
            return False
        in_time = now - _CODE_AGE <= int(made) <= now
        expected = self._reset_code(user, int(made))
        return in_time and hmac.compare_digest(expected.encode(), code.encode("utf-8", "replace"))

    def _reset_code(self, user: User, made: int) -> str:
        # Once used it is wrong, as another password has another hash.
        of = f"reset\0{user.id}\0{user.password_hash}\0{user.email}\0{made}"
        mark = hmac.digest(self._key, of.encode("utf-8", "replace"), sha256)
        return f"{made}-{mark.hex()}"

    def _verify_slowly(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password.encode("utf-8", "replace"))
        except (VerificationError, InvalidHashError):
            return False

    def _hash_of_nobody(self) -> str:
        if self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_hex(16))
        return self._nobody


def weaknesses(password: str, personal: tuple[str, ...] = ()) -> list[str]:
    """Why a new password is not accepted; empty when it is good enough.

    Args:
        password: The password.
        personal: Names and addresses of the account, which the password must not resemble.
    """
    found = []
    if any(_resembles(password, text) for text in personal if text):
        found.append("The password resembles the name or the address of the account.")
    if len(password) < MIN_LENGTH:
        found.append(f"The password needs at least {MIN_LENGTH} characters.")
    if len(password) > MAX_LENGTH:
        found.append(f"The password may have at most {MAX_LENGTH} characters.")
    if password.lower().strip() in _common_passwords():
        found.append("The password is one of the most common ones.")
    if password.isdecimal():
        found.append("The password must not consist of digits only.")
    return found


@functools.cache
def _common_passwords() -> frozenset[str]:
    """Passwords that everybody tries first, in lower case, one a line of a file."""
    path = Path(__file__).with_name("common_passwords.txt")
    return frozenset(path.read_text(encoding="ascii").split())


def _resembles(password: str, text: str) -> bool:
    password = password.lower()[:MAX_LENGTH]
    parts = [text.lower(), *re.split(r"\W+", text.lower())]
    return any(part and SequenceMatcher(a=password, b=part).quick_ratio() >= 0.7 for part in parts)
