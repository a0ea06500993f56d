"""Answers: data and responses, errors, files, broken bodies."""

from __future__ import annotations

import gzip
import json
import pickle
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import (
    ApiClient,
    ApiException,
    ApiTypeError,
    OpenApiException,
    exceptions,
    models,
)

Connect = Callable[..., ApiClient]
ABOUT = {"name": "CVAT", "description": "d", "version": "2.80.0", "logo_url": "/x"}


# -- data and response ------------------------------------------------------------------------------


def test_data_and_response(server: RecordingServer, client: ApiClient) -> None:
    server.answer(body=ABOUT, headers=[("X-A", "1")])
    about, response = client.server_api.retrieve_about()
    assert isinstance(about, models.About)
    assert about.to_dict() == ABOUT
    assert (response.status, response.reason, response.headers["x-a"]) == (200, "Reason", "1")
    assert response.json() == json.loads(response.data) == ABOUT
    assert response.data == response.data
    assert response.read() == b""
    assert str(response.msg) == "Reason"
    assert client.last_response is response


def test_unparsed_bodies_are_left_to_the_caller(server: RecordingServer, client: ApiClient) -> None:
    server.answer(body=b"0123456789")
    data, response = client.server_api.retrieve_about(_parse_response=False)
    assert data is None
    assert response.read(4) == b"0123"
    assert b"".join(response.stream(3)) == b"456789"
    server.answer(body=b"0123456789")
    _, response = client.server_api.retrieve_about(_parse_response=False)
    assert response.data == response.data == b"0123456789"
    response.close()


def test_operations_without_a_result_give_none(server: RecordingServer, client: ApiClient) -> None:
    server.answer(204, b"")
    assert client.tasks_api.destroy(1)[0] is None
    server.answer(200, {"id": 1})
    assert client.tasks_api.destroy(1)[0] is None


def test_status_can_be_left_unchecked(server: RecordingServer, client: ApiClient) -> None:
    server.answer(404, {"detail": "no"})
    data, response = client.tasks_api.retrieve(1, _check_status=False)
    assert data is None
    assert response.status == 404
    assert response.json() == {"detail": "no"}


def test_unvalidated_outputs_are_raw(server: RecordingServer, client: ApiClient) -> None:
    server.answer(body={"count": 1, "results": [{"id": 1, "created_date": "2024-01-05T10:00:00Z"}]})
    page, _ = client.tasks_api.list(_validate_outputs=False)
    assert isinstance(page, models.PaginatedTaskReadList)
    results: Any = page.results
    assert results[0]["created_date"] == "2024-01-05T10:00:00Z"


def test_strict_configuration(server: RecordingServer, connect: Connect) -> None:
    client = connect(response_validation="strict")
    server.answer(body={**ABOUT, "subtitle": "", "name": 5})
    with pytest.raises(ApiTypeError) as caught:
        client.server_api.retrieve_about()
    assert caught.value.path_to_item == ["received_data", "name"]
    client.configuration.discard_unknown_keys = True
    server.answer(body={**ABOUT, "name": 5})
    assert client.server_api.retrieve_about()[0].to_dict()["name"] == 5


def test_charset_is_honoured(server: RecordingServer, client: ApiClient) -> None:
    body = json.dumps({**ABOUT, "name": "ü"}, ensure_ascii=False)
    for charset in ("latin-1", "utf-16", "UTF-8"):
        server.answer(
            body=body.encode(charset), headers=[("Content-Type", f"text/x; charset={charset}")]
        )
        assert client.server_api.retrieve_about()[0].name == "ü"
    for wrong in ("klingon", "ascii"):
        server.answer(body=body.encode(), headers=[("Content-Type", f"text/x; charset={wrong}")])
        assert client.server_api.retrieve_about()[0].name == "ü"


def test_compressed_answers_are_unpacked(server: RecordingServer, client: ApiClient) -> None:
    server.answer(
        body=gzip.compress(json.dumps(ABOUT).encode()), headers=[("Content-Encoding", "gzip")]
    )
    assert client.server_api.retrieve_about()[0].name == "CVAT"


@pytest.mark.parametrize("body", [b"", b"<html>gateway</html>"])
def test_a_body_that_is_no_json(server: RecordingServer, client: ApiClient, body: bytes) -> None:
    server.answer(body=body)
    with pytest.raises(ApiTypeError) as caught:
        client.server_api.retrieve_about()
    assert caught.value.path_to_item == ["received_data"]


def test_schema_as_json_and_as_yaml(server: RecordingServer, client: ApiClient) -> None:
    server.answer(
        body={"openapi": "3.0.3"}, headers=[("Content-Type", "application/vnd.oai.openapi+json")]
    )
    assert client.schema_api.retrieve()[0] == {"openapi": "3.0.3"}
    server.answer(
        body=b"openapi: 3.0.3\n",
        headers=[("Content-Type", "application/vnd.oai.openapi; charset=utf-8")],
    )
    data: Any = client.schema_api.retrieve()[0]
    assert data == "openapi: 3.0.3\n"


# -- uploads' answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_upload_steps_answer_nothing(
    server: RecordingServer, client: ApiClient, body: bytes
) -> None:
    server.answer(202, body)
    data, response = client.tasks_api.create_data(1, upload_start=True)
    assert isinstance(data, models.DataResponse)
    assert data.to_dict() == {}
    assert response.status == 202


def test_the_last_upload_step_answers_the_request_id(
    server: RecordingServer, client: ApiClient
) -> None:
    server.answer(202, {"rq_id": "action=create"})
    data, _ = client.tasks_api.create_data(1, data_request={"image_quality": 70})
    assert data.rq_id == "action=create"


def test_an_upload_answer_that_is_cut_json_is_an_error(
    server: RecordingServer, client: ApiClient
) -> None:
    server.answer(202, b'{"rq_id": "half')
    with pytest.raises(ApiTypeError, match=r"JSON from POST http.*/api/tasks/1/data/.*broken JSON"):
        client.tasks_api.create_data(1)


def test_a_file_in_place_of_a_request_id(server: RecordingServer, client: ApiClient) -> None:
    server.answer(200, b"\x00binary", headers=[("Content-Type", "application/zip")])
    data: Any = client.tasks_api.create_data(1)[0]
    with data:
        assert data.read() == b"\x00binary"


# -- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.zip"', "a b.zip"),
        ("attachment; filename=plain.zip", "plain.zip"),
        ('attachment; filename="../../evil.zip"', "evil.zip"),
        ('attachment; filename="..\\\\evil.zip"', "evil.zip"),
        ('attachment; filename="/etc/passwd"', "passwd"),
        ('attachment; filename=".."', None),
        ("inline", None),
    ],
)
def test_files_are_saved_in_a_folder_of_their_own(
    server: RecordingServer, client: ApiClient, tmp_path: Path, disposition: str, name: str | None
) -> None:
    client.configuration.temp_folder_path = str(tmp_path)
    server.answer(
        body=b"content", headers=[("Content-Type", "x/y"), ("Content-Disposition", disposition)]
    )
    file: Any = client.jobs_api.retrieve_data(1, type="chunk", number=0, quality="original")[0]
    with file:
        assert file.read() == b"content"
        saved = Path(file.name)
    assert saved.parent.parent == tmp_path
    assert name is None or saved.name == name
    assert [entry.parent.parent for entry in tmp_path.rglob("*") if entry.is_file()] == [tmp_path]


# -- error statuses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, "ApiException"),
        (400, "ApiException"),
        (401, "UnauthorizedException"),
        (403, "ForbiddenException"),
        (404, "NotFoundException"),
        (405, "ApiException"),
        (409, "ApiException"),
        (429, "ApiException"),
        (500, "ServiceException"),
        (503, "ServiceException"),
    ],
)
def test_error_statuses(server: RecordingServer, client: ApiClient, status: int, kind: str) -> None:
    server.answer_always(status, {"detail": "nö"}, headers=[("X-A", "1")])
    for options in ({}, {"_parse_response": False}):
        with pytest.raises(ApiException) as caught:
            client.tasks_api.create({"name": "x"}, **options)
        error = caught.value
        assert type(error).__name__ == kind
        assert isinstance(error, OpenApiException)
        assert (error.status, error.reason) == (status, "Reason")
        assert isinstance(error.body, str)
        assert json.loads(error.body) == {"detail": "nö"}
        assert error.headers is not None
        assert error.headers["X-A"] == "1"
        assert error.args == ()
    with pytest.raises(ApiException) as caught:
        client.request("POST", f"{server.url}/x")
    assert isinstance(caught.value.body, bytes)


def test_text_of_an_error(server: RecordingServer, client: ApiClient) -> None:
    server.answer(400, b"why", headers=[("X-A", "1")], reason="Bad Request")
    with pytest.raises(ApiException) as caught:
        client.tasks_api.retrieve(1)
    first, *lines = str(caught.value).splitlines()
    assert first == f"GET {server.url}/api/tasks/1 answered 400 Bad Request: why"
    assert "400" in lines[0]
    assert "Bad Request" in lines[1]
    assert "X-A" in lines[2]
    assert "why" in lines[3]
    assert "header" not in str(ApiException(status=1, reason="r"))


def test_errors_can_be_pickled(server: RecordingServer, client: ApiClient) -> None:
    server.answer(404, {"detail": "no"}, headers=[("X-A", "1")])
    with pytest.raises(ApiException) as caught:
        client.tasks_api.retrieve(1)
    copied = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(copied, exceptions.NotFoundException)
    assert str(copied) == str(caught.value)
    typed = pickle.loads(pickle.dumps(ApiTypeError("m", ["a", 0], (int,), True)))
    assert (typed.path_to_item, typed.valid_classes, typed.key_type) == (["a", 0], (int,), True)


def test_an_undecodable_error_body_is_still_the_error(
    server: RecordingServer, client: ApiClient
) -> None:
    server.answer(400, b"\xff\xfe broken \x80")
    with pytest.raises(ApiException) as caught:
        client.tasks_api.retrieve(1)
    assert isinstance(caught.value.body, str)
    assert "broken" in caught.value.body


def test_error_classes() -> None:
    from cvat_sdk import exceptions as public

    assert issubclass(exceptions.ApiTypeError, TypeError)
    assert issubclass(exceptions.ApiValueError, ValueError)
    assert issubclass(exceptions.ApiAttributeError, AttributeError)
    assert issubclass(exceptions.ApiKeyError, KeyError)
    for name in public.__all__:
        assert issubclass(getattr(public, name), Exception)
    assert public.NotFoundException is exceptions.NotFoundException
    assert str(exceptions.ApiKeyError("m", ["a"])) == "m at a"


# -- retries and trouble below HTTP -----------------------------------------------------------------


def quick(**more: Any) -> urllib3.Retry:
    return urllib3.Retry(total=2, backoff_factor=0, status_forcelist=(502, 503, 504), **more)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_reads_are_repeated(server: RecordingServer, connect: Connect, status: int) -> None:
    client = connect(retries=quick())
    server.answer(status)
    server.answer(status)
    server.answer(body=ABOUT)
    assert client.server_api.retrieve_about()[0].name == "CVAT"
    assert len(server.received) == 3


@pytest.mark.parametrize("options", [{}, {"_check_status": False}, {"_parse_response": False}])
def test_exhausted_retries_are_both_errors_in_one(
    server: RecordingServer, connect: Connect, options: dict[str, Any]
) -> None:
    client = connect(retries=quick())
    server.answer_always(503, {"detail": "down"})
    with pytest.raises(exceptions.ServiceException) as caught:
        client.server_api.retrieve_about(**options)
    error: Any = caught.value
    assert isinstance(error, urllib3.exceptions.MaxRetryError)
    assert error.status == 503
    assert json.loads(error.body) == {"detail": "down"}
    assert isinstance(error.__cause__, urllib3.exceptions.ResponseError)
    assert "503" in str(error)
    assert len(server.received) == 3
    copied = pickle.loads(pickle.dumps(error))
    assert isinstance(copied, urllib3.exceptions.MaxRetryError)
    assert (copied.status, copied.body) == (503, error.body)


def test_quiet_retries_give_the_answer(server: RecordingServer, connect: Connect) -> None:
    client = connect(retries=quick(raise_on_status=False))
    server.answer_always(503)
    _, response = client.server_api.retrieve_about(_check_status=False)
    assert response.status == 503
    assert len(server.received) == 3


@pytest.mark.parametrize("method", ["create", "partial_update"])
def test_writes_are_not_repeated(server: RecordingServer, connect: Connect, method: str) -> None:
    client = connect(retries=quick())
    server.answer_always(503)
    arguments: Any = ({"name": "x"},) if method == "create" else (1,)
    with pytest.raises(exceptions.ServiceException) as caught:
        getattr(client.tasks_api, method)(*arguments)
    assert not isinstance(caught.value, urllib3.exceptions.MaxRetryError)
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [413, 429, 503])
def test_retry_after_is_followed_for_reads(
    server: RecordingServer, connect: Connect, status: int
) -> None:
    client = connect(retries=2)
    server.answer(status, headers=[("Retry-After", "0")])
    server.answer(body=ABOUT)
    assert client.server_api.retrieve_about()[0].name == "CVAT"
    server.answer_always(status, headers=[("Retry-After", "0")])
    with pytest.raises(ApiException) as caught:
        client.server_api.retrieve_about()
    assert caught.value.status == status
    server.received.clear()
    with pytest.raises(ApiException):
        client.tasks_api.create({"name": "x"})
    assert len(server.received) == 1


def test_trouble_below_http_is_not_wrapped(server: RecordingServer, connect: Connect) -> None:
    with pytest.raises(urllib3.exceptions.NewConnectionError):
        connect(host="http://127.0.0.1:9").server_api.retrieve_about()
    with pytest.raises(urllib3.exceptions.MaxRetryError):
        connect(
            host="http://127.0.0.1:9", retries=urllib3.Retry(1, backoff_factor=0)
        ).server_api.retrieve_about()
    server.answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", close=True)
    with pytest.raises(urllib3.exceptions.HTTPError):
        connect().server_api.retrieve_about()
    server.answer(raw=b"garbage\r\n\r\n", close=True)
    with pytest.raises(urllib3.exceptions.HTTPError):
        connect().server_api.retrieve_about()


def test_a_truncated_body_is_an_error_while_streaming(
    server: RecordingServer, client: ApiClient
) -> None:
    server.answer(body=b"12345", length=100, close=True)
    _, response = client.server_api.retrieve_about(_parse_response=False)
    with pytest.raises(urllib3.exceptions.HTTPError):
        response.read()


def test_a_broken_tls_handshake_without_retries_has_status_0(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_in_plain_text() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 This port speaks no TLS\r\n\r\n")
                connection.recv(1)

        thread = threading.Thread(target=answer_in_plain_text)
        thread.start()
        client = connect(host=f"https://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(ApiException) as caught:
            client.server_api.retrieve_about()
        thread.join()
    assert caught.value.status == 0
    assert "SSL" in str(caught.value)


def test_a_slow_answer_runs_into_its_time_limit(server: RecordingServer, client: ApiClient) -> None:
    server.answer(body=b"", length=10)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        client.server_api.retrieve_about(_request_timeout=(5, 0.05))


def test_json_that_is_nested_too_deeply_names_its_request(
    server: RecordingServer, client: ApiClient
) -> None:
    server.answer(200, b"[" * 100_000 + b"]" * 100_000)
    with pytest.raises(
        ApiTypeError, match=r"^Expected .* nested too deeply .*GET http.*/api/server/about"
    ):
        client.server_api.retrieve_about()
