"""A server of this process, clients of it, pictures, and a proxy that breaks things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from tests.core.between import Between

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, Configuration

Pictures = Callable[..., list[Path]]


@pytest.fixture(scope="session")
def local_server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


@pytest.fixture
def client(local_server: LocalServer) -> Iterator[ApiClient]:
    configuration = Configuration(
        host=local_server.url, username=local_server.username, password=local_server.password
    )
    with ApiClient(configuration) as connected:
        yield connected


@pytest.fixture
def between(local_server: LocalServer) -> Iterator[Between]:
    """A proxy before the server."""
    proxy = Between(local_server.url)
    yield proxy
    proxy.close()


@pytest.fixture
def through(local_server: LocalServer, between: Between) -> Iterator[ApiClient]:
    """A client that reaches the server through the proxy."""
    configuration = Configuration(
        host=between.url, username=local_server.username, password=local_server.password
    )
    with ApiClient(configuration) as connected:
        yield connected


@pytest.fixture
def token(client: ApiClient) -> str:
    """A token for another process."""
    made, _ = client.auth_api.create_access_tokens({"name": "test", "read_only": False})
    return str(made.value)


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    """Draws pictures that differ, with names in an order that is not that of the alphabet."""

    def draw(count: int, folder: str = "pictures") -> list[Path]:
        (tmp_path / folder).mkdir(exist_ok=True)
        paths = []
        for number in range(count):
            path = tmp_path / folder / f"{(number * 7919) % 1000:03}-{number}.png"
            Image.new("RGB", (16, 12), (number % 256, number // 256, 99)).save(path)
            paths.append(path)
        return paths

    return draw


@pytest.fixture
def task_id(client: ApiClient) -> int:
    """A task without data."""
    return int(client.tasks_api.create({"name": "test", "labels": [{"name": "car"}]})[0].id)
