"""Pools of the caller's own in the place of a client's: plain ones of urllib3, and classes that change a method."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiValueError
from cvat_sdk.api_client.runtime.redirects import RedirectException

PNG = b"\x89PNG\r\n\x1a\n"
MULTIPART = {"Content-Type": "multipart/form-data"}


class Changed(urllib3.PoolManager):
    """Adds nothing, but might."""

    def request(self, *args: Any, **options: Any) -> Any:
        return super().request(*args, **options)


@pytest.fixture(params=["own", "plain", "proxy", "changed"])
def client(request: Any, server: RecordingServer, connect: Callable[..., ApiClient]) -> ApiClient:
    made = connect()
    if request.param == "plain":
        made.rest_client.pool_manager = urllib3.PoolManager(retries=False)
    elif request.param == "proxy":
        made.rest_client.pool_manager = urllib3.ProxyManager(server.url, retries=False)
    elif request.param == "changed":
        made.rest_client.pool_manager = Changed(retries=False)
    return made


def send_files(client: ApiClient, *files: Any) -> None:
    client.tasks_api.create_data(
        5,
        data_request={"image_quality": 70, "client_files": list(files)},
        _content_type="multipart/form-data",
        _parse_response=False,
    )


def test_files_without_a_name_get_the_extension_of_their_kind(
    server: RecordingServer, client: ApiClient
) -> None:
    send_files(client, io.BytesIO(PNG))
    sent = [(part.filename, part.content) for part in server.last.parts() if part.filename]
    assert sent == [("client_files_0.png", PNG)]


def test_files_of_no_known_kind_are_refused(server: RecordingServer, client: ApiClient) -> None:
    with pytest.raises(ApiValueError, match="no known kind"):
        send_files(client, io.BytesIO(b"hello"))
    assert not server.received


def test_a_file_that_is_given_twice_is_sent_twice_and_closed(
    server: RecordingServer, client: ApiClient
) -> None:
    file = io.BytesIO(PNG)
    send_files(client, file, file)
    assert [part.content for part in server.last.parts() if part.filename] == [PNG, PNG]
    assert file.closed


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_queries_are_joined(server: RecordingServer, client: ApiClient, method: str) -> None:
    client.rest_client.request(method, f"{server.url}/x?a=1", query_params=[("d", "1")])
    assert server.last.query == [("a", "1"), ("d", "1")]


@pytest.mark.parametrize("make", [urllib3.PoolManager, None])
def test_plain_pools_keep_the_rule_of_redirects(
    server: RecordingServer, connect: Callable[..., ApiClient], make: Any
) -> None:
    other = RecordingServer()
    try:
        server.answer_always(307, headers=[("Location", f"{other.url}/y")])
        client = connect(retries=3)
        pools = make() if make else urllib3.ProxyManager(server.url)
        client.rest_client.pool_manager = pools
        with pytest.raises(RedirectException, match="to another server"):
            client.call_api("/x", "POST", body={"a": 1})
        assert len(server.received) == 1
        assert not other.received
    finally:
        other.close()
        pools.clear()
