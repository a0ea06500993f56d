"""The command ``cvat-local``: arguments, errors at start, serving until a signal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3

from cvat_local.cli import PASSWORD_VARIABLE, exposure_warning, main, settings_of
from cvat_local.embedded import LocalServer, open_listener
from cvat_sdk.version import __version__


class Serving:
    """A server process that writes to a file."""

    def __init__(self, output: Path, *arguments: str, **environment: str) -> None:
        self._output = output
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cvat_local", "serve", "--port", "0", *arguments],
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
            )
        self.url = self._wait_for_url()

    @property
    def output(self) -> str:
        return self._output.read_text()

    def _wait_for_url(self) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.search(r"cvat-local .* at (http://\S+)", self.output)
            if found:
                # It listens already; the request waits until the server is up.
                urllib3.request("GET", f"{found[1]}/api/server/about", retries=False, timeout=30)
                return found[1]
            time.sleep(0.02)
        raise AssertionError(f"the server did not start: {self.output}")


@contextmanager
def serving(output: Path, *arguments: str, **environment: str) -> Iterator[Serving]:
    running = Serving(output, *arguments, **environment)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command says that cannot be carried out."""
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("cvat-local: ")
    return error


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.strip() == f"cvat-local {__version__}"


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["serve", "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for option in ("--host", "--port", "--data-dir", "--database-url", "--create-admin"):
        assert option in text


def test_coverage_lists_all_operations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage"]) == 0
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert sum(line.startswith(("ok  ", "501 ")) for line in lines) == 166
    assert re.search(r"^ok +users\.retrieve_self +GET +/api/users/self$", text, re.M)
    assert re.search(r"^\d+ of 166 operations", lines[-1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "new" / "data"
    arguments = ["--data-dir", str(folder), "--create-admin", "root"]
    variables = {PASSWORD_VARIABLE: "from the environment"}
    with serving(tmp_path / "output", *arguments, **variables) as running:
        headers = urllib3.make_headers(basic_auth="root:from the environment")
        response = urllib3.request("GET", f"{running.url}/api/users/self", headers=headers)
        assert response.json()["is_superuser"] is True
        running.process.send_signal(number)
        assert running.process.wait(timeout=30) == 0
        assert "Traceback" not in running.output
        assert "from the environment" not in running.output
    assert (folder / "cvat.sqlite3").exists()


def test_first_start_makes_an_administrator_and_the_next_does_not(tmp_path: Path) -> None:
    arguments = ["--data-dir", str(tmp_path / "data")]
    with serving(tmp_path / "output", *arguments) as running:
        found = re.search(r"administrator (\S+) with the password (\S+)", running.output)
        assert found is not None
        headers = urllib3.make_headers(basic_auth=f"{found[1]}:{found[2]}")
        response = urllib3.request("GET", f"{running.url}/api/users/self", headers=headers)
        assert response.json()["is_superuser"] is True
    with serving(tmp_path / "again", *arguments) as running:
        assert "administrator" not in running.output
        response = urllib3.request("GET", f"{running.url}/api/users/self", headers=headers)
        assert response.status == 200


@pytest.mark.parametrize(
    ("host", "exposed"),
    [("127.0.0.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True), ("cvat", True)],
)
def test_an_address_that_others_reach_is_warned_of(host: str, exposed: bool) -> None:
    assert (exposure_warning(host) is not None) is exposed


@pytest.mark.parametrize(
    ("host", "chosen", "private"),
    [
        ("127.0.0.1", {}, True),
        ("cvat", {}, False),
        ("127.0.0.1", {"private_webhook_targets": False}, False),
        ("cvat", {"private_webhook_targets": True}, True),
    ],
)
def test_webhooks_stay_out_of_the_network_of_a_server_that_others_reach(
    tmp_path: Path, host: str, chosen: dict[str, bool], private: bool
) -> None:
    none = dict.fromkeys(("database_url", "queue_url", "share", "mail_dir", "anonymous_rate"))
    options = Namespace(host=host, data_dir=tmp_path, workers=0, **none, **chosen)
    assert settings_of(options).private_webhook_targets is private


def test_a_port_that_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_listener("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        error = refused(capsys, "serve", "--port", port, "--data-dir", str(tmp_path))
    assert port in error
    assert "--port" in error


def test_a_folder_that_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = str(tmp_path / "file" / "data")
    assert "--data-dir" in refused(capsys, "serve", "--port", "0", "--data-dir", folder)


def test_a_folder_of_another_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LocalServer(tmp_path):
        error = refused(capsys, "serve", "--port", "0", "--data-dir", str(tmp_path))
    assert "Another server" in error


@pytest.mark.parametrize(
    "url",
    ["nonsense", "oracle2://name:secret@x", "sqlite:////nowhere/at/all/x.sqlite3"],
)
def test_a_database_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    arguments = ["serve", "--port", "0", "--data-dir", str(tmp_path), "--database-url", url]
    error = refused(capsys, *arguments)
    assert "database" in error
    assert "secret" not in error


def test_a_name_that_no_account_can_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--port", "0", "--data-dir", str(tmp_path), "--create-admin", "a b:secret"]
    error = refused(capsys, "serve", *arguments)
    assert "--create-admin" in error
    assert "secret" not in error


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["serve", "--port", "99999"],
        ["serve", "--workers", "0"],
        ["serve", "--create-admin", "root"],
        ["serve", "--create-admin", ":password"],
    ],
)
def test_wrong_arguments(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err
