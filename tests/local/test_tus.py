"""Resumable uploads (TUS)."""

from __future__ import annotations

import base64
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.local.conftest import Client
from tests.local.media_samples import (
    BLUE,
    RED,
    attach,
    colour_at,
    created,
    finish,
    names_of,
    near,
    new_task,
    numbered,
    opened,
    picture,
    refused,
)

from cvat_local.http.errors import ApiError
from cvat_local.http.tus import TusUploads

Api = Callable[..., Client]

PROTOCOL = {
    "Tus-Resumable": "1.0.0",
    "Tus-Version": "1.0.0",
    "Tus-Extension": "",
    "Tus-Max-Size": "26843545600",
    "Cache-Control": "no-store",
    "Access-Control-Allow-Origin": "*",
}


@pytest.fixture(scope="module")
def client(api: Api) -> Client:
    return api()


@pytest.fixture
def task(client: Client) -> int:
    return new_task(client)


def metadata(**values: str) -> str:
    pairs = ((key, base64.b64encode(value.encode()).decode()) for key, value in values.items())
    return ",".join(f"{key} {value}" for key, value in pairs)


def create(
    client: Client, task: int, length: Any, name: str | None = "b.jpg", **headers: str
) -> Any:
    all_headers = {"Upload-Length": str(length), "Tus-Resumable": "1.0.0", **headers}
    if name is not None:
        all_headers["Upload-Metadata"] = metadata(filename=name, filetype="image/jpeg")
    return client.post(f"/api/tasks/{task}/data/", headers=all_headers)


def send(client: Client, location: str, content: bytes, offset: int = 0, **options: Any) -> Any:
    headers = {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
        "Tus-Resumable": "1.0.0",
        **options.pop("headers", {}),
    }
    return client.patch(location, body=content, headers=headers, **options)


def offset_of(client: Client, location: str) -> int:
    answer = client.request("HEAD", location)
    assert answer.status == 200
    return int(answer.headers["Upload-Offset"])


def assert_protocol(answer: Any) -> None:
    assert {name: answer.headers.get(name) for name in PROTOCOL} == PROTOCOL


def test_options_need_no_credentials(api: Api, task: int) -> None:
    for path in ("data", "data/", "data/1_00000000-0000-0000-0000-000000000000"):
        answer = api(None).request("OPTIONS", f"/api/tasks/{task}/{path}")
        assert (answer.status, answer.data) == (204, b"")
        assert_protocol(answer)


def test_a_file_in_two_parts(client: Client, task: int) -> None:
    content = picture(BLUE)
    answer = create(client, task, len(content))
    assert (answer.status, answer.data) == (201, b"")
    assert_protocol(answer)
    assert answer.headers["Upload-Filename"] == "b.jpg"
    location = answer.headers["Location"]
    pattern = rf"{re.escape(client.url)}/api/tasks/{task}/data/{client.user_id}_[0-9a-f-]{{36}}"
    assert re.fullmatch(pattern, location)
    head = client.request("HEAD", location)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (
        "0",
        str(len(content)),
    )
    assert_protocol(head)

    first = send(client, location, content[:100])
    assert (first.status, first.headers["Upload-Offset"], first.data) == (204, "100", b"")
    assert_protocol(first)
    assert offset_of(client, location) == 100
    rest = send(client, location, content[100:], 100)
    assert (rest.status, rest.headers["Upload-Offset"]) == (204, str(len(content)))

    assert client.request("HEAD", location).status == 404
    assert send(client, location, b"x", 100).status == 404
    created(client, finish(client, task, image_quality=70))
    assert names_of(client, task) == ["b.jpg"]
    frame = client.get(
        f"/api/tasks/{task}/data", query={"type": "frame", "number": 0, "quality": "original"}
    )
    assert frame.data == content


def test_location_is_what_the_client_can_reach(client: Client, task: int) -> None:
    answer = create(client, task, 10, **{"X-Forwarded-Host": "cvat.example.org"})
    assert answer.headers["Location"].startswith("http://cvat.example.org/api/tasks/")
    answer = create(client, task, 10, "c.jpg", Origin="http://elsewhere.example.org")
    assert answer.headers["Location"].startswith(client.url)


def test_folders_are_kept(client: Client, task: int) -> None:
    for name in ("sub/q.jpg", "sub/deeper/a.jpg", "z.jpg"):
        answer = create(client, task, len(picture()), name)
        assert answer.headers["Upload-Filename"] == name
        assert send(client, answer.headers["Location"], picture()).status == 204
    created(client, finish(client, task))
    assert names_of(client, task) == ["sub/deeper/a.jpg", "sub/q.jpg", "z.jpg"]


def test_together_with_batches_in_the_order_of_arrival(client: Client, task: int) -> None:
    attach(client, task, [("z.jpg", picture())], {"Upload-Multiple": ""})
    location = create(client, task, len(picture()), "m.jpg").headers["Location"]
    attach(client, task, [("a.jpg", picture())], {"Upload-Multiple": ""})
    send(client, location, picture())
    created(client, finish(client, task, sorting_method="predefined"))
    assert names_of(client, task) == ["z.jpg", "a.jpg", "m.jpg"]


def test_an_interrupted_request_is_resumed(client: Client, task: int) -> None:
    content = picture(RED, (400, 300), "BMP")
    location = create(client, task, len(content), "big.bmp").headers["Location"]
    address = urlsplit(location)
    assert address.hostname is not None
    arrived = 100_000
    with socket.create_connection((address.hostname, address.port or 80)) as connection:
        head = (
            f"PATCH {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Token {client.key}\r\nUpload-Offset: 0\r\n"
            "Content-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        connection.sendall(head.encode() + content[:arrived])
        deadline = time.monotonic() + 30
        while offset_of(client, location) < arrived:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    # The connection is gone in the middle of the body; what had arrived counts.
    assert offset_of(client, location) == arrived
    answer = send(client, location, content[arrived:], arrived)
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(len(content)))
    created(client, finish(client, task))
    frame = client.get(
        f"/api/tasks/{task}/data", query={"type": "frame", "number": 0, "quality": "original"}
    )
    assert frame.data == content


def test_a_body_of_unknown_length(client: Client, task: int) -> None:
    content = picture()
    location = create(client, task, len(content)).headers["Location"]
    answer = send(client, location, iter([content[:300], content[300:]]))  # type: ignore[arg-type]  # urllib3 streams it
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(len(content)))


@pytest.mark.parametrize("streamed", [False, True])
def test_more_than_was_announced(client: Client, task: int, streamed: bool) -> None:
    content = picture()
    location = create(client, task, len(content)).headers["Location"]
    body: Any = iter([content + b"x"]) if streamed else content + b"x"
    answer = send(client, location, body)
    assert (answer.status, answer.data) == (413, b"")
    assert_protocol(answer)
    assert offset_of(client, location) == 0
    assert send(client, location, content).status == 204


@pytest.mark.parametrize("offset", [5, 100_000])
def test_wrong_offset(client: Client, task: int, offset: int) -> None:
    location = create(client, task, 1000).headers["Location"]
    answer = send(client, location, b"0123456789", offset)
    assert (answer.status, answer.data) == (409, b"")
    assert_protocol(answer)
    assert offset_of(client, location) == 0


@pytest.mark.parametrize("offset", ["", "-1", "x", "1" * 30])
def test_offset_that_is_no_number(client: Client, task: int, offset: str) -> None:
    location = create(client, task, 1000).headers["Location"]
    assert send(client, location, b"x", headers={"Upload-Offset": offset}).status == 400


def test_wrong_content_type(client: Client, task: int) -> None:
    location = create(client, task, 1000).headers["Location"]
    answer = send(client, location, b"x", headers={"Content-Type": "application/octet-stream"})
    assert answer.status == 415
    assert list(answer.json()) == ["detail"]


@pytest.mark.parametrize(
    "file_id",
    [
        "1_01234567-89ab-cdef-0123-456789abcdef",
        "nonsense",
        "..%2F..%2Fcvat.sqlite3",
        "%2Fetc%2Fpasswd",
    ],
)
def test_unknown_ids(client: Client, task: int, file_id: str) -> None:
    path = f"/api/tasks/{task}/data/{file_id}"
    assert client.request("HEAD", path).status == 404
    assert send(client, path, b"x").status == 404


def test_an_upload_belongs_to_one_user_and_one_task(api: Api, client: Client) -> None:
    ann = api("ann")
    task = new_task(ann)
    location = create(ann, task, 10).headers["Location"]
    assert client.request("HEAD", location).status == 403
    assert send(client, location, b"x").status == 403
    assert api("bob").request("HEAD", location).status == 403
    elsewhere = location.replace(f"/tasks/{task}/", f"/tasks/{new_task(ann)}/")
    assert ann.request("HEAD", elsewhere).status == 404


def test_without_file_name(client: Client, task: int) -> None:
    answer = create(client, task, 10, None)
    assert (answer.status, isinstance(answer.json(), str)) == (400, True)


@pytest.mark.parametrize("name", ["../x.jpg", "/x.jpg", "a/../../x.jpg", "..\\x.jpg", "a\n.jpg"])
def test_names_that_lead_out_of_the_folder(client: Client, task: int, name: str) -> None:
    answer = create(client, task, 10, name)
    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_name_that_is_a_folder(client: Client, task: int) -> None:
    location = create(client, task, len(picture()), "a/b.jpg").headers["Location"]
    send(client, location, picture())
    assert create(client, task, 10, "a").status == 400
    assert create(client, task, 10, "a/b.jpg/c.jpg").status == 400


@pytest.mark.parametrize("length", ["", "x", "-5", "1.5"])
def test_length_that_is_no_number(client: Client, task: int, length: str) -> None:
    assert create(client, task, length).status == 400


def test_too_large(client: Client, task: int) -> None:
    answer = create(client, task, 1 << 45)
    assert (answer.status, isinstance(answer.json(), str)) == (413, True)
    assert_protocol(answer)


def test_metadata_that_cannot_be_read(client: Client, task: int) -> None:
    for text in ("filename !!!", "filename //8="):
        answer = create(client, task, 10, None, **{"Upload-Metadata": text})
        assert answer.status == 400


def test_an_empty_file_is_complete_at_once(client: Client, task: int) -> None:
    location = create(client, task, 0, "empty.jpg").headers["Location"]
    assert client.request("HEAD", location).status == 404
    assert "'empty.jpg': the file is empty" in refused(client, finish(client, task))


def test_a_name_that_was_uploaded(client: Client, task: int) -> None:
    send(client, create(client, task, len(picture())).headers["Location"], picture())
    answer = create(client, task, 10)
    assert (answer.status, isinstance(answer.json(), str)) == (409, True)
    assert_protocol(answer)


def test_what_made_a_creation_fail_can_be_replaced(client: Client, task: int) -> None:
    send(client, create(client, task, 6).headers["Location"], b"broken")
    assert "'b.jpg'" in refused(client, finish(client, task))
    location = create(client, task, len(picture())).headers["Location"]
    send(client, location, picture(BLUE))
    created(client, finish(client, task))
    frame = client.get(f"/api/tasks/{task}/data", query={"type": "frame", "number": 0})
    assert near(colour_at(opened(frame.data), 5, 5), BLUE)


def test_a_task_with_data_takes_no_more(client: Client, task: int) -> None:
    location = create(client, task, 10, "late.jpg").headers["Location"]
    created(client, attach(client, task, numbered(1)))
    assert create(client, task, 10, "later.jpg").status == 400
    assert send(client, location, b"0123456789").status == 400
    assert client.request("HEAD", location).status == 404


class TestFolderOfUploads:
    """What imports use, which take a file by its id."""

    def test_a_finished_file_is_taken_by_its_id(self, tmp_path: Path) -> None:
        uploads = TusUploads(tmp_path / "uploads")
        file = uploads.create(7, 5, {"filename": "a.zip"})
        file.path.write_bytes(b"hello")
        received = uploads.received(file.file_id, 7)
        assert (received.path.read_bytes(), received.metadata) == (b"hello", {"filename": "a.zip"})
        uploads.discard(file.file_id)
        assert list((tmp_path / "uploads").iterdir()) == []
        with pytest.raises(ApiError) as raised:
            uploads.received(file.file_id, 7)
        assert raised.value.status == 400

    def test_what_cannot_be_taken(self, tmp_path: Path) -> None:
        uploads = TusUploads(tmp_path)
        file = uploads.create(7, 5, {})
        file.path.write_bytes(b"hell")
        for file_id, user, reason in (
            (file.file_id, 7, "4 of 5 bytes"),
            (file.file_id, 8, "no uploaded file"),
            ("a.zip", 7, "no uploaded file"),
            (f"../{file.file_id}", 7, "no uploaded file"),
        ):
            with pytest.raises(ApiError, match=reason):
                uploads.received(file_id, user)

    def test_a_file_that_was_received_but_not_moved(self, tmp_path: Path) -> None:
        uploads = TusUploads(tmp_path / "tus")
        done, half = (uploads.create(1, 4, {"filename": name}) for name in ("a", "b"))
        done.path.write_bytes(b"1234")
        half.path.write_bytes(b"12")
        assert uploads.complete() == [done]
        uploads.move(done, tmp_path / "deep" / "target")
        assert (tmp_path / "deep" / "target").read_bytes() == b"1234"
        assert uploads.find(done.file_id) is None
        with pytest.raises(FileNotFoundError):
            uploads.move(done, tmp_path / "target")
