"""The published package, in a virtual environment of its own under ``.published/``."""

from __future__ import annotations

import fcntl
import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "2.80.0"
ROOT = Path(__file__).parents[3]

_PYTHON_VARIABLE = "CVAT_PUBLISHED_PYTHON"


def python() -> str:
    """Interpreter that imports the published package; installs it when it is not there yet.

    The environment variable ``CVAT_PUBLISHED_PYTHON`` names another interpreter to use.

    Raises:
        RuntimeError: The package cannot be installed.
    """
    given = os.environ.get(_PYTHON_VARIABLE)
    if given:
        return given
    # Both sides get the same urllib3: its own changes are none of ours.
    urllib3 = importlib.metadata.version("urllib3")
    interpreter = f"py{sys.version_info[0]}.{sys.version_info[1]}"
    folder = ROOT / ".published" / f"{VERSION}-{interpreter}-urllib3-{urllib3}"
    found = folder / "bin" / "python"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(folder)])
            wanted = [f"cvat-sdk=={VERSION}", f"urllib3=={urllib3}"]
            _run([str(found), "-m", "pip", "install", "--quiet", *wanted])
            (folder / "complete").touch()
    return str(found)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"The published package cannot be installed; set {_PYTHON_VARIABLE} to an interpreter "
            f"that has it.\n{' '.join(command)}\n{done.stdout}{done.stderr}"
        )
