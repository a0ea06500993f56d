"""An upload whose server is killed in the middle of it, and started again."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.core.programs import check, program
from tests.processes import PASSWORD, ServerProcess

from cvat_sdk.api_client import ApiClient, Configuration

Pictures = Callable[..., list[Path]]


@pytest.mark.parametrize(
    ("count", "kills"),
    [
        pytest.param(40, 2, id="short"),
        pytest.param(500, 10, id="long", marks=pytest.mark.long),
    ],
)
def test_an_upload_whose_server_is_killed_goes_on(
    pictures: Pictures, tmp_path: Path, count: int, kills: int
) -> None:
    files = pictures(count)
    server = ServerProcess(tmp_path / "data")
    port = int(server.url.rpartition(":")[2])
    chance = random.Random(count)
    try:
        with ApiClient(
            Configuration(host=server.url, username="admin", password=PASSWORD)
        ) as client:
            task_id = int(client.tasks_api.create({"name": "a"})[0].id)
            running = program(client, task_id, tmp_path / "state", files)
            requests = count // 2
            for _ in range(kills):
                for _ in range(chance.randint(1, max(1, requests // (kills + 1)))):
                    running.stdout.readline()
                server.kill()
                server = ServerProcess(tmp_path / "data", port)
            running.communicate(timeout=300)
            assert running.returncode == 0
            check(client, task_id, files)
        assert not (tmp_path / "state").exists()
    finally:
        server.stop()
