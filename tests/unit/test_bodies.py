"""Bodies of requests: JSON, multipart, URL-encoded and raw."""

from __future__ import annotations

import datetime
import io
import json
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiException, ApiTypeError, ApiValueError, models

MULTIPART = "multipart/form-data"
MIB = 1024 * 1024


def named(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


# -- JSON -------------------------------------------------------------------------------------------


def test_model_dict_and_list_give_the_same_body(server: RecordingServer, client: ApiClient) -> None:
    labels = [{"name": "car"}]
    for body in (
        models.TaskWriteRequest(name="x", labels=[models.PatchedLabelRequest(name="car")]),
        models.TaskWriteRequest("x", labels=labels),
        {"name": "x", "labels": labels},
        {"name": "x", "labels": [models.PatchedLabelRequest(name="car")]},
        ["x", {"labels": labels}],
    ):
        client.tasks_api.create(body, _parse_response=False)
        assert server.last.json() == {"name": "x", "labels": [{"name": "car"}]}
        assert server.last.header("Content-Type") == "application/json"
    assert labels == [{"name": "car"}], "the caller's data are not touched"


@pytest.mark.parametrize("bad", ["x", 5, None, models.PatchedTaskWriteRequest(name="x"), [["x"]]])
def test_other_bodies_are_type_errors(server: RecordingServer, client: ApiClient, bad: Any) -> None:
    with pytest.raises(ApiTypeError) as caught:
        client.tasks_api.create(bad)
    assert caught.value.path_to_item is not None
    assert caught.value.path_to_item[0] == "task_write_request"
    assert not server.received


def test_errors_inside_a_body_have_the_whole_path(client: ApiClient) -> None:
    with pytest.raises(ApiTypeError) as caught:
        client.tasks_api.create({"name": "x", "labels": [{"name": 5}]})
    assert caught.value.path_to_item == ["task_write_request", "labels", 0, "name"]
    with pytest.raises(ApiTypeError, match="name") as caught:
        client.tasks_api.create({})
    assert caught.value.path_to_item == ["task_write_request"]
    with pytest.raises(TypeError):
        client.tasks_api.create({"labels": []})


def test_only_set_fields_are_sent(server: RecordingServer, client: ApiClient) -> None:
    client.tasks_api.partial_update(
        1, patched_task_write_request={"assignee_id": None}, _parse_response=False
    )
    assert server.last.json() == {"assignee_id": None}
    client.tasks_api.partial_update(1, patched_task_write_request={}, _parse_response=False)
    assert server.last.body == b"{}"
    client.tasks_api.partial_update(
        1, patched_task_write_request=models.PatchedTaskWriteRequest(), _parse_response=False
    )
    assert server.last.body == b"{}"
    client.tasks_api.partial_update(1, _parse_response=False)
    assert server.last.body == b""
    assert server.last.header("Content-Length") == "0"


def test_json_is_ascii_and_keeps_numbers(server: RecordingServer, client: ApiClient) -> None:
    client.tasks_api.create(
        {"name": "é🚗", "newer": float("nan"), "owner_id": None}, _parse_response=False
    )
    assert server.last.body.isascii()
    assert b"NaN" in server.last.body
    assert server.last.json()["name"] == "é🚗"


def test_required_fields_come_first(server: RecordingServer, client: ApiClient) -> None:
    client.tasks_api.create({"zz": 1, "subset": "s", "name": "x"}, _parse_response=False)
    assert next(iter(server.last.json())) == "name"


def test_files_do_not_fit_into_json(server: RecordingServer, client: ApiClient) -> None:
    file = named(b"abc", "a.jpg")
    with pytest.raises(ApiValueError, match="multipart"):
        client.tasks_api.create_data(1, data_request={"image_quality": 70, "client_files": [file]})
    assert file.tell() == 0
    assert not file.closed
    assert not server.received


def test_unchecked_inputs_are_sent_as_given(server: RecordingServer, client: ApiClient) -> None:
    given = {"name": 1, "labels": "none", "newer": [{"a": None}]}
    client.tasks_api.create(given, _validate_inputs=False, _parse_response=False)
    assert server.last.json() == given
    client.tasks_api.create(
        models.TaskWriteRequest(name="x"), _validate_inputs=False, _parse_response=False
    )
    assert server.last.json() == {"name": "x"}
    client.tasks_api.retrieve("a/b", _validate_inputs=False, _parse_response=False)
    assert server.last.target == "/api/tasks/a%2Fb"


# -- multipart --------------------------------------------------------------------------------------


def test_one_part_a_field(server: RecordingServer, client: ApiClient) -> None:
    when = datetime.datetime(2024, 1, 5, 10)
    client.tasks_api.create_data(
        1,
        data_request=models.DataRequest(
            image_quality=70,
            use_cache=True,
            sorting_method="natural",
            frame_filter="",
            server_files=["a", "b"],
            remote_files=[],
            when=when,
            ratio=1.5,
        ),
        _content_type=MULTIPART,
        _parse_response=False,
    )
    parts = [(part.name, part.content) for part in server.last.parts()]
    assert sorted(parts) == sorted(
        [
            ("image_quality", b"70"),
            ("use_cache", b"True"),
            ("sorting_method", b"natural"),
            ("frame_filter", b""),
            ("server_files[0]", b"a"),
            ("server_files[1]", b"b"),
            ("when", b"2024-01-05T10:00:00"),
            ("ratio", b"1.5"),
        ]
    )
    assert server.last.header("Content-Length") == str(len(server.last.body))
    assert server.last.header("Transfer-Encoding") is None


def test_files_are_numbered_named_and_typed(
    server: RecordingServer, client: ApiClient, tmp_path: Path
) -> None:
    picture = tmp_path / 'a "é" b.jpg'
    picture.write_bytes(b"\xff\xd8picture")
    files = [picture.open("rb"), named(b"zip", "/somewhere/c.zip")]
    client.tasks_api.create_data(
        1,
        data_request={"image_quality": 70, "client_files": files},
        _content_type=MULTIPART,
        _parse_response=False,
    )
    parts = {part.name: part for part in server.last.parts()}
    assert parts["client_files[0]"].content == b"\xff\xd8picture"
    assert parts["client_files[0]"].content_type == "image/jpeg"
    assert 'filename="a %22é%22 b.jpg"'.encode() in server.last.body
    assert parts["client_files[1]"].filename == "c.zip"
    assert all(file.closed for file in files)


def test_a_single_file_keeps_its_plain_name(server: RecordingServer, client: ApiClient) -> None:
    file = named(b"asset", "a.png")
    client.assets_api.create(file=file, guide_id=3, _parse_response=False)
    content_type = server.last.header("Content-Type")
    assert content_type is not None
    assert content_type.startswith("multipart/form-data; boundary=")
    parts = {part.name: part for part in server.last.parts()}
    assert parts["file"].content == b"asset"
    assert parts["guide_id"].content == b"3"
    assert file.closed


def test_content_is_sent_from_the_current_position(
    server: RecordingServer, client: ApiClient, tmp_path: Path
) -> None:
    (tmp_path / "t.txt").write_text("päth", encoding="utf-8")
    binary, text = named(b"0123456789", "n.bin"), (tmp_path / "t.txt").open(encoding="utf-8")
    binary.seek(4)
    text.read(1)
    client.tasks_api.create_data(
        1,
        data_request={"image_quality": 70, "client_files": [binary, text]},
        _content_type=MULTIPART,
        _parse_response=False,
    )
    contents = [part.content for part in server.last.parts() if part.filename]
    assert contents == [b"456789", "äth".encode()]
    assert binary.closed
    assert text.closed


@pytest.mark.parametrize(
    ("field", "value"),
    [("job_file_mapping", [["a"]]), ("newer", {"a": 1}), ("start_frame", None)],
)
def test_what_forms_cannot_carry_is_refused(client: ApiClient, field: str, value: Any) -> None:
    with pytest.raises(ApiValueError, match=field):
        client.tasks_api.create_data(
            1,
            data_request={"image_quality": 70, field: value},
            _content_type=MULTIPART,
            _validate_inputs=False,
        )


def test_closed_files_are_refused(client: ApiClient) -> None:
    file = named(b"x", "a.jpg")
    file.close()
    with pytest.raises(ApiValueError, match="closed"):
        client.tasks_api.create_data(
            1, data_request={"image_quality": 70, "client_files": [file]}, _content_type=MULTIPART
        )


def test_an_empty_form_is_a_form(server: RecordingServer, client: ApiClient) -> None:
    client.tasks_api.create_data(
        1, _content_type=MULTIPART, upload_start=True, _parse_response=False
    )
    content_type = server.last.header("Content-Type")
    assert content_type is not None
    boundary = content_type.partition("boundary=")[2]
    assert server.last.body == f"--{boundary}--\r\n".encode()


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=x", "application/octet-stream", "text/csv"]
)
def test_a_body_that_does_not_fit_its_content_type(
    server: RecordingServer, client: ApiClient, content_type: str
) -> None:
    with pytest.raises(ApiException) as caught:
        client.tasks_api.create_data(
            1, data_request={"image_quality": 70}, _content_type=content_type
        )
    assert caught.value.status == 0
    assert content_type in str(caught.value)
    assert not server.received


def test_url_encoded_fields_are_sent(server: RecordingServer, client: ApiClient) -> None:
    form = "application/x-www-form-urlencoded"
    client.tasks_api.create_data(
        1,
        data_request={"image_quality": 70, "server_files": ["a b", "é"]},
        _content_type=form,
        _parse_response=False,
    )
    assert (
        server.last.body == b"image_quality=70&server_files%5B0%5D=a+b&server_files%5B1%5D=%C3%A9"
    )
    assert server.last.header("Content-Type") == form
    with pytest.raises(ApiException) as caught:
        client.tasks_api.create_data(
            1,
            data_request={"image_quality": 70, "client_files": [io.BytesIO(b"")]},
            _content_type=form,
        )
    assert caught.value.status == 0


# -- streaming --------------------------------------------------------------------------------------


def test_large_files_are_not_loaded_into_memory(server: RecordingServer, client: ApiClient) -> None:
    server.keep_bodies = False
    size = 64 * MIB
    with tempfile.TemporaryFile() as sparse:
        sparse.truncate(size)
        video = ("video.mp4", sparse)
        tracemalloc.start()
        try:
            client.tasks_api.create_data(
                1,
                data_request={"image_quality": 70, "client_files": [video]},
                _content_type=MULTIPART,
                _parse_response=False,
            )
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert server.last.length > size
        assert peak < 8 * MIB
        assert sparse.closed


def test_a_retry_sends_the_whole_body_again(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    retries = urllib3.Retry(
        total=2, backoff_factor=0, status_forcelist=(503,), allowed_methods=None
    )
    client = connect(retries=retries)
    server.answer(503)
    server.answer(503)
    files = [named(b"0123456789" * 20_000, "n.bin"), named(b"b", "m.bin")]
    files[0].seek(5)
    client.tasks_api.create_data(
        1,
        data_request={"image_quality": 70, "client_files": files},
        _content_type=MULTIPART,
        _parse_response=False,
    )
    assert len(server.received) == 3
    assert len({request.body for request in server.received}) == 1
    assert (b"0123456789" * 20_000)[5:] in [part.content for part in server.last.parts()]
    assert all(file.closed for file in files)


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_redirect_sends_the_whole_body_again(
    server: RecordingServer, connect: Callable[..., ApiClient], status: int
) -> None:
    client = connect(retries=3)
    server.answer(status, headers=[("Location", "/elsewhere")])
    client.tasks_api.create_data(
        1,
        data_request={"image_quality": 70, "client_files": [named(b"content", "n.bin")]},
        _content_type=MULTIPART,
        _parse_response=False,
    )
    first, second = server.received
    assert second.target == "/elsewhere"
    assert second.method == "POST"
    assert first.body == second.body


@pytest.mark.parametrize("status", [400, 413, 500])
def test_files_are_closed_after_an_error_status(
    server: RecordingServer, client: ApiClient, status: int
) -> None:
    server.answer(status)
    file = named(b"x", "a.jpg")
    with pytest.raises(ApiException):
        client.tasks_api.create_data(
            1, data_request={"image_quality": 70, "client_files": [file]}, _content_type=MULTIPART
        )
    assert file.closed


def test_files_are_closed_when_there_is_no_server(connect: Callable[..., ApiClient]) -> None:
    client = connect(host="http://127.0.0.1:9")
    file = named(b"x", "a.jpg")
    with pytest.raises(urllib3.exceptions.HTTPError):
        client.tasks_api.create_data(
            1, data_request={"image_quality": 70, "client_files": [file]}, _content_type=MULTIPART
        )
    assert file.closed


class Shrinking(io.BytesIO):
    """A file that loses its end while it is read."""

    def read(self, size: int | None = -1) -> bytes:
        self.truncate(10)
        return super().read(size)


def test_a_file_that_becomes_shorter_is_an_error_and_no_hang(client: ApiClient) -> None:
    shrinking = ("a.bin", Shrinking(b"x" * 1000))
    with pytest.raises(ApiValueError, match="shorter"):
        client.tasks_api.create_data(
            1,
            data_request={"image_quality": 70, "client_files": [shrinking]},
            _content_type=MULTIPART,
        )


# -- custom requests --------------------------------------------------------------------------------


def test_call_api_sends_json_bytes_text_and_files(
    server: RecordingServer, client: ApiClient
) -> None:
    client.call_api("/x", "POST", body={"a": [1]})
    assert server.last.json() == {"a": [1]}
    client.call_api("/x", "POST", body="text")
    assert server.last.json() == "text"
    binary = {"Content-Type": "application/offset+octet-stream"}
    client.call_api("/x", "PATCH", body=b"\x00raw", header_params=binary)
    assert server.last.body == b"\x00raw"
    assert server.last.header("Content-Type") == "application/offset+octet-stream"
    client.call_api("/x", "PUT", body="text", header_params={"Content-Type": "text/plain"})
    assert server.last.body == b"text"
    client.call_api("/x", "PUT", body=io.BytesIO(b"streamed"), header_params=binary)
    assert server.last.body == b"streamed"


def test_call_api_fills_paths_and_joins_lists(server: RecordingServer, client: ApiClient) -> None:
    client.call_api(
        "/x/{id}/",
        "GET",
        path_params={"id": "a/b"},
        query_params=[
            ("csv", [1, 2]),
            ("pipes", ["a", "b"]),
            ("multi", [3, 4]),
            ("raw", [5]),
            ("flag", True),
        ],
        collection_formats={"csv": "csv", "pipes": "pipes", "multi": "multi"},
    )
    assert server.last.path == "/x/a%2Fb/"
    assert server.last.query == [
        ("csv", "1,2"),
        ("pipes", "a|b"),
        ("multi", "3"),
        ("multi", "4"),
        ("raw", "[5]"),
        ("flag", "True"),
    ]
    assert server.last.header("Accept") is None


def test_call_api_sends_forms(server: RecordingServer, client: ApiClient) -> None:
    file = named(b"content", "n.bin")
    client.call_api(
        "/x",
        "POST",
        post_params={"a": "1"},
        files={"f": [file]},
        header_params={"Content-Type": MULTIPART},
    )
    assert [(part.name, part.filename, part.content) for part in server.last.parts()] == [
        ("a", None, b"1"),
        ("f", "n.bin", b"content"),
    ]
    assert file.closed
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    client.call_api("/x", "POST", post_params=[("a", "1"), ("a", "2")], header_params=form)
    assert server.last.body == b"a=1&a=2"


def test_rest_client_takes_ready_parts(server: RecordingServer, client: ApiClient) -> None:
    client.rest_client.POST(
        f"{server.url}/x",
        headers={"Content-Type": MULTIPART},
        post_params=[("a", "b c"), ("f", ("n.txt", b"zz", "text/x"))],
    )
    assert [(p.name, p.filename, p.content_type, p.content) for p in server.last.parts()] == [
        ("a", None, None, b"b c"),
        ("f", "n.txt", "text/x", b"zz"),
    ]


def test_reads_have_no_body(server: RecordingServer, client: ApiClient) -> None:
    for method in ("GET", "HEAD"):
        client.rest_client.request(
            method, f"{server.url}/x?q=1", query_params=[("p", "2")], body={"a": 1}
        )
        assert server.last.length == 0
        assert server.last.target == "/x?q=1&p=2"


def test_methods(server: RecordingServer, client: ApiClient) -> None:
    client.request("get", f"{server.url}/x")
    assert server.last.method == "GET"
    with pytest.raises(ApiValueError):
        client.request("FETCH", f"{server.url}/x")
    with pytest.raises(ApiValueError):
        client.call_api("/x", "FETCH")
    with pytest.raises(AssertionError):
        client.rest_client.request("FETCH", f"{server.url}/x")
    for method in ("GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"):
        getattr(client.rest_client, method)(f"{server.url}/x")
        assert server.last.method == method


def test_a_plain_request_adds_nothing(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    client = connect(
        username="u", password="p", client={"cookies": {"a": "b"}, "headers": {"X-A": "1"}}
    )
    response = client.request("GET", f"{server.url}/x", headers={"X-B": "2"})
    assert response.status == 200
    names = {name for name, _ in server.last.header_lines}
    assert "X-B" in names
    assert not names & {"Authorization", "Cookie", "X-A"}
    assert json.loads(response.data) == {}
