"""The blocks of docs/guide.md are run: in order, in one namespace, against a server of their own."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.local.buckets import KEY, SECRET, running_s3
from tests.local.media_samples import picture
from tests.published import ROOT

from cvat_local.embedded import LocalServer

GUIDE = (ROOT / "docs" / "guide.md").read_text()
BLOCKS = [
    block
    for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    if "my_cvat" not in block  # of the section that writes a client, see test_own_client
]
SUITES = [block for block in BLOCKS if "import pytest" in block]


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What the guide takes for granted: a server, two images in the folder, and a bucket."""
    for name in ("crossing1.jpg", "crossing2.jpg"):
        (tmp_path / name).write_bytes(picture())
    monkeypatch.chdir(tmp_path)
    with LocalServer() as server, running_s3() as s3:
        s3.bucket("pictures", {"a.jpg": picture(), "sub/b.jpg": picture()})
        environment = {
            "CVAT_HOST": server.url,
            "CVAT_USERNAME": server.username,
            "CVAT_PASSWORD": server.password,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": s3.url,
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield tmp_path


def test_the_blocks_run_in_order(surroundings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, Any] = {"__name__": "guide"}
    for block in BLOCKS:
        if block in SUITES:
            continue
        line = GUIDE[: GUIDE.index(block)].count("\n")
        # With the lines of the document, so that a traceback leads to the block.
        exec(compile("\n" * line + block, "docs/guide.md", "exec"), namespace)

    printed = capsys.readouterr().out
    assert "at project_write_request.labels[0].name" in printed
    assert "2 images" in printed
    assert "0 rectangle [10.0, 10.0, 30.0, 25.0]" in printed
    assert "['crossing']" in printed
    assert "['sub/b.jpg', 'a.jpg']" in printed
    assert '404 {"detail"' in printed
    assert len(namespace["annotations"].tags) == 1
    assert [task.name for task, _ in namespace["results"]] == ["crossing"]

    archive = zipfile.ZipFile(io.BytesIO((surroundings / "crossing.zip").read_bytes()))
    document = json.loads(archive.read("annotations/instances_default.json"))
    assert [entry["bbox"] for entry in document["annotations"]] == [[10, 10, 20, 15]]
    jobs = namespace["client"].jobs_api.list(task_id=namespace["by_hand"].id)[0]
    assert jobs.count == 2
    remote, _ = namespace["client"].tasks_api.retrieve(namespace["remote"].id)
    assert remote.size == 2


def test_the_suite_of_the_guide_passes(tmp_path: Path) -> None:
    (suite,) = SUITES
    (tmp_path / "test_guide.py").write_text(suite)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "1 passed" in finished.stdout


def test_links_within_the_guide_lead_to_its_headings() -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
        for heading in re.findall(r"^## (.*)$", GUIDE, re.MULTILINE)
    }
    targets = set(re.findall(r"\]\(#([^)]+)\)", GUIDE))
    assert targets == headings
