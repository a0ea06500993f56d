"""The main job, as the README shows it: by our client and by the published one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.processes import PASSWORD, ServerProcess
from tests.published import ROOT

SCRIPT = ROOT / "examples" / "quickstart.py"


def run(python: str | Path, output: Path, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CVAT_")}
    finished = subprocess.run(
        [python, SCRIPT, "--output", output],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def read_dataset(output: Path) -> dict[str, Any]:
    text = (output / "dataset" / "annotations" / "instances_default.json").read_text()
    dataset: dict[str, Any] = json.loads(text)
    return dataset


def test_quickstart_starts_its_own_server_and_writes_a_checked_dataset(tmp_path: Path) -> None:
    printed = run(sys.executable, tmp_path)

    assert "Checked with pycocotools: 4 images, 5 annotations" in printed
    dataset = read_dataset(tmp_path)
    assert [image["file_name"] for image in dataset["images"]] == [
        f"scene{number}.jpg" for number in (1, 2, 3, 4)
    ]
    for number in (1, 2, 3, 4):
        sent = (tmp_path / "images-to-upload" / f"scene{number}.jpg").read_bytes()
        received = (tmp_path / "dataset" / "images" / "default" / f"scene{number}.jpg").read_bytes()
        assert received == sent
    car = next(entry["id"] for entry in dataset["categories"] if entry["name"] == "car")
    sun = car + 1
    assert [entry["category_id"] for entry in dataset["annotations"]] == [car, car, sun, car, sun]
    assert {entry["image_id"] for entry in dataset["annotations"]} == {
        image["id"] for image in dataset["images"]
    }
    assert dataset["annotations"][0]["attributes"]["doors"] == 3
    with Image.open(tmp_path / "dataset" / "contact-sheet.png") as sheet:
        assert sheet.size == (1328, 1080)
        outline = [sheet.getpixel((16 + x, 16 + 300)) for x in range(174, 186)]
        assert (0, 229, 255) in outline  # the left side of the rectangle on the first picture
        assert outline.count((17, 17, 17)) >= 3  # and what sets it off on either side


@pytest.fixture
def server(start_server: Callable[[], ServerProcess]) -> ServerProcess:
    return start_server()


def test_published_client_gets_the_same_dataset(
    server: ServerProcess, published_python: str, tmp_path: Path
) -> None:
    settings = {
        "CVAT_HOST": server.url,
        "CVAT_USERNAME": "admin",
        "CVAT_PASSWORD": PASSWORD,
    }
    run(sys.executable, tmp_path / "ours", **settings)
    run(published_python, tmp_path / "published", **settings)

    ours, theirs = read_dataset(tmp_path / "ours"), read_dataset(tmp_path / "published")
    assert ours == theirs
    first = (tmp_path / "ours" / "dataset" / "contact-sheet.png").read_bytes()
    assert first == (tmp_path / "published" / "dataset" / "contact-sheet.png").read_bytes()
