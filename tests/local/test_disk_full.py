"""A disk that is full: said in words, and nothing is lost that was there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.processes import PASSWORD, ServerProcess

# A namespace in which this user may mount a small file system, where the system lets this user have one.
UNSHARE = ["unshare", "--map-root-user", "--mount"]


def _can_mount() -> bool:
    if not (sys.platform == "linux" and shutil.which("unshare")):
        return False
    tried = "mount -t tmpfs -o size=1m none /mnt"
    return not subprocess.run([*UNSHARE, "sh", "-c", tried], capture_output=True).returncode


pytestmark = pytest.mark.skipif(not _can_mount(), reason="needs mount namespaces of Linux")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server with a disk of 8 MB."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    mounted = 'mount -t tmpfs -o size=8m none "$1" && shift && exec "$@"'
    process = ServerProcess(data_dir, before=[*UNSHARE, "sh", "-c", mounted, "sh", str(data_dir)])
    yield process
    process.stop()


def test_uploads_and_annotations(server: ServerProcess) -> None:
    http = urllib3.PoolManager(headers=urllib3.make_headers(basic_auth=f"admin:{PASSWORD}"))

    def call(method: str, path: str, **options: Any) -> urllib3.BaseHTTPResponse:
        return http.request(method, server.url + path, retries=False, timeout=60, **options)

    made = call("POST", "/api/tasks", json={"name": "t", "labels": [{"name": "a"}]}).json()
    upload = {"image_quality": "70", "client_files[0]": ("a.jpg", b"x" * 20_000_000)}
    answer = call("POST", f"/api/tasks/{made['id']}/data", fields=upload)
    assert answer.status == 507
    assert answer.json()["detail"].startswith("There is no space left on the server's disk")

    # What was received is gone again, so that there is space for what fits.
    assert call("GET", f"/api/tasks/{made['id']}").status == 200
    labels = [{"name": f"{number:04} {'x' * 50}"} for number in range(2000)]
    statuses = [
        call("POST", "/api/projects", json={"name": "p", "labels": labels}).status
        for _ in range(30)
    ]
    number = statuses.index(507)
    assert statuses[:number] == [201] * number
    assert number > 0
    listed = call("GET", "/api/projects")
    assert (listed.status, listed.json()["count"]) == (200, statuses.count(201))
    first = listed.json()["results"][0]["id"]
    shown = call("GET", f"/api/labels?project_id={first}")
    assert shown.json()["count"] == 2000
