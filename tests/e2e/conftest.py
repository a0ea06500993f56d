"""Servers in processes of their own and in this one, clients of them, and the published client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests import published
from tests.processes import ServerProcess

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, Configuration


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
