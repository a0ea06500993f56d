"""Ctrl-C in the middle of what takes several calls: the program ends at once, and leaves nothing behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.core.between import Between
from tests.processes import hear_interrupts

from cvat_sdk.api_client import ApiClient
from cvat_sdk.core.requests import wait_for_request
from cvat_sdk.core.uploading import upload_files

PROGRAM = """
import sys, time
from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.core.downloading import download
from cvat_sdk.core.paging import iterate
from cvat_sdk.core.parallel import map_calls
from cvat_sdk.core.requests import wait_for_request
from cvat_sdk.core.uploading import upload_files

url, token, task, folder, *files = sys.argv[1:]
with ApiClient(Configuration(host=url, access_token=token)) as client:
    {call}
"""
CALLS = {
    "wait": "wait_for_request(client, 'x')",
    "upload": "upload_files(client, int(task), files, state=folder + '/state', batch_count=2)",
    "pieces": "upload_files(client, int(task), files, state=folder + '/state', batch_bytes=50)",
    "download": "download(client, url + '/file', folder + '/a.bin')",
    "iterate": "print(*iterate(client.users_api.list_endpoint, page_size=1, prefetch=3))",
    "read ahead": "entries = iterate(client.users_api.list_endpoint, page_size=1, prefetch=3)\n"
    "    next(entries)\n    print('waiting', flush=True)\n    time.sleep(100)",
    "map_calls": "print(*map_calls(client.tasks_api.retrieve, range(100)))",
}
STARTED = json.dumps({"id": "x", "status": "started"}).encode()
USER = {"url": "", "id": 1, "username": "a", "first_name": "", "last_name": ""}
PAGE = json.dumps({"count": 9, "next": "x", "previous": None, "results": [USER]}).encode()
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"

Pictures = Callable[..., list[Path]]


class Holding:
    """Answers some requests in part, and then no more; says when as many wait as are to."""

    def __init__(self, proxy: Between, call: str) -> None:
        self.ready = threading.Event()
        self.end = threading.Event()
        self._polls = 0
        self._left = {"upload": 4, "pieces": 4, "iterate": 3, "map_calls": 8}.get(call, 1)
        self._lock = threading.Lock()
        proxy.faults.append(self._answer)

    def _answer(self, head: bytes, connection: Any) -> bytes | int | None:
        line = head.partition(b"\r\n")[0]
        if line.startswith(b"GET /api/users?") and b"&page=1&" in line:
            return JSON % (len(PAGE), PAGE)
        if line.startswith(b"GET /api/requests/") and not self._polls:
            self._polls += 1
            return JSON % (len(STARTED), STARTED)
        # From here on the program waits. Python loses a signal that comes while it collects an object.
        if line.startswith(b"GET /file"):
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + bytes(200_000)
            )
        elif not (
            (line.startswith(b"POST") and b"upload-multiple" in head.lower())
            or line.startswith((b"PATCH", b"GET /api/users", b"GET /api/tasks/"))
            or line.startswith(b"GET /api/requests/")
        ):
            return None
        self._count()
        self.end.wait(100)
        return b""

    def _count(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                self.ready.set()


@pytest.mark.parametrize("call", CALLS)
def test_ctrl_c_ends_it(
    between: Between,
    through: ApiClient,
    token: str,
    task_id: int,
    pictures: Pictures,
    tmp_path: Path,
    call: str,
) -> None:
    files = pictures(12)
    folder = tmp_path / "work"
    folder.mkdir()
    arguments = [between.url, token, str(task_id), str(folder), *map(str, files)]
    holding = Holding(between, call)
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(call=CALLS[call]), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=hear_interrupts,
    )
    try:
        assert holding.ready.wait(60)
        if call == "read ahead":
            assert program.stdout
            program.stdout.readline()
        program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=30)  # what waits is held for longer
    finally:
        holding.end.set()
        program.kill()
    assert errors.count(b"Traceback") == 1, errors
    assert errors.rstrip().endswith(b"KeyboardInterrupt"), errors
    left = [path.name for path in folder.iterdir()]
    if call not in ("upload", "pieces"):
        assert left == []
        return
    assert left in ([], ["state"])  # none before anything has arrived
    # What was begun is gone on with, by anybody.
    between.faults.clear()
    rq_id = upload_files(through, task_id, files, state=folder / "state")
    assert rq_id
    wait_for_request(through, rq_id, timeout=120)
    assert through.tasks_api.retrieve(task_id)[0].size == 12
    assert list(folder.iterdir()) == []
