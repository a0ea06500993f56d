"""The first line of the error for an answer that is no success: what was asked, what came back, what to do."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiException, ApiTypeError
from cvat_sdk.api_client.exceptions import ForbiddenException, NotFoundException

Connect = Callable[..., ApiClient]


def raised(function: Callable[..., Any], *args: Any, **kwargs: Any) -> ApiException:
    with pytest.raises(ApiException) as caught:
        function(*args, **kwargs)
    return caught.value


def first_line(error: ApiException) -> str:
    return str(error).splitlines()[0]


# -- what was asked, and what came back ---------------------------------------------------------------


def test_it_names_request_status_detail_and_request_id(
    server: RecordingServer, client: ApiClient
) -> None:
    server.answer(
        400,
        {"name": ["This field is required."]},
        headers=[("X-Request-ID", "5b1f")],
        reason="Bad Request",
    )
    error = raised(client.tasks_api.list, page=2, search="car park")
    assert first_line(error) == (
        f"GET {server.url}/api/tasks?page=2&search=car+park answered 400 Bad Request: "
        "name: This field is required. [request id 5b1f]"
    )
    assert error.request_method == "GET"
    assert error.request_url == f"{server.url}/api/tasks?page=2&search=car+park"
    assert error.request_id == "5b1f"
    assert error.args == ()


def test_the_lines_that_scripts_read_follow_in_their_order(
    server: RecordingServer, client: ApiClient
) -> None:
    server.answer(404, {"detail": "Not found."}, reason="Not Found")
    lines = str(raised(client.tasks_api.retrieve, 1)).splitlines()
    assert lines[1:3] == ["Status Code: 404", "Reason: Not Found"]
    assert lines[3].startswith("HTTP response headers: {")
    assert lines[4] == 'HTTP response body: {"detail": "Not found."}'


def test_an_exception_made_by_hand_has_the_text_of_its_arguments() -> None:
    assert str(ApiException()) == "Status Code: None\nReason: None\n"
    assert str(ApiException(404, "Not Found")) == "Status Code: 404\nReason: Not Found\n"
    response = urllib3.HTTPResponse(b'{"detail": "no"}', status=404, reason="Not Found")
    error = ApiException(http_resp=response)
    assert first_line(error) == "404 Not Found: no"
    assert (error.request_method, error.request_url, error.request_id) == (None, None, None)


def test_a_long_body_is_cut_in_the_text_only(server: RecordingServer, client: ApiClient) -> None:
    server.answer(500, b"x" * 1_000_000)
    error = raised(client.tasks_api.retrieve, 1)
    assert len(str(error)) < 12_000
    assert "990,000 more characters" in str(error)
    assert error.body == "x" * 1_000_000


def test_secrets_of_addresses_and_headers_are_not_shown(
    server: RecordingServer, connect: Connect
) -> None:
    address = f"http://ann:hunter2@127.0.0.1:{server.port}"
    client = connect(host=address)
    headers = [
        ("Location", "https://bucket/x?X-Amz-Signature=hunter2"),
        ("Set-Cookie", "s=hunter2"),
    ]
    credential = {"type": "api_key", "in": "query", "key": "k", "value": "hunter2"}
    calls: list[Callable[[], Any]] = [
        lambda: client.tasks_api.list(_request_auths=[credential]),
        lambda: client.call_api("/api/x", "GET", query_params={"access_token": "hunter2"}),
        lambda: client.request("GET", f"{server.url}/blob?anything=hunter2"),
        lambda: client.rest_client.GET(f"{server.url}/blob", query_params={"anything": "hunter2"}),
    ]
    for status in (401, 409):
        for call in calls:
            server.answer(status, {"detail": "no"}, headers=headers)
            error = raised(call)
            assert "hunter2" not in str(error)
            assert "hunter2" not in repr(vars(error).get("request_url"))
            assert f"127.0.0.1:{server.port}/" in first_line(error)


def test_a_redirect_and_repeated_attempts_are_told(
    server: RecordingServer, connect: Connect
) -> None:
    server.answer(302, b"", headers=[("Location", "/elsewhere?token=abc")], reason="Found")
    assert first_line(raised(connect().call_api, "/api/tasks", "POST", body={})) == (
        f"POST {server.url}/api/tasks answered 302 Found, a redirect to /elsewhere"
    )
    client = connect(retries=3)
    server.answer(302, b"", headers=[("Location", "/elsewhere?token=abc")])
    server.answer(405, {"detail": 'Method "GET" not allowed.'}, reason="Method Not Allowed")
    assert first_line(raised(client.call_api, "/api/tasks", "POST", body={})) == (
        f"POST {server.url}/api/tasks (redirected to /elsewhere) answered 405 Method Not Allowed: "
        'Method "GET" not allowed.'
    )
    again = connect(retries=urllib3.Retry(total=2, backoff_factor=0, status_forcelist=[503]))
    server.answer_always(503, b"<html><title>Down for maintenance</title>", reason="Busy")
    assert first_line(raised(again.server_api.retrieve_about)) == (
        f"GET {server.url}/api/server/about (at attempt 3) answered 503 Busy: Down for maintenance"
    )


def test_a_request_that_was_not_sent_says_so(server: RecordingServer, client: ApiClient) -> None:
    error = raised(
        client.call_api, "/x", "POST", body={1, 2}, header_params={"Content-Type": "image/png"}
    )
    assert error.status == 0
    assert first_line(error).startswith(f"POST {server.url}/x: The request was not sent: a body of")
    assert not server.received


def test_it_survives_copies_and_pickles(server: RecordingServer, connect: Connect) -> None:
    client = connect(username="ann", password="hunter2")
    server.answer(403, {"detail": "no"}, headers=[("X-Request-ID", "7")])
    error = raised(client.tasks_api.retrieve, 1)
    assert isinstance(error, ForbiddenException)
    for copied in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert type(copied) is ForbiddenException
        assert str(copied) == str(error)
        assert copied.request_url == error.request_url


def test_a_subclass_with_arguments_of_its_own_can_be_copied() -> None:
    for copied in (copy.copy(Gone(a=1)), pickle.loads(pickle.dumps(Gone(a=1)))):
        assert str(copied) == "Status Code: 404\nReason: gone\n"


class Gone(NotFoundException):
    def __init__(self, **anything: Any) -> None:
        super().__init__(404, "gone")


# -- 401 and 403: with what it was sent, and why that may not have done ---------------------------------

SESSION = {"sessionAuth": "hunter2"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, ["without credentials", "username and password", "access_token", "api_key"]),
        ({"username": "ann", "password": "hunter2"}, ["Basic, user 'ann'", "wrong password"]),
        ({"username": "änn", "password": "hunter2"}, ["Basic, user 'änn'"]),
        ({"api_key": {"tokenAuth": "hunter2"}}, ["API key (Token)", "log in again"]),
        ({"access_token": "hunter2"}, ["access token (Bearer)", "expired or revoked"]),
        ({"api_key": SESSION}, ["session cookie", "log in again"]),
        (
            {"api_key": {**SESSION, "tokenAuth": "hunter2"}},
            ["an API key (Token) and a session cookie"],
        ),
        (
            {"api_key": {"tokenAuth": "hunter2"}, "api_key_prefix": {"tokenAuth": ""}},
            ["names no scheme such as Token or Bearer"],
        ),
        (
            {"api_key": {"tokenAuth": "hunter2"}, "api_key_prefix": {"tokenAuth": "JWT"}},
            ["scheme JWT"],
        ),
    ],
)
def test_a_401_names_the_credentials_and_a_cause(
    server: RecordingServer, connect: Connect, settings: dict[str, Any], words: list[str]
) -> None:
    server.answer(401, {"detail": "Invalid."}, reason="Unauthorized")
    line = first_line(raised(connect(**settings).tasks_api.list))
    assert "answered 401 Unauthorized: Invalid. It was sent " in line
    for word in words:
        assert word in line
    assert "hunter2" not in line


def refused(server: RecordingServer, client: ApiClient, detail: str, **call: Any) -> str:
    server.answer(403, {"detail": detail}, reason="Forbidden")
    line = first_line(raised(client.call_api, "/api/tasks", **{"method": "POST", **call}))
    assert "hunter2" not in line
    return line


def test_a_403_names_a_missing_or_wrong_csrf_token(
    server: RecordingServer, connect: Connect
) -> None:
    client = connect(api_key=dict(SESSION))
    line = refused(server, client, "No.")
    assert "needs the X-CSRFToken header as well: set api_key['csrfAuth']" in line
    assert "CSRFToken" not in refused(server, client, "No.", method="GET")
    client.configuration.api_key["csrfAuth"] = "hunter2"
    line = refused(server, client, "CSRF Failed: CSRF token incorrect.")
    assert f"does not trust the Origin '{server.url}'" in line
    assert "CSRFToken" not in refused(server, client, "No.")


def test_a_403_names_the_organization_that_was_asked_for(
    server: RecordingServer, connect: Connect
) -> None:
    client = connect(username="ann", password="hunter2")
    for call, named in (
        ({"header_params": {"X-Organization": "acme"}}, "'acme' (X-Organization)"),
        ({"query_params": {"org": "acme"}}, "'acme' (org)"),
        ({"query_params": {"org_id": 3}}, "'3' (org_id)"),
    ):
        assert f"in the organization {named} that it asked for" in refused(
            server, client, "No.", **call
        )
    client.set_default_header("x-organization", "acme")
    assert "'acme' (X-Organization)" in refused(server, client, "No.")


def test_a_403_for_other_reasons(server: RecordingServer, connect: Connect) -> None:
    assert "without credentials" in refused(server, connect(), "Not provided.")
    token = connect(access_token="hunter2")
    assert "a read-only token" in refused(server, token, "No.")
    line = refused(server, token, "No.", method="GET")
    assert "read-only" not in line
    assert "lacks the permission" in line
    assert "no organization was named" in line


def test_other_statuses_do_not_speak_of_credentials(
    server: RecordingServer, connect: Connect
) -> None:
    server.answer(404, {"detail": "Not found."})
    assert "sent" not in first_line(raised(connect(access_token="x").tasks_api.retrieve, 1))


# -- a success whose body is no JSON ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (
            b"<!DOCTYPE html><title>Sign in</title>",
            "text/html",
            "an HTML page (text/html, titled 'Sign in')",
        ),
        (b"", "application/json", "an empty body (application/json)"),
        (b'{"id": 1, "na', "application/json", "13 bytes of broken JSON (application/json)"),
        (
            b"tasks: []",
            "text/plain",
            "9 bytes that are not JSON (text/plain) and begin with 'tasks: []'",
        ),
    ],
)
def test_a_body_that_is_no_json_is_described(
    server: RecordingServer, client: ApiClient, body: bytes, content_type: str, words: str
) -> None:
    for call, method, expected in (
        (lambda: client.tasks_api.list(search="x"), "GET /api/tasks", "PaginatedTaskReadList"),
        (lambda: client.tasks_api.create({"name": "n"}), "POST /api/tasks", "TaskRead"),
        (lambda: client.call_api("/x", "GET", response_schema=([int],)), "GET /x", "list[int]"),
        (
            lambda: client.call_api("/x", "GET", response_schema=({str: (int,)},)),
            "GET /x",
            "dict[str, int]",
        ),
    ):
        server.answer(200, body, headers=[("Content-Type", content_type)])
        with pytest.raises(ApiTypeError) as caught:
            call()
        assert f"Expected {expected} as JSON from {method.replace(' ', f' {server.url}')}" in str(
            caught.value
        )
        assert words in str(caught.value)
        assert caught.value.path_to_item == ["received_data"]


def test_json_of_another_type_is_told_as_before(server: RecordingServer, connect: Connect) -> None:
    server.answer(200, [1])
    with pytest.raises(ApiTypeError) as caught:
        connect(response_validation="strict").tasks_api.retrieve(1)
    assert "HTML" not in str(caught.value)
    assert server.url not in str(caught.value)


def auth(place: str, key: str) -> dict[str, Any]:
    return {"_request_auths": [{"type": "api_key", "in": place, "key": key, "value": "hunter2"}]}


@pytest.mark.parametrize(
    ("call", "headers", "words"),
    [
        (auth("header", "X-Gate"), {}, "credentials in the header 'x-gate'"),
        (auth("cookie", "gate"), {}, "credentials in the cookie 'gate'"),
        (auth("query", "gate"), {}, "credentials in the query parameter 'gate'"),
        ({}, {"X-Auth-Token": "hunter2"}, "credentials in the header 'x-auth-token'"),
    ],
)
def test_credentials_of_any_place_count(
    server: RecordingServer,
    connect: Connect,
    call: dict[str, Any],
    headers: dict[str, str],
    words: str,
) -> None:
    server.answer(401, {"detail": "Invalid."}, reason="Unauthorized")
    client = connect(client={"headers": headers})
    error = raised(client.call_api, "/api/tasks", "GET", **call)
    assert words in first_line(error)
    assert "without credentials" not in first_line(error)
    assert "hunter2" not in first_line(error)


def test_a_refused_login_speaks_of_its_own_password(
    server: RecordingServer, client: ApiClient
) -> None:
    server.answer(401, {"detail": "Invalid username/password."}, reason="Unauthorized")
    login = {"username": "ann", "password": "hunter2"}
    line = first_line(raised(client.auth_api.create_login, login))
    assert "user name or the password in the body of the request" in line
    assert "Configuration" not in line
    server.answer(401, {"detail": "Invalid username/password."}, reason="Unauthorized")
    line = first_line(raised(client.call_api, "/api/auth/password/reset", "POST"))
    assert line.endswith("Invalid username/password.")


@pytest.mark.parametrize(
    "detail",
    [
        "E-mail is not verified.",
        "The user has exceeded the maximum number of tasks.",
        "Request was throttled.",
        "User inactive or deleted.",
    ],
)
def test_a_cause_that_the_server_names_is_not_followed_by_a_guess(
    server: RecordingServer, connect: Connect, detail: str
) -> None:
    line = refused(server, connect(access_token="hunter2"), detail)
    assert line.endswith(f"{detail} It was sent with an access token (Bearer)")


def test_a_page_in_place_of_a_refusal_is_told(server: RecordingServer, connect: Connect) -> None:
    page = b"<!DOCTYPE html><html><title>Attention Required! | Cloudflare</title></html>"
    server.answer(403, page, reason="Forbidden", headers=[("Content-Type", "text/html")])
    line = first_line(raised(connect(access_token="hunter2").tasks_api.list))
    assert "It was sent with an access token (Bearer): the answer is a web page" in line
    assert "proxy in front of the server" in line


def test_a_304_is_no_redirect(server: RecordingServer, client: ApiClient) -> None:
    server.answer(304, b"", headers=[("Location", "/x")], reason="Not Modified")
    assert "a redirect" not in first_line(raised(client.tasks_api.list))
