"""Where a request goes next, and what of it goes along: by status, method, place and what was sent."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.unit.recording import RecordingServer
from urllib3 import BaseHTTPResponse, HTTPResponse, Retry
from urllib3.exceptions import HTTPError, MaxRetryError

from cvat_sdk.api_client import ApiClient, ApiException
from cvat_sdk.api_client.runtime import redirects
from cvat_sdk.api_client.runtime.redirects import RedirectException, TooManyRedirects

Connect = Callable[..., ApiClient]

BASIC = "Basic dTpw"
CREDENTIALS: dict[str, Any] = {
    "username": "u",
    "password": "p",
    "api_key": {"sessionAuth": "s", "csrfAuth": "c"},
}
SECRET_HEADERS = ("Authorization", "Cookie", "X-CSRFToken", "Origin", "X-Api-Key", "Content-Type")


@pytest.fixture
def other() -> Iterator[RecordingServer]:
    """Another server: the same name, another port."""
    server = RecordingServer()
    yield server
    server.close()


# -- the rule, in a table -----------------------------------------------------------------------------

HERE = "http://cvat.example/api/auth/login"
PLACES = {
    "same": (HERE, "http://cvat.example/moved", True),
    "same, relative": (HERE, "/moved", True),
    "same, port written": (HERE, "http://CVAT.example:80/moved", True),
    "upgrade": (HERE, "https://cvat.example/moved", True),
    "upgrade, port written": (HERE, "https://cvat.example:443/moved", True),
    "other host": (HERE, "http://evil.example/moved", False),
    "other host without a scheme": (HERE, "//evil.example/moved", False),
    "subdomain": (HERE, "http://x.cvat.example/moved", False),
    "host in the user's place": (HERE, "http://cvat.example@evil.example/moved", False),
    "host before a backslash": (HERE, "http://evil.example\\@cvat.example/moved", False),
    "other port": (HERE, "http://cvat.example:8080/moved", False),
    "upgrade to another port": (HERE, "https://cvat.example:8443/moved", False),
    "upgrade from another port": (
        "http://cvat.example:8080/x",
        "https://cvat.example/moved",
        False,
    ),
    "upgrade of another host": (HERE, "https://evil.example/moved", False),
    "downgrade": ("https://cvat.example/x", "http://cvat.example/moved", False),
    "downgrade on the same port": (
        "https://cvat.example/x",
        "http://cvat.example:443/moved",
        False,
    ),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_goes_along(status: int, place: Any) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        for body in (None, b"", b"password", "file"):
            check_what_goes_along(status, method, place, body)


def check_what_goes_along(status: int, method: str, place: Any, body: Any) -> None:
    url, location, is_same = place
    content = io.BytesIO(b"..password") if body == "file" else body
    if body == "file":
        content.seek(2)
    sent: list[tuple[str, str, dict[str, str], Any]] = []

    def send(method: str, url: str, **options: Any) -> BaseHTTPResponse:
        given = options.get("body")
        if hasattr(given, "read"):
            given.seek(options.get("body_pos", given.tell()))
            given = given.read()
        sent.append((method, url, options["headers"], given))
        answers = [HTTPResponse(status=status, headers={"Location": location}), HTTPResponse()]
        answers[0].retries = Retry(3)
        return answers[len(sent) - 1]

    headers = {
        "User-Agent": "us",
        "accept": "a",
        "Range": "bytes=1-",
        "Authorization": "secret",
        "COOKIE": "secret",
        "x-csrftoken": "secret",
        "Origin": "http://cvat.example",
        "X-Api-Key": "secret",
        "Content-Type": "application/json",
    }
    public = {name: headers[name] for name in ("User-Agent", "accept", "Range")}
    options = {"headers": headers, "body": content}
    is_get = status == 303
    if not is_same and not is_get and body:
        with pytest.raises(RedirectException) as caught:
            redirects.follow(send, method, url, True, options)
        assert len(sent) == 1, "nothing was sent there"
        assert caught.value.status == status
        host = "evil.example" if "evil" in location else "cvat.example"
        assert f"{method} {url} is redirected (status {status}) to another server, " in str(
            caught.value
        )
        assert host in str(caught.value)
        assert "the body was not sent there" in str(caught.value)
        return
    redirects.follow(send, method, url, True, options)
    next_method, next_url, next_headers, next_body = sent[1]
    assert next_url.endswith("moved") or "@cvat.example" in next_url
    assert next_method == ("GET" if is_get else method)
    assert next_body == (None if is_get else sent[0][3])
    if is_same:
        bodiless = {name: headers[name] for name in headers if name != "Content-Type"}
        assert next_headers == (bodiless if is_get else headers)
    else:
        assert next_headers == public


@pytest.mark.parametrize("location", ["ftp://cvat.example/x", "http://[x", "javascript:1"])
def test_an_address_that_is_none(server: RecordingServer, connect: Connect, location: str) -> None:
    server.answer(302, headers=[("Location", location)])
    with pytest.raises(RedirectException, match="not an http or https address") as caught:
        connect(retries=3).call_api("/x", "GET")
    assert caught.value.status == 302
    assert len(server.received) == 1


# -- on the wire ----------------------------------------------------------------------------------


def request_of(client: ApiClient, url: str, **options: Any) -> None:
    client.request("POST", f"{url}/x", headers=client.get_common_headers(), **options)


def rest_request(client: ApiClient, url: str, **options: Any) -> None:
    client.rest_client.request("POST", f"{url}/x", headers=client.get_common_headers(), **options)


def pool_request(client: ApiClient, url: str, **options: Any) -> None:
    client.rest_client.pool_manager.request("POST", f"{url}/x", **options)


def call(client: ApiClient, url: str, **options: Any) -> None:
    client.call_api("/x", "POST", **options)


def login(client: ApiClient, url: str, **options: Any) -> None:
    client.auth_api.create_login({"username": "ann", "password": "hunter2"})


WAYS = [request_of, rest_request, pool_request, call, login]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_password_is_not_posted_to_another_server(
    server: RecordingServer, other: RecordingServer, connect: Connect, way: Any, status: int
) -> None:
    client = connect(retries=3, **CREDENTIALS)
    server.answer(status, headers=[("Location", f"{other.url}/steal?a=b")])
    with pytest.raises(ApiException) as caught:
        way(client, server.url, body=b'{"password": "hunter2"}')
    assert other.received == []
    first_line = str(caught.value).splitlines()[0]
    assert f"is redirected (status {status}) to another server, {other.url}/steal:" in first_line
    assert (caught.value.status, "hunter2" in str(caught.value)) == (status, False)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("retries", [3, None, Retry(3), "default"])
def test_credentials_stay_on_their_server(
    server: RecordingServer, other: RecordingServer, connect: Connect, retries: Any
) -> None:
    client = connect(
        retries=Retry(3, status_forcelist=(503,)) if retries == "default" else retries,
        **CREDENTIALS,
        client={"headers": {"X-Api-Key": "1", "User-Agent": "us"}, "cookies": {"own": "2"}},
    )
    server.answer(302, headers=[("Location", f"{other.url}/there")])
    client.server_api.retrieve_about(_parse_response=False)
    for name in ("Authorization", "Cookie", "X-CSRFToken", "Origin", "X-Api-Key"):
        assert server.last.header(name)
        assert other.last.header(name) is None
    assert other.last.header("User-Agent") == "us"
    assert other.last.header("Accept") == server.last.header("Accept")


@pytest.mark.parametrize("place", ["header", "cookie", "query"])
def test_credentials_of_one_call_stay_on_their_server(
    server: RecordingServer, other: RecordingServer, connect: Connect, place: str
) -> None:
    server.answer(302, headers=[("Location", f"{other.url}/there")])
    credential = {"type": "api_key", "in": place, "key": "X-Own", "value": "secret"}
    connect(retries=3).call_api("/x", "GET", _request_auths=[credential])
    assert b"secret" in server.last.head
    assert b"secret" not in other.last.head


def test_everything_follows_on_the_same_server(server: RecordingServer, connect: Connect) -> None:
    client = connect(retries=3, **CREDENTIALS)
    server.answer(302, headers=[("Location", "/there")])
    client.tasks_api.create({"name": "x"}, _parse_response=False)
    first, second = server.received
    assert (second.target, second.method, second.json()) == ("/there", "POST", {"name": "x"})
    assert second.header_lines == first.header_lines


def test_credentials_that_left_do_not_come_back(
    server: RecordingServer, other: RecordingServer, connect: Connect
) -> None:
    server.answer(302, headers=[("Location", f"{other.url}/there")])
    other.answer(302, headers=[("Location", f"{server.url}/back")])
    connect(retries=3, **CREDENTIALS).call_api("/x", "GET")
    assert server.last.target == "/back"
    assert server.last.header("Authorization") is None


def test_a_host_with_credentials_in_its_address(
    server: RecordingServer, other: RecordingServer, connect: Connect
) -> None:
    host = server.url.replace("http://", "http://user:hunter2@")
    client = connect(host=host, retries=3, **CREDENTIALS)
    server.answer(302, headers=[("Location", "/there")])
    client.server_api.retrieve_about(_parse_response=False)
    assert (server.last.target, server.last.header("Authorization")) == ("/there", BASIC)
    server.answer(302, headers=[("Location", f"{other.url}/there")])
    with pytest.raises(RedirectException) as caught:
        client.call_api("/x", "POST", body={})
    assert "hunter2" not in str(caught.value)


def test_a_body_that_cannot_be_sent_twice(server: RecordingServer, connect: Connect) -> None:
    server.answer(307, headers=[("Location", "/there")])
    pools = connect(retries=3).rest_client.pool_manager
    with pytest.raises(RedirectException, match="the body cannot be sent a second time"):
        pools.request("POST", f"{server.url}/x", body=iter([b"a", b"b"]))
    assert len(server.received) == 1


def test_a_file_is_sent_from_where_it_stood(server: RecordingServer, connect: Connect) -> None:
    server.answer(307, headers=[("Location", "/there")])
    file = io.BytesIO(b"0123456789")
    file.seek(4)
    connect(retries=3).request("PUT", f"{server.url}/x", body=file, headers={"Content-Type": "a/b"})
    assert [request.body for request in server.received] == [b"456789", b"456789"]


# -- loops ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("check_status", [True, False])
def test_a_loop_is_told_in_words(
    server: RecordingServer, connect: Connect, check_status: bool
) -> None:
    server.answer_always(302, headers=[("Location", "/again?token=hunter2")])
    client = connect(retries=2)
    with pytest.raises(TooManyRedirects) as caught:
        client.request(
            "GET", f"{server.url}/x", query_params={"key": "hunter2"}, _check_status=check_status
        )
    error = caught.value
    assert isinstance(error, MaxRetryError)
    assert (error.status, error.url) == (302, f"{server.url}/again")
    first_line = str(error).splitlines()[0]
    assert first_line == (
        f"GET {server.url}/again is redirected (status 302) once more after 2 redirects: "
        "a loop, or Configuration.retries allows too few"
    )
    assert "object at" not in str(error)
    assert "hunter2" not in first_line
    assert len(server.received) == 3
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.url) == (str(error), error.url)


@pytest.mark.parametrize(
    "retries", [False, Retry(redirect=False), Retry(redirect=0, raise_on_redirect=False)]
)
def test_a_redirect_that_is_not_wanted_is_the_answer(
    server: RecordingServer, connect: Connect, retries: Any
) -> None:
    server.answer_always(302, headers=[("Location", "/again")])
    client = connect(retries=retries)
    assert client.request("GET", f"{server.url}/x", _check_status=False).status == 302
    with pytest.raises(ApiException) as caught:
        client.call_api("/x", "GET")
    assert caught.value.status == 302


# -- through a proxy ------------------------------------------------------------------------------


def test_through_a_proxy(server: RecordingServer, connect: Connect) -> None:
    """The recording server stands for a proxy: it is asked for absolute addresses."""

    def through(**settings: Any) -> ApiClient:
        client = connect(host="http://cvat.example", retries=3, **CREDENTIALS)
        client.configuration.proxy = server.url
        return ApiClient(client.configuration)

    client = through()
    server.answer(302, headers=[("Location", "http://evil.example/there")])
    client.server_api.retrieve_about(_parse_response=False)
    assert server.last.target == "http://evil.example/there"
    assert [server.last.header(name) for name in SECRET_HEADERS] == [None] * len(SECRET_HEADERS)
    server.answer(307, headers=[("Location", "http://evil.example/there")])
    before = len(server.received)
    with pytest.raises(RedirectException, match=r"http://evil\.example/there"):
        login(client, "")
    assert len(server.received) == before + 1
    server.answer(307, headers=[("Location", "/there")])
    client.call_api("/x", "POST", body={"a": 1})
    assert (server.last.target, server.last.json()) == ("http://cvat.example/there", {"a": 1})
    client.close()


def test_the_answer_is_read_to_its_end_before_the_next_request(
    server: RecordingServer, connect: Connect
) -> None:
    server.answer(302, b"x" * 100_000, headers=[("Location", "/there")])
    connect(retries=3).call_api("/x", "GET")
    assert (len(server.received), server.connections) == (2, 1)


@pytest.mark.parametrize("retries", [Retry(connect=False), 1])
def test_an_error_after_a_redirect_blames_the_address_that_was_tried(
    server: RecordingServer, connect: Connect, retries: Any
) -> None:
    server.answer_always(302, headers=[("Location", "http://nosuch.invalid/x?sig=SECRET")])
    client = connect(retries=retries)
    for call in (
        client.server_api.retrieve_about,
        lambda: client.rest_client.GET(f"{server.url}/api"),
    ):
        with pytest.raises(HTTPError) as caught:
            call()
        first = str(caught.value).splitlines()[0]
        assert first.startswith(f"GET {server.url}/api")
        assert "redirected to http://nosuch.invalid/x: the name 'nosuch.invalid' was not" in first
        assert "SECRET" not in str(caught.value) + str(getattr(caught.value, "url", ""))


@pytest.mark.parametrize("name", ["Location", "Content-Location"])
def test_the_query_of_a_location_is_in_no_text_of_an_error(
    server: RecordingServer, connect: Connect, name: str
) -> None:
    server.answer_always(302, headers=[("Location", "/x?p=SECRET"), (name, "/x?q=SECRET#SECRET")])
    client = connect(retries=Retry(redirect=2))
    with pytest.raises(TooManyRedirects) as caught:
        client.server_api.retrieve_about()
    assert "/x" in str(caught.value)
    assert "SECRET" not in str(caught.value)
    with pytest.raises(ApiException) as unfollowed:
        connect(retries=Retry(redirect=0, raise_on_redirect=False)).server_api.retrieve_about()
    assert "a redirect to" in str(unfollowed.value)
    assert "SECRET" not in str(unfollowed.value)
