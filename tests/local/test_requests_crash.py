"""A server that is killed in the middle of its work, and the one that takes over its data folder."""

from __future__ import annotations

import io
import re
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import urllib3
from PIL import Image
from tests.lengths import short_and_long

IMAGES = 1500
ADMIN = "admin:kept-for-a-test"
HEADERS = urllib3.make_headers(basic_auth=ADMIN)


@contextmanager
def running(data_dir: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """URL and process of a server; it is killed at the end, if it still lives."""
    command = [sys.executable, "-m", "cvat_local", "serve", "--port", "0"]
    options = ["--data-dir", str(data_dir), "--create-admin", ADMIN, "--log-level", "warning"]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            found = None
            while found is None:
                line = process.stdout.readline()
                assert line, "the server did not start"
                found = re.search(r"http://127\.0\.0\.1:\d+", line)
            yield found[0], process
        finally:
            process.kill()


def call(method: str, url: str, **options: Any) -> Any:
    answer = urllib3.request(method, url, headers=HEADERS, retries=False, **options)
    assert answer.status < 300, answer.data
    return answer.json()


def wait_for(url: str, *statuses: str) -> dict[str, Any]:
    while True:
        request: dict[str, Any] = call("GET", url)
        if request["status"] in statuses:
            return request
        time.sleep(0.005)


def wait_for_progress(url: str, progress: float) -> None:
    """Until somebody works on the request and is so far, from 0 to 1, or done already."""
    while True:
        request = call("GET", url)
        if request["status"] in ("finished", "failed"):
            return
        if request["status"] == "started" and (request["progress"] or 0.0) >= progress:
            return
        time.sleep(0.005)


def attempts(data_dir: Path) -> int:
    with closing(sqlite3.connect(data_dir / "cvat.sqlite3")) as db:
        return int(db.execute("SELECT attempts FROM request").fetchone()[0])


def archive() -> bytes:
    image = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(image, "jpeg")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for number in range(IMAGES):
            file.writestr(f"{number:04}.jpg", image.getvalue())
    return packed.getvalue()


@pytest.mark.parametrize("progress", short_and_long(0.0, *(step / 10 for step in range(1, 10))))
def test_a_task_is_made_although_the_server_was_killed(tmp_path: Path, progress: float) -> None:
    data_dir = tmp_path / "data"
    with running(data_dir) as (url, process):
        task = call("POST", f"{url}/api/tasks", json={"name": "t", "segment_size": 500})["id"]
        fields = {"image_quality": "70", "client_files[0]": ("images.zip", archive())}
        request_id = call("POST", f"{url}/api/tasks/{task}/data", fields=fields)["rq_id"]
        request = f"/api/requests/{quote(request_id, safe='')}"
        wait_for_progress(url + request, progress)
        process.kill()

    with running(data_dir) as (url, _):
        done = wait_for(url + request, "finished", "failed")
        assert (done["status"], done["message"]) == ("finished", "")
        shown = call("GET", f"{url}/api/tasks/{task}")
        # Near its end the work may be over before the signal arrives.
        assert attempts(data_dir) in ((1, 2) if progress else (2,))
        assert (shown["size"], shown["jobs"]["count"]) == (IMAGES, 3)
        frame = urllib3.request(
            "GET", f"{url}/api/tasks/{task}/data?type=frame&number=1499", headers=HEADERS
        )
        assert Image.open(io.BytesIO(frame.data)).size == (64, 64)
