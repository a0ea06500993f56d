"""The client of the high-level layer: addresses, credentials, versions, waits."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version
from tests.unit.recording import RecordingServer

import cvat_sdk
from cvat_local.embedded import LocalServer
from cvat_sdk import Client, Config, make_client
from cvat_sdk.core.client import CVAT_API_V2, AccessTokenCredentials, PasswordCredentials
from cvat_sdk.core.exceptions import (
    BackgroundRequestException,
    CvatSdkException,
    IncompatibleVersionException,
    InvalidHostException,
)
from cvat_sdk.exceptions import ApiException, ApiTypeError

ABOUT = {"name": "CVAT", "description": "", "version": "2.80.3"}


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    running = RecordingServer()
    yield running
    running.close()


@pytest.fixture
def connect(server: RecordingServer) -> Callable[..., Client]:
    return lambda **options: Client(server.url, check_server_version=False, **options)


def test_calls_have_limits(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch, connect: Callable[..., Client]
) -> None:
    assert connect().api_client.configuration.timeout == (10, 300)
    monkeypatch.setenv("CVAT_TIMEOUT", "7")
    assert connect().api_client.configuration.timeout == 7


def test_a_page_is_no_frame(server: RecordingServer, connect: Callable[..., Client]) -> None:
    """Such as that of a proxy that wants a login."""
    server.answer(200, {"id": 1})
    client = connect()
    task = client.tasks.retrieve(1)
    page = [("Content-Type", "text/html")]
    for read in (
        lambda: task.get_frame(0),
        task.get_preview,
        lambda: task.download_chunk(0, io.BytesIO()),
    ):
        server.answer(200, b"<title>Sign in</title>", headers=page)
        with pytest.raises(ApiTypeError, match=rf"^Expected a file from GET {server.url}/api/task"):
            read()


def test_importing_the_package_loads_none_of_it() -> None:
    script = (
        "import sys, cvat_sdk, cvat_sdk.api_client, cvat_sdk.core\n"
        "heavy = ('PIL', 'tqdm', 'numpy', 'packaging', 'platformdirs', 'urllib3', 'cvat_sdk.core.client')\n"
        "print([name for name in heavy if name in sys.modules])\n"
        "cvat_sdk.make_client\n"
        "print([name for name in ('PIL', 'tqdm', 'numpy') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:2] == ["[]", "[]"]


def test_the_names_of_the_package() -> None:
    assert cvat_sdk.make_client is make_client
    assert cvat_sdk.core.Client is Client
    assert set(cvat_sdk.__all__) <= set(dir(cvat_sdk))
    assert cvat_sdk.exceptions.CvatSdkException is CvatSdkException
    with pytest.raises(AttributeError, match="make_clent"):
        cvat_sdk.make_clent  # type: ignore[attr-defined]  # noqa: B018 - what is tried


@pytest.mark.parametrize(
    ("host", "options", "address"),
    [
        ("http://localhost", {}, "http://localhost"),
        ("http://localhost/", {"port": 8080}, "http://localhost:8080"),
        ("localhost", {"port": "8080"}, "https://localhost:8080"),
        ("http://x/pre", {"port": 1}, "http://x:1/pre"),
        ("http://x", {"port": 0}, "http://x"),
    ],
)
def test_addresses(monkeypatch: pytest.MonkeyPatch, host: str, options: Any, address: str) -> None:
    monkeypatch.setattr(Client, "check_server_version", lambda self: None)
    client = make_client(host, **options)
    assert client.api_map.host == client.api_client.configuration.host == address
    assert client.api_map.base == f"{address}/api/"


def test_wrong_addresses_and_credentials() -> None:
    with pytest.raises(InvalidHostException, match="ftp"):
        Client("ftp://x")
    with pytest.raises(InvalidHostException):
        make_client("")
    with pytest.raises(ValueError, match="port"):
        make_client("http://x:1", port=2)
    with pytest.raises(ValueError, match="cannot both"):
        make_client("http://x", credentials=("a", "b"), access_token="c")
    with pytest.raises(ValueError, match="empty"):
        make_client("http://x", access_token=" ")


def test_addresses_of_operations() -> None:
    api_map = CVAT_API_V2("http://x/")
    url = api_map.make_endpoint_url(
        "/api/tasks/{id}/x", kwsub={"id": "a/b"}, query_params={"a": "b c", "none": None}
    )
    assert url == "http://x/api/tasks/a%2Fb/x?a=b+c"
    assert api_map.make_endpoint_url("/api/{}", psub=[5]) == "http://x/api/5"


def test_a_session_begins_and_ends(local_server: LocalServer) -> None:
    with make_client(
        local_server.url, credentials=(local_server.username, local_server.password)
    ) as client:
        assert client.has_credentials() is True
        assert client.users.retrieve_current_user().username == local_server.username
        task = client.tasks.create({"name": "by a session"})  # needs the CSRF token
        assert client.tasks.retrieve(task.id).name == "by a session"
        client.logout()
        assert client.has_credentials() is False
        with pytest.raises(ApiException):
            client.tasks.list()
        with pytest.raises(ApiException):
            client.login(PasswordCredentials(local_server.username, "wrong"))
        for wrong in (["a", "b"], ("a", "b", "c"), None):
            with pytest.raises(TypeError, match="PasswordCredentials"):
                client.login(wrong)  # type: ignore[arg-type]  # what is tried


def test_a_token_is_not_sent_at_login(server: RecordingServer, connect: Any) -> None:
    client = connect()
    client.login(AccessTokenCredentials("secret"))
    assert server.received == []
    client.check_server_version()
    assert server.last.header("Authorization") is None
    server.answer(body={"count": 0, "next": None, "previous": None, "results": []})
    assert client.tasks.list() == []
    assert server.last.header("Authorization") == "Bearer secret"
    client.logout()
    assert not client.has_credentials()


def test_secrets_are_not_shown() -> None:
    for credentials in (PasswordCredentials("me", "secret"), AccessTokenCredentials("secret")):
        assert "secret" not in repr(credentials)
    assert PasswordCredentials("a", "b") == PasswordCredentials("a", "b")


def test_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    config = Config(1, cache_dir="here")  # type: ignore[arg-type]  # a text is a path
    assert (config.status_check_period, config.cache_dir) == (1, Path("here"))
    config.cache_dir = "there"  # type: ignore[assignment]  # likewise
    assert config.cache_dir == Path("there")
    assert Config() == Config()
    assert Config().allow_unsupported_server is True
    with pytest.warns(UserWarning, match="max_status_checks"):
        config.max_status_checks = 5  # type: ignore[attr-defined]  # older scripts set it
    assert (
        Client(
            "http://x", config=Config(verify_ssl=False), check_server_version=False
        ).api_client.configuration.verify_ssl
        is False
    )


@pytest.mark.parametrize("version", ["2.80.0", "2.80.3", "2.81.1", "2.80.1.post1"])
def test_versions_that_are_known(
    server: RecordingServer, version: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer(body={**ABOUT, "version": version})
    Client(server.url, config=Config(allow_unsupported_server=False))
    assert caplog.records == []


@pytest.mark.parametrize("version", ["2.79.0", "2.82.0", "3.80.0", "2.80.0rc1", "1!2.80.0"])
def test_versions_that_are_not_known(
    server: RecordingServer, version: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer_always(body={**ABOUT, "version": version})
    Client(server.url)
    assert f"Server version '{Version(version)}' is not compatible" in caplog.text
    with pytest.raises(IncompatibleVersionException, match="not compatible"):
        Client(server.url, config=Config(allow_unsupported_server=False))


@pytest.mark.parametrize(
    "answer", [(404, {}), (200, {}), (200, {"version": "soon"}), (200, b"<html>")]
)
def test_a_server_that_does_not_say_its_version(
    server: RecordingServer, answer: tuple[int, Any], caplog: pytest.LogCaptureFixture
) -> None:
    server.answer_always(*answer)
    Client(server.url)
    assert "Failed to retrieve server API version" in caplog.text
    with pytest.raises(IncompatibleVersionException):
        Client(server.url, config=Config(allow_unsupported_server=False))


def test_organizations(server: RecordingServer, connect: Any) -> None:
    client = connect()
    server.answer_always(body={"count": 0, "next": None, "previous": None, "results": []})
    assert client.organization_slug is None
    client.organization_slug = "lab"

    def fail() -> None:
        with client.organization_context(""):
            client.tasks.list()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert server.last.header("X-Organization") == ""
    assert client.organization_slug == "lab"
    client.organization_slug = None
    client.tasks.list()
    assert server.last.header("X-Organization") is None


def test_waiting(server: RecordingServer, connect: Any, caplog: pytest.LogCaptureFixture) -> None:
    request = {
        "id": "a",
        "status": "started",
        "message": "at work",
        "created_date": "2020-01-01T00:00:00Z",
        "operation": {"type": "export:dataset", "target": "task"},
    }
    client = connect(config=Config(status_check_period=0.01))
    server.answer(body=request)
    server.answer(body={**request, "status": "finished"})
    with caplog.at_level(logging.INFO, "cvat_sdk.core.client"):
        done, response = client.wait_for_completion("a/b")
    assert str(done.status) == "finished"
    assert response.status == 200
    assert server.last.path == "/api/requests/a%2Fb"
    assert "export:dataset operation status: started (message=at work)" in caplog.text
    server.answer(body={**request, "status": "failed", "message": "no space"})
    with pytest.raises(BackgroundRequestException, match="no space"):
        client.wait_for_completion("a", log_prefix="mine")
