"""Answers in a content encoding: they are unpacked here, since urllib3 takes a cut one for a whole one."""

from __future__ import annotations

import functools
import io
import zlib
from collections.abc import Callable, Generator
from typing import Any

import urllib3
from urllib3.exceptions import DecodeError, ProtocolError

from cvat_sdk.api_client.runtime import sizes

_CHUNK = 64 * 1024
# Window sizes by encoding; those of zlib for gzip, zlib, and deflate without a frame.
_GZIP = zlib.MAX_WBITS | 16
_ZLIB = zlib.MAX_WBITS
_BARE = -zlib.MAX_WBITS


def unpacked(
    answer: urllib3.HTTPResponse, *, preloaded: bool, most: int | None = None
) -> urllib3.HTTPResponse:
    """An answer whose body is read as it was before it was packed.

    Args:
        answer: An answer that urllib3 was told not to decode.
        preloaded: Its body has been read; that of the result is then read as well.
        most: Bytes that a body may have that is read; None for any number.

    Raises:
        ApiException: The body has more bytes than allowed.
        urllib3.exceptions.ProtocolError: The body of a success ends in its middle; of a body that has not been read, this is
            raised by the reading of its end.
        urllib3.exceptions.DecodeError: That of a success is not in the encoding that it announces.
    """
    if "Content-Encoding" not in answer.headers:
        return answer
    encoding = answer.headers["Content-Encoding"].strip().lower()
    if encoding in ("", "identity"):
        return answer
    source: Any = io.BytesIO(answer.data) if preloaded else answer
    body: Any = source
    if encoding in ("gzip", "x-gzip", "deflate"):
        is_success = 200 <= answer.status <= 299
        body = _Unpacking(source, encoding, must_be_whole=is_success)
    result = HTTPResponse(answer, body)
    if preloaded:
        sizes.load(result, most)
    return result


class HTTPResponse(urllib3.HTTPResponse):
    """An answer that is read unpacked, or as it came where a reader asks for that; it is named as urllib3's is."""

    def __init__(self, packed: urllib3.HTTPResponse, body: Any) -> None:
        super().__init__(
            body,
            packed.headers,
            packed.status,
            packed.version,
            reason=packed.reason,
            preload_content=False,
            enforce_content_length=False,
            retries=packed.retries,
            request_url=packed.url,
        )
        self.version_string: str = packed.version_string
        self._packed = packed
        if isinstance(body, _Unpacking):
            self.CONTENT_DECODERS: list[str] = []  # any other encoding is for urllib3, if it can

    @property
    def connection(self) -> Any:
        return self._packed.connection

    def release_conn(self) -> None:
        self._packed.release_conn()

    def shutdown(self) -> None:
        self._packed.shutdown()

    def supports_chunked_reads(self) -> bool:
        return self._packed.supports_chunked_reads()

    def read(
        self,
        amt: int | None = None,
        decode_content: bool | None = None,
        cache_content: bool = False,
    ) -> bytes:
        if decode_content is False:
            return self._packed.read(amt, decode_content=False)
        return super().read(amt, decode_content, cache_content)

    def read1(self, amt: int | None = None, decode_content: bool | None = None) -> bytes:
        if decode_content is False:
            return self._packed.read1(amt, decode_content=False)
        return super().read1(amt, decode_content)

    def stream(
        self, amt: int | None = _CHUNK, decode_content: bool | None = None
    ) -> Generator[bytes, None, None]:
        if decode_content is False:
            yield from self._packed.stream(amt, decode_content=False)
        else:
            while piece := self.read(amt):
                yield piece

    def read_chunked(
        self, amt: int | None = None, decode_content: bool | None = None
    ) -> Generator[bytes, None, None]:
        if decode_content is False or not (self.chunked and self.supports_chunked_reads()):
            yield from self._packed.read_chunked(amt, decode_content=False)
        else:
            yield from self.stream(amt)


class _Unpacking:
    """The content of a packed stream, as a file to read from.

    Args:
        source: The packed stream.
        encoding: Its encoding.
        must_be_whole: False for an answer whose status says more than its body: that ends where it cannot be
            unpacked any further.
    """

    def __init__(self, source: Any, encoding: str, *, must_be_whole: bool) -> None:
        self._source = source
        self._encoding = encoding
        self._must_be_whole = must_be_whole
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
            if not self._must_be_whole:
                return None
            raise DecodeError(
                f"The answer is not in the encoding {self._encoding} that it announces: {error}"
            ) from error
        self._packed = self._unpack.unconsumed_tail or self._unpack.unused_data
        return piece

    @property
    def _read(self) -> Callable[..., bytes]:
        read: Callable[..., bytes] = self._source.read
        if isinstance(self._source, io.BytesIO):
            return read
        return functools.partial(read, decode_content=False)

    def _rest(self, limit: int) -> bytes | None:
        if self._unpack is None or self._unpack.eof:
            self.closed = True  # nothing is left, as readers want to know
            return None
        piece: bytes = self._unpack.decompress(b"", limit)
        if piece or self._unpack.eof:
            return piece
        self.close()
        if not self._must_be_whole:
            return None
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
