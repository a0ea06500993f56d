"""The public surface under mypy, strict, and pyright: programs in `programs/`, and the blocks of the guide."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.typing.checkers import CHECKERS, ROOT, expected, findings

PROGRAMS = Path(__file__).with_name("programs")
GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """All that is checked, so that each checker runs once."""
    for program in PROGRAMS.glob("*.py"):
        shutil.copy(program, tmp_path)
    settings = {"typeCheckingMode": "standard", "pythonVersion": "3.10"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    write_guide(tmp_path)
    return tmp_path


def write_guide(folder: Path) -> None:
    """The blocks of the guide as modules, at the lines where they stand: the scripts, and the test suite."""
    scripts, suite = "", ""
    for found in re.finditer(r"```python\n(.*?)```", GUIDE, re.DOTALL):
        line = GUIDE[: found.start(1)].count("\n")
        if "import pytest" in found[1]:
            suite += "\n" * (line - suite.count("\n")) + found[1]
        else:
            scripts += "\n" * (line - scripts.count("\n")) + found[1]
    (folder / "guide.py").write_text(scripts)
    (folder / "guide_suite.py").write_text(suite)


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
