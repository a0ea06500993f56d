"""Resumable uploads by TUS 1.0: a file in pieces, gone on with where a connection, the server or this program broke off."""

from __future__ import annotations

import base64
import logging
import os
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from typing import IO, Any, NamedTuple

from urllib3.exceptions import HTTPError

from cvat_sdk.api_client.exceptions import ApiException
from cvat_sdk.api_client.runtime import types
from cvat_sdk.core import transfers
from cvat_sdk.core.deadlines import waits_of
from cvat_sdk.core.exceptions import CvatSdkException
from cvat_sdk.core.helpers import make_request_headers

__all__ = ["CHUNK_SIZE", "Upload", "upload_file"]

CHUNK_SIZE = 10 * 1024 * 1024
"""Bytes of a piece."""

_LOGGER = logging.getLogger("cvat_sdk.core.tus")
_VERSION = {"Tus-Resumable": "1.0.0"}
# The server has forgotten an upload that was not finished, or keeps none of that name.
_GONE = frozenset({404, 410})


class Upload(NamedTuple):
    """An upload that has begun; with it another program can go on."""

    url: str
    """Where its pieces are sent to."""
    name: str
    """What the server calls the file."""


def upload_file(
    client: types.ApiClient,
    url: str,
    file: IO[bytes],
    *,
    metadata: Mapping[str, str],
    begun: Upload | None = None,
    on_begin: Callable[[Upload], object] | None = None,
    on_bytes: Callable[[int], object] | None = None,
    cancel: threading.Event | None = None,
    chunk_size: int | None = None,
) -> str:
    """Send a file in pieces.

    Args:
        client: The client.
        url: Where uploads are announced, such as ``https://server/api/tasks/1/data/``.
        file: What is sent, from its start to its end; it can be sought in.
        metadata: What is said of it, ``filename`` at least.
        begun: An upload of the same file that was left unfinished, to go on with.
        on_begin: Told of the upload when it has begun.
        on_bytes: Told of bytes that have arrived; a negative number takes back.
        cancel: Set it to give up, from any thread.
        chunk_size: Bytes of a piece. Default: `CHUNK_SIZE`.

    Returns:
        What the server calls the file.

    Raises:
        ApiException: The server refuses.
        CvatSdkException: The server does not keep to the protocol, or its failures do not end.
        concurrent.futures.CancelledError: `cancel` was set.
        urllib3.exceptions.HTTPError: No connection, after several attempts.
    """
    size = file.seek(0, os.SEEK_END)
    session = _Session(
        client, url, file, size, metadata, on_bytes, cancel, chunk_size or CHUNK_SIZE
    )
    if begun is not None and session.go_on(begun):
        return begun.name
    name = begun.name if begun is not None else None
    for _ in range(2):  # once more where the server has forgotten it on the way
        try:
            upload = session.begin()
        except ApiException as error:
            # It has the whole file: only the answer to the last piece got lost.
            if error.status == 409 and name is not None:
                session.arrived()
                return name
            raise
        name = upload.name
        if on_begin is not None:
            on_begin(upload)
        if session.go_on(upload, at=0):
            return name
    raise CvatSdkException(f"The server does not keep what is uploaded to {transfers.shown(url)}")


class _Session:
    def __init__(
        self,
        client: types.ApiClient,
        url: str,
        file: IO[bytes],
        size: int,
        metadata: Mapping[str, str],
        on_bytes: Callable[[int], object] | None,
        cancel: threading.Event | None,
        chunk_size: int,
    ) -> None:
        self.client = client
        self.url = url
        self.file = file
        self.size = size
        self.metadata = metadata
        self.on_bytes = on_bytes
        self.cancel = cancel
        self.chunk_size = chunk_size
        self.told = 0

    def begin(self) -> Upload:
        """Announce the file."""
        pairs = (
            f"{key} {base64.b64encode(value.encode()).decode('ascii')}"
            for key, value in self.metadata.items()
        )
        headers = {"Upload-Length": str(self.size), "Upload-Metadata": ",".join(pairs)}
        failures = 0
        while True:
            try:
                response = self._send("POST", self.url, headers)
                transfers.expect((200, 201), response, "POST", self.url)
                break
            except (ApiException, HTTPError) as error:
                failures += 1
                if failures >= transfers.MOST_FAILURES or not transfers.may_pass(error):
                    raise
                _LOGGER.warning("upload: %s; trying again", transfers.first_line(error))
                transfers.pause(failures, self.cancel, "the upload")
        location, name = (response.headers.get(key) for key in ("Location", "Upload-Filename"))
        if not location or not name:
            lost = "Location" if not location else "Upload-Filename"
            raise CvatSdkException(
                f"POST {transfers.shown(self.url)}: the answer has no header {lost}"
            )
        return Upload(self._put_right(location), name)

    def _put_right(self, location: str) -> str:
        """An address that a server behind a proxy gives, with the scheme and the host that lead there."""
        absolute = urllib.parse.urljoin(self.url, location)
        if transfers.is_of_server(self.client, absolute):
            return absolute
        ours, given = urllib.parse.urlsplit(self.url), urllib.parse.urlsplit(absolute)
        right = urllib.parse.urlunsplit((ours.scheme, ours.netloc, given.path, given.query, ""))
        _LOGGER.info("upload: the server calls itself %s; using %s", given.netloc, ours.netloc)
        return right

    def go_on(self, upload: Upload, at: int | None = None) -> bool:
        """Send what the server does not have; False when it has forgotten the upload.

        Args:
            upload: The upload.
            at: Bytes that the server has; None to ask for them.
        """
        offset, failures = at, 0
        self._tell(0)
        while True:
            try:
                if offset is None:
                    offset = self._ask(upload)
                    self._tell(offset)
                if offset == self.size and not (at == 0 and self.size == 0):
                    return True
                reached = self._piece(upload, offset)
                failures = 0 if reached > offset else failures
                offset = reached
                self._tell(offset)
                if offset == self.size:
                    return True
            except (ApiException, HTTPError) as error:
                status = getattr(error, "status", None)
                if status in _GONE:
                    self._tell(0)
                    return False
                # 409: the server has another number of bytes than we think.
                failures += 1
                if not transfers.may_pass(error) and status != 409:
                    raise
                if failures >= transfers.MOST_FAILURES:
                    raise
                _LOGGER.warning("upload: %s; going on", transfers.first_line(error))
                offset = None
                transfers.pause(failures, self.cancel, "the upload")

    def _ask(self, upload: Upload) -> int:
        """Bytes that the server has."""
        response = self._send("HEAD", upload.url, {})
        transfers.expect((200, 204), response, "HEAD", upload.url)
        return self._offset(response, "HEAD", upload.url)

    def _piece(self, upload: Upload, offset: int) -> int:
        """Send the bytes from an offset on; gives the offset that the server has then."""
        transfers.check(self.cancel, "the upload")
        self.file.seek(offset)
        piece = self.file.read(min(self.chunk_size, self.size - offset))
        if not piece and self.size:
            raise CvatSdkException(
                f"{self.metadata.get('filename')}: the file has become shorter while it was sent"
            )
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
        }
        response = self._send("PATCH", upload.url, headers, piece)
        transfers.expect((200, 204), response, "PATCH", upload.url)
        reached = self._offset(response, "PATCH", upload.url)
        if reached < offset + len(piece):
            raise CvatSdkException(
                f"PATCH {transfers.shown(upload.url)}: the server has taken {len(piece):,} bytes at {offset:,}, "
                f"and says that it has {reached:,}"
            )
        return reached

    def _offset(self, response: types.HTTPResponse, method: str, url: str) -> int:
        text = response.headers.get("Upload-Offset") or ""
        if not (text.isascii() and text.isdigit()) or int(text) > self.size:
            raise CvatSdkException(
                f"{method} {transfers.shown(url)}: expected an Upload-Offset from 0 to {self.size:,}, got {text!r}"
            )
        return int(text)

    def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> types.HTTPResponse:
        send: Any = getattr(self.client.rest_client, method)
        # The server makes the address of the upload of it.
        origin = {"Origin": self.client.build_origin_header(self.url)}
        response: types.HTTPResponse = send(
            url,
            headers={**make_request_headers(self.client), **origin, **_VERSION, **headers},
            _request_timeout=waits_of(self.client),
            _check_status=False,
            **({} if body is None else {"body": body}),
        )
        return response

    def arrived(self) -> None:
        """Tell that all bytes have arrived."""
        self._tell(self.size)

    def _tell(self, offset: int) -> None:
        if self.on_bytes is not None and offset != self.told:
            self.on_bytes(offset - self.told)
        self.told = offset
