"""For migrations that make SQLite copy a table, as a new constraint does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

NEVER_REUSE_IDS = {"sqlite_autoincrement": True}
"""``table_kwargs`` of the copy, which forgets otherwise that ids of deleted rows are not given again."""


@contextmanager
def keeping_highest_ids(*tables: str) -> Iterator[None]:
    """Copies made in the block go on with the ids of their originals, also of rows that were deleted."""
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    rows = connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence")) if sqlite else ()
    highest_ids = {name: highest for name, highest in rows if name in tables}
    yield
    for name, highest in highest_ids.items():
        values = {"name": name, "highest": highest}
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :highest)"), values
        )
