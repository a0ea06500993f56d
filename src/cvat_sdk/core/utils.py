"""Small tools: addresses of servers, dicts, files that are whole or not there."""

from __future__ import annotations

import contextlib
import os
import urllib.parse
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import IO, Any, Literal

from cvat_sdk.core.exceptions import InvalidHostException

__all__ = [
    "ALLOWED_SERVER_SCHEMAS",
    "atomic_writer",
    "filter_dict",
    "is_posix",
    "normalize_server_url",
]

ALLOWED_SERVER_SCHEMAS = ("https", "http")
"""Schemes that an address of a server may have; the first one is meant where there is none."""


def normalize_server_url(url: str) -> str:
    """The address of a server with its scheme, https where none is given, and without slashes at its end.

    Raises:
        InvalidHostException: It is no address, or of another scheme.
    """
    text = url.strip() if isinstance(url, str) else ""
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = ALLOWED_SERVER_SCHEMAS[0], text
    if scheme.lower() not in ALLOWED_SERVER_SCHEMAS:
        raise InvalidHostException(
            f"Invalid url schema {scheme!r}: expected one of {', '.join(ALLOWED_SERVER_SCHEMAS)}"
        )
    rest = rest.rstrip("/")
    try:
        is_address = bool(urllib.parse.urlsplit(f"//{rest}").hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise InvalidHostException(
            "Expected the address of a server, such as http://localhost:8080"
        )
    return f"{scheme.lower()}://{rest}"


def is_posix() -> bool:
    """Whether the operating system has the permissions of POSIX."""
    return os.name == "posix"


def filter_dict(
    d: dict[str, Any], *, keep: Sequence[str] | None = None, drop: Sequence[str] | None = None
) -> dict[str, Any]:
    """The entries of a dict with some keys only, or without some.

    Args:
        d: The dict, which stays as it is.
        keep: Keys to take; all when it is empty.
        drop: Keys to leave out.
    """
    return {
        key: value
        for key, value in d.items()
        if (not keep or key in keep) and (not drop or key not in drop)
    }


@contextlib.contextmanager
def atomic_writer(
    path: os.PathLike[str] | str, mode: Literal["w", "wb"], encoding: str = "UTF-8"
) -> Generator[IO[Any], None, None]:
    """A file that takes its name when it is whole: after an error there is none, and an older one stays.

    Args:
        path: Name of the file.
        mode: ``"w"`` for text, ``"wb"`` for bytes.
        encoding: That of text.

    Raises:
        ValueError: Another mode.
    """
    if mode not in ("w", "wb"):
        raise ValueError(f"mode: expected 'w' or 'wb', got {mode!r}")
    target = Path(path)
    temporary, file = create_beside(target, mode, encoding)
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise


def create_beside(
    target: Path, mode: Literal["w", "wb"] = "wb", encoding: str = "UTF-8"
) -> tuple[Path, IO[Any]]:
    """A new file in the folder of another one, under a name that nothing has; and its path."""
    number = 0
    while True:
        path = target.with_name(f"{target.name}.tmp{number}")
        try:
            # "x" leaves what is there alone.
            return path, path.open(
                "xb" if mode == "wb" else "x", encoding=None if mode == "wb" else encoding
            )
        except FileExistsError:
            number += 1
