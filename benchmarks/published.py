"""The environment that has the published package."""

from __future__ import annotations

import fcntl
import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "2.80.0"
_ROOT = Path(__file__).parents[1]
_VARIABLE = "CVAT_PUBLISHED_PYTHON"


def python() -> str:
    """Interpreter that imports the published package; the environment is made once and kept.

    It is the one that the contract tests make and use. The environment variable
    ``CVAT_PUBLISHED_PYTHON`` names another interpreter.

    Raises:
        subprocess.CalledProcessError: The package cannot be installed.
    """
    given = os.environ.get(_VARIABLE)
    if given:
        return given
    # Both sides get the same urllib3: its own changes are none of ours.
    urllib3 = importlib.metadata.version("urllib3")
    name = f"{VERSION}-py{sys.version_info[0]}.{sys.version_info[1]}-urllib3-{urllib3}"
    folder = _ROOT / ".published" / name
    found = folder / "bin" / "python"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            wanted = [f"cvat-sdk=={VERSION}", f"urllib3=={urllib3}"]
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            subprocess.run([found, "-m", "pip", "install", "--quiet", *wanted], check=True)
            (folder / "complete").touch()
    return str(found)
