"""Profiles on disk, and who connects where by the arguments of a command line."""

from __future__ import annotations

import argparse
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from cvat_sdk import (
    AuthStore,
    ClientAuthParameters,
    Config,
    ProfileEntry,
    configure_client_auth_arguments,
    make_client_from_cli,
)
from cvat_sdk.core import auth
from cvat_sdk.core.client import AccessTokenCredentials, Client, PasswordCredentials
from cvat_sdk.core.exceptions import AuthStoreError

LAB = ProfileEntry("http://lab:8080", "lab secret", "2026-01-01T00:00:00Z")
HOME = ProfileEntry("https://home", "home secret", "2026-01-02T00:00:00Z")


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("CVAT_ACCESS_TOKEN", "PASS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Who has logged in where; nothing is sent."""
    made: list[Any] = []
    monkeypatch.setattr(
        Client, "login", lambda self, credentials: made.append((self.api_map.host, credentials))
    )
    return made


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    configure_client_auth_arguments(parser)
    return parser.parse_args(arguments)


def test_profiles_are_kept(tmp_path: Path) -> None:
    store = AuthStore()
    assert (
        store.path == auth.get_auth_store_path() == tmp_path / "config" / "cvat-sdk" / "auth.json"
    )
    assert store.list_profiles() == {}
    assert not store.path.exists()
    store.put_profile("lab", LAB)
    store.put_profile("home", HOME)
    store.set_default_server("http://other")
    again = AuthStore()
    assert again.list_profiles() == {"lab": LAB, "home": HOME}
    assert again.get_default_profile() == ("lab", LAB)
    assert again.get_default_server() == "http://other"
    again.set_default_profile("home")
    assert AuthStore().get_default_profile() == ("home", HOME)
    again.remove_profile("home")
    assert again.get_default_profile() is None
    again.put_profile("home", HOME, set_default=True)
    again.clear_default_profile()
    again.clear_default_server()
    assert (again.get_default_profile(), again.get_default_server()) == (None, None)
    for change in (again.remove_profile, again.set_default_profile):
        with pytest.raises(KeyError):
            change("nobody")
    assert json.loads(store.path.read_text()) == {
        "version": 1,
        "profiles": {
            name: {"server": p.server, "token": p.token, "created_date": p.created_date}
            for name, p in {"lab": LAB, "home": HOME}.items()
        },
    }
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in store.path.parent.iterdir()] == ["auth.json"]
    assert "secret" not in repr(LAB)


@pytest.mark.parametrize(
    "content",
    ["{", "[]", "{}", '{"version": 2}', '{"version": 1, "profiles": {"a": {"server": "x"}}}'],
)
def test_a_file_that_is_no_store(content: str) -> None:
    AuthStore().put_profile("lab", LAB)
    path = auth.get_auth_store_path()
    path.write_text(content)
    with pytest.raises(AuthStoreError):
        AuthStore().list_profiles()
    assert path.read_text() == content


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_others_may_not_read_it() -> None:
    AuthStore().put_profile("lab", LAB)
    path = auth.get_auth_store_path()
    path.chmod(0o644)
    with pytest.raises(AuthStoreError, match="chmod 600"):
        AuthStore().list_profiles()
    path.chmod(0o600)
    path.parent.chmod(0o755)
    with pytest.raises(AuthStoreError, match="chmod 700"):
        AuthStore().list_profiles()


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    AuthStore(tmp_path / "shared" / "a.json").put_profile("lab", LAB)
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755


def test_who_connects_where(logins: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    make_client_from_cli(
        parse("--auth", "me:pa:ss", "--server-host", "http://x", "--server-port", "1")
    )
    make_client_from_cli(ClientAuthParameters(auth=auth.get_auth_factory("me:")))
    monkeypatch.setenv("PASS", "from the environment")
    make_client_from_cli(parse("--auth", "me"))
    monkeypatch.setenv("CVAT_ACCESS_TOKEN", "token")
    make_client_from_cli(parse())
    assert logins == [
        ("http://x:1", PasswordCredentials("me", "pa:ss")),
        ("http://localhost", PasswordCredentials("me", "")),
        ("http://localhost", PasswordCredentials("me", "from the environment")),
        ("http://localhost", AccessTokenCredentials("token")),
    ]


def test_profiles_and_addresses(logins: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    store = AuthStore()
    store.put_profile("lab", LAB)
    store.put_profile("home", HOME)
    store.set_default_server("http://other")
    make_client_from_cli(parse("--profile", "home"))
    make_client_from_cli(parse())
    make_client_from_cli(parse("--auth", "me:x"))
    # The address of a profile does not borrow its token.
    make_client_from_cli(parse("--auth", "me:x", "--server-host", LAB.server))
    monkeypatch.setenv("CVAT_ACCESS_TOKEN", "token")
    make_client_from_cli(parse())
    assert logins == [
        (HOME.server, AccessTokenCredentials(HOME.token)),
        (LAB.server, AccessTokenCredentials(LAB.token)),
        ("http://other", PasswordCredentials("me", "x")),
        (LAB.server, PasswordCredentials("me", "x")),
        ("http://other", AccessTokenCredentials("token")),
    ]
    with pytest.raises(AuthStoreError, match="mutually exclusive"):
        make_client_from_cli(parse("--profile", "home", "--server-host", "http://x"))
    with pytest.raises(AuthStoreError, match=r"'hme'.*home, lab"):
        make_client_from_cli(parse("--profile", "hme"))
    with pytest.raises(AuthStoreError, match="twice"):
        make_client_from_cli(parse("--server-host", "http://x:1", "--server-port", "2"))


def test_a_password_is_asked_for(logins: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or "typed")
    monkeypatch.setattr("getpass.getuser", lambda: "me")
    make_client_from_cli(parse())
    assert logins == [("http://localhost", PasswordCredentials("me", "typed"))]
    assert "me" in asked[0]
    assert "http://localhost" in asked[0]


def test_settings_of_the_command_line(logins: list[Any]) -> None:
    client = make_client_from_cli(parse("--auth", "a:b", "--insecure", "--org", "lab"))
    assert client.config.verify_ssl is False
    assert client.organization_slug == "lab"
    given = Config(status_check_period=2)
    client = make_client_from_cli(parse("--auth", "a:b", "--insecure"), config=given)
    assert (client.config.verify_ssl, client.config.status_check_period) == (False, 2)
    assert given.verify_ssl is None
    assert make_client_from_cli(parse("--auth", "a:b")).config.verify_ssl is True
