"""Proxies: which addresses go round them, and credentials in their address."""

from __future__ import annotations

from typing import Any

import pytest
import urllib3
from tests.unit.recording import RecordingServer
from tests.unit.test_secrets import objects_of, texts, told

from cvat_sdk.api_client import ApiClient, ApiValueError, Configuration
from cvat_sdk.api_client.rest import should_bypass_proxies

BASIC = "Basic dXM6aHVudGVyMg=="  # "us:hunter2"


@pytest.mark.parametrize(
    ("host", "no_proxy", "bypassed"),
    [
        ("http://cvat.example", "*", True),
        ("http://cvat.example", "cvat.example", True),
        ("http://CVAT.example", "cvat.EXAMPLE", True),
        ("http://cvat.example.", "cvat.example", True),
        ("http://a.cvat.example", "cvat.example, other", True),
        ("http://a.cvat.example", "other cvat.example", True),
        ("http://a.cvat.example", ".cvat.example", True),
        ("http://a.cvat.example", "*.cvat.example", True),
        ("http://a.b.cvat.example", "*.cvat.example", True),
        ("http://notcvat.example", "cvat.example", False),
        ("http://notcvat.example", "*.cvat.example", False),
        ("http://cvat.example", "*.", False),
        ("http://cvat.example", ",", False),
        ("http://cvat.example:8080", "cvat.example:8080", True),
        ("http://cvat.example:8080", "cvat.example:8081", False),
        ("http://cvat.example", "cvat.example:80", True),
        ("https://cvat.example", "cvat.example:443", True),
        ("https://cvat.example", "cvat.example:80", False),
        ("http://a.cvat.example:8080", "*.cvat.example:8080", True),
        ("http://10.1.2.3", "10.1.2.3", True),
        ("http://10.1.2.3", "10.0.0.0/8", True),
        ("http://10.1.2.3", "10.1.2.9/16", True),
        ("http://10.1.2.3:8080", "10.1.2.3:8080", True),
        ("http://10.1.2.3:8080", "10.1.2.3:81", False),
        ("http://11.1.2.3", "10.0.0.0/8", False),
        ("http://10.1.2.3", "fd00::/8", False),
        ("http://[::1]", "::1", True),
        ("http://[::1]", "[::1]", True),
        ("http://[0:0::1]:8080", "[::1]:8080", True),
        ("http://[::1]:8080", "[::1]:8081", False),
        ("http://[fd12::5]:8080", "fd00::/8", True),
        ("http://[fd12::5]", "10.0.0.0/8", False),
        ("http://[fe80::5]", "fd00::/8", False),
        ("http://10.1.2.3", "", False),
        ("http://10.1.2.3", "10.0.0.0/99, 10.0.0/8, [, :", False),
    ],
)
def test_addresses_without_proxy(host: str, no_proxy: str, bypassed: bool) -> None:
    assert should_bypass_proxies(host, no_proxy) is bypassed


def through(proxy: str, host: str = "http://cvat.example", **settings: Any) -> ApiClient:
    configuration = Configuration(host=host)
    configuration.proxy = proxy
    configuration.retries = False
    for name, value in settings.items():
        setattr(configuration, name, value)
    return ApiClient(configuration)


def test_what_goes_round_the_proxy_and_what_does_not(server: RecordingServer) -> None:
    with through("http://127.0.0.1:9", server.url, no_proxy=f"127.0.0.1:{server.port}") as client:
        client.call_api("/x", "GET")
    assert server.last.target == "/x"
    with through(server.url, "http://[::1]:9", no_proxy="[::1]:8") as client:
        client.call_api("/x", "GET")
    assert server.last.target == "http://[::1]:9/x"


@pytest.mark.parametrize(
    ("credentials", "token"),
    [
        ("us:hunter2", BASIC),
        ("us:hunter2%40%2F", "Basic dXM6aHVudGVyMkAv"),
        ("us:hunter2@/", "Basic dXM6aHVudGVyMkAv"),
        ("us", "Basic dXM6"),
        ("us:%E2%82%AC", "Basic dXM64oKs"),
    ],
)
def test_credentials_in_the_address(server: RecordingServer, credentials: str, token: str) -> None:
    proxy = server.url.replace("://", f"://{credentials}@")
    with through(proxy) as client:
        client.call_api("/x", "GET")
        client.call_api("/y", "GET")
    assert [request.header("Proxy-Authorization") for request in server.received] == [token] * 2
    assert server.last.header("Authorization") is None
    assert server.last.target == "http://cvat.example/y"


def test_credentials_go_to_the_proxy_of_a_tunnel_and_no_further(server: RecordingServer) -> None:
    server.answer(raw=b"HTTP/1.1 502 No\r\n\r\n", close=True)
    with (
        through(server.url.replace("://", "://us:hunter2@"), "https://cvat.example") as client,
        pytest.raises(urllib3.exceptions.HTTPError) as caught,
    ):
        client.call_api("/x", "GET")
    assert (server.last.method, server.last.header("Proxy-Authorization")) == ("CONNECT", BASIC)
    assert "hunter2" not in told(caught.value)


def test_a_header_of_the_caller_is_kept(server: RecordingServer) -> None:
    headers = {"proxy-authorization": "Bearer own\n", "X-Proxy": "1"}
    with through(server.url.replace("://", "://us:hunter2@"), proxy_headers=headers) as client:
        client.call_api("/x", "GET")
    assert server.last.header("Proxy-Authorization") == "Bearer own"
    assert server.last.header("X-Proxy") == "1"


def test_a_header_that_cannot_be_sent_is_named_and_not_shown() -> None:
    with pytest.raises(ApiValueError, match=r"Configuration\.proxy_headers: ") as caught:
        through("http://127.0.0.1:9", proxy_headers={"X-Key": "hunter2\nhunter2"})
    assert "hunter2" not in told(caught.value)


@pytest.mark.parametrize(
    "proxy",
    ["ftp://us:hunter2@proxy", "us:hunter2@proxy:80", "http://us:hunter2@", "http://us:hunter2@[x"],
)
def test_an_address_that_is_none(proxy: str) -> None:
    with pytest.raises((urllib3.exceptions.HTTPError, ValueError)) as caught:
        through(proxy)
    assert "hunter2" not in told(caught.value)


def test_credentials_are_shown_nowhere(server: RecordingServer, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    client = through("http://us:hunter2@127.0.0.1:9", retries=0)
    with pytest.raises(urllib3.exceptions.MaxRetryError) as caught:
        client.call_api("/x", "GET")
    assert "hunter2" not in told(caught.value)
    assert "hunter2" not in caplog.text
    for value in objects_of([client, client.configuration], {}):
        assert "hunter2" not in texts(value)
