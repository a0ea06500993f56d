"""A database from before there were organizations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import select, text

from cvat_local.storage import migrate
from cvat_local.storage.engine import open_engine, reading, writing
from cvat_local.storage.tables import Job, Project, Task


def test_a_database_without_organizations_keeps_its_rows_and_never_uses_an_id_twice(
    tmp_path: Path,
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/old.sqlite3")
    with migrate._migrating(engine) as connection:
        command.upgrade(migrate._config(connection), "0002")
        for statement in (
            "INSERT INTO project (id, name, bug_tracker, status, created_date, updated_date)"
            " VALUES (3, 'kept', '', 'annotation', '2026-01-01', '2026-01-01'),"
            " (9, 'deleted', '', 'annotation', '2026-01-01', '2026-01-01')",
            "INSERT INTO task (id, name, project_id, bug_tracker, subset, status, mode, dimension,"
            " segment_size, consensus_replicas, created_date, updated_date)"
            " VALUES (5, 't', 3, '', '', 'annotation', '', '2d', 0, 0, '2026-01-01', '2026-01-01')",
            "INSERT INTO job (id, task_id, type, start_frame, stop_frame, stage, state, status,"
            " created_date, updated_date) VALUES"
            " (7, 5, 'annotation', 0, 1, 'annotation', 'new', 'annotation', '2026-01-01', '2026-01-01')",
            "DELETE FROM project WHERE id = 9",
        ):
            connection.execute(text(statement))
        connection.commit()
    migrate.upgrade(engine)
    with writing(engine) as db:
        project = db.scalars(select(Project)).one()
        assert (project.id, project.name, project.organization_id) == (3, "kept", None)
        assert db.scalars(select(Task.project_id)).all() == [3]
        assert db.scalars(select(Job.task_id)).all() == [5]
        new = Project(name="new")
        db.add(new)
        db.flush()
        assert new.id == 10
    with reading(engine) as db:
        assert db.execute(text("PRAGMA foreign_key_check")).all() == []
