"""The published command line client as an outside user of the local server."""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tests.e2e.conftest import PASSWORD, ServerProcess


@pytest.fixture
def cli(start_server: Callable[[], ServerProcess], published_python: str) -> Callable[..., str]:
    host, _, port = start_server().url.rpartition(":")
    command = Path(published_python).with_name("cvat-cli")

    def run(*arguments: str | Path) -> str:
        finished = subprocess.run(
            [command, "--server-host", host, "--server-port", port, "--auth", "admin", *arguments],
            env={**os.environ, "PASS": PASSWORD},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    return run


def test_a_task_from_images_to_a_dataset_and_back(cli: Callable[..., str], tmp_path: Path) -> None:
    pictures = [tmp_path / f"{number}.png" for number in range(3)]
    for number, path in enumerate(pictures):
        Image.new("RGB", (80, 60), (90 * number, 10, 10)).save(path)
    labels = '[{"name": "car"}]'

    task = cli("task", "create", "by command", "--labels", labels, "local", *pictures).strip()
    assert cli("task", "ls").split() == [task]

    cli("task", "frames", task, "--outdir", tmp_path / "frames", "--quality", "original", "0", "2")
    frames = sorted((tmp_path / "frames").iterdir())
    colours = [Image.open(frame).convert("RGB").getpixel((5, 5)) for frame in frames]
    assert colours == [(0, 10, 10), (180, 10, 10)]

    archive = tmp_path / "dataset.zip"
    export = ["--format", "CVAT for images 1.1", "--with-images", "yes"]
    cli("task", "export-dataset", task, archive, *export)
    with zipfile.ZipFile(archive) as zipped:
        assert zipped.read("images/1.png") == pictures[1].read_bytes()
    cli("task", "import-dataset", task, archive, "--format", "CVAT 1.1")

    cli("task", "delete", task)
    assert cli("task", "ls").split() == []
