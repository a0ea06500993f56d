"""How often callers without credentials may come: whoever guesses passwords needs many tries."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable

from cvat_local.http.errors import detail

_WINDOW = 60.0
"""Seconds in which calls are counted."""
_MOST_ADDRESSES = 10_000


class Throttle:
    """Counts the calls of each address in the last minute.

    Args:
        limit: Calls that an address may make in a minute; None: any number.
        clock: Seconds from any start.
    """

    def __init__(self, limit: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._calls: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def check(self, address: str) -> None:
        """Count a call.

        Raises:
            ApiError: 429 with ``Retry-After``, it is one too many.
        """
        if self._limit is None:
            return
        now = self._clock()
        with self._lock:
            calls = self._calls.setdefault(address, deque())
            while calls and calls[0] <= now - _WINDOW:
                calls.popleft()
            if len(calls) >= self._limit:
                wait = math.ceil(calls[0] + _WINDOW - now)
                raise detail(
                    429,
                    f"Too many calls without credentials; try again in {wait} s.",
                    {"Retry-After": str(wait)},
                )
            calls.append(now)
            if len(self._calls) > _MOST_ADDRESSES:
                self._forget(now)

    def _forget(self, now: float) -> None:
        """Drop the addresses that have not called for a while."""
        for address, calls in list(self._calls.items()):
            if not calls or calls[-1] <= now - _WINDOW:
                del self._calls[address]
