"""What the documents of the repository show is run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.published import ROOT


def python_blocks(document: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)


def test_first_script_of_the_readme(tmp_path: Path) -> None:
    (script,) = python_blocks("README.md")
    finished = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )

    assert finished.returncode == 0, finished.stderr
    assert finished.stdout == "1 image in task 1\n"


@pytest.mark.parametrize("target", ["demo", "test", "check", "generate", "serve", "bench", "wheel"])
def test_make_has_the_targets_that_the_documents_name(target: str) -> None:
    finished = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.search(rf"^\s+{target}\s", finished.stdout, re.MULTILINE)


def test_the_texts_of_make_help_stand_in_one_column() -> None:
    finished = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    columns = [re.match(r"\s+\S+\s+", line) for line in finished.stdout.splitlines()]
    assert len(columns) > 10
    assert len({match.end() for match in columns if match}) == 1


def test_times_that_are_named_agree() -> None:
    makefile = (ROOT / "Makefile").read_text()
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    for target in ("bench", "bench-quick"):
        times = {
            re.findall(r"about [\w ]*?minutes?", line)[0]
            for line in [*makefile.splitlines(), *contributing.splitlines()]
            if re.match(rf"{target}:|\| `make {target}` ", line)
        }
        assert len(times) == 1, times


def test_the_readme_says_how_many_operations_the_server_answers() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "cvat_local", "coverage"], capture_output=True, text=True, check=True
    )
    counts = re.findall(r"^(\d+) of (\d+) operations", finished.stdout, re.MULTILINE)
    assert counts == re.findall(
        r"answers (\d+) of the API's (\d+)", (ROOT / "README.md").read_text()
    )


def test_no_document_installs_the_package_of_the_same_name_from_the_index() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for block in re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL):
            for line in block.splitlines():
                assert not re.search(r"pip install [^#]*cvat[-_]sdk(?!.* @ |-\*)", line), line


def test_links_between_the_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    assert len(documents) >= 5
    for document in documents:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
