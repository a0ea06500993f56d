"""The commands, in environments where something is missing or mixed up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.processes import ServerProcess


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CVAT_")}
    return subprocess.run(
        [sys.executable, *command],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("missing", "call", "extra"),
    [
        (
            "uvicorn",
            "cvat_local.cli import main; sys.exit(main(['serve', '--port', '0']))",
            "local",
        ),
        ("sqlalchemy", "cvat_local.cli import main; sys.exit(main(['coverage']))", "local"),
        ("jinja2", "cvat_codegen import __main__", "codegen"),
        ("yaml", "cvat_codegen import __main__", "codegen"),
    ],
)
def test_a_command_without_its_extra_says_what_to_install(
    missing: str, call: str, extra: str
) -> None:
    # A module that is None cannot be imported, as if it were not installed.
    finished = run("-c", f"import sys; sys.modules[{missing!r}] = None; from {call}")
    assert finished.returncode == 1
    (line,) = finished.stderr.splitlines()
    assert f"the package {missing} is missing" in line
    assert f"pip install '.[{extra}]'" in line


def test_it_tells_which_package_is_installed() -> None:
    finished = run("-m", "cvat_sdk")
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith("cvat-sdk 2.80.0, the fast and typed one, in ")
    assert "msgspec" in finished.stdout
    assert not finished.stderr


def test_it_tells_the_version_of_a_server(start_server: Callable[[], ServerProcess]) -> None:
    url = start_server().url
    for finished in (run("-m", "cvat_sdk", url), run("-m", "cvat_sdk", CVAT_HOST=url)):
        assert finished.returncode == 0, finished.stderr
        assert f"server {url}: CVAT 2.80" in finished.stdout


def test_a_server_that_does_not_answer_is_one_line() -> None:
    finished = run("-m", "cvat_sdk", "http://ann:hunter2@127.0.0.1:1")
    assert finished.returncode == 1
    (line,) = finished.stderr.splitlines()
    assert "is the server running at http://127.0.0.1:1?" in line


def test_the_published_package_in_the_same_environment_is_told(tmp_path: Path) -> None:
    record = tmp_path / "cvat_sdk-2.80.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: cvat-sdk\nVersion: 2.80.0\n")
    (record / "RECORD").write_text("cvat_sdk/__init__.py,,\ncvat_sdk/api_client/rest.py,,\n")
    finished = run("-m", "cvat_sdk", PYTHONPATH=str(tmp_path))
    assert finished.returncode == 1
    assert (
        f"but {tmp_path} says that the published cvat-sdk was installed over it" in finished.stderr
    )


def test_the_published_package_alone_does_not_have_the_command(published_python: str) -> None:
    finished = subprocess.run(
        [published_python, "-m", "cvat_sdk"], capture_output=True, text=True, timeout=60
    )
    assert finished.returncode == 1
    assert "No module named cvat_sdk.__main__" in finished.stderr
