"""Work of the server in the background: wait for it, and take what it has made.

Exports, imports, backups and the preparation of images run on the server as *requests*, each with an id. The
functions here start one, or join it where it runs already, wait for its end, and transfer its file.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any, Literal

from urllib3.exceptions import HTTPError

from cvat_sdk.api_client import ApiClient, models
from cvat_sdk.api_client.exceptions import ApiException, ApiTypeError, ApiValueError
from cvat_sdk.core import transfers
from cvat_sdk.core.deadlines import Deadline, waits_of
from cvat_sdk.core.downloading import PathLike, download, prepare_target
from cvat_sdk.core.exceptions import (
    BackgroundRequestException,
    CvatSdkException,
    RequestTimeout,
)
from cvat_sdk.core.progress import ProgressReporter
from cvat_sdk.core.uploading import Uploader

__all__ = [
    "export_backup",
    "export_dataset",
    "import_annotations",
    "import_dataset",
    "restore_backup",
    "start",
    "wait_for_request",
]

OnProgress = Callable[[models.Request], object]
Kind = Literal["tasks", "jobs", "projects"]

_LOGGER = logging.getLogger("cvat_sdk.core.requests")
# Seconds between two questions: soon at first, for small work is done at once.
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.1, 5.0, 1.5
# Seconds in which no question was answered, after which the last failure is the error.
_PATIENCE = 300.0
_KINDS: Mapping[str, Kind] = {"TasksApi": "tasks", "JobsApi": "jobs", "ProjectsApi": "projects"}


def wait_for_request(
    client: ApiClient,
    rq_id: str,
    *,
    timeout: float | None = None,
    poll_interval: float | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> models.Request:
    """Wait until work of the server has ended.

    A question that fails in a way that may pass is asked again; the work is not harmed by it.

    Args:
        client: The client.
        rq_id: Id of the request, as the answer that started it has it.
        timeout: Seconds to wait at most; None for as long as it takes.
        poll_interval: Seconds between two questions. Default: a tenth at first, growing to 5.
        on_progress: Called with each answer; ``request.progress`` goes from 0 to 1.
        cancel: Set it to give up, from any thread.

    Returns:
        The finished request; ``result_url`` and ``result_id`` say what came of it.

    Raises:
        BackgroundRequestException: The work has failed; its message, and the id.
        RequestTimeout: It has not ended in time.
        concurrent.futures.CancelledError: `cancel` was set.
        ApiException: The server does not know the request, or does not let this user see it.
        urllib3.exceptions.HTTPError: No answer for five minutes.
    """
    deadline, asked = Deadline(timeout), Deadline(_PATIENCE)
    pause = _FIRST_PAUSE if poll_interval is None else poll_interval
    request: models.Request | None = None
    while True:
        try:
            request = _ask(client, rq_id)
            asked = Deadline(_PATIENCE)
        except (ApiException, HTTPError) as error:
            if asked.is_over or not transfers.may_pass(error):
                raise
            _LOGGER.info("request %s: %s; asking again", rq_id, transfers.first_line(error))
        else:
            if on_progress is not None:
                on_progress(request)
            status = str(request.status)
            if status == "finished":
                return request
            if status == "failed":
                raise _failure(request)
        if deadline.is_over:
            raise _late(rq_id, request, timeout)
        _sleep(deadline.left(pause), cancel, rq_id)
        if poll_interval is None:
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)


def _ask(client: ApiClient, rq_id: str) -> models.Request:
    request, _ = client.requests_api.retrieve(rq_id, _request_timeout=waits_of(client))
    if not hasattr(request, "status"):
        url = f"{client.configuration.host}{client.requests_api.retrieve_endpoint.path}"
        raise CvatSdkException(
            f"GET {url.format(id=rq_id)}: the answer about the request has no status"
        )
    return request


def _sleep(seconds: float, cancel: threading.Event | None, rq_id: str) -> None:
    if cancel is None:
        time.sleep(seconds)
    elif cancel.wait(seconds):
        raise CancelledError(
            f"waiting for the request {rq_id!r} was given up; it goes on at the server"
        )


def _operation(request: models.Request) -> str:
    return str(getattr(request.operation, "type", "") or "work")


def _failure(request: models.Request) -> BackgroundRequestException:
    message = str(request.get("message") or "").strip() or "the server gives no reason"
    text = f"{message} ({_operation(request)}, request {request.id})"
    return BackgroundRequestException(text, request)


def _late(rq_id: str, request: models.Request | None, timeout: float | None) -> RequestTimeout:
    state = "was not answered about"
    if request is not None:
        progress = request.get("progress")
        share = f", {progress:.0%} done" if isinstance(progress, (int, float)) else ""
        state = f"is {str(request.status)!r}{share}"
    return RequestTimeout(
        f"The request {rq_id!r} {state} after {timeout:g} s; it goes on at the server", request
    )


def start(endpoint: Any, **arguments: Any) -> str:
    """Start work of the server, or join it where the same runs already.

    Args:
        endpoint: The operation, such as ``client.tasks_api.create_dataset_export_endpoint``.
        arguments: Its arguments.

    Returns:
        The id of the request.

    Raises:
        ApiException: The server refuses.
    """
    client = endpoint.api_client
    arguments.setdefault("_request_timeout", waits_of(client))
    _, response = endpoint.call_with_http_info(
        **arguments, _check_status=False, _parse_response=False
    )
    # 409: the same is under way, of which the answer has the id as well.
    url = client.configuration.host + endpoint.path.format(**arguments)
    transfers.expect((202, 409), response, "POST", url)
    return transfers.request_id_of(response)


def kind_of(api: Any) -> Kind:
    """What an API is about.

    Raises:
        ApiTypeError: It is none of those of tasks, jobs and projects.
    """
    for cls in type(api).__mro__:
        if cls.__name__ in _KINDS:
            return _KINDS[cls.__name__]
    raise ApiTypeError(
        "Expected tasks_api, jobs_api or projects_api of a client, "
        f"got a value of type {type(api).__name__}",
        ("api",),
    )


def export_dataset(
    api: Any,
    id: int,
    format: str,
    path: PathLike | None,
    *,
    save_images: bool = True,
    location: Literal["local", "cloud_storage"] | None = None,
    cloud_storage_id: int | None = None,
    timeout: float | None = None,
    poll_interval: float | None = None,
    on_progress: OnProgress | None = None,
    pbar: ProgressReporter | None = None,
    cancel: threading.Event | None = None,
) -> Path | None:
    """Export the annotations of a task, a job or a project, with or without its images, to a file.

    Args:
        api: ``client.tasks_api``, ``client.jobs_api`` or ``client.projects_api``.
        id: Id of the task, the job or the project.
        format: Name of the format, such as ``"COCO 1.0"``.
        path: File to write, or a folder for a file of the server's name. Nothing is there until it is whole. With a
            cloud storage the name of the file there.
        save_images: With the images.
        location: ``"cloud_storage"`` writes to one, and nothing here. Default: here.
        cloud_storage_id: Which one.
        timeout: Seconds for the server to make the file; None for as long as it takes.
        poll_interval: See `wait_for_request`.
        on_progress: See `wait_for_request`.
        pbar: Told of the bytes that arrive.
        cancel: See `wait_for_request`.

    Returns:
        The file; None when it went to a cloud storage.

    Raises:
        FileExistsError: There is such a file already; nothing has been asked of the server.
        BackgroundRequestException: The server could not make it.
        RequestTimeout: The server has not made it in time.
        ApiException: The server refuses.
        urllib3.exceptions.HTTPError: No connection, after several attempts.
    """
    endpoint = getattr(api, "create_dataset_export_endpoint", None)
    kind_of(api)
    arguments = {"id": id, "format": format, "save_images": save_images}
    return _export(
        endpoint,
        arguments,
        path,
        location,
        cloud_storage_id,
        timeout,
        poll_interval,
        on_progress,
        pbar,
        cancel,
    )


def export_backup(
    api: Any,
    id: int,
    path: PathLike | None,
    *,
    lightweight: bool = False,
    location: Literal["local", "cloud_storage"] | None = None,
    cloud_storage_id: int | None = None,
    timeout: float | None = None,
    poll_interval: float | None = None,
    on_progress: OnProgress | None = None,
    pbar: ProgressReporter | None = None,
    cancel: threading.Event | None = None,
) -> Path | None:
    """Make a backup of a task or a project; arguments and errors are those of `export_dataset`.

    Args:
        api: ``client.tasks_api`` or ``client.projects_api``.
        lightweight: Without images that are in a cloud storage.
    """
    if kind_of(api) == "jobs":
        raise ApiTypeError("Jobs have no backups; expected tasks_api or projects_api", ("api",))
    arguments = {"id": id, "lightweight": lightweight}
    endpoint = api.create_backup_export_endpoint
    return _export(
        endpoint,
        arguments,
        path,
        location,
        cloud_storage_id,
        timeout,
        poll_interval,
        on_progress,
        pbar,
        cancel,
    )


def _export(
    endpoint: Any,
    arguments: dict[str, Any],
    path: PathLike | None,
    location: str | None,
    cloud_storage_id: int | None,
    timeout: float | None,
    poll_interval: float | None,
    on_progress: OnProgress | None,
    pbar: ProgressReporter | None,
    cancel: threading.Event | None,
) -> Path | None:
    client = endpoint.api_client
    is_remote = location is not None and str(getattr(location, "value", location)) != "local"
    if is_remote and cloud_storage_id is None:
        raise ApiValueError("A cloud storage needs its id", ("cloud_storage_id",))
    if is_remote:
        arguments |= {"location": "cloud_storage", "cloud_storage_id": cloud_storage_id}
        if path is not None:
            arguments["filename"] = str(path)
    else:
        if path is None:
            raise ApiTypeError("Expected a path to write to, got None", ("path",))
        target = prepare_target(path)
        arguments["location"] = "local"
    rq_id = start(endpoint, **arguments)
    request = wait_for_request(
        client,
        rq_id,
        timeout=timeout,
        poll_interval=poll_interval,
        on_progress=on_progress,
        cancel=cancel,
    )
    if is_remote:
        return None
    url = request.get("result_url")
    if not url:
        raise BackgroundRequestException(
            f"The server has made no file ({_operation(request)}, request {rq_id})", request
        )
    return download(client, url, target, pbar=pbar, cancel=cancel)


def import_annotations(
    api: Any,
    id: int,
    format: str,
    path: PathLike,
    *,
    conv_mask_to_poly: bool | None = None,
    import_mode: Literal["append", "replace"] | None = None,
    timeout: float | None = None,
    poll_interval: float | None = None,
    on_progress: OnProgress | None = None,
    pbar: ProgressReporter | None = None,
    cancel: threading.Event | None = None,
) -> models.Request:
    """Import a file of annotations into a task or a job.

    Args:
        api: ``client.tasks_api`` or ``client.jobs_api``.
        id: Id of the task or the job.
        format: Name of the format, such as ``"COCO 1.0"``.
        path: The file.
        conv_mask_to_poly: Make polygons of masks. Default: as the server does.
        import_mode: Whether what is there stays. Default: as the server does.
        timeout: Seconds for the server to take the file in; None for as long as it takes.
        poll_interval: See `wait_for_request`.
        on_progress: See `wait_for_request`.
        pbar: Told of the bytes that are sent.
        cancel: See `wait_for_request`.

    Raises:
        OSError: The file cannot be read; nothing has been asked of the server.
        BackgroundRequestException: The server could not take it in; its reason.
        RequestTimeout: The server has not taken it in in time.
        ApiException: The server refuses.
        urllib3.exceptions.HTTPError: No connection, after several attempts.
    """
    if kind_of(api) == "projects":
        raise ApiTypeError("Projects take datasets: see import_dataset()", ("api",))
    query = {"format": format, "conv_mask_to_poly": conv_mask_to_poly, "import_mode": import_mode}
    rq_id = _send(api.create_annotations_endpoint, {"id": id}, path, query, pbar, cancel)
    return wait_for_request(
        api.api_client,
        rq_id,
        timeout=timeout,
        poll_interval=poll_interval,
        on_progress=on_progress,
        cancel=cancel,
    )


def import_dataset(
    api: Any,
    id: int,
    format: str,
    path: PathLike,
    *,
    conv_mask_to_poly: bool | None = None,
    timeout: float | None = None,
    poll_interval: float | None = None,
    on_progress: OnProgress | None = None,
    pbar: ProgressReporter | None = None,
    cancel: threading.Event | None = None,
) -> models.Request:
    """Import a dataset, images and annotations, into a project; arguments and errors are those of `import_annotations`.

    Args:
        api: ``client.projects_api``.
    """
    if kind_of(api) != "projects":
        raise ApiTypeError("Only projects take datasets: see import_annotations()", ("api",))
    query = {"format": format, "conv_mask_to_poly": conv_mask_to_poly}
    rq_id = _send(api.create_dataset_endpoint, {"id": id}, path, query, pbar, cancel)
    return wait_for_request(
        api.api_client,
        rq_id,
        timeout=timeout,
        poll_interval=poll_interval,
        on_progress=on_progress,
        cancel=cancel,
    )


def restore_backup(
    api: Any,
    path: PathLike,
    *,
    timeout: float | None = None,
    poll_interval: float | None = None,
    on_progress: OnProgress | None = None,
    pbar: ProgressReporter | None = None,
    cancel: threading.Event | None = None,
) -> int:
    """Make a task or a project of a backup; arguments and errors are those of `import_annotations`.

    Args:
        api: ``client.tasks_api`` or ``client.projects_api``.

    Returns:
        The id of what has been made.
    """
    if kind_of(api) == "jobs":
        raise ApiTypeError("Jobs have no backups; expected tasks_api or projects_api", ("api",))
    rq_id = _send(api.create_backup_endpoint, {}, path, {}, pbar, cancel)
    request = wait_for_request(
        api.api_client,
        rq_id,
        timeout=timeout,
        poll_interval=poll_interval,
        on_progress=on_progress,
        cancel=cancel,
    )
    result_id = request.get("result_id")
    if not isinstance(result_id, int):
        raise BackgroundRequestException(
            f"The server names nothing that it has made (request {rq_id})", request
        )
    return result_id


def _send(
    endpoint: Any,
    places: Mapping[str, Any],
    path: PathLike,
    query: Mapping[str, Any],
    pbar: ProgressReporter | None,
    cancel: threading.Event | None,
) -> str:
    client = endpoint.api_client
    url = client.configuration.host + endpoint.path.format(**places)
    given = {name: value for name, value in query.items() if value is not None}
    response = Uploader(client).upload_file(
        url, Path(path), query_params=given, pbar=pbar, cancel=cancel
    )
    return transfers.request_id_of(response)
