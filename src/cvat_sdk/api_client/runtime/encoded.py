"""Answers in a content encoding: they are unpacked here, since urllib3 takes a cut one for a whole one."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPResponse
from urllib3.exceptions import DecodeError, ProtocolError

_CHUNK = 64 * 1024
# Window sizes by encoding; those of zlib for gzip, zlib, and deflate without a frame.
_GZIP = zlib.MAX_WBITS | 16
_ZLIB = zlib.MAX_WBITS
_BARE = -zlib.MAX_WBITS


def unpacked(answer: HTTPResponse, *, preloaded: bool) -> HTTPResponse:
    """An answer whose body is read as it was before it was packed.

    Args:
        answer: An answer that urllib3 was told not to decode.
        preloaded: Its body has been read; that of the result is then read as well.

    Raises:
        urllib3.exceptions.ProtocolError: The body ends in its middle; of a body that has not been read, this is
            raised by the reading of its end.
        urllib3.exceptions.DecodeError: It is not in the encoding that it announces.
    """
    encoding = (answer.headers.get("Content-Encoding") or "").strip().lower()
    if encoding in ("", "identity"):
        return answer
    source: Any = io.BytesIO(answer.data) if preloaded else answer
    known = encoding in ("gzip", "x-gzip", "deflate")
    body: Any = _Unpacking(source, encoding) if known else source
    result = HTTPResponse(
        body,
        answer.headers,
        answer.status,
        answer.version,
        reason=answer.reason,
        preload_content=False,
        decode_content=not known,  # what is left is for urllib3, if it can
        enforce_content_length=False,
        retries=answer.retries,
        request_url=answer.url,
    )
    if known:
        result.CONTENT_DECODERS = []  # also where a reader insists on decoding, as iterating does
    if preloaded:
        _ = result.data
    return result


class _Unpacking:
    """The content of a packed stream, as a file to read from."""

    def __init__(self, source: Any, encoding: str) -> None:
        self._source = source
        self._encoding = encoding
        self._unpack: Any = None
        self._packed = b""
        self.closed = False

    def read(self, amount: int | None = None) -> bytes:
        """The next bytes, fewer than asked for only at the end."""
        found = bytearray()
        while amount is None or len(found) < amount:
            piece = self._next(0 if amount is None else amount - len(found))
            if piece is None:
                break
            found += piece
        return bytes(found)

    def read1(self, amount: int = -1) -> bytes:
        """The next bytes that are there."""
        while True:
            piece = self._next(max(amount, 0))
            if piece is None or piece:
                return piece or b""

    def close(self) -> None:
        self.closed = True
        self._source.close()

    def _next(self, limit: int) -> bytes | None:
        """What the next packed bytes hold, which may be nothing; None at the end.

        Args:
            limit: Most bytes to return; 0 for any number.
        """
        if not self._packed:
            self._packed = self._read(_CHUNK)
            if not self._packed:
                return self._rest(limit)
        if self._unpack is None:
            self._unpack = zlib.decompressobj(_window(self._encoding, self._packed))
        elif self._unpack.eof:
            if not self._packed.startswith(
                b"\x1f\x8b"
            ):  # padding after the last part is not for us
                self._packed = b""
                return b""
            self._unpack = zlib.decompressobj(_GZIP)
        try:
            piece: bytes = self._unpack.decompress(self._packed, limit)
        except zlib.error as error:
            self.close()
            raise DecodeError(
                f"The answer is not in the encoding {self._encoding} that it announces: {error}"
            ) from error
        self._packed = self._unpack.unconsumed_tail or self._unpack.unused_data
        return piece

    @property
    def _read(self) -> Callable[..., bytes]:
        if isinstance(self._source, HTTPResponse):
            return lambda size: self._source.read(size, decode_content=False)
        read: Callable[..., bytes] = self._source.read
        return read

    def _rest(self, limit: int) -> bytes | None:
        if self._unpack is None or self._unpack.eof:
            self.closed = True  # nothing is left, as readers want to know
            return None
        piece: bytes = self._unpack.decompress(b"", limit)
        if piece or self._unpack.eof:
            return piece
        self.close()
        raise ProtocolError(
            f"Connection broken: the {self._encoding} content of the answer ends in its middle"
        )


def _window(encoding: str, beginning: bytes) -> int:
    if encoding != "deflate":
        return _GZIP
    # Some servers send deflate without the frame that it should have, which begins with 8 and is a multiple of 31.
    framed = (
        len(beginning) > 1
        and beginning[0] & 15 == 8
        and (beginning[0] * 256 + beginning[1]) % 31 == 0
    )
    return _ZLIB if framed else _BARE
