"""Which file may import which: the contracts of `.importlinter` bite, and no circles hide between them."""

from __future__ import annotations

import ast
import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("cvat_sdk", "cvat_codegen", "cvat_local")
_CONTRACT = "importlinter:contract:"


class Probe(NamedTuple):
    """An import that must not be."""

    file: str
    """Where it is added, below ``src``."""
    statement: str


PROBES = {
    "packages": Probe("cvat_sdk/core/helpers.py", "import cvat_local.settings"),
    "sdk-dependencies": Probe("cvat_sdk/api_client/runtime/files.py", "import tqdm"),
    "sdk-layers": Probe("cvat_sdk/api_client/rest.py", "import cvat_sdk.core.progress"),
    "sdk-client": Probe(
        "cvat_sdk/api_client/runtime/auth.py", "import cvat_sdk.api_client.configuration"
    ),
    "sdk-exceptions": Probe(
        "cvat_sdk/api_client/exceptions.py", "import cvat_sdk.api_client.runtime.model"
    ),
    "sdk-runtime": Probe(
        "cvat_sdk/api_client/runtime/model.py", "import cvat_sdk.api_client.runtime.convert"
    ),
    "sdk-generated": Probe(
        "cvat_sdk/api_client/api/tasks_api.py", "import cvat_sdk.api_client.configuration"
    ),
    "sdk-models": Probe(
        "cvat_sdk/api_client/runtime/convert.py", "import cvat_sdk.api_client.runtime.transport"
    ),
    "generator-layers": Probe("cvat_codegen/ir.py", "import cvat_codegen.emit.text"),
    "generator-emit": Probe("cvat_codegen/emit/models.py", "import cvat_codegen.document"),
    "server-layers": Probe("cvat_local/serving/call.py", "import cvat_local.resources.tasks"),
    "server-faces": Probe(
        "cvat_local/resources/jobs/rules.py", "import cvat_local.resources.tasks.rules"
    ),
    "server-resources": Probe(
        "cvat_local/resources/projects/access.py", "import cvat_local.resources.jobs"
    ),
    "server-pure": Probe("cvat_local/formats/coco.py", "import cvat_local.settings"),
    "server-client": Probe(
        "cvat_local/resources/server/routes.py", "from cvat_sdk.api_client import rest"
    ),
}

GENERATED = re.compile(r"cvat_sdk\.api_client\.(api|apis|model|models|operations)(\.|$)")

LATE = {
    "cvat_sdk.api_client.runtime.above": "calling a model's class converts, and converting makes models",
    "cvat_sdk.api_client.runtime.types": "annotations name classes that what they annotate can do without",
}
"""Files that import by name what stands above them when it is first used, with the reason; there are no others."""


def contracts() -> dict[str, configparser.SectionProxy]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return {
        name.removeprefix(_CONTRACT): parser[name]
        for name in parser.sections()
        if name.startswith(_CONTRACT)
    }


def lint(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
            *arguments,
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, as far as the contracts are about it."""
    root = tmp_path_factory.mktemp("tree")
    for name in ("src", "tools"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", root)
    return root


def test_the_tree_keeps_its_contracts(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", PROBES)
def test_an_import_that_a_contract_forbids_is_found(copy: Path, contract: str) -> None:
    probe = PROBES[contract]
    file = copy / "src" / probe.file
    original = file.read_text(encoding="utf-8")
    file.write_text(f"{original}\n{probe.statement}\n", encoding="utf-8")
    try:
        result = lint(copy, "--contract", contract)
    finally:
        file.write_text(original, encoding="utf-8")
    assert (result.returncode, "1 broken" in result.stdout) == (1, True), result.stdout


def test_each_contract_has_a_probe_and_a_reason() -> None:
    assert contracts().keys() == PROBES.keys()
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    explained = re.findall(rf"^# [^\n]{{20,}}\n\[{_CONTRACT}([a-z-]+)\]$", text, re.MULTILINE)
    assert set(explained) == PROBES.keys()


def test_no_hand_written_files_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    files = {module for module in graph.modules if not GENERATED.match(module)}
    imports = {file: graph.find_modules_directly_imported_by(file) & files for file in files}
    reached = {file: reachable(file, imports) for file in files}
    circles = {
        frozenset(other for other in reached[file] if file in reached[other])
        for file in files
        if file in reached[file]
    }
    assert circles == set()


def test_only_the_files_that_say_so_import_by_name_what_stands_above_them() -> None:
    found = set()
    for file in sorted((ROOT / "src/cvat_sdk/api_client/runtime").glob("*.py")):
        texts = {
            node.value
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        if any(re.match(r"cvat_sdk\.api_client\.\w*", text) for text in texts):
            found.add(f"cvat_sdk.api_client.runtime.{file.stem}")
    assert found == LATE.keys()


def reachable(start: str, imports: dict[str, set[str]]) -> set[str]:
    """What a file needs by its imports, itself only when it is in a circle."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for file in imports[waiting.pop()] - found:
            found.add(file)
            waiting.append(file)
    return found
