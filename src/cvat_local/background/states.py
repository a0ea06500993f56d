"""The life of a background request, as steps on its row.

    queued -> started -> finished | failed      then, after a while, removed
       |         `-> queued (the server stopped in between, once)
       `-> removed (cancelled)

A step names the ``run`` that it is about and does nothing when the row has moved on: the work was
cancelled, its target deleted, or the same work asked for anew. All steps take the time as an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.storage.tables import Request

QUEUED = "queued"
STARTED = "started"
FINISHED = "finished"
FAILED = "failed"
UNDER_WAY = (QUEUED, STARTED)

MAX_ATTEMPTS = 2
"""How often work is begun that each time ends with the server's end."""

_LIFETIMES = {
    ("create", FINISHED): timedelta(seconds=500),
    ("create", FAILED): timedelta(days=365),
    ("export", FINISHED): timedelta(hours=24),
    ("export", FAILED): timedelta(hours=24),
    ("import", FINISHED): timedelta(hours=1),
    ("import", FAILED): timedelta(days=30),
}
_LIFETIME = timedelta(hours=24)


def start(db: Session, request_id: str, run: str, now: datetime) -> Request | None:
    """Take a queued request to work on; None when it is no longer there to be worked on."""
    request = _find(db, request_id, run)
    if request is None or request.status != QUEUED:
        return None
    request.status = STARTED
    request.started_date = now
    request.attempts += 1
    return request


def finish(
    db: Session,
    request_id: str,
    run: str,
    now: datetime,
    *,
    result_path: str | None = None,
    result_filename: str | None = None,
    result_id: int | None = None,
) -> bool:
    """Record the result of started work; False when nobody waits for it any more."""
    request = _find(db, request_id, run)
    if request is None or request.status != STARTED:
        return False
    request.result_path = result_path
    request.result_filename = result_filename
    request.result_id = result_id
    # As CVAT has it: how far it is is said of started work only.
    request.progress = 0.0
    request.message = ""
    _end(request, FINISHED, now)
    return True


def fail(db: Session, request_id: str, run: str, now: datetime, message: str) -> bool:
    """Record why started work failed; False when nobody waits for it any more."""
    request = _find(db, request_id, run)
    if request is None or request.status != STARTED:
        return False
    request.message = message
    _end(request, FAILED, now)
    return True


def put_back(db: Session, request_id: str, run: str) -> None:
    """Queue started work again that was given up because the server shuts down."""
    request = _find(db, request_id, run)
    if request is not None and request.status == STARTED:
        request.status = QUEUED
        request.started_date = None
        request.attempts -= 1


def recover(db: Session, now: datetime) -> list[Request]:
    """After a start: what has to be queued, the oldest first.

    Work that was under way when the server died is begun once more; if it was the second time
    already, it fails, as it may be what kills the server.
    """
    statement = select(Request).where(Request.status.in_(UNDER_WAY)).order_by(Request.created_date)
    waiting = []
    for request in db.scalars(statement):
        if request.status == STARTED and request.attempts >= MAX_ATTEMPTS:
            request.message = (
                f"The server stopped {request.attempts} times while working on this request."
            )
            _end(request, FAILED, now)
        else:
            request.status = QUEUED
            request.started_date = None
            waiting.append(request)
    return waiting


def expired(db: Session, now: datetime) -> Sequence[Request]:
    """Requests whose result nobody came for in time."""
    return db.scalars(select(Request).where(Request.expiry_date <= now)).all()


def _find(db: Session, request_id: str, run: str) -> Request | None:
    statement = select(Request).where(Request.id == request_id, Request.run == run)
    return db.scalars(statement.with_for_update()).one_or_none()


def _end(request: Request, status: str, now: datetime) -> None:
    request.status = status
    request.finished_date = now
    request.expiry_date = now + _LIFETIMES.get((request.action, status), _LIFETIME)
