"""``cvat-api`` as people and scripts use it, against a real server."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.processes import hear_interrupts

from cvat_local.embedded import LocalServer
from cvat_sdk.cli import output
from cvat_sdk.cli.failures import EXIT_CODES
from cvat_sdk.core.auth import AuthStore, ProfileEntry

Cli = Callable[..., Any]
ROOT = Path(__file__).parents[2]
CVAT_API = [sys.executable, "-m", "cvat_sdk.cli"]


def create(cli: Cli, name: str, *more: object) -> int:
    done = cli("tasks", "create", "--name", name, *more, "--output", "json")
    assert done.code == 0, done.err
    return int(json.loads(done.out)["id"])


def listed(cli: Cli, *more: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(cli("tasks", "list", "--output", "json", *more).out)
    return found


# -- bodies -----------------------------------------------------------------------------------------


def test_a_task_by_options(cli: Cli) -> None:
    task = create(cli, "by options", "--label", "car", "--label", "sign", "--subset", "train")
    labels = json.loads(cli("labels", "list", "--task-id", task, "--output", "json").out)
    assert sorted(label["name"] for label in labels) == ["car", "sign"]


def test_a_body_from_a_file_a_text_and_standard_input(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "task.json").write_text('{"name": "of a file", "subset": "train"}')
    for source in (tmp_path / "task.json", f"@{tmp_path / 'task.json'}"):
        done = cli("tasks", "create", "--body", source, "--subset", "test", "--output", "json")
        assert [json.loads(done.out)[key] for key in ("name", "subset")] == ["of a file", "test"]
    assert cli("tasks", "create", "--body", '{"name": "inline"}').code == 0
    with (tmp_path / "task.json").open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert "of a file" in cli("tasks", "create", "--body", "-").out


def test_a_field_is_changed_and_set_to_nothing(cli: Cli) -> None:
    task = create(cli, "assigned")
    me = json.loads(cli("users", "retrieve-self", "--output", "json").out)["id"]
    for value, expected in ((me, me), ("null", None)):
        done = cli("tasks", "partial-update", task, "--assignee-id", value, "--output", "json")
        assert (json.loads(done.out)["assignee"] or {}).get("id") == expected


# -- output -----------------------------------------------------------------------------------------


def test_a_list_as_a_table_json_and_json_lines(cli: Cli) -> None:
    task = create(cli, "shown", "--subset", "forms")
    one = ("tasks", "list", "--filter", f'{{"==":[{{"var":"id"}},{task}]}}', "--fields")
    table = cli(*one, "id,name,owner.username").out.splitlines()
    assert [line.split() for line in table] == [
        ["id", "name", "owner.username"],
        [str(task), "shown", "admin"],
    ]
    expected = {"id": task, "name": "shown"}
    assert json.loads(cli(*one, "id,name", "--output", "json").out) == [expected]
    assert json.loads(cli(*one, "id,name", "--output", "jsonl").out) == expected


def test_one_object_as_a_table(cli: Cli) -> None:
    task = create(cli, "alone")
    rows = cli("tasks", "retrieve", task, "--fields", "name,id").out.splitlines()
    assert [line.split() for line in rows] == [
        ["field", "value"],
        ["name", "alone"],
        ["id", str(task)],
    ]


def test_a_name_does_not_steer_the_terminal(cli: Cli) -> None:
    task = create(cli, "\x1b[2Jgone")
    assert "\x1b" not in cli("tasks", "retrieve", task).out


def test_pages_follow_each_other(cli: Cli) -> None:
    ids = [create(cli, f"page {number}") for number in range(5)][::-1]
    assert [task["id"] for task in listed(cli, "--page-size", 2)] == ids[:2]
    assert [task["id"] for task in listed(cli, "--page-size", 2, "--all")][:5] == ids
    assert [task["id"] for task in listed(cli, "--page-size", 2, "--limit", 3)] == ids[:3]
    lines = cli("tasks", "list", "--all", "--page-size", 2, "--output", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines][:5] == ids


def test_an_empty_list(cli: Cli) -> None:
    nothing = ("tasks", "list", "--name", "there is none")
    assert (cli(*nothing).out, cli(*nothing, "--output", "jsonl").out) == ("", "")
    assert json.loads(cli(*nothing, "--output", "json").out) == []


# -- transfers --------------------------------------------------------------------------------------


def test_from_images_to_a_dataset_and_back(cli: Cli, tmp_path: Path) -> None:
    pictures = [tmp_path / f"{number}.png" for number in range(3)]
    for path in pictures:
        Image.new("RGB", (40, 30), "red").save(path)
    task = create(cli, "with images", "--label", "car")
    done = cli("upload", task, *pictures)
    assert (done.code, json.loads(done.out)) == (0, {"task": task, "files": 3})
    assert json.loads(cli("tasks", "retrieve", task, "--output", "json").out)["size"] == 3

    target = tmp_path / "out.zip"
    export = ("tasks", "export", task, "--format", "COCO 1.0", "-o", target)
    assert json.loads(cli(*export).out) == {"file": str(target)}
    assert zipfile.is_zipfile(target)
    again = cli(*export)
    assert (again.code, again.out) == (1, "")
    assert "already" in again.err
    assert cli("tasks", "import", task, target, "--format", "COCO 1.0").code == 0

    assert cli("tasks", "backup", task, "-o", tmp_path / "backup.zip").code == 0
    restored = json.loads(cli("tasks", "restore", tmp_path / "backup.zip").out)["id"]
    assert restored > task

    frame = tmp_path / "frame.png"
    arguments = ("--type", "frame", "--number", 0, "--quality", "original", "-o", frame)
    assert cli("tasks", "retrieve-data", task, *arguments).code == 0
    assert Image.open(frame).size == (40, 30)


def test_any_request(cli: Cli) -> None:
    assert json.loads(cli("call", "GET", "/api/users/self").out)["username"] == "admin"
    done = cli("call", "post", "/api/tasks", "--body", '{"name": "called"}', "--fields", "name")
    assert json.loads(done.out) == {"name": "called"}
    assert json.loads(cli("call", "GET", "/api/tasks", "--query", "page_size=1").out)["results"]
    assert cli("call", "GET", "http://elsewhere.test/api/tasks").code == 2


# -- failures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("taks", "list"), 2, "did you mean 'tasks'"),
        (("tasks", "retreive"), 2, "did you mean 'retrieve'"),
        (("tasks", "delete", "5"), 2, "it is 'destroy' today"),
        (("tasks", "list", "--page-sise", "3"), 2, "did you mean '--page-size'"),
        (("tasks", "list", "--status", "complete"), 2, "did you mean 'completed'"),
        (("tasks", "retrieve", "five"), 2, "expected a whole number"),
        (("tasks", "retrieve"), 2, "ID"),
        (("tasks", "create"), 2, "needs a body"),
        (("tasks", "create", "--body", "{"), 2, "not JSON"),
        (("tasks", "create", "--body", "/no/such/file"), 1, "No such file"),
        (("tasks", "create", "--body", '{"name": 5}'), 5, "name"),
        (("tasks", "retrieve", "99999"), 4, "404"),
        (("tasks", "create", "--name", "x", "--project-id", "99999"), 5, "400"),
        (("--auth", "admin:wrong", "users", "retrieve-self"), 3, "401"),
        (("--profile", "none", "tasks", "list"), 3, "no profile"),
    ],
)
def test_exit_codes(cli: Cli, arguments: tuple[str, ...], code: int, text: str) -> None:
    done = cli(*arguments)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("cvat-api: ")
    assert done.err.count("\n") == 1
    assert text in done.err


@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_a_page_in_the_place_of_an_answer(command: Cli, content_type: str) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(b"<html>log in, please</html>")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            address = f"http://127.0.0.1:{proxy.server_port}"
            for words in (("users", "retrieve-self"), ("tasks", "list")):
                done = command("--server-host", address, *words)
                assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
                assert "is not JSON" in done.err
        finally:
            proxy.shutdown()


def test_no_connection(command: Cli) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        done = command("--server-host", address, "users", "retrieve-self", "--auth", "a:b")
    assert (done.code, done.out, done.err.count("\n")) == (7, "", 1)


# -- credentials ------------------------------------------------------------------------------------


def test_a_token_of_a_file_a_variable_and_a_profile(
    cli: Cli, local_server: LocalServer, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    options = ("--name", "a", "--expiry-date", "2131-01-01T00:00:00Z", "--read-only", "false")
    made = json.loads(cli("auth", "create-access-tokens", *options, "--output", "json").out)
    environment.delenv("CVAT_USERNAME")
    environment.delenv("CVAT_PASSWORD")
    me = ("users", "retrieve-self", "--fields", "username", "--output", "json")
    assert cli(*me).code == 3

    (tmp_path / "token").write_text(made["value"] + "\n")
    assert json.loads(cli(*me, "--access-token-file", tmp_path / "token").out)
    environment.setenv("CVAT_ACCESS_TOKEN", made["value"])
    assert json.loads(cli(*me).out) == {"username": "admin"}
    environment.delenv("CVAT_ACCESS_TOKEN")
    environment.delenv("CVAT_HOST")
    AuthStore().put_profile("mine", ProfileEntry(local_server.url, made["value"], ""))
    for more in (("--profile", "mine"), ()):  # the first profile is the default one
        assert json.loads(cli(*me, *more).out) == {"username": "admin"}


def test_a_dry_run_shows_no_secret(command: Cli, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CVAT_ACCESS_TOKEN", "very-secret")
    body = '{"username": "a", "password": "hush"}'
    done = command("auth", "create-login", "--body", body, "--dry-run")
    assert done.code == 0
    assert "hush" not in done.out
    done = command("tasks", "list", "--dry-run", "--organization", "lab")
    assert "very-secret" not in done.out
    assert "$CVAT_ACCESS_TOKEN" in done.out
    assert "X-Organization: lab" in done.out
    done = command("call", "GET", "/api/server/about?token=hush&a=b", "--dry-run")
    assert "hush" not in done.out
    assert "a=b" in done.out


def test_a_dry_run_of_all_pages_shows_the_first(command: Cli) -> None:
    done = command("tasks", "list", "--all", "--dry-run")
    assert (done.code, done.out.count("curl")) == (0, 1)
    assert "page=1" in done.out


def test_a_dry_run_of_a_job_sends_nothing(command: Cli, tmp_path: Path) -> None:
    out = tmp_path / "a.zip"
    done = command("tasks", "export", 5, "--format", "COCO 1.0", "-o", out, "--dry-run")
    assert (done.code, out.exists()) == (0, False)
    assert "/api/tasks/5/dataset/export?" in done.out


# -- the process ------------------------------------------------------------------------------------


def test_the_version_needs_none_of_the_slow_modules() -> None:
    script = (
        "import sys; from cvat_sdk.cli.main import main; main(['--version']);"
        "print(sorted({'argparse', 'msgspec', 'rich', 'urllib3', 'json'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[1:] == ["[]"]


def environment_of(server: LocalServer) -> dict[str, str]:
    own = {"CVAT_HOST": server.url, "CVAT_USERNAME": server.username}
    return {**os.environ, **own, "CVAT_PASSWORD": server.password}


def test_who_stops_reading_sees_no_traceback(local_server: LocalServer, cli: Cli) -> None:
    create(cli, "read by nobody")
    process = subprocess.Popen(
        [*CVAT_API, "tasks", "list", "--all", "--output", "jsonl"],
        env=environment_of(local_server),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, b"")


def test_interrupted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        process = subprocess.Popen(
            [*CVAT_API, "call", "GET", "/api/users/self", "--server-host", address],
            stderr=subprocess.PIPE,
            preexec_fn=hear_interrupts,
        )
        connection, _ = silent.accept()
        with connection:
            connection.recv(1)  # it waits for an answer now
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"cvat-api: interrupted\n")


def test_the_guide_has_the_exit_codes_of_the_help() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", (ROOT / "docs/cli.md").read_text(), re.MULTILINE)
    assert rows == re.findall(r"^  (\d+) +(.*)$", EXIT_CODES, re.MULTILINE)


def test_the_guide_shows_options_that_exist(command: Cli) -> None:
    text = (ROOT / "docs/cli.md").read_text()
    lines = re.findall(r"^(?:cvat-api) (.*)$", text, re.MULTILINE)
    shown = [line for line in lines if not line.startswith("completion")]
    assert len(shown) >= 5
    for line in shown:
        done = command(*shlex.split(line.partition(" | ")[0]), "--help")
        assert (done.code, done.err) == (0, "")
        for option in re.findall(r" (--?[a-z][\w-]*)", f" {line.partition(' | ')[0]}"):
            assert option in done.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_has_a_script(command: Cli, shell: str) -> None:
    done = command("completion", shell)
    assert done.code == 0
    assert "cvat-api __complete" in done.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("ta",), "tasks"),
        (("tasks", "retrieve-d"), "retrieve-data"),
        (("tasks", "ex"), "export"),
        (("tasks", "list", "--page-s"), "--page-size"),
        (("tasks", "list", "--status", "comp"), "completed"),
        (("upload", "5", "--image"), "--image-quality"),
        (("completion", "z"), "zsh"),
    ],
)
def test_completion_proposes(command: Cli, words: tuple[str, ...], expected: str) -> None:
    proposed = [line.partition("\t")[0] for line in command("__complete", *words).out.splitlines()]
    assert expected in proposed


def test_help_names_all_resources_and_exit_codes(command: Cli) -> None:
    done = command("--help")
    assert done.code == 0
    for word in ("tasks", "lambda", "upload", "130", "CVAT_ACCESS_TOKEN"):
        assert word in done.out


def test_an_answer_goes_to_a_file(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "about.json"
    done = cli("server", "retrieve-about", "-o", target)
    assert (done.code, done.out) == (0, "")
    assert json.loads(target.read_text())["version"]


def test_a_table_of_many_pages_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": 100 + number, "name": "x" * (9 if number == 0 else 1)} for number in range(250)]
    output.entries(iter(rows), "table", ())
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 251
    assert len({len(line) for line in lines}) == 1
