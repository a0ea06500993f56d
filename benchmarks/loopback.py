"""The stub server and a distance to it as context managers, and curl."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path


def stub_server() -> contextlib.AbstractContextManager[str]:
    """Address of a server that runs in a process of its own."""
    return _running("stub_server.py")


def distant(server: str) -> contextlib.AbstractContextManager[str]:
    """Address of a proxy, in a process of its own, by which a server is `latency.ROUND_TRIP` away."""
    return _running("latency.py", server)


@contextlib.contextmanager
def _running(script: str, *arguments: str) -> Generator[str]:
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name(script), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate()


def curl(*arguments: str) -> float:
    """Seconds that curl takes for a transfer.

    Raises:
        RuntimeError: There is no curl, or it failed.
    """
    program = shutil.which("curl")
    if program is None:
        raise RuntimeError("curl is not installed")
    start = time.perf_counter()
    done = subprocess.run(
        [program, "--silent", "--show-error", "--fail", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    taken = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"curl failed: {done.stderr}")
    return taken
