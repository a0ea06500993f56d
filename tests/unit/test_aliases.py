"""Names of older versions: each does what today's call does, and warns the line that uses it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.recording import Received, RecordingServer

from cvat_sdk.api_client import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    models,
    operations,
)
from cvat_sdk.api_client.runtime.operation import Alias
from cvat_sdk.core.helpers import get_paginated_collection

ALIASES = [alias for tag in operations.TAGS for alias in operations.load_aliases(tag).values()]
PAGE: dict[str, Any] = {"count": 0, "next": None, "previous": None, "results": []}


@pytest.fixture
def caught() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as messages:
        warnings.simplefilter("always")
        yield messages


def only(caught: list[warnings.WarningMessage]) -> str:
    """The text of the only warning, which points at this file."""
    (warning,) = caught
    assert (warning.category, warning.filename) == (DeprecationWarning, __file__)
    return str(warning.message)


def sent(request: Received) -> tuple[Any, ...]:
    return request.method, request.path, request.query, request.body


# -- all of them ------------------------------------------------------------------------------------


@pytest.mark.parametrize("alias", ALIASES, ids=lambda alias: f"{alias.tag}.{alias.name}")
def test_it_sends_what_todays_call_sends(
    alias: Alias,
    server: RecordingServer,
    client: ApiClient,
    caught: list[warnings.WarningMessage],
) -> None:
    tag, _, name = alias.operation.partition(".")
    types = {parameter.name: parameter.type for parameter in operations.load(tag)[name].parameters}
    samples = {"int": 5, "str": "a/b", None: {}}
    by_name = {
        argument: samples[types.get(alias.renamed.get(argument, argument))]
        for argument in alias.positional
    }
    older = getattr(client, f"{alias.tag}_api")
    getattr(older, alias.name)(*by_name.values(), _parse_response=False)
    assert only(caught) == alias.message
    endpoint = getattr(older, f"{alias.name}_endpoint")
    assert [str(warning.message) for warning in caught] == [alias.message] * 2
    endpoint.call_with_http_info(**by_name, _parse_response=False)

    today = {alias.renamed.get(key, key): value for key, value in by_name.items()}
    getattr(getattr(client, f"{tag}_api"), name)(**today, _parse_response=False)
    assert f"{tag}_api.{name}(" in alias.message
    assert len(caught) == 2
    first, second, third = map(sent, server.received)
    assert first == second == third


def test_no_older_name_is_an_operation() -> None:
    for alias in ALIASES:
        assert alias.name not in operations.load(alias.tag)
    assert {alias.operation for alias in ALIASES} <= {
        operation.id for operation in operations.all_operations()
    }


def test_looking_around_does_not_warn(
    client: ApiClient, caught: list[warnings.WarningMessage]
) -> None:
    api = client.tasks_api
    assert {"delete", "destroy_endpoint"} <= set(dir(api))
    for name in dir(api):
        getattr(api, name)
    assert not hasattr(api, "remove_endpoint")
    assert caught == []


def test_the_endpoint_of_an_older_name_describes_itself(client: ApiClient) -> None:
    with pytest.deprecated_call():
        endpoint = client.projects_api.list_tasks_endpoint
    assert (endpoint.path, endpoint.settings["operation_id"]) == ("/api/tasks", "list_tasks")
    assert endpoint.params_map["required"] == ["id"]
    assert endpoint.attribute_map["id"] == "project_id"
    assert "project_id" not in endpoint.params_map["all"]
    with pytest.raises(ApiValueError, match=r"projects\.list_tasks misses .*'id'"):
        endpoint.call_with_http_info()


# -- delete -----------------------------------------------------------------------------------------


def test_delete(
    server: RecordingServer, client: ApiClient, caught: list[warnings.WarningMessage]
) -> None:
    server.answer(204, b"")
    data, response = client.tasks_api.delete(7)
    assert (data, response.status) == (None, 204)
    assert (server.last.method, server.last.path) == ("DELETE", "/api/tasks/7")
    assert only(caught) == "tasks_api.delete is deprecated; call tasks_api.destroy(id)"


# -- update -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "labels": [{"name": "car"}]},
        models.TaskWriteRequest("x", labels=[{"name": "car"}]),
        models.PatchedTaskWriteRequest(name="x", labels=[models.PatchedLabelRequest(name="car")]),
    ],
    ids=["dict", "full model", "partial model"],
)
def test_update_takes_the_full_and_the_partial_model(
    server: RecordingServer,
    client: ApiClient,
    caught: list[warnings.WarningMessage],
    body: Any,
) -> None:
    client.tasks_api.update(7, task_write_request=body, _parse_response=False)
    assert (server.last.method, server.last.path) == ("PATCH", "/api/tasks/7")
    assert server.last.json() == {"name": "x", "labels": [{"name": "car"}]}
    assert only(caught).endswith(
        "call tasks_api.partial_update(id, patched_task_write_request=...)"
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_update_without_a_check_of_the_input(server: RecordingServer, client: ApiClient) -> None:
    body = models.TaskWriteRequest("x", labels=[{"name": "car"}])
    client.tasks_api.update(7, body, _parse_response=False, _validate_inputs=False)
    assert server.last.json() == {"name": "x", "labels": [{"name": "car"}]}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_update_refuses_what_it_cannot_send(server: RecordingServer, client: ApiClient) -> None:
    with pytest.raises(ApiTypeError):
        client.tasks_api.update(7, models.ProjectWriteRequest("x"))
    with pytest.raises(TypeError):
        client.tasks_api.update(7)
    with pytest.raises(ApiValueError):
        client.tasks_api.update(7, {"name": "x" * 1000})
    assert server.received == []


# -- operations that another one has taken over -----------------------------------------------------


def test_tasks_of_a_project(
    server: RecordingServer, client: ApiClient, caught: list[warnings.WarningMessage]
) -> None:
    server.answer(body=PAGE)
    page, _ = client.projects_api.list_tasks(5, page_size=2, sort="-id")
    assert isinstance(page, models.PaginatedTaskReadList)
    assert server.last.path == "/api/tasks"
    assert sorted(server.last.query) == [("page_size", "2"), ("project_id", "5"), ("sort", "-id")]
    assert only(caught).endswith("call tasks_api.list(project_id=...)")


def test_all_pages_of_the_tasks_of_a_project_warn_once(
    server: RecordingServer, client: ApiClient, caught: list[warnings.WarningMessage]
) -> None:
    server.answer(body={**PAGE, "next": f"{server.url}/api/tasks?page=2", "results": [{"id": 1}]})
    server.answer(body={**PAGE, "results": [{"id": 2}]})
    tasks = get_paginated_collection(
        client.projects_api.list_tasks_endpoint, id=5, return_json=True
    )
    assert tasks == [{"id": 1}, {"id": 2}]
    assert [dict(request.query) for request in server.received] == [
        {"project_id": "5", "page": "1"},
        {"project_id": "5", "page": "2"},
    ]
    assert (
        only(caught) == "projects_api.list_tasks is deprecated; call tasks_api.list(project_id=...)"
    )


def test_content_of_a_cloud_storage(
    server: RecordingServer, client: ApiClient, caught: list[warnings.WarningMessage]
) -> None:
    entry = {"name": "a.jpg", "type": "REG", "mime_type": "image"}
    server.answer(body={"content": [entry], "next": None})
    content, _ = client.cloudstorages_api.retrieve_content(3, manifest_path="m.jsonl")
    assert content["content"][0]["name"] == "a.jpg"
    assert server.last.target == "/api/cloudstorages/3/content-v2?manifest_path=m.jsonl"
    assert only(caught).endswith("call cloudstorages_api.retrieve_content_v2(id)")


# -- the message of a response ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "reason", "message"),
    [
        (200, "Fine", "Fine"),
        (400, "Bad Request", "Bad Request"),
        (404, "", "Not Found"),
        (599, "", "HTTP status 599"),
    ],
)
def test_the_message_of_a_response_is_its_reason(
    server: RecordingServer, client: ApiClient, status: int, reason: str, message: str
) -> None:
    for parsed in (True, False):
        server.answer(status, {"name": ["It is too long."]}, reason=reason)
        options: dict[str, Any] = {"_check_status": False, "_parse_response": parsed}
        _, response = client.server_api.retrieve_about(**options)
        assert (str(response.msg), response.reason) == (message, reason)
    server.answer(status, {}, reason=reason)
    response = client.request("GET", f"{server.url}/x", _check_status=False)
    assert str(response.msg) == message
