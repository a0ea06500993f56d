"""What is measured of a client, written against the public API alone.

The same lines run with our package and with the published one, so nothing else may be imported here than
what both have: the standard library, urllib3 and ``cvat_sdk``.
"""

from __future__ import annotations

import functools
import gc
import json
import re
import resource
import shutil
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import urllib3

from benchmarks import data
from benchmarks.measure import timed
from cvat_sdk.api_client import ApiClient, Configuration, models

try:
    from cvat_sdk.api_client.runtime.codec import encode
except ImportError:  # the published package

    def encode(obj: Any) -> bytes:
        """The bytes that the client sends for a body."""
        return json.dumps(ApiClient.sanitize_for_serialization(obj)).encode()


MEBIBYTE = 1 << 20


@functools.cache
def client_of(host: str) -> Any:
    """A client with credentials, as a script would make it."""
    return ApiClient(Configuration(host=host, access_token="measured"))


# -- bodies ------------------------------------------------------------------------------------------


def decoder(body: bytes, model: str) -> Callable[[], Any]:
    """Decodes a body to a model with the default settings."""
    deserialize = client_of("http://localhost").deserialize
    schema = (getattr(models, model),)
    response = urllib3.HTTPResponse(
        body=body, headers={"Content-Type": "application/json"}, preload_content=False
    )
    return lambda: deserialize(response, schema, _check_type=True)


def builder(values: dict[str, Any]) -> Callable[[], bytes]:
    """Builds annotations from plain dicts and makes the body to send of them."""
    return lambda: encode(models.LabeledDataRequest(**values))


def encoder(values: dict[str, Any]) -> Callable[[], bytes]:
    """Makes the body to send of annotations that are models already."""
    model = models.LabeledDataRequest(**values)
    return lambda: encode(model)


@functools.cache
def _decoder_of(path: str, model: str) -> Callable[[], Any]:
    return decoder(Path(path).read_bytes(), model)


@functools.cache
def _sender_of(kind: str, shapes: int) -> Callable[[], bytes]:
    return {"build": builder, "encode": encoder}[kind](data.annotations_to_send(shapes))


def seconds_to_decode(path: str, model: str) -> float:
    """Seconds for the body in a file."""
    return timed(_decoder_of(path, model))()


def seconds_to_send(kind: str, shapes: int) -> float:
    """Seconds to ``build`` or ``encode`` annotations, up to the bytes of their body."""
    return timed(_sender_of(kind, shapes))()


def held(path: str, model: str) -> float:
    """MiB that the model of a body occupies."""
    return held_by(decoder(Path(path).read_bytes(), model))


def held_by(make: Callable[[], Any]) -> float:
    """MiB of memory that stay allocated for what a function gives."""
    make()  # what is loaded and cached once is no part of it
    gc.collect()
    tracemalloc.start()
    kept = make()
    gc.collect()
    current, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return current / MEBIBYTE


# -- calls -------------------------------------------------------------------------------------------


def retrieve(host: str, calls: int, **options: Any) -> float:
    """Seconds for one of `calls` calls of ``tasks_api.retrieve``, one after the other."""
    api = client_of(host).tasks_api
    return timed(lambda: api.retrieve(7, **options), calls)()


def pages(host: str, page_size: int, count: int) -> tuple[float, int]:
    """Seconds for a list of `count` pages of tasks as models, and the number of tasks."""
    from cvat_sdk.core.helpers import get_paginated_collection

    endpoint = client_of(host).tasks_api.list_endpoint
    found: list[Any] = []

    def read() -> None:
        # The stub server takes the search text for the number of pages that it has.
        found.extend(get_paginated_collection(endpoint, page_size=page_size, search=str(count)))

    taken = timed(read)()
    return taken, len(found)


def page_after_page(host: str, page_size: int, count: int) -> tuple[float, int]:
    """The same as `pages`, each page asked for when the one before is there."""
    api = client_of(host).tasks_api
    found: list[Any] = []

    def read() -> None:
        for number in range(1, count + 1):
            page, _ = api.list(page=number, page_size=page_size, search=str(count))
            found.extend(page.results)

    taken = timed(read)()
    return taken, len(found)


def pages_ahead(host: str, page_size: int, count: int) -> tuple[float, int]:
    """The same as `pages`, by what is ours alone."""
    from cvat_sdk.core.paging import iterate

    endpoint = client_of(host).tasks_api.list_endpoint
    found: list[Any] = []
    taken = timed(lambda: found.extend(iterate(endpoint, page_size=page_size, search=str(count))))()
    return taken, len(found)


# -- files -------------------------------------------------------------------------------------------


def upload(host: str, paths: list[str]) -> tuple[float, float]:
    """Seconds for an upload of files in one multipart request, and MiB of memory it took at its peak."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    api = client_of(host).tasks_api

    def send() -> None:
        files = [Path(path).open("rb") for path in paths]  # noqa: SIM115  # the client closes them
        api.create_data(
            1,
            data_request={"image_quality": 70, "client_files": files},
            _content_type="multipart/form-data",
        )

    return _watched(send)


def upload_one_by_one(host: str, paths: list[str]) -> float:
    """Seconds for an upload of files, one request after the other."""
    api = client_of(host).tasks_api
    settings = {"image_quality": 70}

    def send() -> None:
        api.create_data(1, data_request=settings, upload_start=True)
        for path in paths:
            with Path(path).open("rb") as file:
                api.create_data(
                    1,
                    data_request={**settings, "client_files": [file]},
                    upload_multiple=True,
                    _content_type="multipart/form-data",
                )
        api.create_data(1, data_request=settings, upload_finish=True)

    return timed(send)()


def upload_at_once(host: str, paths: list[str]) -> float:
    """The same by what is ours alone."""
    from cvat_sdk.core.uploading import upload_files

    return timed(lambda: upload_files(client_of(host), 1, paths))()


def upload_by_client(host: str, paths: list[str]) -> float:
    """The same by the uploader of the high-level layer."""
    from cvat_sdk.core.client import Client
    from cvat_sdk.core.progress import NullProgressReporter
    from cvat_sdk.core.uploading import DataUploader

    client = Client(host, check_server_version=False)
    url = f"{host}/api/tasks/1/data/"
    resources = [Path(path) for path in paths]
    send = DataUploader(client).upload_files
    return timed(lambda: send(url, resources, pbar=NullProgressReporter(), image_quality=70))()


# -- entities ----------------------------------------------------------------------------------------


def entity_annotations(host: str, shapes: int) -> float:
    """Seconds for `task.get_annotations()`; the stub server takes the id for the number of shapes."""
    from cvat_sdk.core.client import Client

    client = Client(host, check_server_version=False)
    task = client.tasks.retrieve(shapes)
    task._model.id = shapes  # it always answers with the same task
    return timed(task.get_annotations)()


@functools.cache
def _entities(host: str, user: str, password: str, folder: str = "") -> Any:
    from cvat_sdk.core.client import Client, Config

    config = Config(status_check_period=0.05)
    if folder:
        config.cache_dir = Path(folder)
    client = Client(host, config=config, check_server_version=False)
    client.login((user, password))
    return client


def entity_create(host: str, user: str, password: str, paths: list[str]) -> tuple[float, int]:
    """Seconds for `create_from_data`, and the id of the task."""
    client = _entities(host, user, password)
    start = time.perf_counter()
    task = client.tasks.create_from_data(
        {"name": "measured", "labels": [{"name": "car"}]}, paths, data_params={"image_quality": 70}
    )
    return time.perf_counter() - start, int(task.id)


def entity_export(host: str, user: str, password: str, task_id: int, folder: str) -> float:
    """Seconds for `export_dataset` with images."""
    Path(folder).mkdir()
    task = _entities(host, user, password).tasks.retrieve(task_id)
    start = time.perf_counter()
    task.export_dataset("COCO 1.0", Path(folder) / "dataset.zip", include_images=True)
    return time.perf_counter() - start


def entity_dataset(host: str, user: str, password: str, task_id: int, folder: str) -> float:
    """Seconds to make a dataset of a task, and to read each of its images."""
    from cvat_sdk.datasets import TaskDataset

    client = _entities(host, user, password, folder)
    start = time.perf_counter()
    for sample in TaskDataset(client, task_id).samples:
        sample.media.load_image().load()
    return time.perf_counter() - start


def entity_remove(host: str, user: str, password: str, task_id: int) -> None:
    """Delete a task."""
    _entities(host, user, password).tasks.remove_by_ids([task_id])


def download(host: str, size: int, path: str, chunk: int) -> tuple[float, float]:
    """Seconds for a download to a file in reads of `chunk` bytes, and MiB of memory at its peak."""

    def receive() -> None:
        _, response = client_of(host).call_api(f"/file/{size}", "GET", _parse_response=False)
        with Path(path).open("wb") as file:
            shutil.copyfileobj(response, file, chunk)
        response.release_conn()

    return _watched(receive)


def download_as_result(host: str, size: int, folder: str) -> tuple[float, float]:
    """Seconds for an operation whose result is a file, in a folder of its own, and MiB at the peak."""
    client = client_of(host)
    client.configuration.temp_folder_path = folder
    made: list[Path] = []

    def receive() -> None:
        # The stub server takes the number of the report for the size of its data.
        file, _ = client.quality_api.retrieve_report_data(size)
        file.close()
        made.append(Path(file.name))

    result = _watched(receive)
    client.last_response = None  # which may hold all of it while the next side is measured
    for path in made:
        path.unlink()
    return result


def _watched(work: Callable[[], None]) -> tuple[float, float]:
    gc.collect()
    # Linux: forget the peak so far.
    Path("/proc/self/clear_refs").write_text("5")
    before = _memory("VmRSS")
    start = time.perf_counter()
    work()
    taken = time.perf_counter() - start
    return taken, _memory("VmHWM") - before


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    found = re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)
    assert found
    return int(found.group(1)) / 1024
