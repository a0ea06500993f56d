"""Work of the server in the background: waited for, joined, called off; its files whole or not there."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import pickle
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest
from tests.core.between import Between
from tests.core.watching import Watching
from urllib3.exceptions import HTTPError

from cvat_sdk.api_client import ApiClient, ApiException, ApiTypeError, ApiValueError, models
from cvat_sdk.core import requests
from cvat_sdk.core.exceptions import BackgroundRequestException, CvatSdkException, RequestTimeout
from cvat_sdk.core.uploading import upload_files

Pictures = Callable[..., list[Path]]
BUSY = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.fixture
def task(client: ApiClient, task_id: int, pictures: Pictures) -> int:
    """A task with frames and a shape."""
    rq_id = upload_files(client, task_id, pictures(3))
    assert rq_id
    requests.wait_for_request(client, rq_id, timeout=120)
    label = client.labels_api.list(task_id=task_id)[0].results[0]
    shape = {"type": "rectangle", "label_id": label.id, "frame": 0, "points": [1, 1, 5, 5]}
    client.tasks_api.update_annotations(task_id, labeled_data_request={"shapes": [shape]})
    return task_id


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def request_of(status: str, progress: float | None = None) -> bytes:
    import json

    body = json.dumps(
        {
            "id": "x",
            "status": status,
            "progress": progress,
            "message": "",
            "created_date": "2020-01-01T00:00:00Z",
            "operation": {"type": "export:dataset", "target": "task"},
        }
    ).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
    )
    return f"{head}{len(body)}\r\n\r\n".encode() + body


def test_an_export_is_a_file(client: ApiClient, task: int, tmp_path: Path) -> None:
    seen: list[models.Request] = []
    path = requests.export_dataset(
        client.tasks_api, task, "COCO 1.0", tmp_path / "a.zip", on_progress=seen.append
    )
    assert path == tmp_path / "a.zip"
    assert left(tmp_path) == ["a.zip"]
    with zipfile.ZipFile(path) as archive:
        assert "annotations/instances_default.json" in archive.namelist()
    assert str(seen[-1].status) == "finished"


def test_a_folder_takes_the_name_of_the_server(
    client: ApiClient, task: int, tmp_path: Path
) -> None:
    path = requests.export_dataset(client.tasks_api, task, "COCO 1.0", tmp_path, save_images=False)
    assert path is not None
    assert path.parent == tmp_path
    assert path.suffix == ".zip"
    with pytest.raises(FileExistsError):
        requests.export_dataset(client.tasks_api, task, "COCO 1.0", path)


def test_annotations_come_back(client: ApiClient, task: int, tmp_path: Path) -> None:
    path = requests.export_dataset(client.tasks_api, task, "COCO 1.0", tmp_path / "a.zip")
    assert path
    client.tasks_api.destroy_annotations(task)
    reporter = Watching()
    done = requests.import_annotations(client.tasks_api, task, "COCO 1.0", path, pbar=reporter)
    assert str(done.status) == "finished"
    assert len(client.tasks_api.retrieve_annotations(task)[0].shapes) == 1
    assert reporter.done == reporter.total == path.stat().st_size


def test_what_cannot_be_written_is_refused_before_anything_is_asked(
    between: Between, through: ApiClient, tmp_path: Path
) -> None:
    (tmp_path / "a.zip").write_bytes(b"")
    with pytest.raises(FileExistsError, match=r"a\.zip"):
        requests.export_dataset(through.tasks_api, 1, "COCO 1.0", tmp_path / "a.zip")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        requests.export_dataset(through.tasks_api, 1, "COCO 1.0", tmp_path / "nowhere" / "a.zip")
    with pytest.raises(FileNotFoundError):
        requests.import_annotations(through.tasks_api, 1, "COCO 1.0", tmp_path / "b.zip")
    with pytest.raises(ApiValueError, match="empty"):
        requests.import_annotations(through.tasks_api, 1, "COCO 1.0", tmp_path / "a.zip")
    with pytest.raises(ApiValueError, match="cloud_storage_id"):
        requests.export_dataset(through.tasks_api, 1, "COCO 1.0", "x", location="cloud_storage")
    with pytest.raises(ApiTypeError, match="LabelsApi"):
        requests.export_dataset(through.labels_api, 1, "COCO 1.0", tmp_path / "b.zip")
    with pytest.raises(ApiTypeError, match="backup"):
        requests.export_backup(through.jobs_api, 1, tmp_path / "b.zip")
    assert between.heads == []
    assert left(tmp_path) == ["a.zip"]


def test_a_failure_says_the_reason_and_the_request(
    client: ApiClient, task: int, tmp_path: Path
) -> None:
    wrong = tmp_path / "a.zip"
    wrong.write_bytes(b"no archive")
    with pytest.raises(BackgroundRequestException) as caught:
        requests.import_annotations(client.tasks_api, task, "COCO 1.0", wrong)
    text = str(caught.value)
    assert f"action=import&target=task&target_id={task}" in text
    assert "COCO" in text
    assert str(caught.value.request.status) == "failed"
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == text
    with pytest.raises(ApiException, match=r"POST .*/api/tasks/\d+/dataset/export.* 400"):
        requests.export_dataset(client.tasks_api, task, "No format", tmp_path / "b.zip")
    assert left(tmp_path) == ["a.zip"]


def test_the_same_work_that_runs_is_joined(
    between: Between, through: ApiClient, task: int, tmp_path: Path
) -> None:
    body = b'{"rq_id": "action=export&target=task&target_id=%d&user_id=1&format=x"}' % task
    between.once(
        "POST",
        b"HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body),
    )
    between.once("GET /api/requests/", request_of("failed"))
    with pytest.raises(BackgroundRequestException, match="request x"):
        requests.export_dataset(through.tasks_api, task, "COCO 1.0", tmp_path / "a.zip")


def test_questions_that_fail_are_asked_again(between: Between, through: ApiClient) -> None:
    through.configuration.retries = False
    between.once("GET /api/requests/", BUSY, times=2)
    between.once("GET /api/requests/", 1)
    between.once("GET /api/requests/", request_of("queued"))
    between.once("GET /api/requests/", request_of("started", 0.5))
    between.once("GET /api/requests/", request_of("finished", 1))
    seen: list[Any] = []
    done = requests.wait_for_request(
        through, "x", poll_interval=0.01, on_progress=lambda r: seen.append(r.progress)
    )
    assert str(done.status) == "finished"
    assert seen == [None, 0.5, 1]


def test_a_request_that_is_not_known_is_an_error_at_once(client: ApiClient) -> None:
    with pytest.raises(ApiException) as caught:
        requests.wait_for_request(client, "action=export&target=task&target_id=99999")
    assert caught.value.status == 404


def test_waiting_ends_with_its_time(between: Between, through: ApiClient) -> None:
    between.once("GET /api/requests/", request_of("started", 0.25), times=10_000)
    with pytest.raises(RequestTimeout, match=r"'x' is 'started', 25% done after 0.3 s"):
        requests.wait_for_request(through, "x", timeout=0.3)
    with pytest.raises(TimeoutError):
        requests.wait_for_request(through, "x", timeout=0)


def test_waiting_can_be_called_off(between: Between, through: ApiClient) -> None:
    between.once("GET /api/requests/", request_of("started"), times=10_000)
    cancel = threading.Event()
    with pytest.raises(CancelledError, match="goes on at the server"):
        requests.wait_for_request(
            through, "x", poll_interval=60, cancel=cancel, on_progress=lambda _: cancel.set()
        )


# -- files ------------------------------------------------------------------------------------------


@pytest.fixture
def export(between: Between, through: ApiClient, task: int, tmp_path: Path) -> Callable[[], Path]:
    """Exports through the proxy, to a folder of its own."""
    (tmp_path / "out").mkdir()

    def run(**options: Any) -> Path:
        path = requests.export_dataset(
            through.tasks_api, task, "COCO 1.0", tmp_path / "out" / "a.zip", **options
        )
        assert path is not None
        return path

    return run


def test_a_download_goes_on_where_it_broke_off(
    between: Between, through: ApiClient, client: ApiClient, task: int, tmp_path: Path, export: Any
) -> None:
    whole = requests.export_dataset(client.tasks_api, task, "COCO 1.0", tmp_path / "whole.zip")
    assert whole
    between.once(f"GET /api/tasks/{task}/dataset/download", 900, times=3)
    reporter = Watching()
    path = export(pbar=reporter)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(whole) as other:
        assert archive.testzip() is None
        assert archive.namelist() == other.namelist()
    asked = [head for head in between.heads if "/dataset/download" in head]
    assert len(asked) == 4
    assert all(
        "range: bytes=" in head.lower() and "if-range:" in head.lower() for head in asked[1:]
    )
    assert reporter.done == reporter.total == path.stat().st_size
    assert left(path.parent) == ["a.zip"]


def test_a_file_that_has_changed_is_begun_anew(
    between: Between, through: ApiClient, tmp_path: Path
) -> None:
    bodies = [b"a" * 5000, b"b" * 7000]

    def answer(body: bytes, tag: bytes, most: int | None = None) -> bytes:
        return (
            b'HTTP/1.1 200 OK\r\nETag: "%s"\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s'
            % (tag, len(body), body[:most])
        )

    between.once("GET /file", answer(bodies[0], b"1", 3000))
    between.once("GET /file", answer(bodies[1], b"2"))
    reporter = Watching()
    path = requests.download(
        through, f"{between.url}/file?secret=1", tmp_path / "a.bin", pbar=reporter
    )
    assert path.read_bytes() == bodies[1]
    assert reporter.done == 7000


def test_a_download_that_always_breaks_off_is_an_error_and_leaves_nothing(
    between: Between, through: ApiClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cvat_sdk.core.transfers.MOST_FAILURES", 3)
    short = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nxx"
    between.once("GET /file", short, times=100)
    with pytest.raises(HTTPError, match=rf"^GET {between.url}/file: the answer broke off after "):
        requests.download(through, f"{between.url}/file?secret=1", tmp_path / "a.bin")
    assert left(tmp_path) == []


def test_a_file_that_came_whole_without_its_end_is_begun_anew(
    between: Between, through: ApiClient, tmp_path: Path
) -> None:
    """Nothing follows it that could be asked for."""
    head = b'HTTP/1.1 200 OK\r\nETag: "1"\r\nConnection: close\r\n'
    between.once("GET /file", head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
    between.once(
        "GET /file", b"HTTP/1.1 416 Range\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    between.once("GET /file", head + b"Content-Length: 3\r\n\r\nabc")
    path = requests.download(through, f"{between.url}/file", tmp_path / "a.bin")
    assert path.read_bytes() == b"abc"
    assert ["range: bytes=3-" in asked.lower() for asked in between.heads] == [False, True, False]


def test_what_is_packed_unasked_is_unpacked(
    between: Between, through: ApiClient, tmp_path: Path
) -> None:
    packed = gzip.compress(b"content " * 1000)
    head = (
        b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Encoding: gzip\r\nConnection: close\r\n'
        b"Content-Length: %d\r\n\r\n"
    )
    between.once("GET /file", head % len(packed[:-9]) + packed[:-9])
    between.once("GET /file", head % len(packed) + packed)
    reporter = Watching()
    path = requests.download(through, f"{between.url}/file", tmp_path / "a.bin", pbar=reporter)
    assert path.read_bytes() == b"content " * 1000
    assert reporter.done == 8000
    assert "range:" not in between.heads[-1].lower()


_SHA_256 = base64.b64encode(hashlib.sha256(b"content").digest())
_MD5 = base64.b64encode(hashlib.md5(b"content", usedforsecurity=False).digest())


@pytest.mark.parametrize(
    "told",
    [
        b"Repr-Digest: sha-256=:%s:" % _SHA_256,
        b"Repr-Digest: sha-999=:AAAA:, sha-256=:%s:" % _SHA_256,
        b"Digest: SHA-256=%s,MD5=%s" % (_SHA_256, _MD5),
        b"Content-MD5: %s" % _MD5,
    ],
)
def test_a_file_has_the_digest_that_is_told(
    between: Between, through: ApiClient, tmp_path: Path, told: bytes
) -> None:
    def answer(body: bytes) -> bytes:
        head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n\r\n"
        return head % (len(body), told) + body

    between.once("GET /file", answer(b"c0ntent"))
    between.once("GET /file", answer(b"content"))
    path = requests.download(through, f"{between.url}/file", tmp_path / "a.bin")
    assert path.read_bytes() == b"content"
    between.once("GET /file", answer(b"c0ntent"), times=9)
    with pytest.raises(CvatSdkException, match=r"/file: the file has not the digest .*, again and"):
        requests.download(through, f"{between.url}/file", tmp_path / "b.bin")
    assert left(tmp_path) == ["a.bin"]
    assert between.count("GET /file") == 5


def test_a_digest_of_no_known_kind_is_not_looked_at(
    between: Between, through: ApiClient, tmp_path: Path
) -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n"
    between.once("GET /file", head + b"Digest: unixsum=30637\r\nContent-MD5: ?\r\n\r\nab")
    requests.download(through, f"{between.url}/file", tmp_path / "a.bin")


def test_an_answer_without_a_status_names_the_question(
    between: Between, through: ApiClient
) -> None:
    between.once(
        "GET /api/requests/", b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    )
    with pytest.raises(CvatSdkException, match=rf"^GET {between.url}/api/requests/x: .* no status"):
        requests.wait_for_request(through, "x")


def test_an_answer_of_a_server_in_trouble_is_asked_for_again(
    between: Between, through: ApiClient, tmp_path: Path
) -> None:
    trouble = b"HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    between.once("GET /file", trouble, times=2)
    between.once(
        "GET /file", b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab"
    )
    path = requests.download(through, f"{between.url}/file", tmp_path / "a.bin")
    assert path.read_bytes() == b"ab"


def test_a_page_is_no_file(between: Between, through: ApiClient, tmp_path: Path) -> None:
    page = b"<html>Sign in</html>"
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n"
    )
    between.once("GET /file", head % len(page) + b"\r\n" + page)
    with pytest.raises(CvatSdkException, match=rf"^GET {between.url}/file: got an HTML page"):
        requests.download(through, f"{between.url}/file", tmp_path / "a.bin")
    assert left(tmp_path) == []
    named = b"Content-Disposition: attachment; filename=report.html\r\n\r\n"
    between.once("GET /file", head % len(page) + named + page)
    path = requests.download(through, f"{between.url}/file", tmp_path)
    assert path.name == "report.html"
    assert path.read_bytes() == page


def test_credentials_stay_with_the_server(
    between: Between, through: ApiClient, client: ApiClient, tmp_path: Path
) -> None:
    """A result may lie elsewhere, as in a cloud storage."""
    between.once(
        "GET /file", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx", times=2
    )
    requests.download(client, f"{between.url}/file", tmp_path / "a.bin")
    assert "authorization" not in between.heads[-1].lower()
    requests.download(through, f"{between.url}/file", tmp_path / "b.bin")
    assert "authorization" in between.heads[-1].lower()


@pytest.mark.long
def test_a_large_file_that_is_cut_ten_times_is_whole(
    between: Between, through: ApiClient, tmp_path: Path
) -> None:
    size, step = 1024**3, 1024**2
    block = os.urandom(step)
    starts: list[int] = []

    def fault(head: bytes, connection: Any) -> bytes | int | None:
        if not head.startswith(b"GET /file"):
            return None
        text = head.decode("latin-1").lower()
        start = int(text.split("range: bytes=")[1].split("-")[0]) if "range: bytes=" in text else 0
        starts.append(start)
        status = (
            b"206 Part\r\nContent-Range: bytes %d-%d/%d" % (start, size - 1, size)
            if start
            else b"200 OK"
        )
        connection.sendall(
            b'HTTP/1.1 %s\r\nETag: "1"\r\nConnection: close\r\nContent-Length: %d\r\n\r\n'
            % (status, size - start)
        )
        end = size if len(starts) > 10 else min(size, start + size // 11 + 12345)
        while start < end:
            piece = block[start % step :][: end - start]
            connection.sendall(piece)
            start += len(piece)
        return b""

    between.faults.append(fault)
    path = requests.download(through, f"{between.url}/file", tmp_path / "a.bin")
    assert len(starts) == 11
    found, expected = hashlib.sha256(), hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(step):
            found.update(piece)
    for _ in range(size // step):
        expected.update(block)
    assert found.digest() == expected.digest()
