"""Bring a database to the tables that this version of the server uses.

Developers write a migration after a change in ``tables`` with
``python -m cvat_local.storage.migrate "What changes"``; it compares the tables with the migrations.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from cvat_local.settings import sqlite_url
from cvat_local.storage.engine import open_engine

# Alembic keeps the migration under way in module globals, and one process may start several servers.
_ALEMBIC = threading.Lock()


class UnknownSchema(RuntimeError):
    """The database was made by a newer version of the server."""


def upgrade(engine: Engine) -> None:
    """Create missing tables and apply the migrations that the database has not had.

    All of it happens in one transaction. Raises `UnknownSchema` when the database is ahead.
    """
    with _ALEMBIC, _migrating(engine) as connection:
        try:
            command.upgrade(_config(connection), "head")
        except CommandError as error:
            raise UnknownSchema(
                "The database was used by a newer version of cvat-local; update this installation."
            ) from error
        connection.commit()


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    connection = engine.execution_options(writes=True).connect()
    try:
        if connection.dialect.name == "sqlite":
            # Altering a table drops the old one, which must not delete the rows that point to it.
            # The setting cannot change within a transaction, hence the driver's own connection.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        yield connection
    finally:
        # Not given back to the pool, where it would serve without foreign keys.
        connection.invalidate()
        connection.close()


def _config(connection: Connection) -> Config:
    config = Config()
    # Alembic reads its options with configparser, to which "%" is the start of a name.
    folder = str(Path(__file__).parent / "migrations").replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def write_revision(message: str) -> None:
    """Write a migration from the newest one to what ``tables`` says now."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(sqlite_url(Path(folder, "empty.sqlite3")))
        upgrade(engine)
        with _migrating(engine) as connection:
            number = len(list((Path(__file__).parent / "migrations/versions").glob("0*.py"))) + 1
            command.revision(
                _config(connection), message, autogenerate=True, rev_id=f"{number:04d}"
            )
        engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m cvat_local.storage.migrate "What changes"')
    write_revision(sys.argv[1])
