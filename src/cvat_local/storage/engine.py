"""The database engine and its sessions.

SQLite allows one writer at a time. A transaction that starts by reading and writes later can be
refused at that point, no matter how long it would wait, so a session is opened either to read or to
write: a writing one takes the write lock with its first statement. Hold it briefly: read a request's
body before the first query, or commit before a long piece of work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.orm import Session

_BUSY_TIMEOUT = 30.0
"""Seconds that a writer waits for another one."""


def open_engine(url: str | URL) -> Engine:
    """Engine for a database URL, such as ``sqlite:////data/cvat.sqlite3``.

    Safe to use from several threads. The tables are made by `cvat_local.storage.migrate.upgrade`.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return sqlalchemy.create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = sqlalchemy.create_engine(
        url,
        # Errors of the database are logged, and values can be keys and hashes of passwords.
        hide_parameters=True,
        # Each request holds a connection; the server bounds the number of threads, not this pool.
        pool_size=8,
        max_overflow=-1,
        connect_args={"timeout": _BUSY_TIMEOUT, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` decides how they begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "cache_size = -32000",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def new_session(engine: Engine, *, writes: bool) -> Session:
    """Session that the caller commits and closes; prefer `reading` and `writing`.

    No connection is taken before the first query. A session that is not for writing may still write,
    but may then fail with "database is locked".
    """
    session = Session(engine.execution_options(writes=writes), expire_on_commit=False)
    event.listen(session, "after_commit", _committed)
    event.listen(session, "after_rollback", _rolled_back)
    observe = engine.get_execution_options().get(_OBSERVE)
    if writes and observe is not None:
        observe(session)
    return session


def observed(engine: Engine, observe: Callable[[Session], None]) -> Engine:
    """The same engine, on which ``observe`` is called with each new session that is for writing.

    For what follows from a change whoever makes it: the observer listens to the session's events.
    """
    return engine.execution_options(**{_OBSERVE: observe})


def act_for(session: Session, user_id: int | None) -> None:
    """Note on whose behalf a session writes."""
    session.info[_ACTOR] = user_id


def actor(session: Session) -> int | None:
    """Id of the user on whose behalf a session writes; None: the server itself, or nobody known."""
    found: int | None = session.info.get(_ACTOR)
    return found


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one unchanging state of the database and stores nothing."""
    with new_session(engine, writes=False) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that is committed at the end of the block, or rolled back when the block raises."""
    with new_session(engine, writes=True) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()  # closing it does so too, but tells nobody
            raise


_OBSERVE = "observe"
_ACTOR = "actor"
_ON_COMMIT = "after_commit"
_ON_ROLLBACK = "after_rollback"


def after_commit(session: Session, action: Callable[[], None]) -> None:
    """Call ``action`` when (and only when) the session's current transaction is committed.

    For effects that a rollback cannot take back: removing files, waking the background workers.
    The action must not use ``session``.
    """
    session.info.setdefault(_ON_COMMIT, []).append(action)


def after_rollback(session: Session, action: Callable[[], None]) -> None:
    """Call ``action`` when (and only when) the current transaction of ``session`` is rolled back.

    Sessions of requests and of `writing` are, when anything fails; a session that is only closed tells nobody.

    For taking back what was done to files. The action must not use ``session``.
    """
    session.info.setdefault(_ON_ROLLBACK, []).append(action)


def _committed(session: Session) -> None:
    if session.in_nested_transaction():
        return  # A savepoint; the transaction goes on.
    session.info.pop(_ON_ROLLBACK, None)
    for action in session.info.pop(_ON_COMMIT, ()):
        action()


def _rolled_back(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop(_ON_COMMIT, None)
    for action in session.info.pop(_ON_ROLLBACK, ()):
        action()
