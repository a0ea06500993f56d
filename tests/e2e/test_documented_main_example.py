"""The first example of the low-level API's documentation: a task with images from this machine.

The published page turns decoding off and then reads the decoded result; both readings of it that can
work are here.
"""

from __future__ import annotations

import datetime
from http import HTTPStatus
from pathlib import Path
from time import sleep
from typing import IO, Any

import pytest
from tests.e2e.work import CAR, DOORS
from tests.local.media_samples import picture

from cvat_sdk.api_client import ApiClient, Configuration, apis, exceptions, models

TASK_SPEC: models.TaskWriteRequestDict = {"name": "a task of dicts", "labels": [CAR]}


@pytest.fixture
def images(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"image{number}.jpg" for number in (1, 2)]
    for number, path in enumerate(paths):
        path.write_bytes(picture((90 * number, 60, 60)))
    return paths


@pytest.mark.parametrize("decoded", [True, False], ids=["decoded", "raw"])
def test_main_example(configuration: Configuration, images: list[Path], decoded: bool) -> None:
    with ApiClient(configuration) as api_client:
        try:
            (task, response) = api_client.tasks_api.create(TASK_SPEC)
        except exceptions.ApiException as error:
            pytest.fail(f"the task was not created: {error}")
        assert response.status == HTTPStatus.CREATED

        files: list[IO[bytes]] = [path.open("rb") for path in images]
        task_data = models.DataRequest(image_quality=75, client_files=files)
        (result, response) = api_client.tasks_api.create_data(
            task.id,
            data_request=task_data,
            _content_type="multipart/form-data",
            _check_status=False,
            _parse_response=decoded,
        )
        assert response.status == 202, response.msg
        assert str(response.msg) == "Accepted"
        assert all(file.closed for file in files)
        if decoded:
            assert result is not None
            rq_id = result.rq_id
        else:
            assert result is None
            rq_id = response.json()["rq_id"]

        for _ in range(600):
            request_details, response = api_client.requests_api.retrieve(rq_id)
            status, message = request_details.status, request_details.message
            if status.value in {"finished", "failed"}:
                break
            sleep(0.05)
        assert status.value == "finished", message

        (task, _) = api_client.tasks_api.retrieve(task.id)
        assert task.size == len(images)


def test_a_failure_is_an_api_exception_of_a_class_of_its_own(client: ApiClient) -> None:
    with pytest.raises(exceptions.ApiException) as caught:
        client.tasks_api.create({"name": "no labels may be equal", "labels": [{"name": "a"}] * 2})
    assert caught.value.status == 400
    with pytest.raises(exceptions.NotFoundException) as missing:
        client.tasks_api.retrieve(10**6)
    assert isinstance(missing.value, exceptions.ApiException)


def test_keys_of_a_dict_are_the_members_of_the_interface(client: ApiClient) -> None:
    parts: list[tuple[Any, type]] = [
        (TASK_SPEC, models.ITaskWriteRequest),
        (TASK_SPEC["labels"][0], models.IPatchedLabelRequest),
        (DOORS, models.IAttributeRequest),
    ]
    for part, interface in parts:
        assert part.keys() <= interface.__annotations__.keys()


def test_strings_become_dates_and_enumerations(client: ApiClient) -> None:
    spec: models.AccessTokenWriteRequestDict = {
        "name": "from text",
        "expiry_date": "2131-05-06T07:08:09Z",
    }
    request = models.AccessTokenWriteRequest(**spec)
    moment = datetime.datetime(2131, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
    assert request.expiry_date == moment
    token, _ = client.auth_api.create_access_tokens(spec)
    assert token.expiry_date == moment

    task, _ = client.tasks_api.create(TASK_SPEC)
    (label,) = client.labels_api.list(task_id=task.id)[0].results
    assert isinstance(label.attributes[0].input_type, models.InputTypeEnum)
    assert label.attributes[0].input_type.value == "number"


def test_input_and_output_have_models_of_their_own(client: ApiClient) -> None:
    task, _ = client.tasks_api.create(models.TaskWriteRequest(name="in and out", labels=[]))
    assert isinstance(task, models.TaskRead)
    endpoint = apis.TasksApi(client).create_endpoint
    assert endpoint.openapi_types["task_write_request"] == (models.TaskWriteRequest,)
    assert endpoint.settings["response_schema"] == (models.TaskRead,)
