"""Answers: JSON in CVAT's media type, texts, bytes and files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from cvat_sdk.api_client.runtime.codec import encode

JSON_TYPE = "application/vnd.cvat+json"
"""Media type of every JSON answer of the API, without a charset."""


def json(obj: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON of models, dicts, lists, datetimes (written in UTC with ``Z``) and plain values."""
    return json_text(encode(obj), status, headers)


def json_text(text: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that is JSON already."""
    response = Response(text, status, headers)
    response.headers["Content-Type"] = JSON_TYPE
    return response


def created(obj: Any, location: str | None = None) -> Response:
    """201; ``location`` is the URL of the new object, for resources that have a ``url``."""
    return json(obj, 201, {"Location": location} if location else None)


def empty(status: int = 204) -> Response:
    """An answer without body and without content type."""
    return Response(status_code=status)


def text(content: str, status: int = 200, media_type: str = "text/plain") -> Response:
    """Text in UTF-8. Never HTML: what a caller sent must not come back as markup."""
    return Response(content, status, media_type=media_type)


def bytes_(
    data: bytes, media_type: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A body that is at hand in memory."""
    return Response(data, status, headers, media_type=media_type)


def file(
    path: Path, media_type: str, filename: str | None = None, *, inline: bool = False
) -> Response:
    """A file, streamed; ranges are answered.

    Args:
        path: The file; it must exist until the answer has been sent.
        media_type: Its content type.
        filename: Name that a client saves it under (``Content-Disposition``).
        inline: Meant to be shown rather than saved.
    """
    response = FileResponse(path, media_type=media_type)
    # An upload can be replaced under its name, and a client must not mix two versions of it.
    response.headers["Cache-Control"] = "no-cache"
    if filename is not None:
        response.headers["Content-Disposition"] = content_disposition(filename, inline=inline)
    return response


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """Header value for a download called ``filename`` (RFC 6266; names beyond ASCII included)."""
    kind = "inline" if inline else "attachment"
    plain = filename.encode("ascii", "replace").decode().replace("\\", "_").replace('"', "_")
    if plain == filename:
        return f'{kind}; filename="{plain}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
