"""A worker process with its server: where the cases run."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from cvat_local.embedded import LocalServer
from differential.case import NOTHING, Case
from differential.server import RecordingServer

FOLDER = Path(__file__).parents[1]
_CASE_SECONDS = 20


class Runner:
    """Runs cases in a worker of one interpreter, one after the other; use it as a context manager.

    Args:
        name: Name of the side, for messages.
        python: The interpreter.
    """

    def __init__(self, name: str, python: str) -> None:
        self.name = name
        self.python = python
        self.server = RecordingServer()
        self.broken: list[str] = []
        """Cases that ended the worker or took too long: the suite itself is wrong there."""
        self._worker: subprocess.Popen[str] | None = None
        self._local: LocalServer | None = None

    def __enter__(self) -> Runner:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()
        self.server.__exit__()
        if self._local is not None:
            self._local.stop()

    def run_all(self, cases: Iterable[Case]) -> dict[str, Any]:
        """Outcomes by the id of the case."""
        return {case.id: self.run(case) for case in cases}

    def run(self, case: Case) -> dict[str, Any]:
        """What a case returned or raised, and the requests that it sent."""
        addresses = self.server.addresses
        message: dict[str, Any] = {
            "case": case.id,
            "host": addresses["main"],
            "other": addresses["other"],
        }
        if "#" in case.id:  # generated: the worker knows the function, not its arguments
            message |= {"case": case.id.partition("#")[0], "argument": case.argument}
        elif case.argument is NOTHING:
            message.pop("argument", None)
        if case.real:
            message["local"] = self._local_server()
            addresses = {**addresses, "local": message["local"]["url"]}
        self.server.begin(case.answers)
        outcome = self._ask(message)
        hide = {}
        for name, address in addresses.items():
            hide[address] = f"<{name}>"
            hide[address.removeprefix("http://")] = f"<{name}>"
        requests = [request.describe(hide) for request in self.server.end()]
        if case.unordered:
            requests.sort(key=json.dumps)
        text = json.dumps(outcome)
        for address, word in hide.items():
            text = text.replace(address, word)
        return {**json.loads(text), "requests": requests}

    def _local_server(self) -> dict[str, str]:
        if self._local is None:
            self._local = LocalServer()
            self._local.start()
        server = self._local
        return {"url": server.url, "username": server.username, "password": server.password}

    def _ask(self, message: dict[str, Any]) -> Any:
        worker = self._worker or self._start()
        assert worker.stdin and worker.stdout
        try:
            worker.stdin.write(json.dumps(message) + "\n")
            worker.stdin.flush()
            with selectors.DefaultSelector() as selector:
                selector.register(worker.stdout, selectors.EVENT_READ)
                ready = selector.select(_CASE_SECONDS)
            line = worker.stdout.readline() if ready else ""
        except BrokenPipeError:
            line, ready = "", [None]  # type: ignore[list-item]
        if line:
            return json.loads(line)
        self._stop()
        self.broken.append(message["case"])
        return {"raised": {"$": "died" if ready else "took too long"}}

    def _start(self) -> subprocess.Popen[str]:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "COV_"))
        }
        # Proxies in the environment are one of the things the cases look at.
        environment |= {
            "PYTHONPATH": str(FOLDER),
            "HTTP_PROXY": "http://127.0.0.1:9",
            "http_proxy": "http://127.0.0.1:9",
            "TZ": "UTC",
        }
        self._worker = subprocess.Popen(
            [self.python, "-m", "differential.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
            cwd=FOLDER,
        )
        return self._worker

    def _stop(self) -> None:
        if self._worker is not None:
            assert self._worker.stdin and self._worker.stdout
            self._worker.kill()
            self._worker.wait()
            self._worker.stdin.close()
            self._worker.stdout.close()
            self._worker = None
