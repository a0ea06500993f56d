"""A server of this process, and a task with what training needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cvat_local.embedded import LocalServer
from cvat_sdk import Client, Config, make_client

LABELS: list[dict[str, Any]] = [
    {"name": "bus", "attributes": []},
    {"name": "car", "attributes": []},
]
SIZE = (40, 30)

Make = Callable[..., Any]


@pytest.fixture(scope="session")
def local_server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


@pytest.fixture
def client(local_server: LocalServer, tmp_path: Path) -> Iterator[Client]:
    config = Config(status_check_period=0.05, cache_dir=tmp_path / "cache")
    credentials = (local_server.username, local_server.password)
    with make_client(local_server.url, credentials=credentials, config=config) as connected:
        yield connected


@pytest.fixture
def make_task(client: Client, tmp_path: Path) -> Make:
    """Makes a task of pictures, each of a colour of its own."""

    def make(name: str, count: int = 4, **fields: Any) -> Any:
        paths = []
        for number in range(count):
            paths.append(tmp_path / f"{name}-{number}.png")
            Image.new("RGB", SIZE, (number * 50, 10, 20)).save(paths[-1])
        body = {"name": name, **fields}
        if "project_id" not in fields:
            body["labels"] = LABELS
        return client.tasks.create_from_data(
            body, paths, data_params={"chunk_size": 2, "image_quality": 70}
        )

    return make


@pytest.fixture
def labels() -> Callable[[Any], dict[str, int]]:
    """Ids of the labels of a task by their names."""
    return lambda task: {label.name: label.id for label in task.get_labels()}
