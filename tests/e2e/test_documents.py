"""What the documents of the repository show is run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from tests.published import ROOT


def python_blocks(document: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)


def test_first_script_of_the_readme(tmp_path: Path) -> None:
    (script,) = python_blocks("README.md")
    Image.effect_noise((64, 48), 60).save(tmp_path / "car.jpg")

    finished = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )

    assert finished.returncode == 0, finished.stderr
    assert finished.stdout == "1 image in task 1\n"


@pytest.mark.parametrize("target", ["demo", "test", "check", "generate", "serve", "bench"])
def test_make_has_the_targets_that_the_documents_name(target: str) -> None:
    finished = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.search(rf"^\s+{target}\s", finished.stdout, re.MULTILINE)


def test_links_between_the_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    assert len(documents) >= 5
    for document in documents:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
