"""A client that is measured in a process of its own, with an interpreter of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any


class Worker:
    """Runs `benchmarks.worker`; the process starts with the first question. A context manager.

    Args:
        python: Interpreter whose ``cvat_sdk`` is measured.
    """

    def __init__(self, python: str) -> None:
        self.python = python
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.communicate()  # the end of its input ends it
            self._process = None

    def ask(self, what: str, **arguments: Any) -> Any:
        """Run one function of `benchmarks.client` there.

        Args:
            what: Its name.
            **arguments: JSON values for it.

        Raises:
            RuntimeError: It failed; the process has written why to the standard error output.
        """
        if self._process is None:
            script = Path(__file__).with_name("worker.py")
            self._process = subprocess.Popen(
                [self.python, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"what": what, "arguments": arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.python} could not do {what!r}")
        return json.loads(line)
