"""Methods and endpoints: their arguments, common keywords, request lines and headers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiTypeError, ApiValueError, apis, models

COMMON = [
    "_async_call",
    "_host_index",
    "_parse_response",
    "_request_timeout",
    "_validate_inputs",
    "_validate_outputs",
    "_check_status",
    "_content_type",
    "_spec_property_naming",
    "_request_auths",
]


# -- endpoints as objects ---------------------------------------------------------------------------


def test_endpoint_describes_itself(client: ApiClient) -> None:
    endpoint = client.tasks_api.create_data_endpoint
    assert endpoint.path == "/api/tasks/{id}/data/"
    assert endpoint.settings["http_method"] == "POST"
    assert endpoint.settings["operation_id"] == "create_data"
    assert endpoint.settings["response_schema"] == (models.DataResponse,)
    assert endpoint.settings["auth"][0] == "accessTokenAuth"
    assert endpoint.params_map["required"] == ["id"]
    assert endpoint.params_map["all"][-10:] == COMMON
    assert set(COMMON) < set(endpoint.openapi_types)
    assert endpoint.openapi_types["data_request"] == (models.DataRequest,)
    assert endpoint.attribute_map["upload_start"] == "Upload-Start"
    assert endpoint.location_map == {
        "id": "path",
        "upload_finish": "header",
        "upload_multiple": "header",
        "upload_start": "header",
        "data_request": "body",
    }
    assert endpoint.headers_map == {
        "accept": ["application/vnd.cvat+json"],
        "content_type": ["application/json", "multipart/form-data"],
    }
    assert endpoint.collection_format_map == {}
    assert endpoint.api_client is client


def test_endpoint_describes_its_limits(client: ApiClient) -> None:
    assert client.jobs_api.list_endpoint.allowed_values[("state",)]["IN_PROGRESS"] == "in progress"
    deliveries = client.webhooks_api.retrieve_deliveries_endpoint
    assert deliveries.validations == {("delivery_id",): {"regex": {"pattern": r"^\d+$"}}}
    assert deliveries.params_map["validation"] == ["delivery_id"]


def test_endpoints_belong_to_instances(client: ApiClient) -> None:
    assert "list_endpoint" in dir(client.tasks_api)
    assert not hasattr(apis.TasksApi, "list_endpoint")
    assert client.tasks_api.list_endpoint is client.tasks_api.list_endpoint
    assert not hasattr(client.tasks_api, "nothing_endpoint")
    assert not callable(client.tasks_api.list_endpoint)
    other = apis.TasksApi(client)
    assert other is not client.tasks_api
    assert other.list_endpoint.api_client is client


def test_every_operation_is_a_method_with_an_endpoint(client: ApiClient) -> None:
    count = 0
    for name in apis.__all__:
        if not name.endswith("Api") or name == "Api":
            continue
        api = getattr(apis, name)(client)
        for attribute in dir(api):
            if attribute.endswith("_endpoint"):
                endpoint = getattr(api, attribute)
                assert callable(getattr(api, attribute.removesuffix("_endpoint")))
                assert endpoint.params_map["all"]
                assert endpoint.openapi_types
                assert endpoint.settings["endpoint_path"] == endpoint.path
                count += 1
    assert count == 166


def test_calls_through_the_endpoint(server: RecordingServer, client: ApiClient) -> None:
    data, response = client.tasks_api.list_endpoint.call_with_http_info(
        page=2, search="x", _parse_response=False
    )
    assert data is None
    assert response.status == 200
    assert server.last.target == "/api/tasks?page=2&search=x"
    client.tasks_api.list_endpoint.call_with_http_info(search="x", page=2, _parse_response=False)
    assert server.last.target == "/api/tasks?search=x&page=2", (
        "the query is in the order of the call"
    )


def test_missing_and_unknown_arguments(client: ApiClient) -> None:
    with pytest.raises(ApiValueError, match=r"retrieve.*id"):
        client.tasks_api.retrieve_endpoint.call_with_http_info()
    with pytest.raises(ApiValueError, match="task_write_request"):
        client.tasks_api.create_endpoint.call_with_http_info()
    for call in (client.tasks_api.list, client.tasks_api.list_endpoint.call_with_http_info):
        with pytest.raises(ApiTypeError, match="nonsense"):
            call(nonsense=1)
    with pytest.raises(TypeError):
        client.tasks_api.retrieve()
    with pytest.raises(TypeError):
        client.tasks_api.retrieve(1, 2)


def test_required_arguments_by_position(server: RecordingServer, client: ApiClient) -> None:
    client.tasks_api.create_dataset_export("COCO 1.0", 5, _parse_response=False)
    assert server.last.target == "/api/tasks/5/dataset/export?format=COCO+1.0"


# -- common keywords --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("_parse_response", 1),
        ("_check_status", None),
        ("_validate_inputs", "yes"),
        ("_validate_outputs", 0),
        ("_async_call", 1),
        ("_host_index", "0"),
        ("_host_index", True),
        ("_content_type", b"x"),
        ("_spec_property_naming", 1),
        ("_request_auths", {}),
        ("_request_timeout", "5"),
        ("_request_timeout", True),
    ],
)
def test_common_keywords_are_typed(client: ApiClient, name: str, bad: Any) -> None:
    with pytest.raises(ApiTypeError, match=name) as caught:
        client.tasks_api.list(**{name: bad})
    assert caught.value.path_to_item == [name]


@pytest.mark.parametrize("timeout", [None, 0, 30, 30.5, (3, 30), [3, 30.5]])
def test_time_limits(server: RecordingServer, client: ApiClient, timeout: Any) -> None:
    client.server_api.retrieve_about(_request_timeout=timeout)
    assert len(server.received) == 1


@pytest.mark.parametrize("timeout", [(1, 2, 3), [1], (1, "2")])
def test_other_time_limits_are_refused(
    server: RecordingServer, client: ApiClient, timeout: Any
) -> None:
    with pytest.raises(ApiTypeError):
        client.server_api.retrieve_about(_request_timeout=timeout)
    assert not server.received


@pytest.mark.parametrize("index", [None, 0, -1])
def test_host_index(server: RecordingServer, client: ApiClient, index: int | None) -> None:
    client.server_api.retrieve_about(_host_index=index)
    assert len(server.received) == 1


def test_other_host_indexes_are_value_errors(client: ApiClient) -> None:
    with pytest.raises(ValueError, match="3"):
        client.server_api.retrieve_about(_host_index=3)


def test_async_call(server: RecordingServer, client: ApiClient) -> None:
    server.answer(body={"name": "CVAT", "version": "2.80.0"})
    handle: Any = client.server_api.retrieve_about(_async_call=True)
    about, response = handle.get(30)
    assert about.name == "CVAT"
    assert response.status == 200
    with pytest.raises(ApiTypeError):
        client.tasks_api.retrieve("1", _async_call=True)
    server.answer(404)
    from cvat_sdk.api_client.exceptions import NotFoundException

    failing: Any = client.tasks_api.retrieve(1, _async_call=True)
    with pytest.raises(NotFoundException):
        failing.get(30)


# -- parameters -------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["1", 1.0, True, None, [1]])
def test_integers_are_strict(server: RecordingServer, client: ApiClient, bad: Any) -> None:
    with pytest.raises(ApiTypeError) as caught:
        client.tasks_api.retrieve(bad)
    assert caught.value.path_to_item == ["id"]
    with pytest.raises(ApiTypeError):
        client.tasks_api.list(page=bad)
    assert not server.received


def test_none_is_not_omission(client: ApiClient) -> None:
    with pytest.raises(ApiTypeError):
        client.tasks_api.list(name=None)
    with pytest.raises(ApiValueError):
        client.tasks_api.list(name=None, _validate_inputs=False)
    with pytest.raises(ApiTypeError):
        client.tasks_api.create(None)
    with pytest.raises(ApiValueError):
        client.tasks_api.create(None, _validate_inputs=False)


@pytest.mark.parametrize("options", [{}, {"_validate_inputs": False}])
def test_choices_and_patterns_are_always_checked(
    client: ApiClient, options: dict[str, Any]
) -> None:
    with pytest.raises(ApiValueError, match=r"'rectangle'.*'circle'.*type"):
        client.labels_api.list(type="circle", **options)
    with pytest.raises(ApiValueError):
        client.labels_api.list(type=5, **options)
    with pytest.raises(ApiValueError, match="func_id"):
        client.lambda_api.retrieve_functions("a/../b", **options)


def test_a_pattern_meets_another_type(client: ApiClient) -> None:
    with pytest.raises(ApiTypeError):
        client.lambda_api.retrieve_functions(5)
    with pytest.raises(ApiValueError):
        client.lambda_api.retrieve_functions(5, _validate_inputs=False)


def test_choices_take_members_of_enumerations(server: RecordingServer, client: ApiClient) -> None:
    client.labels_api.list(type=models.LabelType("mask"), _parse_response=False)
    assert server.last.query == [("type", "mask")]


def test_path_values_are_encoded(server: RecordingServer, client: ApiClient) -> None:
    client.requests_api.retrieve("action=create&target=a/b é~-._", _parse_response=False)
    assert server.last.target == "/api/requests/action%3Dcreate%26target%3Da%2Fb%20%C3%A9~-._"


def test_query_values_are_encoded(server: RecordingServer, client: ApiClient) -> None:
    client.tasks_api.list(search="a b&ü+", _parse_response=False)
    assert server.last.target == "/api/tasks?search=a+b%26%C3%BC%2B"
    client.events_api.list(_from=datetime.datetime(2024, 1, 1, 10), _parse_response=False)
    assert server.last.query == [("from", "2024-01-01T10:00:00")]
    client.events_api.list(_from="2024-01-01 10:00", _parse_response=False)
    assert server.last.query == [("from", "2024-01-01T10:00:00")]


def test_booleans_are_words(server: RecordingServer, client: ApiClient) -> None:
    client.tasks_api.create_dataset_export("x", 5, save_images=True, _parse_response=False)
    assert ("save_images", "True") in server.last.query
    client.tasks_api.create_data(5, upload_start=True, upload_multiple=False, _parse_response=False)
    assert server.last.header("Upload-Start") == "True"
    assert server.last.header("Upload-Multiple") == "False"
    assert server.last.header("Upload-Finish") is None


def test_trailing_slashes_stay(server: RecordingServer, client: ApiClient) -> None:
    client.jobs_api.retrieve_annotations(3, _parse_response=False)
    assert server.last.target == "/api/jobs/3/annotations/"


# -- headers ----------------------------------------------------------------------------------------


def test_headers_of_a_read(server: RecordingServer, client: ApiClient) -> None:
    client.tasks_api.retrieve(1, _parse_response=False)
    assert server.last.header("Accept") == "application/vnd.cvat+json"
    assert server.last.header("User-Agent") == "cvat_sdk/2.80.0"
    assert server.last.header("Content-Type") is None
    assert server.last.header("Authorization") is None


def test_accept_of_the_schema(server: RecordingServer, client: ApiClient) -> None:
    client.schema_api.retrieve(_parse_response=False)
    assert server.last.header("Accept") == "application/json"


def test_default_accept_is_overridden(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    client = connect(client={"headers": {"accept": "text/plain"}})
    client.tasks_api.retrieve(1, _parse_response=False)
    assert server.last.header("Accept") == "application/vnd.cvat+json"
    client.tasks_api.destroy(1)
    assert server.last.header("Accept") == "text/plain"


def test_content_types(server: RecordingServer, client: ApiClient) -> None:
    client.tasks_api.partial_update(1, _parse_response=False)
    assert server.last.header("Content-Type") == "application/json"
    assert server.last.body == b""
    client.tasks_api.destroy(1)
    assert server.last.header("Content-Type") is None
    client.tasks_api.list(_content_type="text/zz", _parse_response=False)
    assert server.last.header("Content-Type") == "text/zz"


def test_organization_header(server: RecordingServer, client: ApiClient) -> None:
    client.set_default_header("X-Organization", "default")
    client.tasks_api.list(_parse_response=False)
    assert server.last.header("X-Organization") == "default"
    client.tasks_api.list(x_organization="mine", _parse_response=False)
    assert server.last.header("X-Organization") == "mine"
    client.tasks_api.list(x_organization=None, _parse_response=False)
    assert server.last.header("X-Organization") is None
    client.tasks_api.create({"name": "x"}, org="o", org_id=3, _parse_response=False)
    assert server.last.query == [("org", "o"), ("org_id", "3")]


# -- leniency of the configuration ------------------------------------------------------------------


def test_switched_off_limits_of_a_call(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    client = connect(disabled_client_side_validations="minLength")
    client.tasks_api.create({"name": ""}, _parse_response=False)
    assert server.last.json() == {"name": ""}
    with pytest.raises(ApiValueError):
        client.tasks_api.create({"name": "x" * 300})


def test_wrong_types_are_sent_when_the_configuration_says_so(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    connect(discard_unknown_keys=True).tasks_api.create({"name": 5}, _parse_response=False)
    assert server.last.json() == {"name": 5}
