"""The server in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PASSWORD = "a password of the tests"


def hear_interrupts() -> None:
    """For ``preexec_fn``: a program hears Ctrl-C although the tests may run where it is ignored.

    Shells let what they start in the background ignore it, and children inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


class ServerProcess:
    """``cvat-local serve`` as a user starts it, on a free port or a certain one.

    ``before`` is a command that ends by becoming the one that it is given.
    """

    def __init__(self, data_dir: Path, port: int = 0, before: Sequence[str] = ()) -> None:
        self._log = data_dir.with_suffix(".log").open("ab+")
        start = self._log.seek(0, os.SEEK_END)
        command = [sys.executable, "-m", "cvat_local", "serve", "--port", str(port)]
        command += ["--data-dir", str(data_dir), "--create-admin", "admin"]
        environment = {**os.environ, "CVAT_LOCAL_ADMIN_PASSWORD": PASSWORD}
        self.process = subprocess.Popen(
            [*before, *command], stdout=self._log, stderr=subprocess.STDOUT, env=environment
        )
        try:
            self.url = self._wait_for_address(data_dir.with_suffix(".log"), start)
        except BaseException:
            self.kill()  # nobody else knows of the process yet
            raise

    def _wait_for_address(self, log: Path, start: int) -> str:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            text = log.read_bytes()[start:].decode()
            found = re.search(r"http://127\.0\.0\.1:\d+", text)
            if found:
                return found.group()
            assert self.process.poll() is None, text
            time.sleep(0.05)
        raise AssertionError("the server did not say where it listens")

    def kill(self) -> None:
        """End the process the way a power failure does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._log.close()

    def stop(self) -> int:
        """End the process the way Ctrl-C does, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        self._log.close()
        return code
