"""Arguments of the wrong kind: errors name the argument and what was expected, not what broke inside."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    Configuration,
    apis,
)


def test_a_path_without_its_slash(server: RecordingServer, client: ApiClient) -> None:
    with pytest.raises(ApiValueError, match="path that begins with '/', got 'api/x'"):
        client.call_api("api/x", "GET")
    client.call_api("api/x", "GET", _host=f"{server.url}/")
    assert [request.path for request in server.received] == ["/api/x"]


def test_the_address_of_a_call_with_a_replaced_step_is_filled(
    server: RecordingServer, client: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer(200, b"<html>", headers=[("Content-Type", "text/html")])
    replaced: Any = client.sanitize_for_serialization
    monkeypatch.setattr(client, "sanitize_for_serialization", lambda *a, **k: replaced(*a, **k))
    with pytest.raises(ApiTypeError, match=r"/api/tasks/7, got"):
        client.tasks_api.retrieve(7)


def test_an_empty_list_in_place_of_a_model(client: ApiClient) -> None:
    with pytest.raises(
        ApiTypeError, match="Expected TaskWriteRequest or a dict, got an empty list"
    ):
        client.tasks_api.create([])  # type: ignore[arg-type]  # the mistake


def test_something_else_in_place_of_a_configuration_or_a_client() -> None:
    wrong: Any = "http://ann:hunter2@x"
    with pytest.raises(ApiTypeError, match="Expected a Configuration, got str") as caught:
        ApiClient(wrong)
    assert "hunter2" not in str(caught.value)
    for wrong in (Configuration(), "http://x", 5):
        with pytest.raises(ApiTypeError, match="Expected an ApiClient, got"):
            apis.TasksApi(wrong)
    wrong = 5
    with pytest.raises(
        ApiTypeError, match=r"Expected an address .* got a value of type int at host"
    ):
        Configuration(host=wrong)
    assert apis.TasksApi(Mock()).api_client is not None


def test_an_unknown_argument_of_a_configuration() -> None:
    wrong: dict[str, Any] = {"hst": "x"}
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'hst' .did you mean 'host'"):
        Configuration(**wrong)


def test_a_wrong_keyword_is_named_beside_a_missing_argument(client: ApiClient) -> None:
    with pytest.raises(ApiTypeError, match="no argument 'task_id', and misses the required 'id'"):
        client.tasks_api.retrieve_endpoint.call_with_http_info(task_id=1)


@pytest.mark.parametrize(
    "limit", [np.int64(20), np.float32(20), Decimal(20), (np.int64(20), Decimal(20))]
)
def test_a_time_limit_is_any_number(server: RecordingServer, client: ApiClient, limit: Any) -> None:
    client.tasks_api.list(_request_timeout=limit)
    client.call_api("/api/x", "GET", _request_timeout=limit)
    assert len(server.received) == 2


@pytest.mark.parametrize("limit", [True, "20", np.bool_(True), (1, "2"), np.array([1.0, 2.0])])
def test_a_time_limit_is_a_number(client: ApiClient, limit: Any) -> None:
    with pytest.raises(ApiTypeError, match="_request_timeout"):
        client.tasks_api.list(_request_timeout=limit)


def test_an_array_in_a_body_is_refused_with_a_way_out(client: ApiClient) -> None:
    with pytest.raises(
        ApiValueError, match=r"ndarray cannot be sent( as JSON)?; ndarray.tolist\(\) can"
    ):
        client.call_api("/api/x", "POST", body={"a": np.array([1, 2])})
    with pytest.raises(ApiValueError, match=r"ndarray cannot be sent; ndarray.tolist\(\) can"):
        client.call_api("/api/x", "POST", post_params={"a": np.array([1, 2])})
