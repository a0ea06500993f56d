"""Uploads: images of a task, files of annotations, datasets and backups.

Files stream from disk: many small ones in a request, a large one in pieces that can be gone on with (`core.tus`),
several requests at a time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any, TypeAlias
from urllib.parse import urlencode

from urllib3.exceptions import HTTPError

from cvat_sdk.api_client import ApiClient, models
from cvat_sdk.api_client.exceptions import ApiException, ApiValueError
from cvat_sdk.api_client.runtime import types
from cvat_sdk.core import transfers, tus
from cvat_sdk.core.batches import Transfer
from cvat_sdk.core.deadlines import waits_of
from cvat_sdk.core.helpers import make_request_headers
from cvat_sdk.core.progress import NullProgressReporter, ProgressReporter
from cvat_sdk.core.sources import Source, sources_of
from cvat_sdk.core.upload_state import UploadState

__all__ = [
    "MAX_REQUEST_SIZE",
    "MAX_TUS_RETRIES",
    "TUS_CHUNK_SIZE",
    "AnnotationUploader",
    "DataUploader",
    "DatasetUploader",
    "Uploader",
    "upload_files",
]

MAX_REQUEST_SIZE = 100 * 1024 * 1024
"""Bytes of the files in one request; a larger file is sent in pieces."""
MAX_TUS_RETRIES = 3
"""Kept for scripts that read it; see `core.transfers.MOST_FAILURES`."""
TUS_CHUNK_SIZE = tus.CHUNK_SIZE
"""Bytes of a piece of a large file."""

File: TypeAlias = str | os.PathLike[str] | IO[bytes] | tuple[str, IO[bytes]]
"""A path, an open file, or one with the name that it is to have."""


def upload_files(
    client: ApiClient,
    task_id: int,
    files: Iterable[File],
    *,
    image_quality: int = 70,
    parallel: int = 4,
    batch_bytes: int = 32 * 1024 * 1024,
    batch_count: int = 100,
    state: str | os.PathLike[str] | None = None,
    pbar: ProgressReporter | None = None,
    cancel: threading.Event | None = None,
    **fields: Any,
) -> str | None:
    """Send the images or the video of a task, and have the server take them in.

    Frames are in the order of the files, unless ``sorting_method`` says otherwise. With a `state` file an upload that
    was killed at any moment, or whose server was, goes on where it was when the same call is made again.

    Args:
        client: The client.
        task_id: A task without data.
        files: Paths, or open files with a name.
        image_quality: Quality of the compressed frames, from 1 to 100.
        parallel: Requests at a time.
        batch_bytes: Bytes of the files in one request, about; a larger file is sent in pieces.
        batch_count: Files in one request, at most.
        state: A file that remembers how far the upload is; it is deleted when all is sent.
        pbar: Told of the bytes that arrive, from this thread.
        cancel: Set it to give up, from any thread.
        fields: Other fields of `models.DataRequest`, such as ``frame_filter="step=5"``.

    Returns:
        The id of the request that prepares the frames, for `core.requests.wait_for_request`; None when they are
        prepared already.

    Raises:
        ApiValueError: There are no files, two of one name, one without a name, or a state of other files.
        OSError: A file cannot be read; nothing has been sent.
        UploadException: Some files were not sent; ``files`` names them.
        ApiException: The server refuses.
        concurrent.futures.CancelledError: `cancel` was set.
        urllib3.exceptions.HTTPError: No connection, after several attempts.
    """
    sources = sources_of(files)
    url = f"{client.configuration.host}/api/tasks/{task_id}/data/"
    fields = {"image_quality": image_quality, **_in_order(sources, fields)}
    models.DataRequest(**fields)  # checks them before anything is sent
    kept = UploadState.load(state, client.configuration.host, task_id, sources)
    transfer = Transfer(
        client, url, sources, image_quality, kept, pbar or NullProgressReporter(), cancel
    )
    if kept.is_finishing and (found := _finished(client, task_id)) is not None:
        kept.remove()
        return found or None
    _announce(client, url, cancel)
    transfer.run(parallel=parallel, batch_bytes=batch_bytes, batch_count=batch_count)
    kept.finish()
    response = _finish(client, url, fields, cancel, (202, 409))
    kept.remove()
    return transfers.request_id_of(response) if response.data else None


def _in_order(sources: Sequence[Source], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with the order of the files, where that is for the caller to say."""
    method = fields.get("sorting_method", "predefined")
    if str(getattr(method, "value", method)).lower() != "predefined":
        return dict(fields)
    names = [source.name for source in sources]
    return {"sorting_method": "predefined", "upload_file_order": names, **fields}


def _finished(client: ApiClient, task_id: int) -> str | None:
    """Whether the server has all files already: empty, or the id of the request that prepares them; None when not."""
    task, _ = client.tasks_api.retrieve(task_id, _request_timeout=waits_of(client))
    if task.get("size"):
        return ""
    rq_id = f"action=create&target=task&target_id={task_id}"
    try:
        request, _ = client.requests_api.retrieve(rq_id, _request_timeout=waits_of(client))
    except ApiException as error:
        if error.status == 404:
            return None
        raise
    return None if str(request.status) == "failed" else rq_id


def _announce(client: types.ApiClient, url: str, cancel: threading.Event | None) -> None:
    _step(client, url, "Upload-Start", None, (202,), cancel)


def _finish(
    client: types.ApiClient,
    url: str,
    fields: Mapping[str, Any] | None,
    cancel: threading.Event | None,
    statuses: tuple[int, ...] = (202,),
) -> types.HTTPResponse:
    """Say that all has been sent; once more where no answer came, for the server does it once.

    Raises:
        ApiException: The server refuses.
    """
    return _step(client, url, "Upload-Finish", fields, statuses, cancel)


def _step(
    client: types.ApiClient,
    url: str,
    header: str,
    fields: Mapping[str, Any] | None,
    statuses: tuple[int, ...],
    cancel: threading.Event | None,
) -> types.HTTPResponse:
    failures = 0
    while True:
        try:
            response = client.rest_client.POST(
                url,
                headers={**make_request_headers(client), header: ""},
                post_params=dict(fields) if fields else None,
                _request_timeout=waits_of(client),
                _check_status=False,
            )
            # 409: it does already what it was asked for before.
            transfers.expect((*statuses, 409) if failures else statuses, response, "POST", url)
            return response
        except (ApiException, HTTPError) as error:
            failures += 1
            if failures >= transfers.MOST_FAILURES or not transfers.may_pass(error):
                raise
            transfers.pause(failures, cancel, "the upload")


class Uploader:
    """Uploads of a client, by the names of the published package.

    Args:
        client: A `cvat_sdk.core.client.Client`, or an `ApiClient`.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._api_client: types.ApiClient = getattr(client, "api_client", client)

    def upload_file(
        self,
        url: str,
        filename: str | os.PathLike[str],
        *,
        meta: Mapping[str, Any] | None = None,
        query_params: Mapping[str, Any] | None = None,
        fields: Mapping[str, Any] | None = None,
        pbar: ProgressReporter | None = None,
        cancel: threading.Event | None = None,
    ) -> types.HTTPResponse:
        """Send a file of annotations, a dataset or a backup, and have the server take it in.

        Args:
            url: Address of the operation.
            filename: The file.
            meta: What is said of the file. Default: its name.
            query_params: Query of the operation; ``filename`` is added.
            fields: Body of the last request.
            pbar: Told of the bytes that arrive.
            cancel: Set it to give up, from any thread.

        Returns:
            The answer to the last request, which has the id of a background request.

        Raises:
            OSError: The file cannot be read, or is empty; nothing has been sent.
            ApiException: The server refuses.
        """
        path = Path(filename)
        size = path.stat().st_size
        if not path.is_file():
            raise IsADirectoryError(f"Expected a file, got the folder {str(path)!r}")
        if not size:
            raise ApiValueError(f"The file {str(path)!r} is empty", ("filename",))
        meta = {"filename": path.name, **(meta or {})}
        query = {
            **(query_params or {}),
            "filename": (query_params or {}).get("filename", meta["filename"]),
        }
        client = self._api_client
        _announce(client, _with_query(url, query), cancel)
        reporter = pbar or NullProgressReporter()
        with path.open("rb") as file, self._uploading_task(reporter, size):
            name = tus.upload_file(
                client,
                url.rstrip("/") + "/",
                file,
                metadata={key: str(value) for key, value in meta.items()},
                on_bytes=reporter.advance,
                cancel=cancel,
                chunk_size=TUS_CHUNK_SIZE,
            )
        return _finish(client, _with_query(url, {**query, "filename": name}), fields, cancel)

    @staticmethod
    def _uploading_task(pbar: ProgressReporter, total_size: int) -> AbstractContextManager[None]:
        return pbar.task(
            total=total_size, desc="Uploading data", unit_scale=True, unit="B", unit_divisor=1024
        )

    def _wait(self, response: types.HTTPResponse, status_check_period: float | None) -> None:
        rq_id = transfers.request_id_of(response)
        self._client.wait_for_completion(rq_id, status_check_period=status_check_period)


def _with_query(url: str, query: Mapping[str, Any]) -> str:
    return f"{url}?{urlencode(query)}" if query else url


class AnnotationUploader(Uploader):
    """Imports annotations."""

    def upload_file_and_wait(
        self,
        endpoint: Any,
        filename: str | os.PathLike[str],
        format_name: str,
        *,
        conv_mask_to_poly: bool | None = None,
        import_mode: str | None = None,
        url_params: dict[str, Any] | None = None,
        pbar: ProgressReporter | None = None,
        status_check_period: float | None = None,
    ) -> None:
        """Send a file of annotations, and wait until the server has taken it in.

        Args:
            endpoint: The operation.
            filename: The file.
            format_name: Name of its format.
            conv_mask_to_poly: Make polygons of masks. Default: as the server does.
            import_mode: ``append`` or ``replace``. Default: as the server does.
            url_params: Values for the path of the operation.
            pbar: Told of the bytes that arrive.
            status_check_period: Seconds between two questions whether it is done.
        """
        url = self._client.api_map.make_endpoint_url(endpoint.path, kwsub=url_params)
        params: dict[str, Any] = {"format": format_name, "filename": Path(filename).name}
        if conv_mask_to_poly is not None:
            params["conv_mask_to_poly"] = "true" if conv_mask_to_poly else "false"
        if import_mode is not None:
            params["import_mode"] = import_mode
        response = self.upload_file(url, filename, query_params=params, pbar=pbar)
        self._wait(response, status_check_period)


class DatasetUploader(Uploader):
    """Imports datasets into projects."""

    def upload_file_and_wait(
        self,
        upload_endpoint: Any,
        filename: str | os.PathLike[str],
        format_name: str,
        *,
        url_params: dict[str, Any] | None = None,
        conv_mask_to_poly: bool | None = None,
        pbar: ProgressReporter | None = None,
        status_check_period: float | None = None,
    ) -> None:
        """Send a dataset, and wait until the server has taken it in; see `AnnotationUploader.upload_file_and_wait`."""
        url = self._client.api_map.make_endpoint_url(upload_endpoint.path, kwsub=url_params)
        params: dict[str, Any] = {"format": format_name, "filename": Path(filename).name}
        if conv_mask_to_poly is not None:
            params["conv_mask_to_poly"] = "true" if conv_mask_to_poly else "false"
        response = self.upload_file(url, filename, query_params=params, pbar=pbar)
        self._wait(response, status_check_period)


class DataUploader(Uploader):
    """Sends the images or the video of a task.

    Args:
        client: A `cvat_sdk.core.client.Client`, or an `ApiClient`.
        max_request_size: Bytes of the files in one request; a larger file is sent in pieces.
    """

    def __init__(self, client: Any, *, max_request_size: int = MAX_REQUEST_SIZE) -> None:
        super().__init__(client)
        self.max_request_size: int = max_request_size

    def upload_files(
        self,
        url: str,
        resources: Sequence[File],
        *,
        pbar: ProgressReporter | None = None,
        parallel: int = 4,
        cancel: threading.Event | None = None,
        **fields: Any,
    ) -> types.HTTPResponse:
        """Send files, and have the server take them in.

        Args:
            url: Address of the data of a task.
            resources: The files.
            pbar: Told of the bytes that arrive.
            parallel: Requests at a time.
            cancel: Set it to give up, from any thread.
            fields: Fields of `models.DataRequest`.

        Returns:
            The answer to the last request, which has the id of a background request.
        """
        sources = sources_of(resources)
        quality = fields.get("image_quality", 70)
        fields = {"image_quality": quality, **fields}
        if str(fields.get("sorting_method", "")).lower() == "predefined":
            fields.setdefault("upload_file_order", [source.name for source in sources])
        client = self._api_client
        state = UploadState.none()
        transfer = Transfer(
            client, url, sources, quality, state, pbar or NullProgressReporter(), cancel
        )
        _announce(client, url, cancel)
        transfer.run(parallel=parallel, batch_bytes=self.max_request_size, batch_count=1000)
        return _finish(client, url, fields, cancel)
