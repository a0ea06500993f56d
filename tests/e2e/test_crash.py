"""What is stored survives the death of the server, and begun work is taken up again."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlparse

import pytest
from PIL import Image
from tests.lengths import short_and_long
from tests.processes import PASSWORD, ServerProcess

from cvat_sdk.api_client import ApiClient, Configuration, models

FRAMES = 20
SHAPES = 40_000


def client_of(server: ServerProcess) -> ApiClient:
    return ApiClient(Configuration(host=server.url, username="admin", password=PASSWORD))


def wait_for(client: ApiClient, rq_id: str, *statuses: str) -> models.Request:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        request, _ = client.requests_api.retrieve(rq_id)
        if request.status.value in statuses:
            return request
        time.sleep(0.01)
    raise AssertionError(f"{rq_id} did not become {statuses}")


def wait_for_progress(client: ApiClient, rq_id: str, progress: float) -> None:
    """Until somebody works on the request and is so far, from 0 to 1, or done already."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        request, _ = client.requests_api.retrieve(rq_id)
        if request.status.value == "finished":
            return
        if request.status.value == "started" and (request.progress or 0.0) >= progress:
            return
        time.sleep(0.01)
    raise AssertionError(f"{rq_id} did not come so far")


def annotated_task(client: ApiClient, folder: Path) -> int:
    task, _ = client.tasks_api.create({"name": "crash", "labels": [{"name": "car"}]})
    with contextlib.ExitStack() as stack:
        files = []
        for number in range(FRAMES):
            path = folder / f"{number:02}.png"
            Image.new("RGB", (320, 240), (number * 12, 90, 160)).save(path)
            files.append(stack.enter_context(path.open("rb")))
        created, _ = client.tasks_api.create_data(
            task.id,
            data_request=models.DataRequest(image_quality=70, client_files=files),
            _content_type="multipart/form-data",
        )
    wait_for(client, created.rq_id, "finished")
    labels, _ = client.labels_api.list(task_id=task.id)
    shapes = [
        {
            "type": "rectangle",
            "frame": number % FRAMES,
            "label_id": labels.results[0].id,
            "points": [1.0, 2.0, 3.0 + number % 300, 4.0 + number % 200],
        }
        for number in range(SHAPES)
    ]
    client.tasks_api.update_annotations(task.id, labeled_data_request={"shapes": shapes})
    return task.id


def download(client: ApiClient, request: models.Request) -> bytes:
    url = urlparse(request.result_url)
    _, response = client.call_api(
        url.path, "GET", query_params=parse_qsl(url.query), _parse_response=False
    )
    return response.data


@pytest.mark.parametrize("progress", short_and_long(0.0, *(step / 10 for step in range(1, 10))))
def test_an_export_that_was_killed_is_finished_after_a_restart(
    start_server: Callable[[], ServerProcess], tmp_path: Path, progress: float
) -> None:
    server = start_server()
    with client_of(server) as client:
        task_id = annotated_task(client, tmp_path)
        before, _ = client.tasks_api.retrieve_annotations(task_id)
        _, frame = client.tasks_api.retrieve_data(
            task_id, type="frame", number=7, quality="original", _parse_response=False
        )
        pixels = frame.data
        exported, _ = client.tasks_api.create_dataset_export("COCO 1.0", task_id, save_images=True)
        wait_for_progress(client, exported.rq_id, progress)
        server.kill()
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "cvat.sqlite3")) as database:
        query = "SELECT status FROM request WHERE id = ?"
        (status,) = database.execute(query, [exported.rq_id]).fetchone()
    # Near its end an export may be over before the signal arrives.
    assert status == "started" or (progress and status == "finished")

    server = start_server()
    with client_of(server) as client:
        request = wait_for(client, exported.rq_id, "finished", "failed")
        assert request.status.value == "finished", request.message

        with zipfile.ZipFile(io.BytesIO(download(client, request))) as archive:
            assert archive.testzip() is None
            document: dict[str, Any] = json.loads(
                archive.read("annotations/instances_default.json")
            )
        assert len(document["images"]) == FRAMES
        assert len(document["annotations"]) == SHAPES

        after, _ = client.tasks_api.retrieve_annotations(task_id)
        assert after == before
        _, frame = client.tasks_api.retrieve_data(
            task_id, type="frame", number=7, quality="original", _parse_response=False
        )
        assert frame.data == pixels


def test_ctrl_c_ends_the_server_cleanly(start_server: Callable[[], ServerProcess]) -> None:
    assert start_server().stop() == 0
