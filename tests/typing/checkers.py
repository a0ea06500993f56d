"""mypy and pyright, run once over some files, and what they say of each line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHECKERS = ("mypy", "pyright")
PACKAGES = "packages"
"""Name of the folder beside the checked one whose packages may be imported."""

Place = tuple[str, int]
"""Name of a file, and a line in it."""


def findings(checker: str, folder: Path) -> tuple[dict[Place, str], str]:
    """What a checker finds in the Python files of a folder.

    Returns:
        ``"error"`` or the revealed type by place, and the whole output.
    """
    return _mypy(folder) if checker == "mypy" else _pyright(folder)


def expected(files: Iterable[Path]) -> dict[Place, str]:
    """What the comments of some files say: ``# error``, or after `reveal_type` the type."""
    return {
        (file.name, number): line.rpartition("  # ")[2]
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if "reveal_type(" in line or line.endswith("  # error")
    }


def _mypy(folder: Path) -> tuple[dict[Place, str], str]:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file=", "--python-version=3.10"),
            *("--no-error-summary", "--no-pretty", "--hide-error-context"),
            *(f"--cache-dir={ROOT / '.mypy_cache' / 'typing'}", "."),
        ],
        cwd=folder,
        env={"MYPYPATH": f"{ROOT / 'src'}:{folder.parent / PACKAGES}"},
        capture_output=True,
        text=True,
    )
    found: dict[Place, str] = {}
    for name, line, kind, text in re.findall(r"^(\S+?):(\d+): (\w+): (.*)$", run.stdout, re.M):
        if kind == "error":
            found[name, int(line)] = "error"
        elif revealed := re.match(r'Revealed type is "(.*)"$', text):
            found.setdefault((name, int(line)), _short(revealed[1]))
    return found, run.stdout + run.stderr


def _pyright(folder: Path) -> tuple[dict[Place, str], str]:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "basedpyright", "--outputjson"),
            *("--pythonpath", sys.executable, "--project", folder),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    found: dict[Place, str] = {}
    lines = []
    for diagnostic in json.loads(run.stdout)["generalDiagnostics"]:
        place = Path(diagnostic["file"]).name, diagnostic["range"]["start"]["line"] + 1
        lines.append(f"{place[0]}:{place[1]}: {diagnostic['severity']}: {diagnostic['message']}")
        if diagnostic["severity"] == "error":
            found[place] = "error"
        elif revealed := re.match(r'Type of ".*" is "(.*)"$', diagnostic["message"]):
            found.setdefault(place, _short(revealed[1]))
    return found, "\n".join(lines) + run.stderr


def _short(text: str) -> str:
    """A type without the modules of its classes."""
    return re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", text)
