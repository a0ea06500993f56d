"""Clients of the schemas of released CVAT servers: strictly typed, and at work with a server."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.codegen import surface
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


@pytest.mark.parametrize("version", ["2.54.1", "2.73.0"])
def test_they_work_with_a_server(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module(surface.generate(version, tmp_path, "at_work"))
    with LocalServer() as server:
        configuration = package.Configuration(
            host=server.url, username=server.username, password=server.password
        )
        with package.ApiClient(configuration) as client:
            spec = package.models.TaskWriteRequest("of a released client", labels=[{"name": "car"}])
            task, _ = client.tasks_api.create(spec)
            assert type(task) is package.models.TaskRead
            assert [one.id for one in client.tasks_api.list()[0].results] == [task.id]
            client.tasks_api.destroy(task.id)
            with pytest.raises(package.exceptions.NotFoundException):
                client.tasks_api.retrieve(task.id)
