"""Fields of custom requests: what is sent is decided by the Content-Type, and nothing becomes a Python repr."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiException, ApiValueError, models

MULTIPART = {"Content-Type": "multipart/form-data"}
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
FIELDS = {
    "image_quality": 70,
    "use_cache": True,
    "upload_file_order": ["a.png", "b é.png"],
    "validation_params": {"mode": "gt", "frame_count": 2},
    "cloud_storage_id": None,
}
Send = Callable[..., Any]


def by_request(client: ApiClient, server: RecordingServer) -> Send:
    def send(method: str, headers: dict[str, str], fields: Any) -> None:
        client.rest_client.request(method, f"{server.url}/x", headers=headers, post_params=fields)

    return send


def by_shortcut(client: ApiClient, server: RecordingServer) -> Send:
    def send(method: str, headers: dict[str, str], fields: Any) -> None:
        shortcut = getattr(client.rest_client, method)
        shortcut(f"{server.url}/x", headers=headers, post_params=fields)

    return send


def by_call_api(client: ApiClient, server: RecordingServer) -> Send:
    def send(method: str, headers: dict[str, str], fields: Any) -> None:
        client.call_api("/x", method, header_params=headers, post_params=fields)

    return send


@pytest.fixture(params=[by_request, by_shortcut, by_call_api])
def send(request: Any, client: ApiClient, server: RecordingServer) -> Send:
    made: Send = request.param(client, server)
    return made


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("content_type", [None, "application/json", "application/vnd.cvat+json"])
def test_fields_are_an_object_of_json(
    server: RecordingServer, send: Send, method: str, content_type: str | None
) -> None:
    send(method, {"Content-Type": content_type} if content_type else {}, dict(FIELDS))
    assert server.last.json() == FIELDS
    assert server.last.header("Content-Type") == content_type or "application/json"


@pytest.mark.parametrize("pairs", [list, tuple, lambda items: [list(pair) for pair in items]])
def test_pairs_are_a_list_of_json(server: RecordingServer, send: Send, pairs: Any) -> None:
    send("POST", {}, pairs(FIELDS.items()))
    assert server.last.json() == [list(pair) for pair in FIELDS.items()]


def test_an_upload_ends_with_its_settings(server: RecordingServer, client: ApiClient) -> None:
    """The last request for files of this machine, as the high-level layer of the package sends it."""
    server.answer(202)
    response = client.rest_client.POST(
        f"{server.url}/api/tasks/5/data/",
        headers={"Upload-Finish": "", **client.get_common_headers()},
        query_params=None,
        post_params=FIELDS,
    )
    assert response.status == 202
    assert server.last.json() == FIELDS
    assert server.last.header("Content-Type") == "application/json"
    assert server.last.header("Upload-Finish") == ""


def test_small_files_of_an_upload_go_together(server: RecordingServer, client: ApiClient) -> None:
    client.rest_client.POST(
        f"{server.url}/api/tasks/5/data/",
        post_params={"image_quality": 70, "client_files[0]": ("/some/where/a.png", b"\x89PNG")},
        headers={**MULTIPART, "Upload-Multiple": ""},
    )
    fields, file = server.last.parts()
    assert (fields.name, fields.content) == ("image_quality", b"70")
    assert (file.filename, file.content_type, file.content) == (
        "/some/where/a.png",
        "image/png",
        b"\x89PNG",
    )


@pytest.mark.parametrize(
    "value", [{"mode": "é", "frames": [1]}, models.PatchedLabelRequest(name="é")]
)
def test_objects_in_a_multipart_form_are_parts_of_json(
    server: RecordingServer, send: Send, value: Any
) -> None:
    send("POST", MULTIPART, {"value": value, "more": "x"})
    part, more = server.last.parts()
    plain = value if isinstance(value, dict) else value.to_dict()
    assert part.content == json.dumps(plain, ensure_ascii=False).encode()
    assert b"Content-Type: application/json; charset=utf-8\r\n" in server.last.body
    assert (more.content, more.content_type) == (b"x", None)


def test_ready_parts_are_taken(server: RecordingServer, client: ApiClient) -> None:
    parts = client.parameters_to_multipart({"a": {"b": "é"}, "c": "d"}, dict)
    client.rest_client.POST(f"{server.url}/x", headers=MULTIPART, post_params=parts)
    assert [(part.name, part.content) for part in server.last.parts()] == [
        ("a", '{"b": "é"}'.encode()),
        ("c", b"d"),
    ]


@pytest.mark.parametrize("value", [["a"], None, {1}, 1j, object(), datetime.timedelta(1)])
def test_what_a_multipart_form_cannot_carry_is_an_error(
    server: RecordingServer, send: Send, value: Any
) -> None:
    with pytest.raises(ApiValueError, match="value"):
        send("POST", MULTIPART, {"value": value})
    assert not server.received


def test_dates_and_enumerations_have_their_usual_text(server: RecordingServer, send: Send) -> None:
    fields = {"when": datetime.datetime(2024, 1, 5, 1, 2), "how": models.SortingMethod("natural")}
    send("POST", MULTIPART, fields)
    assert [part.content for part in server.last.parts()] == [b"2024-01-05T01:02:00", b"natural"]


def test_call_api_writes_dates_of_a_urlencoded_form_as_everywhere(
    server: RecordingServer, client: ApiClient
) -> None:
    fields = {"when": datetime.datetime(2024, 1, 5), "how": models.SortingMethod("natural")}
    client.call_api("/x", "POST", post_params=fields, header_params=URLENCODED)
    assert server.last.body == b"when=2024-01-05T00%3A00%3A00&how=natural"


def test_open_files_without_a_content_type_make_a_form(
    server: RecordingServer, client: ApiClient
) -> None:
    file = io.BytesIO(b"x")
    file.name = "a.png"
    client.call_api("/x", "POST", files={"file": [file]}, post_params={"a": 1})
    assert [part.name for part in server.last.parts()] == ["a", "file"]


def test_a_model_as_a_form(server: RecordingServer, client: ApiClient) -> None:
    body = models.DataRequest(image_quality=70, server_files=["a", "b"], use_cache=True)
    client.call_api("/x", "POST", body=body, header_params=MULTIPART)
    expected = [
        ("image_quality", b"70"),
        ("server_files[0]", b"a"),
        ("server_files[1]", b"b"),
        ("use_cache", b"True"),
    ]
    assert sorted((part.name, part.content) for part in server.last.parts()) == expected
    client.call_api("/x", "POST", body={"a": [1], "b": "c d"}, header_params=URLENCODED)
    assert server.last.body == b"a%5B0%5D=1&b=c+d"
    for headers in (MULTIPART, URLENCODED):
        with pytest.raises(ApiValueError, match="a"):
            client.call_api("/x", "POST", body={"a": {"b": 1}}, header_params=headers)


def test_an_object_of_an_operation_that_takes_a_form(
    server: RecordingServer, client: ApiClient
) -> None:
    file = io.BytesIO(b"x")
    file.name = "a.png"
    guide: Any = {"a": [1]}
    client.assets_api.create(
        file=file, guide_id=guide, _validate_inputs=False, _parse_response=False
    )
    part = next(part for part in server.last.parts() if part.name == "guide_id")
    assert part.content == b'{"a": [1]}'
    assert b"Content-Type: application/json; charset=utf-8\r\n" in server.last.body


def test_fields_need_a_content_type_that_has_a_place_for_them(
    server: RecordingServer, send: Send
) -> None:
    with pytest.raises(ApiException) as caught:
        send("POST", {"Content-Type": "text/plain"}, {"a": 1})
    assert caught.value.status == 0
    assert not server.received
