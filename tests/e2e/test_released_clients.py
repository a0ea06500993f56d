"""Clients of the schemas of released CVAT servers: strictly typed, and at work with a server."""

from __future__ import annotations

import importlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.codegen import surface
from tests.local.media_samples import picture
from tests.published import ROOT

from cvat_local.embedded import LocalServer


def test_they_hold_under_strict_mypy(tmp_path: Path) -> None:
    packages = [surface.generate(version, tmp_path) for version in surface.ALL]
    run = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--explicit-package-bases"),
            *("--config-file=", "--python-version=3.10"),
            *(f"--cache-dir={ROOT / '.mypy_cache' / 'released'}", *packages),
        ],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": f"{tmp_path}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as server:
        yield server


@pytest.mark.parametrize("version", surface.ALL)
def test_they_work_with_a_server(
    version: str, server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module(surface.generate(version, tmp_path, "at_work"))
    configuration = package.Configuration(
        host=server.url, username=server.username, password=server.password
    )
    with package.ApiClient(configuration) as client:
        spec = package.models.TaskWriteRequest("of a released client", labels=[{"name": "car"}])
        task, _ = client.tasks_api.create(spec)
        assert type(task) is package.models.TaskRead
        upload(client, task.id)
        assert [one.id for one in client.tasks_api.list()[0].results] == [task.id]
        (job,) = client.jobs_api.list(task_id=task.id)[0].results
        (label,) = client.labels_api.list(task_id=task.id)[0].results
        shape = {"type": "rectangle", "frame": 0, "label_id": label.id, "points": [1.0, 2, 3, 4]}
        # The argument has had several names.
        client.tasks_api.update_annotations(task.id, **{body_of(client): {"shapes": [shape]}})
        (found,) = client.jobs_api.retrieve_annotations(job.id)[0].shapes
        assert (found.type, found.points) == ("rectangle", [1, 2, 3, 4])
        frame = {"type": "frame", "number": 0, "quality": "original"}
        _, response = client.tasks_api.retrieve_data(task.id, **frame, _parse_response=False)
        assert response.data == PICTURE
        client.tasks_api.destroy(task.id)
        with pytest.raises(package.exceptions.NotFoundException):
            client.tasks_api.retrieve(task.id)


PICTURE = picture()


def upload(client: Any, task_id: int) -> None:
    """Upload one picture, and wait until the task has it."""
    file = io.BytesIO(PICTURE)
    file.name = "picture.png"
    body = {"image_quality": 70, "client_files": [file]}
    client.tasks_api.create_data(task_id, data_request=body, _content_type="multipart/form-data")
    deadline = time.monotonic() + 60
    while not client.tasks_api.retrieve(task_id)[0].size:
        assert time.monotonic() < deadline, "the picture does not arrive"
        time.sleep(0.05)


def body_of(client: Any) -> str:
    """Name of the argument for annotations."""
    operation = client.tasks_api.update_annotations_endpoint.operation
    return str(operation.body.name)
