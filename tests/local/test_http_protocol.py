"""Methods, paths, media types, headers and the order in which a request is checked."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sqlalchemy import text

from cvat_local.catalog import path_table
from cvat_local.embedded import LocalServer
from cvat_local.settings import Settings
from cvat_local.storage.engine import writing
from cvat_sdk.api_client import operations

JSON_TYPE = "application/vnd.cvat+json"


def test_every_operation_has_a_route(api: Callable[..., Any]) -> None:
    table = path_table()
    for operation in operations.all_operations():
        path = operation.path
        for parameter in operation.parameters:
            path = path.replace(f"{{{parameter.wire}}}", "1")
        match = table.match(path)
        assert match is not None, operation.id
        assert match.resource.methods[operation.method].operation == operation


def test_missing_operations_say_so(api: Callable[..., Any]) -> None:
    missing = [
        target.operation
        for target in path_table().targets
        if target.operation and target.registered is None and target.operation.method == "GET"
    ]
    for operation in missing[:3]:
        path = operation.path.replace("{id}", "1").replace("{", "").replace("}", "")
        response = api().get(path)
        assert response.status == 501
        assert operation.id in response.json()["detail"]


@pytest.mark.parametrize(
    "path",
    ["/api/users/abc", "/api/users/-1", f"/api/users/{2**70}", "/api/users/1/", "/api/nope", "/"],
)
def test_unknown_paths(api: Callable[..., Any], path: str) -> None:
    response = api().get(path)
    assert response.status == 404
    assert list(response.json()) == ["detail"]
    assert response.headers["Content-Type"] == JSON_TYPE


def test_leading_zeros_of_an_id_are_accepted(api: Callable[..., Any]) -> None:
    assert api().get(f"/api/users/000{api().user_id}").json()["id"] == api().user_id


def test_a_missing_last_slash_is_redirected(api: Callable[..., Any]) -> None:
    response = api(None).get("/api/schema?lang=en")
    assert response.status == 301
    assert response.headers["Location"] == "/api/schema/?lang=en"


def test_upload_paths_are_answered_with_and_without_slash(api: Callable[..., Any]) -> None:
    table = path_table()
    for path in ("/api/tasks/1/data", "/api/jobs/1/annotations", "/api/projects/backup"):
        with_slash, without = table.match(f"{path}/"), table.match(path)
        assert with_slash is not None
        assert without is not None
        assert "POST" in with_slash.resource.methods
        assert "POST" in without.resource.methods


def test_methods_that_are_not_allowed(api: Callable[..., Any]) -> None:
    response = api().put("/api/users", json={})
    assert response.status == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert list(response.json()) == ["detail"]


def test_head_is_get_without_body(api: Callable[..., Any]) -> None:
    response = api().request("HEAD", "/api/users/self")
    assert response.status == 200
    assert int(response.headers["Content-Length"]) > 0
    assert response.data == b""


def test_options_describes_the_path(api: Callable[..., Any]) -> None:
    response = api().request("OPTIONS", "/api/users/self")
    assert response.status == 200
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["renders"] == [JSON_TYPE]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        (JSON_TYPE, 200),
        (f"{JSON_TYPE}; version=2.0", 200),
        (f"{JSON_TYPE}; version=1.0", 406),
        ("application/json", 200),
        ("application/*;q=0.5, text/html", 200),
        ("application/xml", 406),
        ("", 200),
    ],
)
def test_what_a_caller_accepts(api: Callable[..., Any], accept: str, status: int) -> None:
    response = api().get("/api/users/self", headers={"Accept": accept})
    assert response.status == status
    assert response.headers["Content-Type"] == JSON_TYPE


class TestOrderOfChecks:
    """406, then 401, 405, 404 for an organization, 415 and 400 for a body, then the rest."""

    def test_the_media_type_goes_before_the_credentials(self, api: Callable[..., Any]) -> None:
        assert api(None).get("/api/users", headers={"Accept": "text/csv"}).status == 406

    def test_the_credentials_go_before_the_method(self, api: Callable[..., Any]) -> None:
        response = api(None).put("/api/users", json={})
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == "Token"

    def test_but_not_where_anybody_may_come(self, api: Callable[..., Any]) -> None:
        response = api(None).get("/api/auth/login")
        assert response.status == 405
        assert response.headers["Allow"] == "POST, OPTIONS"

    def test_the_credentials_go_before_the_organization(self, api: Callable[..., Any]) -> None:
        assert api(None).get("/api/users", query={"org": "nope"}).status == 401
        assert api().get("/api/users", query={"org": "nope"}).status == 404
        assert api().get("/api/users", headers={"X-Organization": "nope"}).status == 404

    def test_the_body_goes_before_the_object(self, api: Callable[..., Any]) -> None:
        patch = api().patch
        headers = {"Content-Type": "application/json"}
        assert patch("/api/users/999999", body=b"{", headers=headers).status == 400
        assert patch("/api/users/999999", json={}).status == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"org": ""}, 200),
        ({"org_id": ""}, 200),
        ({"org": "", "org_id": "1"}, 400),
        ({"org_id": "abc"}, 400),
        ({"org_id": "3"}, 404),
    ],
)
def test_organization_parameters(
    api: Callable[..., Any], query: dict[str, str], status: int
) -> None:
    assert api().get("/api/users", query=query).status == status


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        (JSON_TYPE, 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
    ],
)
def test_content_types(api: Callable[..., Any], content_type: str, status: int) -> None:
    client = api()
    response = client.patch(
        f"/api/users/{client.user_id}", body=b"{}", headers={"Content-Type": content_type}
    )
    assert response.status == status


def test_an_empty_body_is_an_empty_object(api: Callable[..., Any]) -> None:
    client = api()
    assert client.patch(f"/api/users/{client.user_id}").status == 200
    assert client.patch(
        f"/api/users/{client.user_id}", headers={"Content-Type": "application/json"}
    ).status == 200  # fmt: skip


@pytest.mark.parametrize("body", [b"{", b"nope", b'{"first_name": NaN}', b"\xff", b"[" * 100_000])
def test_malformed_json(api: Callable[..., Any], body: bytes) -> None:
    client = api()
    headers = {"Content-Type": "application/json"}
    response = client.patch(f"/api/users/{client.user_id}", body=body, headers=headers)
    assert response.status == 400
    assert list(response.json()) == ["detail"]


def test_json_that_is_not_an_object(api: Callable[..., Any]) -> None:
    client = api()
    response = client.patch(f"/api/users/{client.user_id}", json=[1])
    assert response.status == 400
    assert list(response.json()) == ["non_field_errors"]


def test_a_body_that_comes_in_chunks(api: Callable[..., Any]) -> None:
    client = api()
    response = client.patch(
        f"/api/users/{client.user_id}",
        body=iter([b'{"first_', b'name": "Chunk"}']),
        headers={"Content-Type": "application/json"},
    )
    assert response.json()["first_name"] == "Chunk"


def test_headers_of_every_answer(api: Callable[..., Any]) -> None:
    ids = set()
    for path in ("/api/users/self", "/api/nope", "/api/server/about"):
        headers = api().get(path).headers
        ids.add(headers["X-Request-Id"])
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Vary"].startswith("Accept, Origin, Cookie")
        assert "ETag" not in headers
    assert len(ids) == 3


def test_long_answers_are_compressed_when_asked(api: Callable[..., Any]) -> None:
    path, headers = "/api/server/annotation/formats", {"Accept-Encoding": "gzip"}
    plain = api().get(path).data
    response = api().get(path, headers=headers, decode_content=False)
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data) == plain
    assert "Accept-Encoding" in response.headers["Vary"]
    refused = api().get(path, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
    short = api().get("/api/server/plugins", headers=headers)
    assert "Content-Encoding" not in short.headers


def test_text_beyond_ascii_is_written_as_it_is(api: Callable[..., Any]) -> None:
    client = api()
    response = client.patch(f"/api/users/{client.user_id}", json={"last_name": "Žluťoučký"})
    assert "Žluťoučký".encode() in response.data
    assert b", " not in response.data


def about(server: LocalServer, host: str) -> tuple[int, bytes]:
    """Ask for the server's name, with a Host header."""
    connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]))
    connection.putrequest("GET", "/api/server/about", skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


@pytest.mark.parametrize(
    "host", ['x"><script>', "evil.example", "evil.example:8080", "localhost.x"]
)
def test_a_name_that_is_not_the_servers_is_refused(server: LocalServer, host: str) -> None:
    status, content = about(server, host)
    assert status == 400
    assert host.encode() not in content
    assert b"--allowed-host" in content


@pytest.mark.parametrize(
    "host", ["127.0.0.1:1", "LOCALHOST:8080", "cvat.localhost", "[::1]:80", "[::1]", "10.0.0.9"]
)
def test_addresses_and_localhost_are_the_servers(server: LocalServer, host: str) -> None:
    assert about(server, host)[0] == 200


def test_names_that_are_allowed(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, allowed_hosts=("cvat", ".example.org"), workers=0)
    with LocalServer(settings=settings) as server:
        names = ("cvat:8080", "a.b.example.org", "example.org", "notexample.org", "cvat.com")
        assert [about(server, name)[0] for name in names] == [200, 200, 400, 400, 400]


def test_bodies_over_the_limit(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, max_json_bytes=1000, workers=0)
    with LocalServer(settings=settings) as server:
        for pieces in ([b" " * 1001], [b" " * 600, b" " * 600]):
            connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]))
            chunked = len(pieces) > 1
            connection.request(
                "POST",
                "/api/auth/login",
                iter(pieces) if chunked else pieces[0],
                {"Content-Type": "application/json"},
                encode_chunked=chunked,
            )
            response = connection.getresponse()
            assert response.status == 413
            assert "1000" in json.loads(response.read())["detail"]
            connection.close()


def test_a_failure_of_the_server_names_the_request_and_not_the_reason(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with LocalServer(tmp_path) as server:
        with writing(server.application.engine) as db:
            db.execute(text("ALTER TABLE api_key RENAME TO gone"))
        credentials = {"username": server.username, "password": server.password}
        response = urllib3.request("POST", f"{server.url}/api/auth/login", json=credentials)
        assert response.status == 500
        assert response.headers["Content-Type"] == JSON_TYPE
        assert response.headers["X-Request-Id"] in response.json()["detail"]
        assert "api_key" not in response.json()["detail"]
        assert "Set-Cookie" not in response.headers
        assert urllib3.request("GET", f"{server.url}/api/server/about").status == 200
    [failure] = [record for record in caplog.records if record.exc_info]
    assert response.headers["X-Request-Id"] in failure.getMessage()
    assert server.password not in caplog.text


def test_a_client_that_goes_away_in_the_middle_of_its_body(
    server: LocalServer, api: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    client = api()
    connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]))
    connection.putrequest("PATCH", f"/api/users/{client.user_id}")
    connection.putheader("Authorization", f"Token {client.key}")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", "100")
    connection.endheaders(b'{"first_name": "half')
    connection.close()
    assert client.get("/api/users/self").json()["first_name"] != "half"
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
