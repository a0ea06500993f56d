"""The published client, in virtual environments of its own under ``.published/``.

It has the same import name as ours, so the two cannot share an environment. Tests use it as an outside
client of the local server, and to compare what both clients do.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "2.80.0"
ROOT = Path(__file__).parents[1]

PYTHON_VARIABLE = "CVAT_PUBLISHED_PYTHON"
"""Environment variable that names an interpreter which has all that is needed already."""


def python(*packages: str) -> str:
    """Interpreter that imports the published client; the environment is made when it is not there yet.

    Args:
        packages: Requirements to install along with it.

    Raises:
        RuntimeError: The package cannot be installed, or no Python that it runs on is there.
    """
    given = os.environ.get(PYTHON_VARIABLE)
    if given:
        return given
    interpreter, version = _interpreter()
    name = "-".join([VERSION, version, *(package.replace("==", "-") for package in packages)])
    folder = ROOT / ".published" / name
    found = folder / "bin" / "python"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _run([interpreter, "-m", "venv", str(folder)])
            install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([str(found), *install, f"cvat-sdk=={VERSION}", *packages])
            (folder / "complete").touch()
    return str(found)


def _interpreter() -> tuple[str, str]:
    """A Python that the published client runs on (3.11 or newer), and its version."""
    if sys.version_info >= (3, 11):
        return sys.executable, f"py{sys.version_info[0]}.{sys.version_info[1]}"
    for version in ("3.11", "3.12", "3.13"):
        found = shutil.which(f"python{version}")
        # A launcher may stand in for a version that is not installed.
        if found and subprocess.run([found, "--version"], capture_output=True).returncode == 0:
            return found, f"py{version}"
    raise RuntimeError(
        "The published client needs Python 3.11 or newer, and none is on the PATH; "
        f"set {PYTHON_VARIABLE} to an interpreter that has it"
    )


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"The published client cannot be installed; set {PYTHON_VARIABLE} to an interpreter "
            f"that has it.\n{' '.join(command)}\n{done.stdout}{done.stderr}"
        )
