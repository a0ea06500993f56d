"""``python -m cvat_sdk``: which package is installed, and which version a server has.

The published package has the same name and no such command: after an upgrade that brought it back, Python says
that there is no module ``cvat_sdk.__main__``.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from cvat_sdk.version import __version__

OK, TROUBLE = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Arguments after the command's name; None: those of the process.

    Returns:
        The exit code: 0, or 1 when the server does not answer or two packages are mixed.
    """
    parser = argparse.ArgumentParser(
        prog="python -m cvat_sdk",
        description="Show which cvat-sdk is installed, and which version a server has.",
        epilog="Exit codes: 0 done, 1 the server does not answer or two packages are mixed, 2 wrong arguments.",
    )
    parser.add_argument(
        "server",
        nargs="?",
        metavar="ADDRESS",
        default=os.environ.get("CVAT_HOST"),
        help="a server such as https://cvat.example.com (default: the variable CVAT_HOST, or none)",
    )
    options = parser.parse_args(arguments)
    print(f"cvat-sdk {__version__}, the fast and typed one, in {Path(__file__).parent}")
    needed = ", ".join(f"{name} {_version(name)}" for name in ("msgspec", "urllib3"))
    print(f"with Python {platform.python_version()}, {needed}")
    mixed = published_files()
    if mixed:
        print(
            f"but {mixed} says that the published cvat-sdk was installed over it; "
            "remove both with pip uninstall cvat-sdk, and install this one again",
            file=sys.stderr,
        )
    answered = _show_server(options.server) if options.server else True
    return OK if answered and not mixed else TROUBLE


def published_files() -> str | None:
    """Where the published package's list of files is, when the environment has it; None when all is well."""
    for distribution in metadata.distributions(name="cvat-sdk"):
        # Not `distribution.files`: since Python 3.13 these are the ones that are still there.
        record = distribution.read_text("RECORD") or ""
        names = [line.partition(",")[0] for line in record.splitlines()]
        # Both have this module; only this one, installed or linked, knows a runtime.
        is_published = "cvat_sdk/api_client/rest.py" in names
        if is_published and not any("api_client/runtime/" in name for name in names):
            return str(distribution.locate_file(""))
    return None


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "(missing)"


def _show_server(address: str) -> bool:
    from cvat_sdk.api_client import ApiClient, Configuration
    from cvat_sdk.api_client.runtime.explain import address as address_of

    try:
        configuration = Configuration(host=address)
        configuration.retries = False
        with ApiClient(configuration) as client:
            about, _ = client.server_api.retrieve_about(_request_timeout=30)
    except Exception as error:
        # Whatever it is, its first line says what to do.
        print(str(error).partition("\n")[0], file=sys.stderr)
        return False
    print(f"server {address_of(configuration.host)}: CVAT {about.version}")
    return True


if __name__ == "__main__":
    sys.exit(main())
