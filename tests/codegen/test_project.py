"""``generate --project``: a package that installs, in a folder that can be generated anew."""

from __future__ import annotations

import os
import subprocess
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


@pytest.mark.long  # pip fetches what builds packages
def test_a_project_installs_and_can_be_imported(spec: Path, tmp_path: Path) -> None:
    folder, target = tmp_path / "out", tmp_path / "installed"
    options = ["--package=my_things.client", f"--output={folder}", "--project"]
    assert main(["generate", str(spec), *options]) == 0
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--no-deps", f"--target={target}", str(folder))
    code = "import my_things.client as c; print(c.__file__); c.ApiClient(c.Configuration()).close()"
    where = run(sys.executable, "-c", code, env={**os.environ, "PYTHONPATH": str(target)})
    assert Path(where.strip()).parent == target / "my_things" / "client"
    assert (target / "my_things" / "client" / "apis" / "attributes.py").is_file()


def run(*command: str, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_only_cvat_servers_want_is_for_the_profile_of_cvat(tmp_path: Path) -> None:
    schemes = {
        "csrfAuth": {"type": "apiKey", "in": "cookie", "name": "csrftoken"},
        "csrfHeaderAuth": {"type": "apiKey", "in": "header", "name": "X-CSRFTOKEN"},
        "tokenAuth": {"type": "apiKey", "in": "header", "name": "Authorization"},
    }
    upload = {"multipart/form-data": {"schema": {"type": "object", "properties": {"a": {}}}}}
    call = {
        "operationId": "send",
        "parameters": [{"name": "on", "in": "query", "schema": {"type": "boolean"}}],
        "requestBody": {"content": upload},
        "responses": {"204": {"description": ""}},
    }
    description = {
        "openapi": "3.0.3",
        "info": {"title": "CVAT REST API", "version": "1"},
        "paths": {"/send": {"post": call}},
        "components": {"securitySchemes": schemes},
    }
    spec = tmp_path / "x.yaml"
    spec.write_text(yaml.safe_dump(description))
    texts = {}
    for name, more in (("plain", []), ("cvats", ["--profile=cvat"])):
        options = [f"--package={name}", f"--output={tmp_path}", *more]
        assert main(["generate", str(spec), *options]) == 0
        files = sorted((tmp_path / name).rglob("*.py"))
        texts[name] = "".join(path.read_text("utf-8") for path in files)
    of_cvat = ('alias="csrfAuth"', "origin=True")
    of_others = ('style="form"', "form_parts={")
    assert [word in texts["plain"] for word in of_cvat + of_others] == [False] * 2 + [True] * 2
    assert [word in texts["cvats"] for word in of_cvat + of_others] == [True] * 2 + [False] * 2
    # A prefix of a key, and older names, are nobody's unless they are asked for.
    assert not any(word in text for text in texts.values() for word in ("Token", "@deprecated"))
