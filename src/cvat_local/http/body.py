"""Reading the body of a request from a worker thread, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from anyio import from_thread
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from cvat_local.http.errors import detail


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


class Body:
    """The body of one request. It can be read once, either whole or piece by piece.

    Args:
        receive: The ASGI channel; awaited on the event loop that this worker thread belongs to.
        headers: Headers of the request.
    """

    def __init__(self, receive: Receive, headers: Headers) -> None:
        self._receive = receive
        self._headers = headers
        self._finished = False

    @property
    def content_type(self) -> str:
        """Media type in lower case without parameters; empty when there is none."""
        return self._headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def declared_length(self) -> int | None:
        """Bytes that the client announced; None when it streams."""
        text = self._headers.get("content-length", "")
        return int(text) if text.isdecimal() else None

    @property
    def present(self) -> bool:
        """Whether the request has a body that is not empty, as far as its headers tell."""
        length = self.declared_length
        return bool(length) if length is not None else "transfer-encoding" in self._headers

    def pieces(self, limit: int) -> Iterator[bytes]:
        """The body as it arrives.

        Args:
            limit: Largest allowed size in bytes.

        Raises:
            ApiError: 413 when the body is larger.
            ClientGone: The client went away.
        """
        if (self.declared_length or 0) > limit:
            raise _too_large(limit)
        received = 0
        while not self._finished:
            message = from_thread.run(self._next_message)
            if message["type"] == "http.disconnect":
                raise ClientGone
            piece = message.get("body", b"")
            self._finished = not message.get("more_body", False)
            received += len(piece)
            if received > limit:
                raise _too_large(limit)
            if piece:
                yield piece

    async def _next_message(self) -> Message:
        return await self._receive()

    def read(self, limit: int) -> bytes:
        """The whole body; raises like `pieces`."""
        return b"".join(self.pieces(limit))


def _too_large(limit: int) -> Exception:
    return detail(413, f"The body is larger than the limit of {limit} bytes for this request.")
