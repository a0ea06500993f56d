"""Constructs of OpenAPI, each with the code that it becomes and the bytes that calls send.

A construct is a folder below ``constructs``: ``openapi.yaml``, a small document; ``calls.py`` with a list ``CALLS``
of what is called; ``expected``, the generated files that depend on the construct and the warnings. After a wanted
change of the output, write what is expected anew and read its difference:

    python -m tests.codegen.test_constructs
"""

from __future__ import annotations

import functools
import importlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.codegen.calls import BOUNDARY, Call, Refused, Request
from tests.unit.recording import RecordingServer

from cvat_codegen.build import build_api
from cvat_codegen.emit import emit
from cvat_codegen.output import write
from cvat_codegen.problems import BadDescription
from cvat_codegen.reading import load
from cvat_codegen.verify import verify

CONSTRUCTS = Path(__file__).parent / "constructs"
ROOT = Path(__file__).parents[2]
NAMES = sorted(path.parent.name for path in CONSTRUCTS.glob("*/openapi.yaml"))
# Of these folders every file depends on the document; of the others, none that the golden tree of the gallery lacks.
_TELLING = ("api/", "operations/", "model/")


def package_of(name: str) -> str:
    return f"construct_{name}"


def generated(name: str) -> tuple[dict[str, str], str]:
    """Files of the package of a construct, and its warnings."""
    file = CONSTRUCTS / name / "openapi.yaml"
    description = load(file)
    assert isinstance(description, dict), description
    api = build_api(description, file=file)
    files = emit(api, "openapi.yaml", package_of(name))
    assert verify(api, files, package_of(name)) is None
    return files, "".join(f"{warning.pointer}: {warning.message}\n" for warning in api.warnings)


def telling(name: str) -> dict[str, str]:
    """What is kept of a construct: by path below ``expected``."""
    files, warnings = generated(name)
    kept = {
        path: text
        for path, text in files.items()
        if path.startswith(_TELLING) and not path.endswith(("__init__.py", "_aliases.py"))
    }
    if re.search(r"\bScheme\(|_servers", files["configuration.py"]):
        kept["configuration.py"] = files["configuration.py"]
    return {**kept, "warnings.txt": warnings} if warnings else kept


def table(name: str) -> list[Call | Refused]:
    """The calls of a construct."""
    module = importlib.import_module(f"tests.codegen.constructs.{name}.calls")
    calls: list[Call | Refused] = module.CALLS
    return calls


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the packages of all constructs, which can be imported."""
    folder = tmp_path_factory.mktemp("constructs")
    for name in NAMES:
        write(folder / package_of(name), generated(name)[0])
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    yield folder
    sys.path.remove(str(folder))
    for module in list(sys.modules):
        if module.partition(".")[0] in map(package_of, NAMES):
            del sys.modules[module]


@pytest.fixture(scope="module")
def server() -> Iterator[RecordingServer]:
    server = RecordingServer()
    yield server
    server.close()


@pytest.mark.parametrize("name", NAMES)
def test_code_of_a_construct_is_the_expected_one(name: str) -> None:
    folder = CONSTRUCTS / name / "expected"
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found == {path: text.encode() for path, text in telling(name).items()}


@pytest.mark.parametrize("road", ["at once", "step by step"])
@pytest.mark.parametrize(
    ("name", "index"), [(name, index) for name in NAMES for index in range(len(table(name)))]
)
def test_calls_of_a_construct_send_these_bytes(
    packages: Path, server: RecordingServer, name: str, index: int, road: str
) -> None:
    call = table(name)[index]
    package = importlib.import_module(package_of(name))
    server.forget()  # also an answer that a test before has left
    settings = dict(call.settings) if isinstance(call, Call) else {}
    with package.ApiClient(package.Configuration(host=server.url, **settings)) as client:
        if road == "step by step":
            client.call_api = functools.partial(client.call_api)  # as somebody may replace it
        if isinstance(call, Refused):
            with pytest.raises(getattr(package.exceptions, call.error)) as caught:
                call.make(client)
            assert call.message in str(caught.value)
            assert server.received == []
            return
        content_type = [("Content-Type", call.answer.content_type)]
        server.answer(call.answer.status, call.answer.body, headers=content_type)
        value, response = call.make(client)
    assert response.status == call.answer.status
    (sent,) = server.received
    told = {name: sent.header(name) for name in call.sends.headers}
    body = sent.body
    boundary = re.search(r"boundary=(\w+)", sent.header("Content-Type") or "")
    if boundary is not None:  # chosen anew for each request
        body = body.replace(boundary[1].encode(), BOUNDARY)
    assert Request(sent.method, sent.target, body, told) == call.sends
    assert (call.shows or _plain)(value) == call.gives


def test_packages_of_the_constructs_hold_under_strict_mypy(packages: Path) -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--explicit-package-bases"),
            *("--no-error-summary", "--config-file=", "--python-version=3.10"),
            *(f"--cache-dir={ROOT / '.mypy_cache' / 'constructs'}", *map(package_of, NAMES)),
        ],
        cwd=packages,
        env={**os.environ, "MYPYPATH": f"{packages}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, io.IOBase):
        with value:
            return value.read()
    return value.to_dict() if hasattr(value, "to_dict") else value


def _write_expected() -> None:
    for name in NAMES:
        folder = CONSTRUCTS / name / "expected"
        files = telling(name)
        for path in folder.rglob("*"):
            if path.is_file() and path.relative_to(folder).as_posix() not in files:
                path.unlink()
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())


if __name__ == "__main__":
    try:
        _write_expected()
    except BadDescription as error:
        sys.exit(str(error))
