"""What can be chosen about a server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import URL

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """Choices for one server; the defaults suit a single user on one machine."""

    data_dir: Path
    """Folder of everything that the server keeps."""
    database_url: str | None = None
    """SQLAlchemy URL; by default a SQLite file in the data folder."""
    queue_url: str | None = None
    """Redis URL of the background queue; by default a file in the data folder."""
    workers: int = 2
    """Threads for background work; 0 leaves the work to another process or to a test."""
    max_json_bytes: int = 100 * MEGABYTE
    """Largest JSON body."""
    max_upload_bytes: int = 25 * 1024 * MEGABYTE
    """Largest body with files."""
    allowed_hosts: tuple[str, ...] = ()
    """Names that requests may call the server by, beside its addresses and ``localhost``; ``.example.org``
    stands for all names below it, ``*`` for any name."""
    private_webhook_targets: bool = True
    """Webhooks may send to addresses that are not public, such as those of this machine and its network."""
    share_dir: Path | None = None
    """Folder whose files tasks can be made of without an upload."""
    mail_dir: Path | None = None
    """Folder that mails are written into; by default one in the data folder."""
    anonymous_per_minute: int | None = None
    """Calls without credentials that an address may make in a minute, logins among them; None: any number."""

    @property
    def mails(self) -> Path:
        """Folder that mails are written into."""
        return self.mail_dir or self.data_dir / "mail"

    @property
    def engine_url(self) -> str | URL:
        """URL of the database that is used."""
        return self.database_url or sqlite_url(self.data_dir / "cvat.sqlite3")


def sqlite_url(path: Path) -> URL:
    """URL of a SQLite file. Not written as text: ``%``, ``?`` and ``#`` in a path mean something there."""
    # Imported late: the command line reads this module to show its help.
    from sqlalchemy import URL

    return URL.create("sqlite", database=str(path))


def default_data_dir() -> Path:
    """Where ``cvat-local serve`` keeps its data unless told otherwise."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "cvat-local"
