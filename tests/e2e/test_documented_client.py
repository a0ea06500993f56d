"""The client, the ways to sign in, and the classes that hold the operations."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, Configuration, apis, exceptions, models
from cvat_sdk.api_client.rest import RESTClientObject

Keys = dict[str, str]


def who(api_client: ApiClient) -> str:
    user, _ = api_client.users_api.retrieve_self()
    return user.username


# -- client and configuration -----------------------------------------------------------------------


def test_a_client_is_a_context_manager_made_from_a_configuration(local_server: LocalServer) -> None:
    configuration = Configuration(host=local_server.url)
    with ApiClient(configuration) as api_client:
        assert api_client.configuration is configuration
        about, _ = api_client.server_api.retrieve_about()
        assert about.version
    assert isinstance(api_client.rest_client, RESTClientObject)


def test_headers_and_cookies_may_be_given_to_the_constructor(
    local_server: LocalServer, keys: Keys
) -> None:
    by_header = ApiClient(
        Configuration(host=local_server.url), headers={"Authorization": f"Token {keys['key']}"}
    )
    by_cookie = ApiClient(
        Configuration(host=local_server.url), cookies={"sessionid": keys["sessionid"]}
    )
    assert who(by_header) == who(by_cookie) == local_server.username


def test_the_rest_client_sends_requests_directly(local_server: LocalServer) -> None:
    api_client = ApiClient(Configuration(host=local_server.url))
    response = api_client.rest_client.GET(f"{local_server.url}/api/server/about")
    assert response.json()["version"]


# -- signing in -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keys(local_server: LocalServer) -> Keys:
    """What a login and a new access token give: key, sessionid, csrftoken, access_token."""
    api_client = ApiClient(Configuration(host=local_server.url))
    request = models.LoginSerializerExRequest(
        username=local_server.username, password=local_server.password
    )
    auth, _ = api_client.auth_api.create_login(request)
    cookies = {name: api_client.cookies[name].value for name in ("sessionid", "csrftoken")}
    api_client.set_default_header("Authorization", f"Token {auth.key}")
    token, _ = api_client.auth_api.create_access_tokens({"name": "documented", "read_only": False})
    return {"key": auth.key, "access_token": token.value, **cookies}


def settings_for(way: str, server: LocalServer, keys: Keys) -> dict[str, Any]:
    if way == "basic":
        return {"username": server.username, "password": server.password}
    if way == "session":
        session = {"sessionAuth": keys["sessionid"], "csrfAuth": keys["csrftoken"]}
        return {"api_key": session}
    if way == "token with its prefix":
        return {"api_key": {"tokenAuth": f"Token {keys['key']}"}}
    if way == "bare token":
        return {"api_key": {"tokenAuth": keys["key"]}}
    return {"access_token": keys["access_token"]}


WAYS = ["basic", "session", "token with its prefix", "bare token", "access token"]


@pytest.mark.parametrize("way", WAYS)
def test_credentials_of_the_configuration(way: str, local_server: LocalServer, keys: Keys) -> None:
    configuration = Configuration(host=local_server.url, **settings_for(way, local_server, keys))
    with ApiClient(configuration) as api_client:
        assert who(api_client) == local_server.username
        task, _ = api_client.tasks_api.create({"name": f"made by {way}"})  # csrf counts here
        api_client.tasks_api.destroy(task.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "admin", "password": "wrong"},
        {"api_key": {"sessionAuth": "wrong", "csrfAuth": "wrong"}},
        {"api_key": {"tokenAuth": "Token wrong"}},
        {"access_token": "wrong"},
        {},
    ],
    ids=["basic", "session", "token", "access token", "none"],
)
def test_without_right_credentials_nothing_is_given(
    wrong: dict[str, Any], local_server: LocalServer
) -> None:
    with (
        ApiClient(Configuration(host=local_server.url, **wrong)) as api_client,
        pytest.raises(exceptions.UnauthorizedException),
    ):
        api_client.users_api.retrieve_self()


def test_session_of_a_login(local_server: LocalServer) -> None:
    with ApiClient(Configuration(host=local_server.url)) as api_client:
        api_client.auth_api.create_login(
            models.LoginSerializerExRequest(
                username=local_server.username, password=local_server.password
            )
        )
        assert "sessionid" in api_client.cookies
        with pytest.raises(exceptions.ForbiddenException):  # a session alone may not write
            api_client.tasks_api.create({"name": "without a CSRF token"})
        api_client.set_default_header("X-CSRFToken", api_client.cookies["csrftoken"].value)
        api_client.set_default_header("Origin", api_client.build_origin_header())
        assert api_client.default_headers["Origin"] == local_server.url
        task, _ = api_client.tasks_api.create({"name": "made in a session"})
        assert task.owner is not None
        assert task.owner.username == local_server.username
        api_client.auth_api.create_logout()
        with pytest.raises(exceptions.UnauthorizedException):
            api_client.users_api.retrieve_self()


def test_key_of_a_login_as_a_default_header(local_server: LocalServer) -> None:
    with ApiClient(Configuration(host=local_server.url)) as api_client:
        auth, _ = api_client.auth_api.create_login(
            {"username": local_server.username, "password": local_server.password}
        )
        api_client.cookies.clear()
        api_client.set_default_header("Authorization", "Token " + auth.key)
        assert who(api_client) == local_server.username


# -- API classes and endpoints ----------------------------------------------------------------------


def test_operations_are_grouped_by_tag(client: ApiClient) -> None:
    names = [name for name, cls in vars_of(apis) if inspect.isclass(cls)]
    assert len(names) == 23
    for name in names:
        attribute = f"{name.removesuffix('Api').lower()}_api"
        assert isinstance(getattr(client, attribute), getattr(apis, name))
        assert attribute in dir(client)


def vars_of(module: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(module, name)) for name in module.__all__]


def test_api_classes_made_directly(client: ApiClient) -> None:
    tasks_api = apis.TasksApi(client)
    assert tasks_api.api_client is client
    assert tasks_api is not client.tasks_api
    page, response = tasks_api.list(page_size=1)
    assert response.status == 200
    assert isinstance(page, models.PaginatedTaskReadList)
    rules, _ = apis.AuthApi(client).retrieve_rules(_parse_response=False)
    assert rules is None


def test_an_endpoint_describes_its_operation(client: ApiClient) -> None:
    endpoint = client.tasks_api.retrieve_endpoint
    assert endpoint.path == "/api/tasks/{id}"
    assert endpoint.settings["http_method"] == "GET"
    assert endpoint.params_map["required"] == ["id"]
    assert endpoint.openapi_types["id"] == (int,)
    assert endpoint.location_map["id"] == "path"
    listing = client.tasks_api.list_endpoint
    assert listing.location_map["project_id"] == "query"
    assert listing.location_map["x_organization"] == "header"
    assert client.tasks_api.create_endpoint.location_map["task_write_request"] == "body"


def test_an_endpoint_can_be_passed_around_and_called(client: ApiClient) -> None:
    task, _ = client.tasks_api.create({"name": "called by endpoint"})

    def call(endpoint: Any, **arguments: Any) -> Any:
        data, response = endpoint.call_with_http_info(**arguments)
        assert response.status == 200
        return data

    assert call(client.tasks_api.retrieve_endpoint, id=task.id).name == "called by endpoint"
    assert call(apis.TasksApi(client).list_endpoint, name="called by endpoint").count == 1


def test_create_retrieve_list_update_and_delete(client: ApiClient) -> None:
    project, _ = client.projects_api.create({"name": "crud"})
    assert client.projects_api.retrieve(project.id)[0].name == "crud"
    assert client.projects_api.list(name="crud")[0].count == 1
    changed, _ = client.projects_api.partial_update(
        project.id, patched_project_write_request={"name": "changed"}
    )
    assert changed.name == "changed"
    none, response = client.projects_api.destroy(project.id)
    assert none is None
    assert response.status == 204


def test_the_letters_of_crud_are_names_as_well(client: ApiClient) -> None:
    project, _ = client.projects_api.create({"name": "by older names"})
    with pytest.warns(DeprecationWarning, match="partial_update"):
        changed, _ = client.projects_api.update(project.id, {"name": "updated"})
    assert changed.name == "updated"
    with pytest.warns(DeprecationWarning, match="destroy"):
        client.projects_api.delete(project.id)
    with pytest.raises(exceptions.NotFoundException):
        client.projects_api.retrieve(project.id)
