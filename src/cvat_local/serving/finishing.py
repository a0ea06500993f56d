"""What every answer gets before it is sent: common headers and compression."""

from __future__ import annotations

import zlib

from starlette.responses import FileResponse, Response, StreamingResponse

_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_MIN_SIZE = 200
"""Bytes up to which compression does not pay."""
_COMPRESSIBLE = ("application/vnd.cvat+json", "application/json", "application/vnd.oai", "text/")


def finish(response: Response, request_id: str, accept_encoding: str) -> None:
    """Add the common headers, and compress a text when the client can take it.

    Args:
        response: The answer, changed in place.
        request_id: Name of this request in the log.
        accept_encoding: Header of the request.
    """
    headers = response.headers
    headers["X-Request-Id"] = request_id
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Vary", "Accept, Origin, Cookie")
    if not _is_compressible(response):
        return
    headers["Vary"] += ", Accept-Encoding"
    if not _takes_gzip(accept_encoding):
        return
    # Bodies can have many megabytes, and the client is mostly on this machine: speed goes before size.
    compressor = zlib.compressobj(level=1, wbits=16 + zlib.MAX_WBITS)
    response.body = compressor.compress(response.body) + compressor.flush()
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(response.body))


def _is_compressible(response: Response) -> bool:
    return (
        not isinstance(response, FileResponse | StreamingResponse)
        and len(response.body) > _MIN_SIZE
        and "content-encoding" not in response.headers
        and response.headers.get("content-type", "").startswith(_COMPRESSIBLE)
    )


def _takes_gzip(accept_encoding: str) -> bool:
    for entry in accept_encoding.lower().split(","):
        coding, _, parameter = entry.strip().partition(";")
        if coding.strip() in ("gzip", "*"):
            weight = parameter.strip().removeprefix("q=")
            return weight not in ("0", "0.0", "0.00", "0.000")
    return False
