"""A server, and the command line as a user of it runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cvat_local.embedded import LocalServer
from cvat_sdk.cli.main import main


class Finished(NamedTuple):
    code: int
    out: str
    err: str


Cli = Callable[..., Finished]


@pytest.fixture(scope="session")
def local_server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No variables and no profiles of whoever runs the tests."""
    for name in ("HOST", "ACCESS_TOKEN", "USERNAME", "PASSWORD", "ORGANIZATION", "PROXY", "LOG"):
        monkeypatch.delenv(f"CVAT_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return monkeypatch


@pytest.fixture
def command(environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Runs ``cvat-api`` in this process."""

    def run(*arguments: object) -> Finished:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Finished(code, *capfd.readouterr())

    return run


@pytest.fixture
def cli(command: Cli, environment: pytest.MonkeyPatch, local_server: LocalServer) -> Cli:
    """The same, as the administrator of a server."""
    environment.setenv("CVAT_HOST", local_server.url)
    environment.setenv("CVAT_USERNAME", local_server.username)
    environment.setenv("CVAT_PASSWORD", local_server.password)
    return command
