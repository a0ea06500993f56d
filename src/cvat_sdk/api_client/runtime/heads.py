"""Heads of answers: the standard library takes one that breaks off for a whole one, waits for ever for one that is
always only announced, and believes one that has no body when it says that it has chunks.
"""

from __future__ import annotations

import http.client
from typing import Any

# Answers that announce another one; no server has reason to send more of them.
_MOST_ANNOUNCED = 100
_SWITCHED = 101
_WITHOUT_BODY = (204, 304)
_ENDS = (b"\r\n", b"\n")


class HTTPResponse(http.client.HTTPResponse):
    """The answer to one request, whose head has to be whole. It is named as that of the standard library."""

    def begin(self) -> None:
        """Read the head.

        Raises:
            http.client.HTTPException: It breaks off, or is none.
        """
        if self.headers is not None:
            return
        lines = _Lines(self.fp)
        self.fp: Any = lines
        try:
            super().begin()
        finally:
            if self.fp is lines:
                self.fp = lines.stream
        if lines.last not in _ENDS:
            raise http.client.HTTPException("the headers of the answer break off")
        if self.chunked and (self._method == "HEAD" or self.status in _WITHOUT_BODY):
            self.chunked = False
            self._close_conn()  # what follows is no part of it

    def _read_status(self) -> tuple[str, int, str]:
        """The status line of the answer that is meant for the caller."""
        for _ in range(_MOST_ANNOUNCED):
            version, status, reason = super()._read_status()  # type: ignore[misc]  # known to tunnels and `begin`
            if not 100 <= status <= 199 or status == _SWITCHED:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise http.client.HTTPException(
            f"the server announced an answer {_MOST_ANNOUNCED} times, and sent none"
        )


class _Lines:
    """A stream that remembers the last line that was read of it."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.last: bytes = b""

    def readline(self, limit: int) -> bytes:
        self.last = self.stream.readline(limit)
        return self.last

    def close(self) -> None:
        self.stream.close()
