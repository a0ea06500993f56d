"""Profiles on disk, and the arguments of command lines that say who connects to which server."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import logging
import os
import stat
import tempfile
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from cvat_sdk.core.client import (
    AccessTokenCredentials,
    Client,
    Config,
    Credentials,
    PasswordCredentials,
)
from cvat_sdk.core.exceptions import AuthStoreError
from cvat_sdk.core.utils import is_posix, normalize_server_url

__all__ = [
    "CVAT_ACCESS_TOKEN_ENV_VAR",
    "DEFAULT_SERVER",
    "AuthStore",
    "ClientAuthParameters",
    "ProfileEntry",
    "configure_client_auth_arguments",
    "default_auth_factory",
    "get_auth_factory",
    "get_auth_store_path",
    "make_client_from_cli",
    "make_client_from_profile",
]

CVAT_ACCESS_TOKEN_ENV_VAR = "CVAT_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
DEFAULT_SERVER = "http://localhost"

AuthFactory: TypeAlias = Callable[[str], Credentials]
"""Gives the credentials for the address of a server."""

_VERSION = 1
_OWN_FOLDER, _OWN_FILE = 0o700, 0o600


@attrs.frozen
class ProfileEntry:
    """A server and a token for it.

    Attributes:
        server: Address of the server.
        token: Personal access token.
        created_date: When the profile was made, in ISO 8601, UTC.
    """

    server: str
    token: str = attrs.field(repr=False)
    created_date: str


@attrs.define
class ClientAuthParameters:
    """What a command line says of the server and the user."""

    profile: str | None = None
    auth: AuthFactory | None = None
    server_host: str | None = None
    server_port: int | None = None
    insecure: bool = False
    organization: str | None = None

    @classmethod
    def from_namespace(cls, parsed_args: argparse.Namespace) -> ClientAuthParameters:
        """Those of parsed arguments; what is not among them has its default."""
        names = [field.name for field in attrs.fields(cls)]
        return cls(**{name: vars(parsed_args)[name] for name in names if name in parsed_args})


def get_auth_store_path() -> Path:
    """Where profiles are kept."""
    import platformdirs

    return platformdirs.user_config_path("cvat-sdk", "CVAT.ai") / "auth.json"


# -- profiles ---------------------------------------------------------------------------------------


class AuthStore:
    """Profiles in a file that nobody else may read.

    Args:
        path: The file. Default: `get_auth_store_path`.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path: Path = Path(path) if path is not None else get_auth_store_path()
        self._document: dict[str, Any] | None = None

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def list_profiles(self) -> dict[str, ProfileEntry]:
        """All profiles, by name.

        Raises:
            AuthStoreError: The file cannot be used.
        """
        return {name: self._to_entry(raw) for name, raw in self._profiles(self._load()).items()}

    def get_profile(self, name: str) -> ProfileEntry | None:
        """A profile; None where there is none of that name."""
        return self.list_profiles().get(name)

    def put_profile(self, name: str, entry: ProfileEntry, *, set_default: bool = False) -> None:
        """Keep a profile, in the place of one of the same name. The first one becomes the default."""
        document = self._load_for_update()
        profiles = self._profiles(document)
        if set_default or not profiles:
            document["default_profile"] = name
        profiles[name] = attrs.asdict(entry)
        self._save(document)

    def remove_profile(self, name: str) -> None:
        """Forget a profile.

        Raises:
            KeyError: There is none of that name.
        """
        document = self._load_for_update()
        del self._profiles(document)[name]
        if document.get("default_profile") == name:
            del document["default_profile"]
        self._save(document)

    def get_default_profile(self) -> tuple[str, ProfileEntry] | None:
        """Name and content of the default profile; None without one."""
        name = self._load().get("default_profile")
        entry = self.get_profile(name) if isinstance(name, str) else None
        return (str(name), entry) if entry is not None else None

    def set_default_profile(self, name: str) -> None:
        """Make a profile the default one.

        Raises:
            KeyError: There is none of that name.
        """
        document = self._load_for_update()
        if name not in self._profiles(document):
            raise KeyError(name)
        document["default_profile"] = name
        self._save(document)

    def clear_default_profile(self) -> None:
        """Have no default profile."""
        self._drop("default_profile")

    def get_default_server(self) -> str | None:
        """Address that is used where none is given; None without one."""
        server = self._load().get("default_server")
        return server if isinstance(server, str) else None

    def set_default_server(self, server: str) -> None:
        """Use an address where none is given."""
        document = self._load_for_update()
        document["default_server"] = server
        self._save(document)

    def clear_default_server(self) -> None:
        """Have no default server."""
        self._drop("default_server")

    def _drop(self, key: str) -> None:
        document = self._load_for_update()
        if document.pop(key, None) is not None:
            self._save(document)

    @staticmethod
    def _profiles(document: dict[str, Any]) -> dict[str, Any]:
        profiles: dict[str, Any] = document.setdefault("profiles", {})
        return profiles

    @staticmethod
    def _to_entry(raw: Any) -> ProfileEntry:
        if not isinstance(raw, dict) or not all(
            isinstance(raw.get(key), str) for key in ("server", "token")
        ):
            raise AuthStoreError("The file of profiles has one without a server or without a token")
        return ProfileEntry(raw["server"], raw["token"], str(raw.get("created_date", "")))

    def _load(self) -> dict[str, Any]:
        if self._document is None:
            self._document = self._read()
        return self._document

    def _load_for_update(self) -> dict[str, Any]:
        # Somebody else may have changed it; and what fails to be saved must not seem to be.
        self._document = None
        return self._read()

    def _read(self) -> dict[str, Any]:
        if not self._path.exists():
            return {"version": _VERSION, "profiles": {}}
        self._check_secure_permissions()
        try:
            document = json.loads(self._path.read_text(encoding="utf-8"))
        except (ValueError, UnicodeDecodeError):
            raise AuthStoreError(f"The file of profiles, {self._path}, is not JSON") from None
        version = document.get("version") if isinstance(document, dict) else None
        if version != _VERSION or not isinstance(document.get("profiles", {}), dict):
            raise AuthStoreError(
                f"The file of profiles, {self._path}, has the version {version!r}; expected {_VERSION}"
            )
        result: dict[str, Any] = document
        return result

    def _check_secure_permissions(self) -> None:
        if not self._path.is_file():
            raise AuthStoreError(f"The store of profiles must be a file: {self._path} is none")
        if not is_posix():
            return
        for path, wanted in ((self._path.parent, _OWN_FOLDER), (self._path, _OWN_FILE)):
            mode = stat.S_IMODE(path.stat().st_mode) & 0o777
            if mode != wanted:
                raise AuthStoreError(
                    f"The permissions of {path}, which holds tokens, let others in: run chmod {wanted:o} {path}"
                )

    def _save(self, document: dict[str, Any]) -> None:
        folder = self._path.parent
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        if is_posix() and (is_new or folder == get_auth_store_path().parent):
            folder.chmod(_OWN_FOLDER)
        # mkstemp makes a file that its owner alone may read.
        descriptor, name = tempfile.mkstemp(prefix=".auth.", suffix=".tmp", dir=folder)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=2, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
            raise
        self._document = document


# -- command lines ----------------------------------------------------------------------------------


def get_auth_factory(s: str) -> AuthFactory:
    """What ``USER[:PASS]`` means: without a password, that of the variable ``PASS``, else the one that is typed in."""
    user, separator, password = s.partition(":")

    def make(url: str) -> Credentials:
        given = password if separator else os.environ.get("PASS")
        if given is None:
            given = getpass.getpass(f"Password for {user} at {url}: ")
        return PasswordCredentials(user, given)

    return make


def default_auth_factory() -> AuthFactory:
    """The token of the environment, else the user of the operating system with a password that is typed in."""
    token = os.environ.get(CVAT_ACCESS_TOKEN_ENV_VAR, "").strip()
    if token:
        return lambda url: AccessTokenCredentials(token)
    return get_auth_factory(getpass.getuser())


def configure_client_auth_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `make_client_from_cli` reads."""
    parser.add_argument(
        "--insecure", action="store_true", help="do not check the certificate of the server"
    )
    parser.add_argument(
        "--auth",
        type=get_auth_factory,
        metavar="USER[:PASS]",
        help="user name and password; without a password, that of the variable PASS, or it is asked for",
    )
    parser.add_argument(
        "--server-host",
        help=f"address of the server (default: that of the profiles, or {DEFAULT_SERVER})",
    )
    parser.add_argument("--server-port", type=int, help="port of the server")
    parser.add_argument(
        "--organization",
        "--org",
        metavar="SLUG",
        help="organization to work in; an empty text is the personal workspace",
    )
    parser.add_argument("--profile", metavar="NAME", help="profile to use")


def make_client_from_profile(
    profile: ProfileEntry,
    *,
    logger: logging.Logger | None = None,
    config: Config | None = None,
    check_server_version: bool = False,
) -> Client:
    """A client by a profile. Nothing is sent."""
    client = Client(
        profile.server, logger=logger, config=config, check_server_version=check_server_version
    )
    client.login(AccessTokenCredentials(profile.token))
    return client


def make_client_from_cli(
    parsed_args: argparse.Namespace | ClientAuthParameters,
    *,
    logger: logging.Logger | None = None,
    config: Config | None = None,
    check_server_version: bool = False,
    store: AuthStore | None = None,
) -> Client:
    """A client by the arguments of a command line.

    A profile that is named; else the default one, where neither an address nor a user is given; else the address and
    the user. An address never gets the token of a profile.

    Args:
        parsed_args: Arguments of `configure_client_auth_arguments`.
        logger: Told of what is done.
        config: Settings.
        check_server_version: Ask the server for its version.
        store: The profiles. Default: those of the user.

    Raises:
        AuthStoreError: A profile together with an address or a user; a profile that there is not; or two ports.
    """
    given = (
        parsed_args
        if isinstance(parsed_args, ClientAuthParameters)
        else ClientAuthParameters.from_namespace(parsed_args)
    )
    if config is None:
        config = Config(verify_ssl=not given.insecure)
    elif given.insecure:
        config = attrs.evolve(config, verify_ssl=False)
    store = store or AuthStore()
    options: dict[str, Any] = {
        "logger": logger,
        "config": config,
        "check_server_version": check_server_version,
    }
    entry = _profile_of(given, store)
    if entry is not None:
        client = make_client_from_profile(entry, **options)
    else:
        url = _address_of(given, store)
        credentials = (given.auth or default_auth_factory())(url)
        client = Client(url, **options)
        client.login(credentials)
    if given.organization is not None:
        client.organization_slug = given.organization
    return client


def _profile_of(given: ClientAuthParameters, store: AuthStore) -> ProfileEntry | None:
    is_explicit = bool(given.server_host or given.server_port or given.auth)
    if given.profile is not None:
        if is_explicit:
            raise AuthStoreError(
                "--profile and --server-host, --server-port or --auth are mutually exclusive"
            )
        entry = store.get_profile(given.profile)
        if entry is None:
            known = ", ".join(sorted(store.list_profiles())) or "none"
            raise AuthStoreError(f"There is no profile {given.profile!r}; there are: {known}")
        return entry
    if is_explicit or os.environ.get(CVAT_ACCESS_TOKEN_ENV_VAR, "").strip():
        return None
    found = store.get_default_profile()
    return found[1] if found is not None else None


def _address_of(given: ClientAuthParameters, store: AuthStore) -> str:
    url = normalize_server_url(given.server_host or store.get_default_server() or DEFAULT_SERVER)
    if not given.server_port:
        return url
    parts = urllib.parse.urlsplit(url)
    if parts.port is not None:
        raise AuthStoreError(
            f"The port is given twice: in the address, {parts.port}, and by --server-port {given.server_port}"
        )
    return urllib.parse.urlunsplit(
        (parts.scheme, f"{parts.netloc}:{given.server_port}", parts.path, "", "")
    )
