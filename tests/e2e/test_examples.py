"""The examples of the client with entities, run as a user runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from tests.processes import PASSWORD, ServerProcess
from tests.published import ROOT

from cvat_sdk import make_client


def run(python: str, name: str, *arguments: str | Path, **environment: str) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("CVAT_")}
    finished = subprocess.run(
        [python, ROOT / "examples" / name, *arguments],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_a_task_with_a_server_of_its_own(tmp_path: Path) -> None:
    printed = run(sys.executable, "high_level.py", tmp_path)
    assert "Task 1 has 4 images" in printed
    assert "Frame 0: rectangle at [20.0, 30.0, 120.0, 90.0]" in printed
    assert "Restored as task 2" in printed
    with zipfile.ZipFile(tmp_path / "dataset.zip") as archive:
        assert len(archive.namelist()) == 5


def test_a_task_of_another_server(
    start_server: Callable[[], ServerProcess], tmp_path: Path
) -> None:
    host = start_server().url
    with make_client(host, credentials=("admin", PASSWORD)) as client:
        token, _ = client.api_client.auth_api.create_access_tokens(
            {"name": "example", "read_only": False}
        )
        environment = {"CVAT_HOST": host, "CVAT_ACCESS_TOKEN": str(token.value)}
        assert "Task 1 has" in run(sys.executable, "high_level.py", tmp_path, **environment)
        assert [task.name for task in client.tasks.list()] == ["scenes", "scenes"]


def test_a_function(tmp_path: Path) -> None:
    """The sun is in the same place in all four pictures, within what JPEG makes of its edge."""
    found = re.findall(
        r"Frame (\d): a sun from (\d+), (\d+) to (\d+), (\d+)",
        run(sys.executable, "auto_annotation_function.py"),
    )
    assert [int(frame) for frame, *_ in found] == [0, 1, 2, 3]
    for _, *box in found:
        assert all(abs(int(a) - b) <= 2 for a, b in zip(box, (480, 40, 559, 119), strict=True))


def test_a_function_by_the_published_command_line(
    start_server: Callable[[], ServerProcess], published_python: str, tmp_path: Path
) -> None:
    host, _, port = start_server().url.rpartition(":")
    script = Path(published_python).with_name("cvat-cli")
    Image.new("RGB", (60, 40), (255, 226, 100)).save(tmp_path / "a.png")

    def cli(*arguments: str | Path) -> str:
        where = ["--server-host", host, "--server-port", port, "--auth", "admin"]
        finished = subprocess.run(
            [script, *where, *arguments],
            env={**os.environ, "PASS": PASSWORD, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    labels = '[{"name": "sun", "type": "mask"}]'
    waiting = ["--completion_verification_period", "0.2"]
    task = cli("task", "create", "a", "--labels", labels, *waiting, "local", tmp_path / "a.png")
    function = ROOT / "examples" / "auto_annotation_function.py"
    cli("task", "auto-annotate", task.strip(), "--function-file", function)
    with make_client(f"{host}:{port}", credentials=("admin", PASSWORD)) as client:
        (shape,) = client.tasks.retrieve(int(task)).get_annotations().shapes
    assert shape.points[-4:] == [0, 0, 59, 39]
