"""Answers that are files: large ones go to disk as they arrive, and are the same as small ones to read."""

from __future__ import annotations

import gzip
import random
import socket
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, exceptions
from cvat_sdk.api_client.model.data_response import DataResponse

Connect = Callable[..., ApiClient]
ZIP = [("Content-Type", "application/zip"), ("Content-Disposition", 'filename="a.zip"')]
CHUNKED = (
    b"HTTP/1.1 202 Accepted\r\nContent-Type: application/vnd.cvat+json\r\n"
    b'Transfer-Encoding: chunked\r\n\r\ne\r\n{"rq_id": "a"}\r\n0\r\n\r\n'
)
CONTENT = random.Random(1).randbytes(3 << 20)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def client(connect: Connect, tmp_path: Path) -> ApiClient:
    client = connect()
    client.configuration.temp_folder_path = str(tmp_path)
    return client


def chunk(client: ApiClient) -> tuple[Any, Any]:
    return client.jobs_api.retrieve_data(1, type="chunk", number=0, quality="original")


@pytest.mark.parametrize("size", [0, 1000, len(CONTENT)])
def test_the_file_and_the_response_have_the_content(
    server: RecordingServer, client: ApiClient, tmp_path: Path, size: int
) -> None:
    server.answer(body=CONTENT[:size], headers=[*ZIP, ("Set-Cookie", "a=1")])
    file, response = chunk(client)
    with file:
        assert file.read() == CONTENT[:size]
    assert [path.name for path in files_in(tmp_path)] == ["a.zip"]
    assert (response.data or b"") == CONTENT[:size]
    assert response.read() == b""  # as of every answer that a call has read
    assert (response.status, response.reason, str(response.msg)) == (200, "Reason", "Reason")
    assert response.headers["content-type"] == "application/zip"
    assert client.last_response is response
    assert client.cookies["a"].value == "1"
    server.answer()
    client.server_api.retrieve_about()
    assert server.connections == 1  # the connection has come back to its pool


def test_compressed_content_is_unpacked(server: RecordingServer, client: ApiClient) -> None:
    packed = gzip.compress(CONTENT, 1)
    server.answer(body=packed, headers=[*ZIP, ("Content-Encoding", "gzip")])
    file, response = chunk(client)
    with file:
        assert file.read() == CONTENT
    assert response.data == CONTENT


def test_a_large_file_never_is_in_memory(client: ApiClient) -> None:
    size = 64 << 20
    piece = bytes(1 << 20)

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            for _ in range(size // len(piece)):
                connection.sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        client.configuration.host = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=serve)
        thread.start()
        tracemalloc.start()
        file, _ = chunk(client)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        thread.join()
    with file:
        assert file.seek(0, 2) == size
    assert peak < 16 << 20


def test_an_answer_that_breaks_off_is_asked_for_again(
    server: RecordingServer, connect: Connect, tmp_path: Path
) -> None:
    client = connect(retries=urllib3.Retry(2))
    client.configuration.temp_folder_path = str(tmp_path)
    for _ in range(2):
        server.answer(body=CONTENT[:2_000_000], headers=ZIP, length=len(CONTENT), close=True)
    server.answer(body=CONTENT, headers=ZIP)
    with chunk(client)[0] as file:
        assert file.read() == CONTENT
    assert len(server.received) == 3
    assert len(files_in(tmp_path)) == 1


@pytest.mark.parametrize(
    ("retries", "error"),
    [(False, urllib3.exceptions.ProtocolError), (1, urllib3.exceptions.MaxRetryError)],
)
def test_nothing_is_left_of_an_answer_that_broke_off(
    server: RecordingServer, connect: Connect, tmp_path: Path, retries: Any, error: type[Exception]
) -> None:
    client = connect(retries=retries)
    client.configuration.temp_folder_path = str(tmp_path)
    server.answer_always(body=CONTENT[:2_000_000], headers=ZIP, length=len(CONTENT), close=True)
    with pytest.raises(error):
        chunk(client)
    assert len(server.received) == 1 + retries
    assert not list(tmp_path.iterdir())


def test_an_error_status_with_a_large_body(server: RecordingServer, client: ApiClient) -> None:
    server.answer(404, b"x" * len(CONTENT), headers=[("Content-Type", "text/plain")])
    with pytest.raises(exceptions.NotFoundException) as caught:
        chunk(client)
    assert caught.value.body == "x" * len(CONTENT)


def test_a_large_answer_that_is_a_file_or_json(server: RecordingServer, client: ApiClient) -> None:
    server.answer(body=CONTENT, headers=ZIP)
    file: Any = client.tasks_api.create_data(1)[0]
    with file:
        assert file.read() == CONTENT
    server.answer(body={"rq_id": "x" * len(CONTENT)})
    result, response = client.tasks_api.create_data(1)
    assert isinstance(result, DataResponse)
    assert result.rq_id == "x" * len(CONTENT)
    assert len(response.json()["rq_id"]) == len(CONTENT)


def test_json_of_any_size_is_no_file_but_where_files_are_described(
    server: RecordingServer, client: ApiClient, tmp_path: Path
) -> None:
    text = b'{"rq_id": "%s"}' % (b"x" * len(CONTENT))
    server.answer(body=gzip.compress(text), headers=[("Content-Encoding", "gzip")])
    server.answer(raw=CHUNKED)
    assert client.tasks_api.create_data(1)[0].rq_id == "x" * len(CONTENT)
    assert client.tasks_api.create_data(1)[0].rq_id == "a"
    assert not files_in(tmp_path)
    server.answer(body=text, headers=[("Content-Type", "application/json")])
    file: Any = client.quality_api.retrieve_report_data(1)[0]
    with file:
        assert file.read() == text
    server.answer(raw=CHUNKED)
    file = client.quality_api.retrieve_report_data(1)[0]
    with file:
        assert file.read() == b'{"rq_id": "a"}'


def test_a_response_that_was_read_or_was_not(server: RecordingServer, client: ApiClient) -> None:
    for options in ({}, {"_parse_response": False}):
        server.answer(body=CONTENT, headers=ZIP)
        _, response = client.call_api("/x", "GET", **options)
        with client.deserialize(response, ("file",)) as file:
            assert file.read() == CONTENT
