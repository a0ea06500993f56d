"""A database from before there were cloud storages."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import select, text

from cvat_local.storage import migrate
from cvat_local.storage.engine import open_engine, reading, writing
from cvat_local.storage.tables import Data, Storage


def test_rows_are_kept_and_no_id_is_used_twice(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/old.sqlite3")
    with migrate._migrating(engine) as connection:
        command.upgrade(migrate._config(connection), "0001")
        for statement in (
            "INSERT INTO task (id, name, bug_tracker, subset, status, mode, dimension,"
            " segment_size, consensus_replicas, created_date, updated_date)"
            " VALUES (5, 't', '', '', 'annotation', '', '2d', 0, 0, '2026-01-01', '2026-01-01')",
            "INSERT INTO data (id, task_id, size, image_quality, start_frame, stop_frame,"
            " frame_filter, storage, storage_method, compressed_chunk_type, original_chunk_type,"
            " sorting_method, deleted_frames, chunks_updated_date) VALUES (2, 5, 3, 70, 0, 2, '',"
            " 'local', 'cache', 'imageset', 'imageset', 'natural', '[]', '2026-01-01')",
            "INSERT INTO storage (id, task_id, role, location) VALUES (3, 5, 'source', 'local'),"
            " (8, 5, 'target', 'local')",
            "DELETE FROM storage WHERE id = 8",
        ):
            connection.execute(text(statement))
        connection.commit()
    migrate.upgrade(engine)
    with writing(engine) as db:
        assert db.scalars(select(Data.sorting_method)).all() == ["natural"]
        assert db.scalars(select(Storage.role)).all() == ["source"]
        new = Storage(task_id=5, role="target")
        db.add(new)
        db.flush()
        assert new.id == 9
    with reading(engine) as db:
        assert db.execute(text("PRAGMA foreign_key_check")).all() == []
