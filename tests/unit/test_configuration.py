"""Settings of a client."""

from __future__ import annotations

import copy
import http.client
import logging
import os
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiValueError, Configuration


@pytest.mark.parametrize(
    ("given", "host"),
    [
        (None, "http://localhost"),
        ("", "http://localhost"),
        ("cvat.example", "http://cvat.example"),
        ("cvat.example:8080///", "http://cvat.example:8080"),
        ("https://cvat.example/prefix/", "https://cvat.example/prefix"),
        ("HTTP://x", "http://x"),
        ("  http://x  ", "http://x"),
    ],
)
def test_host_is_normalised_in_constructor_and_setter(given: str | None, host: str) -> None:
    assert Configuration(host=given).host == host
    configuration = Configuration(host="http://other")
    configuration.host = given
    assert configuration.host == host
    assert configuration.server_index is None


@pytest.mark.parametrize("bad", ["ftp://x", "http://", "https:///path"])
def test_other_addresses_are_refused(bad: str) -> None:
    with pytest.raises(ApiValueError):
        Configuration(host=bad)


def test_host_takes_effect_on_the_next_request(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    client = connect(host="http://127.0.0.1:9")
    client.configuration.host = f"{server.url}/prefix/"
    client.server_api.retrieve_about()
    assert server.last.path == "/prefix/api/server/about"


def test_positional_order_and_unknown_keywords() -> None:
    configuration = Configuration(
        "h", {"sessionAuth": "s"}, {"x": "y"}, "u", "p", "t", True, "maxLength"
    )
    assert (configuration.username, configuration.password, configuration.access_token) == (
        "u",
        "p",
        "t",
    )
    assert configuration.api_key_prefix == {"tokenAuth": "Token", "x": "y"}
    assert configuration.discard_unknown_keys
    assert configuration.disabled_client_side_validations == "maxLength"
    with pytest.raises(TypeError):
        Configuration(nonsense=1)


def test_defaults() -> None:
    configuration = Configuration()
    assert configuration.connection_pool_maxsize == 5 * (os.cpu_count() or 1)
    assert configuration.verify_ssl is True
    assert configuration.safe_chars_for_path_param == ""
    retries: Any = configuration.retries
    assert (retries.total, retries.backoff_factor, retries.status_forcelist) == (
        3,
        0.5,
        (429, 502, 503, 504),
    )
    assert retries.raise_on_status
    configuration.anything = 5
    assert copy.copy(configuration).anything == 5


def test_described_servers() -> None:
    configuration = Configuration(host="http://x")
    assert [server["url"] for server in configuration.get_host_settings()] == [""]
    assert configuration.get_host_from_settings(None) == "http://x"
    with pytest.raises(ValueError, match="3"):
        configuration.get_host_from_settings(3)


def test_unknown_words_are_refused() -> None:
    with pytest.raises(ApiValueError, match="maxlength"):
        Configuration(disabled_client_side_validations="maxlength")
    with pytest.raises(ApiValueError, match="response_validation"):
        Configuration(response_validation="loose")


def test_api_key_is_used_by_reference() -> None:
    keys = {"sessionAuth": "s"}
    configuration = Configuration(api_key=keys)
    keys["csrfAuth"] = "c"
    assert list(configuration.auth_settings()) == [
        "csrfAuth",
        "sessionAuth",
        "csrfHeaderAuth",
    ] or set(configuration.auth_settings()) == {"csrfAuth", "sessionAuth", "csrfHeaderAuth"}
    keys.pop("csrfAuth")
    assert set(configuration.auth_settings()) == {"sessionAuth"}


def test_basic_token() -> None:
    assert Configuration(username="u", password="p").get_basic_auth_token() == "Basic dTpw"
    assert Configuration(username="u").get_basic_auth_token() == "Basic dTo="
    assert Configuration(username="ü", password="").get_basic_auth_token() == "Basic /Do="
    assert Configuration(username="日", password="").get_basic_auth_token() == "Basic 5pelOg=="


def test_keys_with_prefix() -> None:
    configuration = Configuration(api_key={"tokenAuth": "k", "csrfAuth": "c"})
    assert configuration.get_api_key_with_prefix("tokenAuth") == "Token k"
    assert configuration.get_api_key_with_prefix("sessionAuth") is None
    assert configuration.get_api_key_with_prefix("csrfHeaderAuth", alias="csrfAuth") == "c"


def test_default_configuration() -> None:
    try:
        Configuration.set_default(Configuration(host="http://default", api_key={"tokenAuth": "k"}))
        first, second = Configuration.get_default_copy(), Configuration.get_default_copy()
        assert first.host == "http://default"
        assert first.api_key is not second.api_key
        assert ApiClient().configuration.host == "http://default"
    finally:
        Configuration.set_default(None)
    assert Configuration.get_default_copy().host == "http://localhost"


def test_copies_and_pickles() -> None:
    original = Configuration(
        host="http://x", username="u", password="p", api_key={"tokenAuth": "k"}
    )
    original.retries = 7
    for copied in (
        copy.copy(original),
        copy.deepcopy(original),
        pickle.loads(pickle.dumps(original)),
    ):
        assert copied.host == "http://x"
        assert copied.auth_settings() == original.auth_settings()
        assert copied.retries == 7
        assert copied.logger["package_logger"] is original.logger["package_logger"]
    assert copy.copy(original).api_key is original.api_key
    assert copy.deepcopy(original).api_key is not original.api_key


@pytest.fixture
def levels() -> Iterator[None]:
    loggers = [logging.getLogger("cvat_sdk.api_client"), logging.getLogger("urllib3")]
    before = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def test_loggers_keep_the_level_of_the_application(levels: None) -> None:
    logging.getLogger("urllib3").setLevel(logging.INFO)
    http.client.HTTPConnection.debuglevel = 1
    try:
        configuration = Configuration()
        assert logging.getLogger("urllib3").level == logging.INFO
        assert http.client.HTTPConnection.debuglevel == 1
    finally:
        http.client.HTTPConnection.debuglevel = 0
    configuration.debug = True
    assert configuration.debug
    assert logging.getLogger("cvat_sdk.api_client").level == logging.DEBUG
    configuration.debug = False
    assert logging.getLogger("urllib3").level == logging.WARNING


def test_log_file(tmp_path: Any, levels: None) -> None:
    configuration = Configuration()
    configuration.logger_format = "<%(message)s>"
    configuration.logger_file = str(tmp_path / "log")
    configuration.debug = True
    logging.getLogger("cvat_sdk.api_client").debug("hello")
    configuration.logger_file = None
    logging.getLogger("cvat_sdk.api_client").debug("not any more")
    assert (tmp_path / "log").read_text() == "<hello>\n"


def test_debug_report_names_the_versions() -> None:
    assert "2.80.0" in Configuration().to_debug_report()


def test_proxy_of_the_configuration_only(
    server: RecordingServer, connect: Callable[..., ApiClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    connect().server_api.retrieve_about()
    assert server.last.target == "/api/server/about"

    configuration = Configuration(host="http://cvat.example")
    configuration.proxy = server.url
    with ApiClient(configuration) as client:
        client.server_api.retrieve_about()
    assert server.last.target == "http://cvat.example/api/server/about"
