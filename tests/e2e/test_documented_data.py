"""Binary data to the server and from it."""

from __future__ import annotations

import io
import json
import zipfile
from http import HTTPStatus
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import parse_qsl, urlparse

import pytest
from PIL import Image
from tests.e2e.work import annotated_task, image_file, wait

from cvat_sdk.api_client import ApiClient, ApiValueError, models


@pytest.fixture
def task(client: ApiClient) -> models.TaskRead:
    made, _ = client.tasks_api.create({"name": "upload", "labels": [{"name": "car"}]})
    return made


def frame_names(client: ApiClient, task_id: int) -> list[str]:
    meta, _ = client.tasks_api.retrieve_data_meta(task_id)
    return [frame.name for frame in meta.frames or []]


def test_files_are_sent_as_multipart(client: ApiClient, task: models.TaskRead) -> None:
    (result, response) = client.tasks_api.create_data(
        id=task.id,
        data_request=models.DataRequest(client_files=[image_file("image.jpg")], image_quality=70),
        _content_type="multipart/form-data",
    )
    assert response.status == HTTPStatus.ACCEPTED
    wait(client, result.rq_id)
    assert frame_names(client, task.id) == ["image.jpg"]


def test_files_in_json_are_refused_before_they_are_read(
    client: ApiClient, task: models.TaskRead
) -> None:
    file = image_file("image.jpg")
    with pytest.raises(ApiValueError, match="multipart/form-data"):
        client.tasks_api.create_data(
            task.id, data_request=models.DataRequest(client_files=[file], image_quality=70)
        )
    assert file.tell() == 0
    assert not file.closed


def test_complex_fields_in_multipart_are_refused(client: ApiClient, task: models.TaskRead) -> None:
    data = models.DataRequest(
        client_files=[image_file("a.jpg")], image_quality=70, job_file_mapping=[["a.jpg"]]
    )
    with pytest.raises(ApiValueError, match="job_file_mapping"):
        client.tasks_api.create_data(
            task.id, data_request=data, _content_type="multipart/form-data"
        )


def test_upload_in_three_steps(client: ApiClient, task: models.TaskRead) -> None:
    data: dict[str, Any] = {
        "client_files": [image_file(name) for name in ("a.jpg", "b.jpg", "c.jpg")],
        "image_quality": 75,
        "job_file_mapping": [["c.jpg", "a.jpg"], ["b.jpg"]],
    }
    (nothing, response) = client.tasks_api.create_data(
        id=task.id,
        data_request=models.DataRequest(image_quality=data["image_quality"]),
        upload_start=True,
    )
    assert response.status == HTTPStatus.ACCEPTED
    assert "rq_id" not in nothing
    client.tasks_api.create_data(
        id=task.id,
        data_request=models.DataRequest(
            client_files=data.pop("client_files"), image_quality=data["image_quality"]
        ),
        upload_multiple=True,
        _content_type="multipart/form-data",
    )
    (result, _) = client.tasks_api.create_data(
        id=task.id, data_request=models.DataRequest(**data), upload_finish=True
    )
    wait(client, result.rq_id)

    assert frame_names(client, task.id) == ["c.jpg", "a.jpg", "b.jpg"]
    jobs, _ = client.jobs_api.list(task_id=task.id, sort="id")
    assert [(job.start_frame, job.stop_frame) for job in jobs.results] == [(0, 1), (2, 2)]


def test_frames_are_received_as_bytes(client: ApiClient) -> None:
    task = annotated_task(client, ["one.jpg"])
    _, response = client.tasks_api.retrieve_data(
        task.id, type="frame", number=0, quality="original", _parse_response=False
    )
    with Image.open(io.BytesIO(response.data)) as image:
        assert image.size == (40, 30)


def test_export_and_download(client: ApiClient, tmp_path: Path) -> None:
    task_id = annotated_task(client, ["one.jpg", "two.jpg"]).id
    (_, response) = client.tasks_api.create_dataset_export(
        id=task_id, format="COCO 1.0", save_images=True, _parse_response=False
    )
    assert response.status == HTTPStatus.ACCEPTED
    rq_id = json.loads(response.data).get("rq_id")
    assert rq_id

    while True:
        (background_request, response) = client.requests_api.retrieve(rq_id)
        assert response.status == HTTPStatus.OK
        process_status = background_request.status.value
        if process_status in (
            models.RequestStatus.allowed_values[("value",)]["FINISHED"],
            models.RequestStatus.allowed_values[("value",)]["FAILED"],
        ):
            break
        sleep(0.02)
    assert process_status == models.RequestStatus.allowed_values[("value",)]["FINISHED"]
    assert background_request.result_url

    parsed_result_url = urlparse(background_request.result_url)
    _, response = client.call_api(
        parsed_result_url.path,
        method="GET",
        query_params=parse_qsl(parsed_result_url.query),
        auth_settings=client.configuration.auth_settings(),
        _parse_response=False,
    )
    target = tmp_path / "output_file.zip"
    with target.open("wb") as output_file:
        while chunk := response.read(8192):
            assert len(chunk) <= 8192
            output_file.write(chunk)

    with zipfile.ZipFile(target) as archive:
        assert "images/default/two.jpg" in archive.namelist()
        document = json.loads(archive.read("annotations/instances_default.json"))
    (annotation,) = document["annotations"]
    assert annotation["bbox"] == [2, 3, 18, 18]


def test_a_failed_request_says_why(client: ApiClient, task: models.TaskRead) -> None:
    broken = image_file("broken.jpg")
    broken.truncate(10)
    result, _ = client.tasks_api.create_data(
        task.id,
        data_request=models.DataRequest(client_files=[broken], image_quality=70),
        _content_type="multipart/form-data",
    )
    with pytest.raises(AssertionError, match="broken"):
        wait(client, result.rq_id)
