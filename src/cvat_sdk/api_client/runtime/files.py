"""Answers that are files: a large one goes to disk while it arrives, and is never whole in memory."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable
from http.client import HTTPMessage
from pathlib import Path
from typing import IO

from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from cvat_sdk.api_client.exceptions import ApiTypeError
from cvat_sdk.api_client.runtime import explain, sizes, types
from cvat_sdk.api_client.runtime.filenames import filename_of

# Bytes; a body that announces no more than this is read at once.
_LARGE = 1024 * 1024
_CHUNK = 1024 * 1024


class SavedResponse(HTTPResponse):
    """A response that has been read to a file."""

    def __init__(self, path: Path, answer: HTTPResponse) -> None:
        super().__init__(
            io.BytesIO(),  # nothing is left to read
            answer.headers,
            answer.status,
            answer.version,
            reason=answer.reason,
            decode_content=False,
            enforce_content_length=False,
            retries=answer.retries,
            request_url=answer.url,
        )
        self.version_string: str = answer.version_string
        self.path = path
        self.msg: HTTPMessage | None = answer.msg

    @property
    def data(self) -> bytes:
        """The body, read anew from the file each time: to keep it would take the memory that is saved."""
        return self.path.read_bytes()


def receive(
    client: types.ApiClient,
    response: HTTPResponse,
    type_text: str,
    method: str,
    again: Callable[[], HTTPResponse],
) -> HTTPResponse:
    """Take in the body of an answer that may be a file.

    Args:
        client: Its configuration names the folder for temporary files.
        response: An answer whose body has not been read.
        type_text: Expected type; with ``file``, JSON is the content of a file too.
        method: HTTP method of the request, which may forbid to send it twice.
        again: Sends the request once more, for an answer that breaks off.

    Returns:
        The response with its body in memory, or a `SavedResponse`.

    Raises:
        urllib3.exceptions.HTTPError: The connection failed more often than the retries allow.
    """
    retries = response.retries
    while True:
        try:
            is_saved = not is_page(response) if type_text == "file" else not _is_text(response)
            if _is_large(response) and is_saved:
                return SavedResponse(_write(client, response), response)
            most = client.configuration.max_response_bytes
            # What would go to a file if it were larger has no smaller limit than that.
            sizes.load(response, most and max(most, _LARGE))
            return response
        except (ProtocolError, ReadTimeoutError) as error:
            if retries is None:
                raise
            # As a pool does when the same happens while it reads a body: raises when there are no more.
            retries = retries.increment(method, response.url, error=error)
        retries.sleep()
        response = again()


def open_file(client: types.ApiClient, response: HTTPResponse) -> IO[bytes]:
    """The body of a response as an open file, which is written now unless it has been."""
    path = response.path if isinstance(response, SavedResponse) else _write(client, response)
    return path.open("rb")


def refuse_page(response: HTTPResponse, method: str, url: str) -> HTTPResponse:
    """The response, unless it is a page for people in place of a file, as that of a proxy that wants a login.

    Raises:
        ApiTypeError: The answer is one: HTML that is not given the name of a file.
    """
    if not is_page(response):
        return response
    text = explain.unexpected_body(
        "a file",
        method=method,
        url=url,
        content_type=response.headers.get("Content-Type"),
        body=response.data,
    )
    raise ApiTypeError(text, ("received_data",), ("file",))


def is_page(response: HTTPResponse) -> bool:
    """Whether an answer is a page for people; a file of that kind has a name."""
    media_type = (response.headers.get("Content-Type") or "").lower()
    return "html" in media_type and "Content-Disposition" not in response.headers


def _write(client: types.ApiClient, response: HTTPResponse) -> Path:
    """Write the body of a response to a temporary file; there is none when that fails."""
    # A folder of its own: the server chooses the name, not what it may overwrite.
    folder = Path(tempfile.mkdtemp(dir=client.configuration.temp_folder_path))
    path = folder / filename_of(response.headers.get("Content-Disposition") or "")
    try:
        with path.open("wb") as file:
            if isinstance(response, HTTPResponse) and not response.isclosed():
                file.writelines(response.stream(_CHUNK))
            else:
                file.write(response.data)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return path


def _is_large(response: HTTPResponse) -> bool:
    """Whether a body has to be taken for a large one; bodies of errors are part of their messages."""
    length = response.length_remaining
    return 200 <= response.status <= 299 and (length is None or length > _LARGE)


def _is_text(response: HTTPResponse) -> bool:
    """Whether an answer says that it is JSON or a page, as that of a proxy that wants a login."""
    media_type = (response.headers.get("Content-Type") or "").lower()
    return "json" in media_type or "html" in media_type
