"""The public surface under mypy, strict, and pyright: programs in `programs/`, and the blocks of the guide."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.typing.checkers import CHECKERS, PACKAGES, ROOT, expected, findings

PROGRAMS = Path(__file__).with_name("programs")
GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """All that is checked, so that each checker runs once; beside it the client that the guide generates."""
    folder = tmp_path / "programs"
    shutil.copytree(PROGRAMS, folder)
    generate = ["generate", str(ROOT / "spec" / "openapi.yaml"), "--package", "my_cvat"]
    command = [
        sys.executable,
        "-m",
        "cvat_codegen",
        *generate,
        "--output",
        str(tmp_path / PACKAGES),
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    settings = {
        "typeCheckingMode": "standard",
        "pythonVersion": "3.10",
        "extraPaths": [str(tmp_path / PACKAGES)],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    write_guide(folder)
    return folder


def write_guide(folder: Path) -> None:
    """The blocks of the guide as modules, at the lines where they stand: those that follow each other, and others."""
    modules = {"guide.py": "", "guide_suite.py": "", "guide_own.py": ""}
    for found in re.finditer(r"```python\n(.*?)```", GUIDE, re.DOTALL):
        line = GUIDE[: found.start(1)].count("\n")
        name = "guide.py"
        if "import pytest" in found[1]:
            name = "guide_suite.py"
        elif "import my_cvat" in found[1] or "from my_cvat" in found[1]:
            name = "guide_own.py"
        modules[name] += "\n" * (line - modules[name].count("\n")) + found[1]
    for name, text in modules.items():
        assert text, name
        (folder / name).write_text(text)


@pytest.mark.parametrize("checker", CHECKERS)
def test_checkers_see_what_the_programs_say_and_nothing_in_the_guide(
    checker: str, folder: Path
) -> None:
    wanted = expected(folder.glob("*.py"))
    assert len(wanted) > 80
    seen, output = findings(checker, folder)
    different = {
        f"{name}:{line}": (seen.get((name, line)), wanted.get((name, line)))
        for name, line in sorted({*seen, *wanted})
        if seen.get((name, line)) != wanted.get((name, line))
    }
    assert not different, output
