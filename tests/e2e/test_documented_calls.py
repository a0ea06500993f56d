"""What a call returns, the keywords that all calls have, organizations and pages."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from cvat_sdk.api_client import ApiClient, ApiTypeError, Configuration, exceptions, models
from cvat_sdk.core.helpers import get_paginated_collection

# -- result and response ----------------------------------------------------------------------------


def test_a_call_returns_the_parsed_data_and_the_response(client: ApiClient) -> None:
    data, response = client.tasks_api.list(page_size=2)
    assert isinstance(data, models.PaginatedTaskReadList)
    assert isinstance(response, urllib3.HTTPResponse)
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("application/vnd.cvat+json")
    assert response.json()["count"] == data.count


def test_operations_without_a_return_value_give_none(client: ApiClient) -> None:
    task, _ = client.tasks_api.create({"name": "to be removed"})
    data, response = client.tasks_api.destroy(task.id)
    assert data is None
    assert response.status == 204


def test_arguments_by_position_or_by_name(client: ApiClient) -> None:
    task, _ = client.tasks_api.create({"name": "by position"})
    again, _ = client.tasks_api.create(task_write_request={"name": "by name"})
    assert client.tasks_api.retrieve(task.id)[0].name == "by position"
    assert client.tasks_api.retrieve(id=again.id)[0].name == "by name"


# -- common keywords --------------------------------------------------------------------------------


def test_parse_response(client: ApiClient) -> None:
    data, response = client.tasks_api.list(_parse_response=False)
    assert data is None
    assert "results" in response.json()


def test_parse_response_false_gives_bytes_of_any_kind(client: ApiClient) -> None:
    """The way out when an answer is not what the API description says."""
    _, response = client.server_api.retrieve_plugins(_parse_response=False)
    assert response.read(1) == b"{"
    assert response.read()[-1:] == b"}"


def test_check_status(client: ApiClient) -> None:
    with pytest.raises(exceptions.NotFoundException) as caught:
        client.tasks_api.retrieve(10**6)
    assert caught.value.status == 404
    assert "detail" in str(caught.value.body)
    data, response = client.tasks_api.retrieve(10**6, _check_status=False)
    assert data is None
    assert response.status == 404


def test_validate_inputs(client: ApiClient) -> None:
    with pytest.raises(ApiTypeError):
        client.tasks_api.create({"name": 7})  # type: ignore[call-overload]  # the point of the test
    with pytest.raises(exceptions.ApiException) as caught:  # now the server finds it
        client.tasks_api.create({"name": ["7"]}, _validate_inputs=False)  # type: ignore[call-overload]  # likewise
    assert caught.value.status == 400
    assert "name" in str(caught.value.body)


def test_validate_outputs(client: ApiClient) -> None:
    task, _ = client.tasks_api.create({"name": "raw"}, _validate_outputs=False)
    assert isinstance(task, models.TaskRead)
    assert isinstance(task.owner, dict)
    assert isinstance(task.created_date, str)


@pytest.fixture
def silent_host() -> Iterator[str]:
    """Address that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("timeout", [0.05, (5, 0.05)], ids=["total", "connect and read"])
def test_request_timeout(silent_host: str, timeout: Any) -> None:
    configuration = Configuration(host=silent_host)
    configuration.retries = False
    with ApiClient(configuration) as api_client, pytest.raises(urllib3.exceptions.TimeoutError):
        api_client.server_api.retrieve_about(_request_timeout=timeout)


def test_request_timeout_may_be_a_whole_number_or_none(client: ApiClient) -> None:
    for timeout in (None, 30, (30, 30.5)):
        assert client.server_api.retrieve_about(_request_timeout=timeout)[1].status == 200


@pytest.mark.parametrize(
    ("content_type", "status"),
    [(None, 201), ("application/json", 201), ("multipart/form-data", 415)],
)
def test_content_type(client: ApiClient, content_type: str | None, status: int) -> None:
    """JSON is the default; the server decides which other forms an operation takes."""
    _, response = client.tasks_api.create(
        {"name": "typed"}, _content_type=content_type, _check_status=False
    )
    assert response.status == status


def test_keywords_that_the_documentation_leaves_out(client: ApiClient) -> None:
    handle: Any = client.users_api.retrieve_self(_async_call=True)
    user, _ = handle.get(timeout=60)
    assert user.username == "admin"
    with pytest.raises(exceptions.UnauthorizedException):
        client.users_api.retrieve_self(_request_auths=[])
    assert client.users_api.retrieve_self(_host_index=0)[0] == user
    task, _ = client.tasks_api.create({"name": "by wire names"}, _spec_property_naming=True)
    assert task.name == "by wire names"


# -- organizations ----------------------------------------------------------------------------------


@pytest.fixture
def organization(client: ApiClient) -> Iterator[models.OrganizationRead]:
    made, _ = client.organizations_api.create({"slug": "lab", "name": "The lab"})
    yield made
    client.organizations_api.destroy(made.id)


def test_create_in_an_organization(
    client: ApiClient, organization: models.OrganizationRead
) -> None:
    by_id, _ = client.tasks_api.create({"name": "by id"}, org_id=organization.id)
    by_slug, _ = client.tasks_api.create({"name": "by slug"}, org=organization.slug)
    by_header, _ = client.tasks_api.create({"name": "by header"}, x_organization=organization.slug)
    outside, _ = client.tasks_api.create({"name": "outside"})
    inside = {task.id for task in (by_id, by_slug, by_header)}
    assert {task.organization for task in (by_id, by_slug, by_header)} == {organization.id}
    assert outside.organization is None

    listed, _ = client.tasks_api.list(org=organization.slug)
    assert {task.id for task in listed.results} == inside
    personal = get_paginated_collection(client.tasks_api.list_endpoint, org_id=None)
    assert outside.id in {task.id for task in personal}
    assert inside.isdisjoint(task.id for task in personal)


def test_an_organization_that_is_not_there(
    client: ApiClient, organization: models.OrganizationRead
) -> None:
    for context in ({"org": "nowhere"}, {"org_id": 10**6}):
        with pytest.raises(exceptions.NotFoundException):
            client.tasks_api.create({"name": "x"}, **context)
    with pytest.raises(exceptions.ApiException):
        client.tasks_api.create({"name": "x"}, org=organization.slug, org_id=organization.id + 1)


# -- pages ------------------------------------------------------------------------------------------


@pytest.fixture
def project(client: ApiClient) -> Iterator[models.ProjectRead]:
    """A project with five tasks."""
    made, _ = client.projects_api.create({"name": "paged"})
    for number in range(5):
        client.tasks_api.create({"name": f"task {number}", "project_id": made.id})
    yield made
    client.projects_api.destroy(made.id)


def test_a_page_at_a_time(client: ApiClient, project: models.ProjectRead) -> None:
    first, _ = client.tasks_api.list(project_id=project.id, page_size=2)
    assert (first.count, len(first.results)) == (5, 2)
    assert first.next
    last, _ = client.tasks_api.list(project_id=project.id, page_size=2, page=3)
    assert (len(last.results), last.next) == (1, None)


def test_all_pages(client: ApiClient, project: models.ProjectRead) -> None:
    tasks = get_paginated_collection(
        client.tasks_api.list_endpoint, project_id=project.id, page_size=2, sort="id"
    )
    assert [task.name for task in tasks] == [f"task {number}" for number in range(5)]
    assert isinstance(tasks[0], models.TaskRead)
    plain = get_paginated_collection(
        client.tasks_api.list_endpoint, return_json=True, project_id=project.id, page_size=2
    )
    assert {entry["id"] for entry in plain} == {task.id for task in tasks}


def test_all_tasks_of_a_project_by_the_older_name(
    client: ApiClient, project: models.ProjectRead
) -> None:
    with pytest.warns(DeprecationWarning, match="list"):
        endpoint = client.projects_api.list_tasks_endpoint
    tasks = get_paginated_collection(endpoint, id=project.id)
    assert {task.name for task in tasks} == {f"task {number}" for number in range(5)}
    with pytest.warns(DeprecationWarning, match="list"):
        page, _ = client.projects_api.list_tasks(project.id, page_size=2)
    assert (page.count, len(page.results)) == (5, 2)
