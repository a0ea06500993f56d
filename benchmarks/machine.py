"""What the figures were measured on."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import re
from pathlib import Path


def describe() -> dict[str, str]:
    """Machine, interpreter, packages and load, for the reader of the figures."""
    packages = ("msgspec", "urllib3", "orjson")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": versions,
        "load at the start": load(),
    }


def load() -> str:
    """Load average of the last minute; well above 1 means that others were at work."""
    return f"{os.getloadavg()[0]:.2f}"


def _processor() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return found.group(1).strip() if found else platform.processor()
