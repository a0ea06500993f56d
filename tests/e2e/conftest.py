"""Servers in processes of their own and in this one, clients of them, and the published client."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests import published

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, Configuration

PASSWORD = "a password of the tests"


class ServerProcess:
    """``cvat-local serve`` as a user starts it, on a free port."""

    def __init__(self, data_dir: Path) -> None:
        self._log = data_dir.with_suffix(".log").open("ab+")
        start = self._log.seek(0, os.SEEK_END)
        command = [sys.executable, "-m", "cvat_local", "serve", "--port", "0"]
        command += ["--data-dir", str(data_dir), "--create-admin", "admin"]
        environment = {**os.environ, "CVAT_LOCAL_ADMIN_PASSWORD": PASSWORD}
        self.process = subprocess.Popen(
            command, stdout=self._log, stderr=subprocess.STDOUT, env=environment
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


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[[], ServerProcess]]:
    """Starts servers, one after another, on the same data folder."""
    servers: list[ServerProcess] = []

    def start() -> ServerProcess:
        servers.append(ServerProcess(tmp_path / "data"))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def published_python() -> str:
    """Python of an environment that has the published client in place of ours."""
    return published.python("cvat-cli==2.80.0", "numpy", "pycocotools")


@pytest.fixture(scope="session")
def local_server() -> Iterator[LocalServer]:
    """A server inside this process for tests that make their own objects in it."""
    with LocalServer() as running:
        yield running


@pytest.fixture
def configuration(local_server: LocalServer) -> Configuration:
    """Address and password of the administrator of `local_server`."""
    return Configuration(
        host=local_server.url, username=local_server.username, password=local_server.password
    )


@pytest.fixture
def client(configuration: Configuration) -> Iterator[ApiClient]:
    """The administrator of `local_server`."""
    with ApiClient(configuration) as connected:
        yield connected
