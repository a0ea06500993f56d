"""Who connects to which server: options, environment and profiles."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cvat_sdk.cli.failures import UsageError

if TYPE_CHECKING:
    from cvat_sdk.api_client import ApiClient, Configuration

CREDENTIALS = """\
credentials, the first that is there:
  --profile, --access-token-file or --auth; CVAT_ACCESS_TOKEN, or CVAT_USERNAME with
  CVAT_PASSWORD; the default profile, where no address is given.
  CVAT_HOST, CVAT_ORGANIZATION, CVAT_CA_BUNDLE, CVAT_PROXY and CVAT_TIMEOUT are read as well.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `connect` reads."""
    group = parser.add_argument_group("server")
    group.add_argument("--server-host", metavar="URL", help="address of the server")
    group.add_argument("--profile", metavar="NAME", help="server and token of a profile")
    group.add_argument(
        "--access-token-file", type=Path, metavar="FILE", help="file that holds an access token"
    )
    group.add_argument(
        "--auth",
        metavar="USER[:PASSWORD]",
        help="user name; without a password, that of CVAT_PASSWORD, or it is asked for",
    )
    group.add_argument(
        "--organization", metavar="SLUG", help="organization to work in; empty: your own workspace"
    )
    group.add_argument(
        "--insecure", action="store_true", help="do not check the certificate of the server"
    )


def connect(options: argparse.Namespace) -> ApiClient:
    """A client by the options. Nothing is sent.

    Raises:
        UsageError: Options that exclude each other.
        AuthStoreError: There is no such profile.
    """
    from cvat_sdk.api_client import ApiClient

    configuration = _configuration(options)
    if options.insecure:
        configuration.verify_ssl = False
    if options.organization is not None:
        configuration.organization = options.organization
    return ApiClient(configuration)


def _configuration(options: argparse.Namespace) -> Configuration:
    from cvat_sdk.api_client import Configuration
    from cvat_sdk.api_client.configuration import DEFAULT_HOST

    if options.auth and options.access_token_file:
        raise UsageError("--auth and --access-token-file exclude each other")
    if options.profile and (options.server_host or options.auth or options.access_token_file):
        raise UsageError(
            "--profile excludes --server-host, --auth and --access-token-file: it has an address and a token"
        )
    found = Configuration.from_env()
    has_address = bool(options.server_host or os.environ.get("CVAT_HOST", "").strip())
    has_user = bool(
        options.auth or options.access_token_file or found.access_token or found.username
    )
    if options.profile or not (has_address or has_user):
        _use_profile(found, options.profile)
        return found
    if options.server_host:
        from cvat_sdk.core.utils import normalize_server_url

        found.host = normalize_server_url(options.server_host)
    elif not has_address:
        from cvat_sdk.core.auth import AuthStore

        found.host = AuthStore().get_default_server() or DEFAULT_HOST
    if options.access_token_file:
        _use(found, token=options.access_token_file.read_text(encoding="utf-8").strip())
        if not found.access_token:
            raise UsageError(f"{options.access_token_file} is empty")
    elif options.auth:
        _use_password(found, options.auth)
    return found


def _use_profile(found: Configuration, name: str | None) -> None:
    """Take server and token of a profile; of the default one, if there is one, where none is named."""
    from cvat_sdk.core.auth import AuthStore
    from cvat_sdk.core.exceptions import AuthStoreError

    store = AuthStore()
    if name is not None:
        entry = store.get_profile(name)
        if entry is None:
            known = ", ".join(sorted(store.list_profiles())) or "none"
            raise AuthStoreError(f"There is no profile {name!r}; there are: {known}")
    else:
        default = store.get_default_profile()
        if default is None:
            server = store.get_default_server()
            if server:
                found.host = server
            return
        entry = default[1]
    found.host = entry.server
    _use(found, token=entry.token)


def _use_password(found: Configuration, text: str) -> None:
    user, separator, password = text.partition(":")
    if not separator:
        password = os.environ.get("CVAT_PASSWORD", "")
        if not password:
            import getpass

            password = getpass.getpass(f"Password for {user} at {found.host}: ")
    _use(found)
    found.username, found.password = user, password


def _use(found: Configuration, token: str | None = None) -> None:
    """Take a token, or nothing, in the place of what the environment has."""
    found.access_token, found.username, found.password = token, None, None
