"""Credentials that cannot be sent as they are: blanks from files are taken off, anything else is named, not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from tests.unit.recording import RecordingServer
from tests.unit.test_secrets import told
from urllib3.exceptions import LocationParseError

from cvat_sdk.api_client import ApiClient, ApiTypeError, ApiValueError, Configuration
from cvat_sdk.api_client.runtime.headers import clean

Connect = Callable[..., ApiClient]
Call = Callable[[Connect, str], ApiClient]

BASIC = "Basic dTogcGFzc3dvcmQg"  # "u: password "


def access_token(connect: Connect, secret: str) -> ApiClient:
    return connect(access_token=secret)


def token_key(connect: Connect, secret: str) -> ApiClient:
    return connect(api_key={"tokenAuth": secret})


def session_key(connect: Connect, secret: str) -> ApiClient:
    return connect(api_key={"csrfAuth": "c", "sessionAuth": secret})


def csrf_key(connect: Connect, secret: str) -> ApiClient:
    return connect(api_key={"csrfAuth": secret, "sessionAuth": "s"})


def key_of_a_hook(connect: Connect, secret: str) -> ApiClient:
    client = connect()
    client.configuration.refresh_api_key_hook = lambda configuration: configuration.api_key.update(
        tokenAuth=secret
    )
    return client


def default_header(connect: Connect, secret: str) -> ApiClient:
    client = connect()
    client.set_default_header("Authorization", f"Token {secret}")
    return client


def user_agent(connect: Connect, secret: str) -> ApiClient:
    client = connect()
    client.user_agent = secret
    return client


def header_of_the_constructor(connect: Connect, secret: str) -> ApiClient:
    return connect(client={"headers": {"X-Api-Key": secret}})


def cookie_of_the_constructor(connect: Connect, secret: str) -> ApiClient:
    return connect(client={"cookies": {"own": secret}})


SETTINGS: dict[Call, str] = {
    access_token: "Configuration.access_token",
    token_key: "Configuration.api_key['tokenAuth']",
    session_key: "Configuration.api_key['sessionAuth']",
    csrf_key: "Configuration.api_key['csrfAuth']",
    key_of_a_hook: "Configuration.api_key['tokenAuth']",
    default_header: "header 'Authorization'",
    user_agent: "header 'User-Agent'",
    header_of_the_constructor: "header 'X-Api-Key'",
}


@pytest.mark.parametrize("blank", ["\n", "\r\n", " \t\n", "\n\n"])
@pytest.mark.parametrize(
    "make", [*SETTINGS, cookie_of_the_constructor], ids=lambda make: make.__name__
)
def test_a_line_break_at_the_end_is_not_sent(
    server: RecordingServer, connect: Connect, make: Call, blank: str
) -> None:
    make(connect, "hunter2").tasks_api.destroy(1)
    make(connect, f"hunter2{blank}").tasks_api.destroy(1)
    plain, with_blank = (request.header_lines for request in server.received)
    assert plain == with_blank
    assert any("hunter2" in value for _, value in plain)


@pytest.mark.parametrize(
    ("illegal", "what"),
    [
        ("\n", "a line break"),
        ("\r", "a line break"),
        ("\0", "a null"),
        ("\u2019", "outside of latin-1"),
    ],
)
@pytest.mark.parametrize(
    ("make", "setting"), SETTINGS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_another_character_is_an_error_that_names_the_setting(
    server: RecordingServer, connect: Connect, make: Call, setting: str, illegal: str, what: str
) -> None:
    client = make(connect, f"hunter2{illegal}hunter2")
    with pytest.raises(ApiValueError) as caught:
        client.tasks_api.destroy(1)
    assert str(caught.value).startswith(f"{setting}: character ")
    assert what in str(caught.value)
    assert "hunter2" not in told(caught.value)
    assert server.received == []
    assert "hunter2" not in repr(client.configuration)


def parameter(client: ApiClient, value: Any) -> None:
    client.tasks_api.list(x_organization=value)


def header_of_a_call(client: ApiClient, value: Any) -> None:
    client.call_api("/x", "GET", header_params={"X-Organization": value})


def header_of_a_request(client: ApiClient, value: Any) -> None:
    client.request("GET", f"{client.configuration.host}/x", headers={"X-Organization": value})


def header_in_bytes(client: ApiClient, value: Any) -> None:
    header_of_a_request(client, value.encode())


def credential_of_a_call(client: ApiClient, value: Any) -> None:
    credential = {"type": "api_key", "in": "header", "key": "X-Organization", "value": value}
    client.call_api("/x", "GET", _request_auths=[credential])


@pytest.mark.parametrize(
    "call",
    [parameter, header_of_a_call, header_of_a_request, header_in_bytes, credential_of_a_call],
    ids=lambda call: call.__name__,
)
def test_headers_of_one_call(server: RecordingServer, client: ApiClient, call: Any) -> None:
    call(client, "hunter2\n")
    assert server.last.header("X-Organization") == "hunter2"
    with pytest.raises(ApiValueError, match="'X-Organization': character 8 of 15 is") as caught:
        call(client, "hunter2\nhunter2")
    assert "hunter2" not in told(caught.value)
    assert len(server.received) == 1


def test_pools_of_the_caller_get_no_such_header_either(
    server: RecordingServer, client: ApiClient
) -> None:
    class OwnPools(urllib3.PoolManager):
        def request(self, *args: Any, **options: Any) -> Any:
            return super().request(*args, **options)

    client.rest_client.pool_manager = OwnPools()
    parameter(client, "hunter2\n")
    assert server.last.header("X-Organization") == "hunter2"
    with pytest.raises(ApiValueError, match="'X-Organization': character 8 of 15 is") as caught:
        parameter(client, "hunter2\nhunter2")
    assert "hunter2" not in told(caught.value)
    assert len(server.received) == 1


@pytest.mark.parametrize("place", ["cookie", "query"])
def test_credentials_of_one_call(server: RecordingServer, client: ApiClient, place: str) -> None:
    credentials = [
        {"type": "api_key", "in": place, "key": name, "value": "hunter2\n"} for name in ("a", "b")
    ]
    client.call_api("/x", "GET", _request_auths=credentials)
    sent = server.last.header("Cookie") if place == "cookie" else server.last.target
    assert sent in ("a=hunter2; b=hunter2", "/x?a=hunter2&b=hunter2")


def test_a_name_that_holds_its_value(server: RecordingServer, client: ApiClient) -> None:
    with pytest.raises(ApiValueError, match="a name holds a colon") as caught:
        client.request("GET", f"{server.url}/x", headers={"Authorization: hunter2": ""})
    assert "hunter2" not in told(caught.value)


def test_blanks_belong_to_a_password_and_line_breaks_do_not(
    server: RecordingServer, connect: Connect
) -> None:
    connect(username="u", password=" password ").tasks_api.destroy(1)
    connect(username="u\n", password=" password \r\n").tasks_api.destroy(1)
    assert [request.header("Authorization") for request in server.received] == [BASIC, BASIC]


def test_a_file_without_a_token_is_no_token(server: RecordingServer, connect: Connect) -> None:
    connect(access_token="\n", api_key={"tokenAuth": " \n"}).tasks_api.destroy(1)
    assert server.last.header("Authorization") is None


@pytest.mark.parametrize(
    ("setting", "settings"),
    [
        ("Configuration.access_token", {"access_token": b"hunter2"}),
        ("Configuration.api_key['tokenAuth']", {"api_key": {"tokenAuth": b"hunter2"}}),
    ],
)
def test_bytes_are_no_credential(connect: Connect, setting: str, settings: Any) -> None:
    client = connect(**settings)
    with pytest.raises(ApiTypeError) as caught:
        client.tasks_api.destroy(1)
    assert str(caught.value) == f"{setting}: expected text, got a value of type bytes"
    assert "hunter2" not in told(caught.value)


def test_a_number_is_a_key(server: RecordingServer, connect: Connect) -> None:
    key: Any = 12
    connect(api_key={"tokenAuth": key}).tasks_api.destroy(1)
    assert server.last.header("Authorization") == "Token 12"


def test_what_may_stand_in_a_header() -> None:
    for value in ("", "a", "a b", "a\tb", "\xe4", "~!;=,\"'"):
        assert clean(value, "x") == value


def test_an_address_that_cannot_be_read_is_not_shown(client: ApiClient) -> None:
    with pytest.raises(ApiValueError) as wrong:
        Configuration(host="http://user:hunter2@[cvat")
    assert "hunter2" not in told(wrong.value)
    client.configuration = Configuration(host="http://user:hunter2/hunter2@cvat:port")
    with pytest.raises(LocationParseError) as caught:
        client.tasks_api.destroy(1)
    assert "hunter2" not in told(caught.value)
    assert "Configuration.host" in str(caught.value)
