"""How much of an answer is read into memory: a body that never ends, or that unpacks to more than there is, is an error."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client.exceptions import ApiException, ApiTypeError, ApiValueError

LARGEST = 1024**3
"""Bytes of a body in memory, unless the configuration says otherwise. What goes to a file has no limit."""

_PIECE = 1024 * 1024


def checked(value: Any) -> int | None:
    """`Configuration.max_response_bytes` as a number; None for no limit.

    Raises:
        ApiTypeError: No whole number.
        ApiValueError: A number below 1.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ApiTypeError(
            f"Expected a number of bytes or None, got a value of type {type(value).__name__}",
            ("max_response_bytes",),
            (int,),
        )
    if value < 1:
        raise ApiValueError(f"Expected at least 1 byte, got {value}", ("max_response_bytes",))
    return value


def too_large(most: int) -> ApiException:
    """The error of a body that has more bytes than allowed."""
    return ApiException(
        status=0,
        reason=f"the body of the answer has more than {most:,} bytes, and Configuration.max_response_bytes "
        "allows no more in memory",
    )


def load(response: Any, most: int | None) -> bytes:
    """Read the rest of a body, which the response keeps.

    Args:
        response: A `urllib3.HTTPResponse` that has not been read.
        most: Bytes that are allowed; None for any number.

    Raises:
        ApiException: It has more.
        urllib3.exceptions.HTTPError: The connection failed.
    """
    if most is None or (
        response.length_remaining is not None and response.length_remaining <= most
    ):
        whole: bytes = response.data
        if most is None or len(whole) <= most:
            return whole
        raise too_large(most)  # which it had not announced: it was packed
    if response.length_remaining is not None:
        response.close()
        raise too_large(most)
    pieces: list[bytes] = []
    left = most
    while piece := response.read(_PIECE):
        left -= len(piece)
        if left < 0:
            response.close()
            raise too_large(most)
        pieces.append(piece)
    # Where `urllib3.HTTPResponse.data` has what it has read itself.
    whole = response._body = b"".join(pieces)
    return whole
