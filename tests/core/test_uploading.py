"""Uploads of images: in order, whole, several at a time, and gone on with after what may break off."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest
from tests.core.between import Between
from tests.core.programs import check, frames, program
from tests.core.watching import Watching

from cvat_sdk.api_client import ApiClient, ApiTypeError, ApiValueError
from cvat_sdk.core.exceptions import UploadException
from cvat_sdk.core.requests import wait_for_request
from cvat_sdk.core.sources import sources_of
from cvat_sdk.core.uploading import DataUploader, upload_files

Pictures = Callable[..., list[Path]]
TOO_LARGE = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
BUSY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def send(client: ApiClient, task_id: int, files: Sequence[Any], **options: Any) -> None:
    rq_id = upload_files(client, task_id, files, **options)
    assert rq_id is not None
    wait_for_request(client, rq_id, timeout=120)


def test_frames_are_the_files_in_their_order(
    client: ApiClient, task_id: int, pictures: Pictures
) -> None:
    files = pictures(25)
    reporter = Watching()
    send(client, task_id, files, batch_count=4, pbar=reporter)
    check(client, task_id, files)
    size = sum(path.stat().st_size for path in files)
    assert (reporter.total, reporter.done, reporter.most) == (size, size, size)
    assert reporter.threads == {threading.get_ident()}


def test_a_large_file_goes_in_pieces(
    between: Between,
    through: ApiClient,
    task_id: int,
    pictures: Pictures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cvat_sdk.core.tus.CHUNK_SIZE", 20)
    files = pictures(2)
    send(through, task_id, files, batch_bytes=30)
    check(through, task_id, files)
    sizes = [path.stat().st_size for path in files]
    assert between.count("PATCH") == sum(-(-size // 20) for size in sizes)


def test_files_of_every_kind(client: ApiClient, task_id: int, pictures: Pictures) -> None:
    paths = pictures(4)
    read, write = os.pipe()
    os.write(write, paths[2].read_bytes())
    os.close(write)
    with paths[1].open("rb") as file, os.fdopen(read, "rb") as pipe:
        files = [
            str(paths[0]),
            file,
            ("пайп.png", pipe),
            ("memory.png", io.BytesIO(paths[3].read_bytes())),
        ]
        send(client, task_id, files, batch_count=2)
    assert frames(client, task_id) == [paths[0].name, paths[1].name, "пайп.png", "memory.png"]


def test_the_order_is_that_of_the_fields_where_they_have_one(
    client: ApiClient, task_id: int, pictures: Pictures
) -> None:
    files = pictures(5)
    send(client, task_id, files, sorting_method="lexicographical")
    assert frames(client, task_id) == sorted(path.name for path in files)


@pytest.mark.parametrize(
    ("files", "error", "message"),
    [
        ([], ApiValueError, "no files"),
        ("a.png", ApiTypeError, "list of files"),
        ([5], ApiTypeError, "value of type int"),
        ([io.BytesIO(b"x")], ApiValueError, "without a name"),
        (["nowhere.png"], FileNotFoundError, "nowhere.png"),
        (["."], IsADirectoryError, "folder"),
    ],
)
def test_what_cannot_be_sent_is_refused_at_once(
    between: Between, through: ApiClient, files: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        upload_files(through, 1, files)
    assert between.heads == []


def test_two_files_of_one_name_are_refused(
    between: Between, through: ApiClient, pictures: Pictures
) -> None:
    (one,), (other,) = pictures(1, "a"), pictures(1, "b")
    with pytest.raises(ApiValueError, match=one.name):
        upload_files(through, 1, [one, other])
    assert between.heads == []


def test_a_wrong_field_is_refused_at_once(
    between: Between, through: ApiClient, pictures: Pictures
) -> None:
    with pytest.raises((ApiTypeError, ApiValueError), match="start_frame"):
        upload_files(through, 1, pictures(1), start_frame="first")
    assert between.heads == []


def test_failures_that_pass_are_overcome(
    between: Between, through: ApiClient, task_id: int, pictures: Pictures
) -> None:
    files = pictures(9)
    between.once("POST", BUSY, times=3)
    between.once("POST", 1, times=2)  # the server has taken it, and the answer is lost
    reporter = Watching()
    send(through, task_id, files, batch_count=3, pbar=reporter)
    check(through, task_id, files)
    assert reporter.done == reporter.total


def test_pieces_go_on_where_they_broke_off(
    between: Between,
    through: ApiClient,
    task_id: int,
    pictures: Pictures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cvat_sdk.core.tus.CHUNK_SIZE", 20)
    files = pictures(1)
    between.once("PATCH", BUSY, times=2)
    between.once("PATCH", 1, times=2)  # taken, and the answer is lost
    reporter = Watching()
    send(through, task_id, files, batch_bytes=1, pbar=reporter)
    check(through, task_id, files)
    assert reporter.done == reporter.total
    assert between.count("HEAD") >= 4


def test_the_last_answer_may_get_lost(
    between: Between, through: ApiClient, task_id: int, pictures: Pictures
) -> None:
    files = pictures(1)
    between.once("PATCH", 1)
    send(through, task_id, files, batch_bytes=1)
    check(through, task_id, files)


def test_requests_that_are_too_large_are_made_smaller(
    between: Between,
    through: ApiClient,
    task_id: int,
    pictures: Pictures,
    caplog: pytest.LogCaptureFixture,
) -> None:
    files = pictures(8)

    def fault(head: bytes, connection: Any) -> bytes | None:
        length = next(
            (
                int(line[15:])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        return TOO_LARGE if length > 1000 else None

    between.faults.append(fault)
    with caplog.at_level("WARNING", "cvat_sdk"):
        send(through, task_id, files, sorting_method="random")
    assert sorted(frames(through, task_id)) == sorted(path.name for path in files)
    assert "client_max_body_size" in caplog.text


def test_files_that_were_not_sent_are_named(
    between: Between, through: ApiClient, task_id: int, pictures: Pictures
) -> None:
    files = pictures(6)
    refused = b'HTTP/1.1 403 No\r\nContent-Length: 17\r\nConnection: close\r\n\r\n{"detail":"Full"}'

    def fault(head: bytes, connection: Any) -> bytes | None:
        return refused if b"upload-multiple" in head.lower() else None

    between.faults.append(fault)
    with pytest.raises(UploadException) as caught:
        upload_files(through, task_id, files, batch_count=2, parallel=1)
    assert caught.value.files == [path.name for path in files]
    first = str(caught.value)
    assert first.startswith("6 of 6 files were not sent")
    assert repr(files[0].name) in first
    assert "403" in first
    assert not [t for t in threading.enumerate() if t.name.startswith("cvat-sdk-upload")]


def test_an_address_of_another_host_is_put_right(
    between: Between, through: ApiClient, task_id: int, pictures: Pictures
) -> None:
    """A server behind a proxy says an address that cannot be reached."""
    files = pictures(1)
    answers: list[bytes] = []

    def fault(head: bytes, connection: Any) -> bytes | None:
        if not head.lower().startswith(b"post") or b"upload-length" not in head.lower() or answers:
            return None
        import urllib3

        target = urllib3.util.parse_url(through.configuration.host)
        assert target
        lines = head.split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
        path = lines[0].split()[1].decode()
        made = urllib3.request(
            "POST",
            f"http://{between._target[0]}:{between._target[1]}{path}",
            headers={k.decode(): v.decode() for k, v in headers.items()},
        )
        location = made.headers["Location"].split("/api/")[1]
        answers.append(
            b"HTTP/1.1 201 Created\r\nUpload-Filename: %s\r\nLocation: https://inner.invalid/api/%s\r\n"
            b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            % (made.headers["Upload-Filename"].encode(), location.encode())
        )
        return answers[0]

    between.faults.append(fault)
    send(through, task_id, files, batch_bytes=1)
    check(through, task_id, files)
    assert answers


def test_it_can_be_called_off(client: ApiClient, task_id: int, pictures: Pictures) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        upload_files(client, task_id, pictures(3), cancel=cancel)
    assert not [t for t in threading.enumerate() if t.name.startswith("cvat-sdk-upload")]


@pytest.mark.parametrize("batch_bytes", [10, 1000])
def test_a_file_that_changes_meanwhile_is_an_error(
    client: ApiClient, task_id: int, tmp_path: Path, batch_bytes: int
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"x" * 100)

    class Changing(Watching):
        def start2(self, total: int, **more: Any) -> None:
            super().start2(total, **more)
            path.write_bytes(b"x")

    with pytest.raises(UploadException, match=r"a\.png.* changed .* from 100 bytes to 1"):
        upload_files(client, task_id, [path], batch_bytes=batch_bytes, pbar=Changing())


# -- states -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "kills"),
    [
        pytest.param(40, 2, id="short"),
        pytest.param(500, 10, id="long", marks=pytest.mark.long),
    ],
)
def test_an_upload_that_is_killed_goes_on(
    client: ApiClient, task_id: int, pictures: Pictures, tmp_path: Path, count: int, kills: int
) -> None:
    files = pictures(count)
    state = tmp_path / "state.json"
    lines = 1
    for _ in range(kills):
        running = program(client, task_id, state, files)
        for _ in range(lines):
            running.stdout.readline()
        running.send_signal(signal.SIGKILL)
        running.wait()
        running.stdout.close()
        lines = lines % 7 + 2
    running = program(client, task_id, state, files)
    running.communicate(timeout=300)
    assert running.returncode == 0
    check(client, task_id, files)
    assert not state.exists()


def test_a_state_of_other_files_is_refused(
    between: Between, through: ApiClient, task_id: int, pictures: Pictures, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    files = pictures(3)
    between.once("POST", TOO_LARGE.replace(b"413", b"403"), times=100)
    with pytest.raises(Exception, match="403"):
        upload_files(through, task_id, files, state=state)
    state.write_text(json.dumps({"version": 1, "owner": ["x"], "sent": []}))
    with pytest.raises(ApiValueError, match="another upload"):
        upload_files(through, task_id, files, state=state)
    state.write_text("{")
    with pytest.raises(ApiValueError, match="not the state"):
        upload_files(through, task_id, files, state=state)


def test_finishing_twice_is_safe(
    between: Between, through: ApiClient, task_id: int, pictures: Pictures, tmp_path: Path
) -> None:
    """The program was killed between the last request and its answer."""
    files = pictures(3)
    state = tmp_path / "state.json"
    send(through, task_id, files, state=state)
    owner = [through.configuration.host, task_id, [s.identity for s in sources_of(files)]]
    content = {"version": 1, "owner": owner, "sent": [p.name for p in files], "finishing": True}
    state.write_text(json.dumps(content))
    assert upload_files(through, task_id, files, state=state) is None
    check(through, task_id, files)


def test_the_names_of_the_published_package(
    client: ApiClient, task_id: int, pictures: Pictures
) -> None:
    files = pictures(3)
    url = f"{client.configuration.host}/api/tasks/{task_id}/data/"
    response = DataUploader(client).upload_files(
        url, files, image_quality=50, sorting_method="predefined"
    )
    wait_for_request(client, json.loads(response.data)["rq_id"], timeout=120)
    check(client, task_id, files)
