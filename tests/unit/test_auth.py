"""Credentials and cookies on the wire."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiException, ApiValueError, Configuration

Connect = Callable[..., ApiClient]
BASIC = "Basic dTpw"


def about(client: ApiClient, **options: Any) -> None:
    client.server_api.retrieve_about(_parse_response=False, **options)


# -- schemes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        ({"access_token": "t"}, {"Authorization": "Bearer t"}),
        ({"username": "u", "password": "p"}, {"Authorization": BASIC}),
        ({"username": "u"}, {"Authorization": None}),
        ({"api_key": {"tokenAuth": "k"}}, {"Authorization": "Token k"}),
        ({"api_key": {"tokenAuth": "Token k"}}, {"Authorization": "Token k"}),
        ({"api_key": {"sessionAuth": "s"}}, {"Cookie": "sessionid=s", "Origin": None}),
        (
            {"api_key": {"sessionAuth": "s", "csrfAuth": "c"}},
            {"Cookie": "csrftoken=c; sessionid=s", "X-CSRFToken": "c"},
        ),
        (
            {"api_key": {"csrfAuth": "c", "csrfHeaderAuth": "h"}},
            {"Cookie": "csrftoken=c", "X-CSRFToken": "h"},
        ),
        (
            {"api_key": {"sessionAuth": None, "tokenAuth": ""}},
            {"Cookie": None, "Authorization": None},
        ),
    ],
)
def test_each_scheme(
    server: RecordingServer,
    connect: Connect,
    settings: dict[str, Any],
    headers: dict[str, str | None],
) -> None:
    about(connect(**settings))
    for name, value in headers.items():
        assert server.last.header(name) == value


def test_the_last_writer_of_the_authorization_wins(
    server: RecordingServer, connect: Connect
) -> None:
    keys: dict[str, str] = {}
    client = connect(access_token="t", username="u", password="p", api_key=keys)
    about(client)
    assert server.last.header("Authorization") == BASIC
    keys["tokenAuth"] = "k"
    about(client)
    assert server.last.header("Authorization") == "Token k"


def test_settings_are_read_live(server: RecordingServer, connect: Connect) -> None:
    client = connect()
    client.configuration.username, client.configuration.password = "u", "p"
    about(client)
    assert server.last.header("Authorization") == BASIC
    client.configuration.password = None
    client.configuration.api_key["sessionAuth"] = "s"
    about(client)
    assert server.last.header("Authorization") is None
    assert server.last.header("Cookie") == "sessionid=s"


def test_csrf_brings_the_origin(server: RecordingServer, connect: Connect) -> None:
    client = connect(api_key={"csrfAuth": "c"})
    about(client)
    assert server.last.header("Origin") == server.url
    client.set_default_header("Origin", "http://other")
    about(client)
    assert server.last.header("Origin") == "http://other"


def test_configured_credentials_overwrite_default_headers(
    server: RecordingServer, connect: Connect
) -> None:
    client = connect(client={"headers": {"authorization": "Own"}})
    about(client)
    assert server.last.header("Authorization") == "Own"
    client.configuration.access_token = "t"
    about(client)
    assert server.last.header("Authorization") == "Bearer t"


def test_an_operation_sends_the_schemes_it_accepts(
    server: RecordingServer, connect: Connect
) -> None:
    client = connect(access_token="t", username="u", password="p", api_key={"sessionAuth": "s"})
    client.auth_api.retrieve_rules(_parse_response=False)
    assert server.last.header("Authorization") is None
    assert server.last.header("Cookie") is None
    client.auth_api.retrieve_access_tokens_self(_parse_response=False)
    assert server.last.header("Authorization") == "Bearer t"
    assert server.last.header("Cookie") is None


@pytest.mark.parametrize(
    ("credential", "check"),
    [
        (
            {"type": "api_key", "in": "header", "key": "X-K", "value": "v"},
            lambda r: r.header("X-K") == "v",
        ),
        (
            {"type": "api_key", "in": "cookie", "key": "k", "value": "v"},
            lambda r: r.header("Cookie") == "k=v",
        ),
        (
            {"type": "api_key", "in": "query", "key": "k", "value": "v"},
            lambda r: r.query == [("k", "v")],
        ),
    ],
)
def test_credentials_of_one_call(
    server: RecordingServer,
    connect: Connect,
    credential: dict[str, str],
    check: Callable[[Any], bool],
) -> None:
    client = connect(username="u", password="p")
    about(client, _request_auths=[credential])
    assert check(server.last)
    assert server.last.header("Authorization") is None
    client.auth_api.retrieve_rules(_request_auths=[credential], _parse_response=False)
    assert check(server.last)


def test_no_credentials_for_one_call(server: RecordingServer, connect: Connect) -> None:
    client = connect(username="u", password="p")
    about(client, _request_auths=[])
    assert server.last.header("Authorization") is None
    with pytest.raises(ApiValueError):
        about(client, _request_auths=[{"type": "api_key", "in": "body", "key": "k", "value": "v"}])


def test_the_refresh_hook_runs_once_a_request(server: RecordingServer, connect: Connect) -> None:
    client = connect(api_key={"tokenAuth": "old"})
    calls: list[Configuration] = []

    def refresh(configuration: Configuration) -> None:
        calls.append(configuration)
        configuration.api_key["tokenAuth"] = "new"

    client.configuration.refresh_api_key_hook = refresh
    about(client)
    assert calls == [client.configuration]
    assert server.last.header("Authorization") == "Token new"


def test_credentials_for_requests_of_ones_own(connect: Connect) -> None:
    client = connect(
        username="u", password="p", api_key={"sessionAuth": "s"}, client={"cookies": {"a": "b"}}
    )
    headers = client.get_common_headers()
    queries: list[tuple[str, Any]] = []
    assert client.update_params_for_auth(headers=headers, queries=queries, method="GET") is None
    assert headers["Authorization"] == BASIC
    assert headers["Cookie"] == "a=b; sessionid=s"
    for chosen in ([], ["sessionAuth"], client.configuration.auth_settings()):
        headers = {}
        client.update_params_for_auth(headers, queries, chosen)
        assert ("Authorization" in headers) is ("basicAuth" in chosen)
    assert queries == []


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("https://CVAT.example:443/prefix", "https://cvat.example"),
        ("http://cvat.example:80", "http://cvat.example"),
        ("http://cvat.example:8080/x", "http://cvat.example:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_origin(host: str, origin: str) -> None:
    assert ApiClient(Configuration(host=host)).build_origin_header() == origin
    assert ApiClient().build_origin_header(host) == origin


# -- login ------------------------------------------------------------------------------------------


def test_login_as_documented(server: RecordingServer, client: ApiClient) -> None:
    from cvat_sdk.api_client import models

    server.answer(
        body={"key": "abc"},
        headers=[
            (
                "Set-Cookie",
                "csrftoken=c1; expires=Mon, 01 Jan 2999 00:00:00 GMT; Path=/; SameSite=Lax; Secure",
            ),
            ("Set-Cookie", "sessionid=s1; HttpOnly; Path=/; Secure"),
        ],
    )
    auth, _ = client.auth_api.create_login(
        models.LoginSerializerExRequest(username="u", password="p")
    )
    assert server.last.json() == {"username": "u", "password": "p"}
    assert auth.key == "abc"
    assert "sessionid" in client.cookies
    client.set_default_header("X-CSRFToken", client.cookies["csrftoken"].value)
    client.set_default_header("Origin", client.build_origin_header())
    about(client)
    assert server.last.header("Cookie") == "csrftoken=c1; sessionid=s1"
    assert server.last.header("X-CSRFToken") == "c1"
    assert server.last.header("Origin") == server.url


# -- cookies ----------------------------------------------------------------------------------------


def test_cookies_of_the_constructor(server: RecordingServer, connect: Connect) -> None:
    jar = SimpleCookie()
    jar["m"] = 'quoted "value"'
    for given, sent in (
        ({"b": "2", "a": "1"}, "a=1; b=2"),
        (jar, jar["m"].OutputString()),
        ({"m": jar["m"], "z": "1"}, f"{jar['m'].OutputString()}; z=1"),
    ):
        about(connect(client={"cookies": given}))
        assert server.last.header("Cookie") == sent


def test_a_jar_of_the_caller_sees_new_cookies(server: RecordingServer, connect: Connect) -> None:
    jar = SimpleCookie()
    client = connect(client={"cookies": jar})
    server.answer(headers=[("Set-Cookie", "a=b")])
    client.server_api.retrieve_about()
    assert jar["a"].value == "b"


@pytest.mark.parametrize(
    "expired",
    [
        "a=; Max-Age=0",
        "a=x; Max-Age=-1",
        'a=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/',
        "a=x; expires=Thu, 01 Jan 1970 00:00:00 GMT",
    ],
)
def test_expired_cookies_go_away(server: RecordingServer, connect: Connect, expired: str) -> None:
    client = connect(client={"cookies": {"a": "1", "b": "2"}})
    server.answer(headers=[("Set-Cookie", expired)])
    client.server_api.retrieve_about()
    about(client)
    assert server.last.header("Cookie") == "b=2"


def test_unusable_cookie_lines_cost_nothing(server: RecordingServer, client: ApiClient) -> None:
    server.answer(
        headers=[("Set-Cookie", "b@d[name]=1; Secure"), ("Set-Cookie", ""), ("Set-Cookie", "a=b")]
    )
    client.server_api.retrieve_about()
    assert "a" in client.cookies


def test_which_answers_set_cookies(server: RecordingServer, client: ApiClient) -> None:
    cookie = [("Set-Cookie", "a=b")]
    server.answer(headers=cookie)
    about(client)
    server.answer(400, headers=cookie)
    with pytest.raises(ApiException):
        client.server_api.retrieve_about()
    server.answer(headers=cookie)
    client.request("GET", f"{server.url}/x")
    assert not client.cookies
    server.answer(headers=cookie)
    client.call_api("/x", "GET")
    assert client.cookies["a"].value == "b"
    server.answer(400, headers=[("Set-Cookie", "c=d")])
    client.call_api("/x", "GET", _check_status=False)
    assert client.cookies["c"].value == "d", "whoever wants the answer gets its cookies"
