"""Files of the server: streamed to disk, whole or not there, gone on with where a connection broke off."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, TypeAlias

from urllib3.exceptions import HTTPError

from cvat_sdk.api_client.exceptions import ApiException, ApiValueError
from cvat_sdk.api_client.runtime import types, unreachable
from cvat_sdk.api_client.runtime.filenames import filename_of
from cvat_sdk.api_client.runtime.files import is_page
from cvat_sdk.core import digests, transfers
from cvat_sdk.core.deadlines import waits_of
from cvat_sdk.core.exceptions import CvatSdkException
from cvat_sdk.core.helpers import make_request_headers
from cvat_sdk.core.progress import NullProgressReporter, ProgressReporter
from cvat_sdk.core.utils import create_beside

__all__ = ["Downloader", "PathLike", "download", "prepare_target"]

PathLike: TypeAlias = str | os.PathLike[str]

_LOGGER = logging.getLogger("cvat_sdk.core.downloading")
_CHUNK = 1024 * 1024
# Whole files in a row that have another digest than they should.
_MOST_WRONG = 2


def prepare_target(path: PathLike) -> Path:
    """Check that a file can be written, before anything is asked of a server.

    Args:
        path: Name of a file that is not there, or a folder.

    Raises:
        FileExistsError: It is a file.
        FileNotFoundError: Its folder is not there.
    """
    target = Path(path)
    if target.is_file():
        raise FileExistsError(f"There is a file {str(target)!r} already")
    if not target.is_dir() and not target.parent.is_dir():
        raise FileNotFoundError(
            f"There is no folder {str(target.parent)!r} to write {target.name!r} to"
        )
    return target


def download(
    client: types.ApiClient,
    url: str,
    path: PathLike,
    *,
    pbar: ProgressReporter | None = None,
    timeout: Any = None,
    cancel: threading.Event | None = None,
) -> Path:
    """Write what an address gives to a file.

    A download that breaks off is gone on with where it was, if the server can do that and the file is the same
    (``Range`` with ``If-Range``), otherwise from the start. Where the server tells a digest (``Repr-Digest``,
    ``Digest``, ``Content-MD5``), the file has it.

    Args:
        client: Its credentials are sent if the address is one of its server, and to nobody else.
        url: The address.
        path: Name of the file, or a folder, in which it gets the server's name.
        pbar: Told of the bytes that arrive.
        timeout: ``_request_timeout`` of the single requests. Default: 10 s for a connection, 300 s for each byte.
        cancel: Set it to give up, from any thread.

    Returns:
        The file.

    Raises:
        FileExistsError: There is such a file already.
        ApiException: The answer is not a success.
        CvatSdkException: The file came in another length than announced or with another digest, again and again, or a
            page came in its place.
        concurrent.futures.CancelledError: `cancel` was set.
        urllib3.exceptions.HTTPError: No connection, after several attempts.
    """
    target = prepare_target(path)
    return _Download(client, url, target, pbar or NullProgressReporter(), timeout, cancel).run()


class _Download:
    def __init__(
        self,
        client: types.ApiClient,
        url: str,
        target: Path,
        pbar: ProgressReporter,
        timeout: Any,
        cancel: threading.Event | None,
    ) -> None:
        self.client = client
        self.url = url
        self.target = target
        self.pbar = pbar
        self.timeout = waits_of(client) if timeout is None else timeout
        self.cancel = cancel
        self.validator: str | None = None
        """What tells that a file is the same: its ETag, or when it was changed."""
        self.digest: digests.Digest | None = None
        """What the whole file has to have, where the server tells it."""
        self.has_begun = False
        """Whether anything has been answered."""
        self.is_packed = False
        """Whether it comes in a content encoding, which was not asked for."""

    def run(self) -> Path:
        response = self._open_patiently(0)
        with contextlib.ExitStack() as stack:
            stack.callback(response.close)
            if self.target.is_dir():
                name = filename_of(response.headers.get("Content-Disposition") or "")
                self.target = self.target / name
                if self.target.exists():
                    raise FileExistsError(f"There is a file {str(self.target)!r} already")
            temporary, file = create_beside(self.target)
            stack.callback(temporary.unlink, missing_ok=True)
            with file:
                self._receive(response, file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.target)
        return self.target

    def _receive(self, response: types.HTTPResponse, file: IO[bytes]) -> None:
        total = self._length(response)
        task = self.pbar.task(
            total=total, desc="Downloading", unit_scale=True, unit="B", unit_divisor=1024
        )
        self.has_begun = True
        with task:
            failures = furthest = 0
            while True:
                last: HTTPError | None = None
                is_whole = False
                try:
                    self._copy(response, file)
                    is_whole = total is None or file.tell() == total
                    file.flush()
                    if is_whole and digests.agree(Path(file.name), self.digest):
                        return
                    reason = f"{file.tell():,} of {total or file.tell():,} bytes came"
                except HTTPError as error:
                    reason, last = transfers.first_line(error), error
                finally:
                    response.close()
                if is_whole:
                    reason = "the file has not the digest that the server tells"
                    self.validator = None  # what is there is not to be gone on with
                failures = 1 if file.tell() > furthest else failures + 1
                furthest = max(furthest, file.tell())
                if failures >= transfers.MOST_FAILURES or (is_whole and failures > _MOST_WRONG):
                    if last is None:
                        raise CvatSdkException(f"GET {self._shown}: {reason}, again and again")
                    unreachable.explain(last, "GET", self.url, timeout=self.timeout)
                    raise last
                _LOGGER.warning("GET %s: %s; going on", self._shown, reason)
                transfers.pause(failures, self.cancel, "the download")
                response = self._open_patiently(file.tell())
                if response.status != 206:
                    self.pbar.advance(-file.tell())
                    file.seek(0)
                    file.truncate()
                    total = self._length(response)

    def _open_patiently(self, position: int) -> types.HTTPResponse:
        """`_open`, again and again where the failure may pass: before anything came, that of a server that answers."""
        failures = 0
        while True:
            try:
                return self._open(position)
            except (ApiException, HTTPError) as error:
                failures += 1
                if failures >= transfers.MOST_FAILURES or not transfers.may_pass(error):
                    raise
                if isinstance(error, HTTPError) and not self.has_begun:
                    raise
                _LOGGER.warning("GET %s: %s; again", self._shown, transfers.first_line(error))
                transfers.pause(failures, self.cancel, "the download")

    def _copy(self, response: types.HTTPResponse, file: IO[bytes]) -> None:
        # What is there is written at once: a slow line shows that it moves, and little is lost when it breaks.
        while piece := (
            response.read(_CHUNK, decode_content=True)
            if self.is_packed
            else response.read1(_CHUNK, decode_content=False)
        ):
            transfers.check(self.cancel, "the download")
            file.write(piece)
            self.pbar.advance(len(piece))

    def _open(self, position: int) -> types.HTTPResponse:
        """An answer from a position on, or from the start where the server sees it otherwise."""
        headers = {**self._headers(), "Accept-Encoding": "identity"}
        if position and self.validator:
            headers |= {"Range": f"bytes={position}-", "If-Range": self.validator}
        response = self.client.rest_client.GET(
            self.url,
            headers=headers,
            _parse_response=False,
            _request_timeout=self.timeout,
            _check_status=False,
        )
        if response.status == 206 and not _begins_at(response, position):
            response.close()
            raise CvatSdkException(
                f"GET {self._shown}: the server sends another part than was asked for"
            )
        if response.status == 416 and "Range" in headers:
            response.close()
            self.validator = None  # nothing is there to go on with
            return self._open(0)
        if response.status not in (200, 206):
            response.read(decode_content=True, cache_content=True)
            transfers.expect(200, response, "GET", self.url)
        if is_page(response):
            response.close()
            raise CvatSdkException(
                f"GET {self._shown}: got an HTML page in place of a file; does a proxy ask for a login?"
            )
        if response.status == 200:
            self.digest = digests.told_by(response.headers)
        encoding = (response.headers.get("Content-Encoding") or "").strip().lower()
        self.is_packed = encoding not in ("", "identity")
        etag = response.headers.get("ETag") or ""
        # A weak one does not say that the bytes are the same.
        strong = etag if etag and not etag.startswith("W/") else None
        self.validator = strong or response.headers.get("Last-Modified")
        if self.is_packed:
            # The bytes that are here are others than those of the answer.
            self.validator = self.digest = None
        return response

    def _length(self, response: types.HTTPResponse) -> int | None:
        """Bytes of the whole file; None when the answer does not say."""
        text = response.headers.get("Content-Length") or ""
        is_told = text.isascii() and text.isdigit() and not self.is_packed
        return int(text) if is_told else None

    def _headers(self) -> dict[str, str]:
        """Headers of the client, with its credentials if the address is one of its server."""
        if not transfers.is_of_server(self.client, self.url):
            return {}
        return make_request_headers(self.client)

    @property
    def _shown(self) -> str:
        return transfers.shown(self.url)


def _begins_at(response: types.HTTPResponse, position: int) -> bool:
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range") or "")
    return found is not None and int(found[1]) == position


def _as_json(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query with truth values as JSON writes them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in query.items()
    }


class Downloader:
    """Downloads of a client, by the names of the published package.

    Args:
        client: A `cvat_sdk.core.client.Client`.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def prepare_file(
        self,
        endpoint: Any,
        *,
        url_params: dict[str, Any] | None = None,
        query_params: dict[str, Any] | None = None,
        status_check_period: float | None = None,
    ) -> Any:
        """Have the server make a file.

        Args:
            endpoint: The operation that starts it.
            url_params: Values for its path.
            query_params: Its query.
            status_check_period: Seconds between two questions whether it is made.

        Returns:
            The finished `models.Request`.

        Raises:
            BackgroundRequestException: The server could not make it.
            ApiException: The server refuses.
        """
        client = self._client
        client.logger.info("Waiting for the server to prepare the file...")
        api_client = client.api_client
        response = api_client.rest_client.request(
            method=endpoint.settings["http_method"],
            url=client.api_map.make_endpoint_url(
                endpoint.path, kwsub=url_params, query_params=_as_json(query_params or {})
            ),
            headers=make_request_headers(api_client),
            _request_timeout=waits_of(api_client),
            _check_status=False,
        )
        # 409: the same is being made already.
        transfers.expect((202, 409), response, "POST", endpoint.path)
        rq_id = transfers.request_id_of(response)
        request, _ = client.wait_for_completion(rq_id, status_check_period=status_check_period)
        return request

    def download_file(
        self,
        url: str,
        output_path: PathLike,
        *,
        timeout: float = 60,
        pbar: ProgressReporter | None = None,
    ) -> Path:
        """Write what an address gives to a file: see `download`.

        Args:
            url: The address.
            output_path: Name of the file, or a folder.
            timeout: Seconds for each wait for a byte.
            pbar: Told of the bytes that arrive.
        """
        limit = waits_of(self._client.api_client)
        return download(
            self._client.api_client,
            url,
            output_path,
            pbar=pbar,
            timeout=(limit[0], min(limit[1], timeout) if timeout else limit[1]),
        )

    def prepare_and_download_file_from_endpoint(
        self,
        endpoint: Any,
        filename: PathLike,
        *,
        url_params: dict[str, Any] | None = None,
        query_params: dict[str, Any] | None = None,
        pbar: ProgressReporter | None = None,
        status_check_period: float | None = None,
    ) -> Path:
        """Have the server make a file, and write it to disk: `prepare_file`, then `download_file`.

        Raises:
            FileExistsError: There is such a file already; nothing has been asked of the server.
        """
        prepare_target(filename)
        request = self.prepare_file(
            endpoint,
            url_params=url_params,
            query_params=query_params,
            status_check_period=status_check_period,
        )
        if not request.get("result_url"):
            raise ApiValueError(f"The server has made no file (request {request.id})")
        return self.download_file(request.result_url, filename, pbar=pbar)
