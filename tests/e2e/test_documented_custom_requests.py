"""Requests of one's own with the settings and credentials of a client, for the address of an export."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlparse

import pytest
import requests
from tests.e2e.work import annotated_task, wait

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, Configuration, exceptions, models
from cvat_sdk.core.helpers import make_request_headers


@pytest.fixture(scope="module")
def url(local_server: LocalServer) -> str:
    """Where an exported archive is; only its owner may have it."""
    configuration = Configuration(
        host=local_server.url, username=local_server.username, password=local_server.password
    )
    with ApiClient(configuration) as client:
        task = annotated_task(client, ["one.jpg"])
        result, _ = client.tasks_api.create_dataset_export(
            format="Datumaro 1.0", id=task.id, save_images=True
        )
        return str(wait(client, result.rq_id).result_url)


@pytest.fixture(params=["basic", "session"])
def signed_in(request: pytest.FixtureRequest, local_server: LocalServer) -> Iterator[ApiClient]:
    """A client with a password in its configuration, or one whose credentials are its cookies."""
    account: models.LoginSerializerExRequestDict = {
        "username": local_server.username,
        "password": local_server.password,
    }
    settings: dict[str, Any] = {**account} if request.param == "basic" else {}
    with ApiClient(Configuration(host=local_server.url, **settings)) as client:
        if request.param == "session":
            client.auth_api.create_login(account)
        yield client


def check(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("one.jpg") for name in archive.namelist())


def test_call_api(signed_in: ApiClient, url: str) -> None:
    parsed_url = urlparse(url)
    data, response = signed_in.call_api(
        parsed_url.path,
        method="GET",
        query_params=parse_qsl(parsed_url.query),
        _parse_response=False,
    )
    assert data is None
    check(response.data)


def test_request(signed_in: ApiClient, url: str) -> None:
    headers = signed_in.get_common_headers()
    signed_in.update_params_for_auth(headers=headers, queries=[], method="GET")
    response = signed_in.request("GET", url, headers=headers, _parse_response=False)
    check(response.data)


def test_another_http_library(signed_in: ApiClient, url: str) -> None:
    headers = signed_in.get_common_headers()
    query_params: list[tuple[str, Any]] = []
    signed_in.update_params_for_auth(headers=headers, queries=query_params, method="GET")
    response = requests.get(url, params=query_params, headers=headers, timeout=60)
    assert response.status_code == 200
    check(response.content)


def test_headers_in_one_call(signed_in: ApiClient, url: str) -> None:
    response = requests.get(url, headers=make_request_headers(signed_in), timeout=60)
    check(response.content)


def test_the_address_asks_for_credentials(local_server: LocalServer, url: str) -> None:
    with ApiClient(Configuration(host=local_server.url)) as nobody:
        headers = nobody.get_common_headers()
        with pytest.raises(exceptions.UnauthorizedException):
            nobody.request("GET", url, headers=headers)
        assert requests.get(url, headers=headers, timeout=60).status_code == 401


def test_call_api_decodes_to_any_model(client: ApiClient) -> None:
    user, response = client.call_api("/api/users/self", "GET", response_schema=("User",))
    assert user.username == "admin"
    assert response.status == 200
