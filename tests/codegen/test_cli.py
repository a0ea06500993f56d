"""The command line: what it writes, what it says, and its exit codes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.processes import hear_interrupts

from cvat_codegen.cli import main

ROOT = Path(__file__).parents[2]
GALLERY = Path(__file__).parent / "fixtures" / "gallery"
COMMITTED = ROOT / "src" / "cvat_sdk" / "api_client"
FILES = len(list((GALLERY / "expected").rglob("*.py*")))
FOLDERS = ("api", "apis", "model", "models", "operations")


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    """A folder with a description and what was generated from it."""
    folder = tmp_path / "gallery"
    folder.mkdir()
    shutil.copy(GALLERY / "openapi.yaml", folder)
    shutil.copy(GALLERY / "aliases.toml", folder)
    shutil.copytree(GALLERY / "expected", folder / "output")
    return folder


def run(command: str, folder: Path, *more: str) -> int:
    return main(
        [
            command,
            f"--spec={folder / 'openapi.yaml'}",
            f"--aliases={folder / 'aliases.toml'}",
            f"--output={folder / 'output'}",
            "--package=gallery_client",
            *more,
        ]
    )


def rename_field(folder: Path) -> None:
    spec = folder / "openapi.yaml"
    text = spec.read_text("utf-8")
    assert text.count("title: {type: string}") == 1
    spec.write_text(text.replace("title: {type: string}", "name: {type: string}"), "utf-8")


def package(folder: Path) -> Path:
    return folder / "output" / "gallery_client"


def renamed(folder: Path) -> list[Path]:
    """Modules that a field of albums stands in."""
    return [package(folder) / "model" / name for name in ("album.py", "picture_album.py")]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.py"))
    }


def test_check_is_content_with_fresh_output(
    gallery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", gallery) == 0
    assert capsys.readouterr().out == f"{package(gallery)} is up to date: {FILES} files\n"


def test_check_lists_what_a_renamed_field_changes(
    gallery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rename_field(gallery)
    before = tree(gallery / "output")
    assert run("check", gallery) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [f"changed: {path}" for path in renamed(gallery)]
    assert "is out of date; run cvat-codegen generate" in captured.err
    assert tree(gallery / "output") == before


def test_check_lists_missing_and_surplus_files(
    gallery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (package(gallery) / "model" / "kind.py").rename(package(gallery) / "model" / "mood.py")
    assert run("check", gallery) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"missing: {package(gallery) / 'model' / 'kind.py'}",
        f"surplus: {package(gallery) / 'model' / 'mood.py'}",
    ]


def test_generate_touches_only_what_differs(
    gallery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rename_field(gallery)
    for path in (gallery / "output").rglob("*.py"):
        os.utime(path, ns=(0, 0))
    assert run("generate", gallery) == 0
    written = [path for path in (gallery / "output").rglob("*.py") if path.stat().st_mtime_ns]
    assert sorted(written) == renamed(gallery)
    assert capsys.readouterr().out == (
        f"Gallery 1.2: 15 models, 4 operations -> {package(gallery)}: "
        f"{FILES} files, 0 new, 2 changed, 0 deleted\n"
    )
    assert run("check", gallery) == 0


def test_generate_makes_the_same_bytes_from_nothing(gallery: Path) -> None:
    before = tree(gallery / "output")
    shutil.rmtree(gallery / "output")
    assert run("generate", gallery) == 0
    assert tree(gallery / "output") == before


def test_generate_deletes_its_own_stale_files_only(
    gallery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = package(gallery) / "model"
    shutil.copy(folder / "kind.py", folder / "stale.py")
    (folder / "mine.py").write_text("# written by hand\n", "utf-8")
    assert run("generate", gallery) == 0
    captured = capsys.readouterr()
    assert captured.out.endswith(f"{FILES} files, 0 new, 0 changed, 1 deleted\n")
    assert captured.err == f"left alone, not a generated file: {folder / 'mine.py'}\n"
    assert not (folder / "stale.py").exists()
    assert run("check", gallery) == 1


def test_json_is_read_like_yaml(gallery: Path) -> None:
    import yaml

    text = (gallery / "openapi.yaml").read_text("utf-8")
    (gallery / "openapi.json").write_text(json.dumps(yaml.safe_load(text)), "utf-8")
    output = gallery / "from_json"
    options = [
        f"--spec={gallery / 'openapi.json'}",
        f"--aliases={gallery / 'aliases.toml'}",
        f"--output={output}",
        "--package=gallery_client",
    ]
    assert main(["generate", *options]) == 0
    renamed = {
        name: text.replace(b"gallery/openapi.json", b"gallery/openapi.yaml")
        for name, text in tree(output).items()
    }
    assert renamed == tree(gallery / "output")


def test_every_problem_is_printed_and_nothing_written(
    gallery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = gallery / "openapi.yaml"
    text = spec.read_text("utf-8").replace("{type: boolean}", "{no: {}}")
    spec.write_text(text.replace("title: {type: string}", "title: {type: text}"), "utf-8")
    before = tree(gallery / "output")
    for command in ("generate", "check"):
        assert run(command, gallery) == 2
        lines = capsys.readouterr().err.splitlines()
        assert lines == [
            "error: /components/schemas/Album/properties/title/type: type 'text' is not supported",
            "error: /paths/~1api~1pictures~1{id}~1file/post/requestBody/content/multipart~1form-data"
            "/schema/properties/rotate/no: 'no' is not supported in a schema of kind 'any'",
            f"{spec}: 2 problems, nothing written",
        ]
    assert tree(gallery / "output") == before


def test_reference_pages_are_written_and_checked_like_modules(
    gallery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = gallery / "reference"
    assert run("check", gallery, f"--reference={pages}") == 1
    assert run("generate", gallery, f"--reference={pages}") == 0
    assert run("check", gallery, f"--reference={pages}") == 0
    (pages / "old.md").write_bytes((pages / "apis.md").read_bytes())
    (pages / "index.md").write_text("By hand.\n", "utf-8")
    (pages / "models.md").write_text("", "utf-8")
    capsys.readouterr()
    assert run("check", gallery, f"--reference={pages}") == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"changed: {pages / 'models.md'}",
        f"surplus: {pages / 'index.md'}",
        f"surplus: {pages / 'old.md'}",
    ]
    assert run("generate", gallery, f"--reference={pages}") == 0
    assert f"left alone, not a generated file: {pages / 'index.md'}" in capsys.readouterr().err
    assert sorted(path.name for path in pages.iterdir()) == ["apis.md", "index.md", "models.md"]


def test_a_faulty_alias_is_named_by_its_place_in_its_file(
    gallery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aliases = gallery / "aliases.toml"
    aliases.write_text(aliases.read_text("utf-8").replace("pictures.list", "pictures.gone"))
    before = tree(gallery / "output")
    assert run("generate", gallery) == 2
    error = "error: /alias/0/operation: alias 1: 'pictures.gone' is no operation of the description"
    assert capsys.readouterr().err.startswith(error)
    assert tree(gallery / "output") == before


@pytest.mark.parametrize("text", ["{", "\tx: 1", "openapi: 2.0"])
def test_a_file_that_is_no_description(gallery: Path, text: str) -> None:
    (gallery / "openapi.yaml").write_text(text, "utf-8")
    assert run("generate", gallery) == 2


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = [f"--output={tmp_path}", "--package=lost"]
    assert main(["generate", f"--spec={tmp_path / 'no.yaml'}", *output]) == 2
    assert "no.yaml cannot be read" in capsys.readouterr().err


def test_corrections_apply_before_generation(
    gallery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corrections = gallery / "corrections.toml"
    corrections.write_text(
        '[[correction]]\npointer = "/components/schemas/Album/properties/title"\nop = "remove"\n'
        'reason = "The server never sends it."\n',
        "utf-8",
    )
    assert run("check", gallery, f"--corrections={corrections}") == 1
    assert capsys.readouterr().out.splitlines() == [f"changed: {path}" for path in renamed(gallery)]
    corrections.write_text("[[correction]]\n", "utf-8")
    assert run("check", gallery, f"--corrections={corrections}") == 2


@pytest.mark.parametrize("arguments", [[], ["destroy"], ["generate", "--speck=x"]])
def test_a_wrong_command_line(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_help_names_options_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, expected in (
        (["--help"], ("generate", "check", "Exit codes", "130")),
        (["generate", "--help"], ("--spec", "--corrections", "--output", "--package")),
    ):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 0
        text = capsys.readouterr().out
        assert all(word in text for word in expected)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe to wait on")
def test_interrupt_ends_with_one_line(tmp_path: Path) -> None:
    pipe = tmp_path / "openapi.yaml"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "cvat_codegen", "generate", str(pipe)),
            *(f"--output={tmp_path / 'output'}", "--package=lost"),
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_interrupts,
    )
    with os.fdopen(open_when_read(pipe, process), "w"):
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors == "interrupted; run the command again to finish\n"


def open_when_read(pipe: Path, process: subprocess.Popen[str]) -> int:
    """Opens a pipe for writing as soon as a process reads it."""
    while process.poll() is None:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads yet
            time.sleep(0.01)
    raise AssertionError(process.communicate()[1])


def test_committed_output_is_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["check"]) == 0, capsys.readouterr().out


def test_committed_output_comes_back_after_deletion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["generate", f"--output={tmp_path}"]) == 0
    written = tmp_path / "cvat_sdk" / "api_client"
    assert {path.name for path in written.iterdir()} == set(FOLDERS)
    for folder in FOLDERS:
        assert tree(written / folder) == tree(COMMITTED / folder)
