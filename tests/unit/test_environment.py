"""Settings that come from the environment: those that are asked for, and the log."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.certificates import GOOD, TlsServer
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiValueError, Configuration

Connect = Callable[..., ApiClient]

VARIABLES = [
    *("CVAT_HOST", "CVAT_ACCESS_TOKEN", "CVAT_USERNAME", "CVAT_PASSWORD", "CVAT_ORGANIZATION"),
    *("CVAT_CA_BUNDLE", "CVAT_PROXY", "CVAT_LOG"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without any of the variables."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Configuration:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Configuration.from_env()


def test_an_ordinary_configuration_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "http://hunter2")
    plain = Configuration()
    assert (plain.host, plain.proxy, plain.username) == ("http://localhost", None, None)
    assert (plain.access_token, plain.organization) == (None, None)


def test_an_empty_environment_gives_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = given(monkeypatch, CVAT_HOST=" ", CVAT_USERNAME="", CVAT_PROXY="")
    assert (configuration.host, configuration.proxy) == ("http://localhost", None)
    assert configuration.auth_settings() == {}


def test_a_user_name_and_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = given(
        monkeypatch,
        CVAT_HOST="https://cvat.example.com/",
        CVAT_USERNAME="ann",
        CVAT_PASSWORD="hunter2",
        CVAT_CA_BUNDLE="/etc/ca.pem",
    )
    assert configuration.host == "https://cvat.example.com"
    assert list(configuration.auth_settings()) == ["basicAuth"]
    assert (configuration.ssl_ca_cert, configuration.use_system_certificates) == (
        "/etc/ca.pem",
        False,
    )


def test_a_password_may_begin_or_end_in_a_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = given(monkeypatch, CVAT_USERNAME="ann", CVAT_PASSWORD=" hunter2 ")
    assert configuration.password == " hunter2 "


def test_a_token_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = given(
        monkeypatch, CVAT_ACCESS_TOKEN="tok\n", CVAT_USERNAME="ann", CVAT_PASSWORD="hunter2"
    )
    assert list(configuration.auth_settings()) == ["accessTokenAuth"]
    assert configuration.access_token == "tok"


@pytest.mark.parametrize(
    ("there", "missing"), [("CVAT_USERNAME", "CVAT_PASSWORD"), ("CVAT_PASSWORD", "CVAT_USERNAME")]
)
def test_half_of_the_credentials_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, there: str, missing: str
) -> None:
    with pytest.raises(ApiValueError, match=f"{there} is set .* {missing} is not") as caught:
        given(monkeypatch, **{there: "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("variables", "proxy", "no_proxy"),
    [
        ({"CVAT_PROXY": "http://own:1", "https_proxy": "http://usual:2"}, "http://own:1", None),
        ({"https_proxy": "http://s:1", "http_proxy": "http://p:2"}, "http://s:1", ""),
        ({"HTTPS_PROXY": "http://s:1", "NO_PROXY": "a.com,b.com"}, "http://s:1", "a.com,b.com"),
        ({"all_proxy": "http://all:1"}, "http://all:1", ""),
        ({"http_proxy": "http://p:2"}, None, None),
    ],
)
def test_proxies(
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    proxy: str | None,
    no_proxy: str | None,
) -> None:
    configuration = given(monkeypatch, CVAT_HOST="https://cvat.example.com", **variables)
    assert (configuration.proxy, configuration.no_proxy) == (proxy, no_proxy)


def test_the_organization_goes_with_every_call(
    monkeypatch: pytest.MonkeyPatch, server: RecordingServer
) -> None:
    configuration = given(monkeypatch, CVAT_HOST=server.url, CVAT_ORGANIZATION="lab")
    with ApiClient(configuration) as client:
        client.call_api("/x", "GET")
    assert server.last.header("X-Organization") == "lab"


def test_a_header_of_the_clients_own_names_another_organization(
    connect: Connect, server: RecordingServer
) -> None:
    headers = {"x-organization": "other"}
    connect(organization="lab", client={"headers": headers}).call_api("/x", "GET")
    assert server.last.header("X-Organization") == "other"


def test_what_the_system_trusts_is_trusted(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    certificate.write_text(GOOD)
    script = (
        "from cvat_sdk.api_client import ApiClient, Configuration\n"
        "configuration = Configuration.from_env()\n"
        "configuration.retries = False\n"
        "print(ApiClient(configuration).call_api('/x', 'GET', _parse_response=False)[1].status)\n"
    )
    server = TlsServer(certificate)
    environment = {**os.environ, "CVAT_HOST": server.url}
    command = [sys.executable, "-c", script]
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "certificate" in refused.stderr
    environment["SSL_CERT_FILE"] = str(certificate)
    trusted = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    server.close()
    assert trusted.stdout == "200\n", trusted.stderr


def run_with_log(level: str, server: RecordingServer, before: str = "") -> str:
    about = dict.fromkeys(("name", "description", "version", "logo_url", "subtitle"), "x")
    server.answer_always(200, about)
    script = (
        f"{before}\n"
        "from cvat_sdk.api_client import ApiClient, Configuration\n"
        f"configuration = Configuration(host={server.url!r}, access_token='hunter2')\n"
        "client = ApiClient(configuration)\n"
        "client.call_api('/x', 'GET', query_params={'q': 'v'})\n"
        "client.server_api.retrieve_about()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "CVAT_LOG": level},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "hunter2" not in done.stderr
    return done.stderr


def test_the_log_has_a_line_for_each_request(server: RecordingServer) -> None:
    first, second = run_with_log("info", server).splitlines()
    assert first.endswith(f"cvat_sdk GET {server.url}/x?q=v -> 200 Reason")
    assert second.endswith(f"cvat_sdk GET {server.url}/api/server/about -> 200 Reason")


def test_the_log_of_debugging_has_headers(server: RecordingServer) -> None:
    lines = run_with_log("DEBUG", server).splitlines()
    assert "< Content-Type: application/vnd.cvat+json" in lines


def test_an_application_with_a_log_of_its_own_gets_the_lines(server: RecordingServer) -> None:
    before = "import logging; logging.basicConfig(format='mine: %(message)s')"
    first, second = run_with_log("info", server, before).splitlines()
    assert first.startswith("mine: GET ")
    assert second.startswith("mine: GET ")


def test_another_level_is_a_warning(server: RecordingServer) -> None:
    text = run_with_log("inf", server)
    assert "CVAT_LOG is 'inf' (did you mean 'info'?): expected debug or info" in text


def test_without_the_variable_nothing_is_shown(server: RecordingServer) -> None:
    assert run_with_log("", server) == ""


def test_the_library_for_the_systems_certificates_is_named_when_it_is_not_there(
    monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    hidden: Any = None
    monkeypatch.setitem(sys.modules, "truststore", hidden)
    client = connect()
    client.configuration.use_system_certificates = True
    with pytest.raises(ApiValueError, match=r"install cvat-sdk\[truststore\]"):
        ApiClient(client.configuration).call_api("/x", "GET")
