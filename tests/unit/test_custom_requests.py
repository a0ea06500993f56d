"""`call_api`: what is given is sent as it was meant, or refused, whether a method has been replaced or not."""

from __future__ import annotations

import datetime
import enum
import io
import urllib.parse
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiTypeError, ApiValueError, models

MULTIPART = {"Content-Type": "multipart/form-data"}


class Colour(str, enum.Enum):
    RED = "red"


class StepByStep(ApiClient):
    """A client that must not go round its methods."""

    def sanitize_for_serialization(self, obj: Any, *, read_files: bool = True) -> Any:  # type: ignore[override]
        return super().sanitize_for_serialization(obj, read_files=read_files)


@pytest.fixture(params=[ApiClient, StepByStep])
def client(request: Any, connect: Callable[..., ApiClient]) -> ApiClient:
    made = connect()
    made.__class__ = request.param
    assert made._takes_one_stride() == (request.param is ApiClient)
    return made


@pytest.mark.parametrize("body", [{"a": 1}, models.PatchedLabelRequest(name="x")])
def test_a_body_beside_fields_and_files_is_sent_in_parts(
    server: RecordingServer, client: ApiClient, body: Any
) -> None:
    file = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    client.call_api(
        "/x",
        "POST",
        body=body,
        post_params={"b": 2},
        files={"file": file},
        header_params=dict(MULTIPART),
    )
    own = ("a", b"1") if isinstance(body, dict) else ("name", b"x")
    received = {part.name: part.content for part in server.last.parts()}
    assert received == dict([("b", b"2"), ("file", b"\x89PNG\r\n\x1a\n"), own])


def test_an_empty_body_beside_fields_adds_nothing(
    server: RecordingServer, client: ApiClient
) -> None:
    client.call_api("/x", "POST", body={}, post_params={"b": 2}, header_params=dict(MULTIPART))
    assert [part.name for part in server.last.parts()] == ["b"]


@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        ({"a": 1}, {}, ApiValueError),
        ({"a": 1}, {"Content-Type": "application/json"}, ApiValueError),
        ("text", MULTIPART, ApiTypeError),
    ],
)
def test_a_body_that_finds_no_place_beside_fields_is_an_error(
    server: RecordingServer, client: ApiClient, body: Any, headers: Any, error: Any
) -> None:
    with pytest.raises(error, match=r"cannot both be given|model or a dict"):
        client.call_api("/x", "POST", body=body, post_params={"b": 2}, header_params=dict(headers))
    assert not server.received


VALUES: list[tuple[Any, str]] = [
    (datetime.datetime(2024, 1, 2, 3, 4, 5), "2024-01-02T03:04:05"),
    (datetime.date(2024, 1, 2), "2024-01-02"),
    ((1, 2), "[1, 2]"),
    (OrderedDict(a=1), "{'a': 1}"),
    (Colour.RED, "red"),
    (models.JobStage("annotation"), "annotation"),
    (True, "True"),
    (1.5, "1.5"),
]


@pytest.mark.parametrize(("value", "text"), VALUES)
def test_values_in_paths_queries_and_headers(
    server: RecordingServer, client: ApiClient, value: Any, text: str
) -> None:
    is_text = text[0] not in "[{"
    headers = {"X-Mine": value} if is_text else {}
    client.call_api(
        "/x/{k}", "GET", path_params={"k": value}, query_params={"q": value}, header_params=headers
    )
    assert urllib.parse.unquote(server.last.path) == f"/x/{text}"
    assert server.last.query == [("q", text)]
    assert server.last.header("X-Mine") == (text if is_text else None)


@pytest.mark.parametrize(
    "value", [b"x", object(), {1}, iter([1])], ids=lambda value: str(type(value))
)
@pytest.mark.parametrize("place", ["path_params", "query_params", "header_params"])
def test_values_without_a_json_form_are_refused_wherever_they_stand(
    server: RecordingServer, client: ApiClient, place: str, value: Any
) -> None:
    with pytest.raises(ApiValueError, match=r"at k$"):
        client.call_api("/x/{k}", "GET", **{place: {"k": value}})
    assert not server.received


@pytest.mark.parametrize("value", [[1], (1,), {"b": 1}])
def test_lists_and_dicts_are_no_headers(
    server: RecordingServer, client: ApiClient, value: Any
) -> None:
    with pytest.raises(ApiValueError, match="header 'X-Mine': expected text"):
        client.call_api("/x", "GET", header_params={"X-Mine": value})
    assert not server.received


def test_lists_are_joined_after_their_values_are_text(
    server: RecordingServer, client: ApiClient
) -> None:
    days = [datetime.date(2024, 1, 2), Colour.RED]
    client.call_api(
        "/x/{k}",
        "GET",
        path_params={"k": days},
        query_params={"k": days},
        header_params={"k": days},
        collection_formats={"k": "csv"},
    )
    text = "2024-01-02,red"
    assert urllib.parse.unquote(server.last.path) == f"/x/{text}"
    assert (server.last.query, server.last.header("k")) == ([("k", text)], text)


def test_files_of_a_list_need_a_name_or_a_known_kind(
    server: RecordingServer, client: ApiClient
) -> None:
    def send(file: Any) -> None:
        client.call_api("/x", "POST", files={"file": [file]}, header_params=dict(MULTIPART))

    with pytest.raises(ApiValueError, match="no known kind") as caught:
        send(io.BytesIO(b"hello"))
    assert caught.value.path_to_item == ["file", 0]
    assert not server.received
    for file in (io.BytesIO(b"\x89PNG\r\n\x1a\n"), ("a.txt", io.BytesIO(b"hello"))):
        send(file)
    names = [part.filename for received in server.received for part in received.parts()]
    assert names == ["file_0.png", "a.txt"]
