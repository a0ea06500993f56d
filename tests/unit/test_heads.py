"""Heads of answers that break off, that are always only announced, or that say what cannot be."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from tests.unit.playing import Serve
from urllib3.exceptions import HTTPError

from cvat_sdk.api_client import ApiClient, Configuration

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"


def playing(*answers: bytes) -> Callable[[socket.socket], None]:
    """Sends one answer with each connection, the last one again and again."""
    left = list(answers)

    def play(connection: socket.socket) -> None:
        connection.recv(100_000)
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])
        connection.shutdown(socket.SHUT_WR)
        connection.recv(100_000)

    return play


def client_of(port: int, **retries: int) -> ApiClient:
    configuration = Configuration(host=f"http://127.0.0.1:{port}", timeout=20)
    configuration.retries = retries.get("retries", 0)
    return ApiClient(configuration)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200 OK\r\n",
        HEAD,
        HEAD + b"Content-Length: 3",
        HEAD + b"Content-Length: 3\r\n",
    ],
)
def test_a_head_that_breaks_off_is_no_empty_file(serve: Serve, head: bytes) -> None:
    with (
        client_of(serve(playing(head))) as client,
        pytest.raises(HTTPError, match=r"^GET http.*/api/jobs/1/data: the headers .* break off"),
    ):
        client.jobs_api.retrieve_data(1, type="chunk", number=0)


def test_it_is_read_again(serve: Serve) -> None:
    whole = HEAD + b"Content-Length: 3\r\n\r\nabc"
    with client_of(serve(playing(HEAD, whole)), retries=1) as client:
        file, _ = client.jobs_api.retrieve_data(1, type="chunk", number=0)
        with file:
            assert file.read() == b"abc"


def test_announcements_are_passed_over(serve: Serve) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n" + b'{"name":"a"}'
    with client_of(serve(playing(b"HTTP/1.1 100 Continue\r\n\r\n" + hints + answer))) as client:
        assert client.server_api.retrieve_about()[0].name == "a"


def test_announcements_come_to_an_end(serve: Serve) -> None:
    many = b"HTTP/1.1 100 Continue\r\n\r\n" * 200
    with (
        client_of(serve(playing(many))) as client,
        pytest.raises(HTTPError, match="announced an answer 100 times, and sent none"),
    ):
        client.server_api.retrieve_about()


@pytest.mark.parametrize("parse", [True, False])
@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_an_answer_without_a_body_has_no_chunks(serve: Serve, status: bytes, parse: bool) -> None:
    head = b"HTTP/1.1 " + status + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    with client_of(serve(playing(head + b"5\r\nabcde\r\n0\r\n\r\n"))) as client:
        response = client.rest_client.GET(
            f"{client.configuration.host}/x", _check_status=False, _parse_response=parse
        )
        assert list(response.stream()) == []
        assert response.data == b""
