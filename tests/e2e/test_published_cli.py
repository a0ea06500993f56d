"""The published command line client as an outside user of the local server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tests.processes import PASSWORD, ServerProcess

FINDER = """
import cvat_sdk.auto_annotation as cvataa
spec = cvataa.DetectionFunctionSpec(labels=[cvataa.label_spec("car", 0)])
def detect(context, image):
    return [cvataa.rectangle(0, [1, 2, 4, 6])]
"""

# Subcommands that ask the server again and again whether it is done.
WAITING = ("backup", "create", "create-from-backup", "export-dataset")

# Its command line on our package: everything but `cvat_cli` is found here first.
ON_OURS = """
import sys
sys.path.append(sys.argv.pop(1))
from cvat_cli.__main__ import main
sys.exit(main())
"""


def command_on(package: str, published_python: str) -> list[str | Path]:
    """The command line of the published package, on itself or on ours."""
    script = Path(published_python).with_name("cvat-cli")
    if package == "published":
        return [script]
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run(
        [published_python, "-c", where], capture_output=True, text=True, check=True
    )
    return [sys.executable, "-c", ON_OURS, found.stdout.strip()]


@pytest.fixture(params=["published", "ours"])
def cli(
    request: pytest.FixtureRequest,
    start_server: Callable[[], ServerProcess],
    published_python: str,
    tmp_path: Path,
) -> Callable[..., str]:
    host, _, port = start_server().url.rpartition(":")
    command = command_on(request.param, published_python)
    folders = {name: str(tmp_path / name) for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME")}

    def run(*arguments: str | Path) -> str:
        where = ["--server-host", host, "--server-port", port, "--auth", "admin"]
        waiting = ["--completion_verification_period", "0.2"] if arguments[1] in WAITING else []
        finished = subprocess.run(
            [*command, *where, *arguments[:2], *waiting, *arguments[2:]],
            env={**os.environ, **folders, "PASS": PASSWORD},
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

    function = tmp_path / "finder.py"
    function.write_text(FINDER)
    cli("task", "auto-annotate", task, "--function-file", function, "--clear-existing")
    cli("task", "export-dataset", task, tmp_path / "found.zip", "--format", "COCO 1.0")
    with zipfile.ZipFile(tmp_path / "found.zip") as zipped:
        found = json.loads(zipped.read("annotations/instances_default.json"))
    assert [entry["bbox"] for entry in found["annotations"]] == [[1, 2, 3, 4]] * 3

    cli("task", "backup", task, tmp_path / "backup.zip")
    copied = cli("task", "create-from-backup", tmp_path / "backup.zip").strip()
    assert set(cli("task", "ls").split()) == {task, copied}
    cli("task", "export-dataset", copied, tmp_path / "copied.zip", "--format", "COCO 1.0")
    with zipfile.ZipFile(tmp_path / "copied.zip") as zipped:
        again = json.loads(zipped.read("annotations/instances_default.json"))
    assert [entry["bbox"] for entry in again["annotations"]] == [[1, 2, 3, 4]] * 3

    cli("task", "delete", task, copied)
    assert cli("task", "ls").split() == []


def test_projects(cli: Callable[..., str], tmp_path: Path) -> None:
    project = cli("project", "create", "by command", "--labels", '[{"name": "car"}]').strip()
    (listed,) = json.loads(cli("project", "ls", "--json"))
    assert (listed["id"], listed["name"]) == (int(project), "by command")
    Image.new("RGB", (8, 6)).save(tmp_path / "a.png")
    cli("task", "create", "one", "--project_id", project, "local", tmp_path / "a.png")
    cli("project", "backup", project, tmp_path / "backup.zip")
    copied = cli("project", "create-from-backup", tmp_path / "backup.zip").strip()
    tasks = json.loads(cli("task", "ls", "--json"))
    assert [task["project_id"] for task in tasks] == [int(copied), int(project)]
    export = ["--format", "COCO 1.0", "--with-images", "yes"]
    cli("project", "export-dataset", copied, tmp_path / "dataset.zip", *export)
    with zipfile.ZipFile(tmp_path / "dataset.zip") as zipped:
        assert "images/default/a.png" in zipped.namelist()
    target = cli("project", "create", "target", "--labels", '[{"name": "car"}]').strip()
    cli("project", "import-dataset", target, tmp_path / "dataset.zip", "--format", "COCO 1.0")
    (task, *_) = json.loads(cli("task", "ls", "--json"))
    assert (task["project_id"], task["size"]) == (int(target), 1)
    cli("project", "delete", project, copied, target)
    assert cli("project", "ls").split() == []
