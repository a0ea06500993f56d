"""The public surface under a strict type checker."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SURFACE = Path(__file__).with_name("public_surface.py")


def test_revealed_types_and_errors_are_those_that_the_file_names() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty", SURFACE],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    seen: dict[int, str] = {}
    for line, kind, text in re.findall(r"public_surface\.py:(\d+): (\w+): (.*)", run.stdout):
        if kind == "error":
            code = re.search(r"\[([\w-]+)\]$", text)
            assert code, text
            seen[int(line)] = f"error: {code[1]}"
        elif revealed := re.match(r'Revealed type is "(.*)"$', text):
            # The last names of dotted paths; builtins in the form that people write.
            seen[int(line)] = re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", revealed[1])

    lines = SURFACE.read_text("utf-8").splitlines()
    expected = {
        number: line.rpartition("  # ")[2]
        for number, line in enumerate(lines, start=1)
        if "reveal_type(" in line or "  # error: " in line
    }
    assert seen == expected, run.stdout + run.stderr
