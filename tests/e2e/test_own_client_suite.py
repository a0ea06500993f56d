"""A client that is generated from what a server says of itself passes the tests of the shipped one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lengths import short_and_long
from tests.published import ROOT

from cvat_local.embedded import LocalServer

SHORT = ("test_documented_calls.py", "test_older_names.py")
ALL = tuple(
    sorted(
        file.name
        for file in Path(__file__).parent.glob("test_*.py")
        if re.match(r"test_(documented_(?!guide)|older)", file.name)
    )
)

# Parts of the runtime, which a generated package does not have of its own.
OF_THE_RUNTIME = r"(?!\.(?:runtime|rest|model_utils)\b)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A client, from the address of a server, and the tests of ours as its own."""
    folder = tmp_path_factory.mktemp("own")
    with LocalServer() as server:
        (folder / "cvat-codegen.toml").write_text(
            f'spec = "{server.url}/api/schema/"\n'
            'package = "own_client"\n'
            'output = "."\n'
            'profile = "cvat"\n'
            "wrappers = false\n"  # as for our own description, whose aliases these are
            f'aliases = "{(ROOT / "spec" / "aliases.toml").as_posix()}"\n'
        )
        command = [sys.executable, "-m", "cvat_codegen", "generate"]
        made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    (folder / "tests").mkdir()
    for name in ("published.py", "lengths.py", "processes.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests")
    shutil.copytree(ROOT / "tests" / "local", folder / "tests" / "local")
    shutil.copytree(ROOT / "tests" / "e2e", folder / "tests" / "e2e")
    for file in (folder / "tests" / "e2e").glob("*.py"):
        file.write_text(as_own(file.read_text(encoding="utf-8")), encoding="utf-8")
    yield folder


def as_own(text: str) -> str:
    """A test with the generated client in the place of the shipped one."""
    text = re.sub(
        r"^from cvat_sdk\.api_client import (.*)\bmodel_utils, ",
        r"from cvat_sdk.api_client import model_utils\nfrom cvat_sdk.api_client import \1",
        text,
        flags=re.MULTILINE,
    )
    kept = "from cvat_sdk.api_client import model_utils\n"
    parts = text.split(kept)
    return kept.join(
        re.sub(rf"\bcvat_sdk\.api_client\b{OF_THE_RUNTIME}", "own_client", part) for part in parts
    )


@pytest.mark.parametrize("files", short_and_long(SHORT, ALL), ids=len)
def test_the_tests_of_the_shipped_client_pass(folder: Path, files: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--import-mode=importlib"]
    command += ["-p", "no:cacheprovider", *(f"tests/e2e/{name}" for name in files)]
    path = os.pathsep.join([str(folder), str(ROOT / "src")])
    finished = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    passed = re.search(r"(\d+) passed", finished.stdout)
    assert passed is not None
    assert int(passed[1]) > 15
