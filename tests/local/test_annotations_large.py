"""A large annotation document takes memory in proportion to its text, not to what Python makes of it."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.local.media_samples import picture
from tests.processes import PASSWORD, ServerProcess

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def peak(process: ServerProcess) -> int:
    """The most memory that the server has had, in bytes."""
    status = Path(f"/proc/{process.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return 1024 * int(found[1])


def test_many_coordinates(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data")
    http = urllib3.PoolManager(headers=urllib3.make_headers(basic_auth=f"admin:{PASSWORD}"))
    try:
        made = http.request(
            "POST",
            f"{server.url}/api/tasks",
            json={"name": "t", "labels": [{"name": "a"}]},
        ).json()
        fields: dict[str, Any] = {"image_quality": "70", "client_files[0]": ("a.png", picture())}
        http.request("POST", f"{server.url}/api/tasks/{made['id']}/data", fields=fields)
        jobs = f"{server.url}/api/jobs?task_id={made['id']}"
        deadline = time.monotonic() + 60
        while not (found := http.request("GET", jobs).json()["results"]):
            assert time.monotonic() < deadline, "the task got no frames"
            time.sleep(0.05)
        labels = f"{server.url}/api/labels?task_id={made['id']}"
        (label,) = http.request("GET", labels).json()["results"]
        shape = {"type": "polygon", "frame": 0, "label_id": label["id"], "points": [12.5] * 600}
        body = json.dumps({"shapes": [shape] * 10_000}).encode()
        before = peak(server)
        answer = http.request(
            "PUT",
            f"{server.url}/api/jobs/{found[0]['id']}/annotations",
            body=body,
            headers={**http.headers, "Content-Type": "application/json"},
            timeout=300,
        )
        assert answer.status == 200
        growth = (peak(server) - before) / len(body)
        assert growth < 9, growth
    finally:
        server.stop()
