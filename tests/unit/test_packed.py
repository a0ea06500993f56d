"""Answers in a content encoding: unpacked, as they came, and cut."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.recording import RecordingServer
from urllib3 import Retry
from urllib3.exceptions import MaxRetryError, ProtocolError

from cvat_sdk.api_client import ApiClient, ApiException, exceptions

TEXT = b"".join(b'{"detail": "%d is not there"}' % number for number in range(300))
PACKED = gzip.compress(TEXT)
CUT = PACKED[:-40]
GZIP = [("Content-Encoding", "gzip")]


def unparsed(client: ApiClient, **settings: Any) -> Any:
    return client.server_api.retrieve_about(_parse_response=False, **settings)[1]


# -- cut ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [CUT, PACKED[:20], b"no gzip at all"], ids=["cut", "20", "none"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ApiException),
        (401, exceptions.UnauthorizedException),
        (403, exceptions.ForbiddenException),
        (404, exceptions.NotFoundException),
        (500, exceptions.ServiceException),
    ],
)
def test_the_status_of_an_error_wins_over_its_body(
    server: RecordingServer, client: ApiClient, status: int, kind: type[ApiException], body: bytes
) -> None:
    server.answer_always(status, body, headers=GZIP)
    for call in (
        client.server_api.retrieve_about,
        lambda: unparsed(client),
        lambda: client.rest_client.GET(server.url),
        lambda: client.jobs_api.retrieve_data(1, type="chunk", number=0),
    ):
        with pytest.raises(kind) as caught:
            call()
        assert caught.value.status == status
        found = caught.value.body or ""
        assert TEXT.startswith(found.encode() if isinstance(found, str) else found)
        assert bool(found) == (body is CUT), "what could be unpacked is the body"


def test_an_unchecked_error_arrives(server: RecordingServer, client: ApiClient) -> None:
    server.answer_always(404, CUT, headers=GZIP)
    for parse in (True, False):
        _, response = client.server_api.retrieve_about(_check_status=False, _parse_response=parse)
        assert response.status == 404
        assert response.data
        assert TEXT.startswith(response.data)


def test_retries_of_a_cut_error_end_in_the_exception_of_its_status(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    server.answer_always(502, CUT, headers=GZIP)
    with pytest.raises(exceptions.ServiceException) as caught:
        connect(retries=Retry(2, status_forcelist=(502,))).server_api.retrieve_about()
    assert isinstance(caught.value, MaxRetryError)
    assert caught.value.status == 502
    assert len(server.received) == 3


def test_a_cut_success_is_an_error(server: RecordingServer, client: ApiClient) -> None:
    server.answer_always(200, CUT, headers=GZIP)
    with pytest.raises(ProtocolError):
        client.server_api.retrieve_about()
    with pytest.raises(ProtocolError):
        unparsed(client).read()


# -- as it came -----------------------------------------------------------------------------------

READERS: dict[str, Callable[[Any], bytes]] = {
    "read": lambda response: response.read(decode_content=False),
    "read in parts": lambda response: b"".join(
        iter(lambda: response.read(7, decode_content=False), b"")
    ),
    "read1": lambda response: b"".join(iter(lambda: response.read1(7, decode_content=False), b"")),
    "stream": lambda response: b"".join(response.stream(7, decode_content=False)),
}
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"%x\r\n%s\r\n0\r\n\r\n" % (len(PACKED), PACKED)
)


@pytest.mark.parametrize("reader", READERS)
def test_the_bytes_that_were_sent(server: RecordingServer, client: ApiClient, reader: str) -> None:
    server.answer(body=PACKED, headers=GZIP)
    assert READERS[reader](unparsed(client)) == PACKED


def test_chunks_unpacked_and_as_they_came(server: RecordingServer, client: ApiClient) -> None:
    for _ in range(4):
        server.answer(raw=CHUNKED)
    assert b"".join(unparsed(client).stream(7)) == TEXT
    assert b"".join(unparsed(client).stream(7, decode_content=False)) == PACKED
    assert b"".join(unparsed(client).read_chunked(decode_content=True)) == TEXT
    assert b"".join(unparsed(client).read_chunked(decode_content=False)) == PACKED


@pytest.mark.parametrize("headers", [GZIP, []], ids=["packed", "plain"])
def test_attributes_are_those_of_urllib3(
    server: RecordingServer, client: ApiClient, headers: Any
) -> None:
    server.answer(body=PACKED, headers=headers)
    response = unparsed(client)
    assert response.connection is not None
    assert response.supports_chunked_reads()
    assert response.version_string == "HTTP/1.1"
    assert io.BufferedReader(response).read() == (TEXT if headers else PACKED)
    assert response.connection is None, "it went back to its pool"
    unparsed(client).close()
    assert server.connections == 1
