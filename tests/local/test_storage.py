"""Tables, sessions and migrations."""

from __future__ import annotations

import shutil
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from tests.lengths import short_and_long

from cvat_local.settings import sqlite_url
from cvat_local.storage import migrate, tables
from cvat_local.storage.engine import after_commit, after_rollback, open_engine, reading, writing
from cvat_local.storage.migrate import UnknownSchema, upgrade
from cvat_local.storage.sequences import reserve_id, take_ids
from cvat_local.storage.types import utc_now


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(sqlite_url(tmp_path / "test.sqlite3"))
    upgrade(engine)
    return engine


def schema(engine: Engine) -> dict[str, object]:
    """What the database says of its tables, in an order that does not depend on their history."""
    inspector = inspect(engine)
    with engine.connect() as connection:
        # Only the text of the table says whether ids of deleted rows are given again.
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master"))
        created = {name: sql for name, sql in rows}
    return {
        name: {
            "columns": sorted(
                (column["name"], str(column["type"]), column["nullable"])
                for column in inspector.get_columns(name)
            ),
            "key": inspector.get_pk_constraint(name),
            "foreign": sorted(map(str, inspector.get_foreign_keys(name))),
            "unique": sorted(map(str, inspector.get_unique_constraints(name))),
            "checks": sorted(map(str, inspector.get_check_constraints(name))),
            "indexes": sorted(map(str, inspector.get_indexes(name))),
            "autoincrement": "AUTOINCREMENT" in created[name],
        }
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


def test_migrations_make_the_tables_of_the_models(engine: Engine, tmp_path: Path) -> None:
    expected = open_engine(sqlite_url(tmp_path / "expected.sqlite3"))
    tables.metadata.create_all(expected)
    assert schema(engine) == schema(expected)


def test_an_installation_below_a_folder_with_a_per_cent_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "100%(mine)s"
    shutil.copytree(Path(migrate.__file__).parent / "migrations", folder / "migrations")
    monkeypatch.setattr(migrate, "__file__", str(folder / "migrate.py"))
    engine = open_engine(sqlite_url(tmp_path / "test.sqlite3"))
    upgrade(engine)
    assert inspect(engine).has_table("task")


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    before = schema(engine)
    upgrade(engine)
    assert schema(engine) == before


def test_a_database_of_a_newer_server_is_refused(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnknownSchema, match="newer version"):
        upgrade(engine)


def test_servers_may_start_at_the_same_time(tmp_path: Path) -> None:
    engines = [open_engine(sqlite_url(tmp_path / "{number}.sqlite3")) for number in range(4)]
    threads = [threading.Thread(target=upgrade, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({str(schema(engine)) for engine in engines}) == 1


def test_dates_come_back_in_utc(engine: Engine) -> None:
    moment = datetime(2026, 3, 4, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    with writing(engine) as db:
        db.add(tables.Project(name="p", created_date=moment))
    with reading(engine) as db:
        read = db.scalars(select(tables.Project.created_date)).one()
    assert read == moment
    assert read.utcoffset() == timedelta(0)


def test_a_date_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(Exception, match="without time zone"), writing(engine) as db:
        db.add(tables.Project(name="p", created_date=utc_now().replace(tzinfo=None)))


def test_deleting_a_task_deletes_all_that_belongs_to_it(engine: Engine) -> None:
    with writing(engine) as db:
        user = tables.User(username="u")
        task = tables.Task(name="t", owner=user)
        db.add(task)
        db.flush()
        label = tables.Label(task_id=task.id, name="cat", color="#ffffff")
        label.attributes = [tables.AttributeSpec(name="a", mutable=True, input_type="text")]
        job = tables.Job(task=task, start_frame=0, stop_frame=0)
        data = tables.Data(task=task, size=1)
        data.frames = [tables.Frame(number=0, name="a.png", path="x", width=1, height=1)]
        db.add_all([label, job, data, tables.Storage(task_id=task.id, role="source")])
        db.flush()
        ids = {"job_id": job.id, "label_id": label.id, "frame": 0}
        db.add_all(
            [
                tables.Shape(id=1, type="rectangle", points=[0, 0, 1, 1], **ids),
                tables.Track(id=1, **ids),
                tables.Tag(id=1, **ids),
                tables.Request(
                    id="r", run="1", action="create", target="task", task_id=task.id, user=user
                ),
            ]
        )
    with writing(engine) as db:
        db.execute(delete(tables.Task))
    with reading(engine) as db:
        counts = {
            name: db.scalar(select(func.count()).select_from(table))
            for name, table in tables.metadata.tables.items()
        }
    assert {name for name, count in counts.items() if count} == {"user"}


def test_deleting_an_account_leaves_its_projects(engine: Engine) -> None:
    with writing(engine) as db:
        db.add(tables.Project(name="p", owner=tables.User(username="u")))
    with writing(engine) as db:
        db.execute(delete(tables.User))
    with reading(engine) as db:
        assert db.scalars(select(tables.Project)).one().owner_id is None


def test_ids_of_deleted_tasks_are_not_given_again(engine: Engine) -> None:
    with writing(engine) as db:
        first = tables.Task(name="first")
        db.add(first)
    with writing(engine) as db:
        db.execute(delete(tables.Task))
    with writing(engine) as db:
        second = tables.Task(name="second")
        db.add(second)
    assert second.id == first.id + 1


def test_a_label_belongs_to_either_a_project_or_a_task(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as db:
        db.add(tables.Label(name="nobody's", color="#ffffff"))


@pytest.mark.parametrize("writes", short_and_long(20, 400))
def test_writers_wait_for_each_other(engine: Engine, writes: int) -> None:
    with writing(engine) as db:
        db.add(tables.Project(name="0"))

    def rename() -> None:
        for _ in range(writes):
            with writing(engine) as db:
                project = db.scalars(select(tables.Project)).one()
                project.name = str(int(project.name) + 1)

    threads = [threading.Thread(target=rename) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as db:
        assert db.scalars(select(tables.Project.name)).one() == str(5 * writes)


def test_a_reader_sees_one_state_while_others_write(engine: Engine) -> None:
    with reading(engine) as reader:
        assert reader.scalar(select(func.count()).select_from(tables.Project)) == 0
        with writing(engine) as db:
            db.add(tables.Project(name="p"))
        assert reader.scalar(select(func.count()).select_from(tables.Project)) == 0
    with reading(engine) as reader:
        assert reader.scalar(select(func.count()).select_from(tables.Project)) == 1


def test_actions_after_commit_run_once_and_only_after_a_commit(engine: Engine) -> None:
    done: list[str] = []
    with pytest.raises(ZeroDivisionError), writing(engine) as db:
        db.add(tables.Project(name="p"))
        after_commit(db, lambda: done.append("rolled back"))
        db.flush()
        raise ZeroDivisionError
    with writing(engine) as db:
        db.add(tables.Project(name="p"))
        after_commit(db, lambda: done.append("committed"))
        db.commit()
        db.add(tables.Project(name="q"))
    assert done == ["committed"]


def test_actions_wait_for_the_transaction_not_for_a_savepoint(engine: Engine) -> None:
    done: list[str] = []
    with writing(engine) as db:
        after_commit(db, lambda: done.append("committed"))
        after_rollback(db, lambda: done.append("rolled back"))
        with db.begin_nested():
            db.add(tables.Project(name="in a savepoint"))
        with pytest.raises(ZeroDivisionError), db.begin_nested():
            raise ZeroDivisionError
        assert done == []
    assert done == ["committed"]


def test_actions_after_rollback_run_once_and_only_after_a_rollback(engine: Engine) -> None:
    done: list[str] = []
    with writing(engine) as db:
        db.add(tables.Project(name="p"))
        after_rollback(db, lambda: done.append("committed"))
    assert done == []
    with pytest.raises(ZeroDivisionError), writing(engine) as db:
        db.add(tables.Project(name="p"))
        after_rollback(db, lambda: done.append("rolled back"))
        db.flush()
        raise ZeroDivisionError
    assert done == ["rolled back"]
    with pytest.raises(IntegrityError), writing(engine) as db:
        after_rollback(db, lambda: done.append("refused"))
        db.add(tables.Task(name="t", project_id=12345))
    assert done == ["rolled back", "refused"]


def test_sequences_hand_out_each_id_once(engine: Engine) -> None:
    with writing(engine) as db:
        assert list(take_ids(db, "shape", 3)) == [1, 2, 3]
        assert list(take_ids(db, "track", 1)) == [1]
        reserve_id(db, "shape", 10)
        reserve_id(db, "shape", 5)
    with writing(engine) as db:
        assert list(take_ids(db, "shape", 2)) == [11, 12]
