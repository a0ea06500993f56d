"""``generate --project``: a package that installs, in a folder that can be generated anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from cvat_codegen.cli import main

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HOSTILE = '"""\n"]\n[tool.x]\ny = "\\ \x7f\u202e --> <b>'


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "spec" / "x.yaml"
    path.parent.mkdir()
    info = {"title": HOSTILE, "version": "v1.2-beta"}
    path.write_text(yaml.safe_dump({"openapi": "3.0.3", "info": info, "paths": {}}))
    return path


def test_the_files_of_a_project(
    spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    options = ["--package=my_things.client", f"--output={folder}", "--project"]
    assert main(["generate", str(spec), *options]) == 0
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    assert set(project) == {"build-system", "project", "tool"} and set(project["tool"]) == {"hatch"}
    assert project["project"]["name"] == "my-things-client"
    assert project["project"]["version"] == "1.2"
    assert project["project"]["dependencies"] == ["cvat-sdk>=2.80.0"]
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["my_things"]
    readme = (folder / "README.md").read_text("utf-8")
    assert "<b>" not in readme.replace("\\<b", "") and "my_things.client" in readme
    choices = tomllib.loads((folder / "cvat-codegen.toml").read_text("utf-8"))
    assert choices == {"spec": "../spec/x.yaml", "package": "my_things.client", "output": "."}

    (folder / "README.md").write_text("Mine.")
    capsys.readouterr()
    assert main(["generate", str(spec), *options]) == 0
    assert f"left alone: {folder / 'README.md'}" in capsys.readouterr().out
    assert (folder / "README.md").read_text() == "Mine."

    monkeypatch.chdir(folder)
    assert main(["check"]) == 0
    assert main(["generate"]) == 0
    assert (folder / "my_things" / "client" / "__init__.py").is_file()
