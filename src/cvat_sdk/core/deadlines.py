"""Time limits of what takes several calls: transfers, waits, lists of many pages.

A healthy server can be silent for minutes, over a large file that it takes in; but a connection is made within
seconds, and nobody waits for ever.
"""

from __future__ import annotations

import time

from cvat_sdk.api_client.runtime import types

CONNECT = 10.0
"""Seconds for a connection to be made."""
SILENCE = 300.0
"""Seconds without a byte in either direction."""

Waits = tuple[float, float]
"""Seconds for a connection, and for each wait for a byte, as ``_request_timeout`` takes them."""
WAITS: Waits = (CONNECT, SILENCE)


def waits_of(client: types.ApiClient) -> Waits:
    """The limits of a single call among several: those above, or those of the client where these are shorter."""
    limit = getattr(client.configuration, "timeout", None)
    connect, silence = limit if isinstance(limit, tuple) else (limit, limit)
    return min(connect or CONNECT, CONNECT), min(silence or SILENCE, SILENCE)


class Deadline:
    """The end of some work.

    Args:
        seconds: From now; None for no end.
    """

    def __init__(self, seconds: float | None) -> None:
        self._end: float | None = None if seconds is None else time.monotonic() + seconds

    def left(self, most: float) -> float:
        """Seconds until the end, at most so many; 0 when it is over."""
        if self._end is None:
            return most
        return max(0.0, min(most, self._end - time.monotonic()))

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self._end is not None and time.monotonic() >= self._end
