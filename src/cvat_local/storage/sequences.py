"""Ids for annotation objects, handed out in blocks."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.storage.tables import IdSequence

SequenceName = Literal["tag", "shape", "track", "tracked_shape"]


def take_ids(db: Session, name: SequenceName, count: int) -> range:
    """``count`` ids that no object of this kind has had. They are spent when the session commits."""
    sequence = _locked(db, name)
    first = sequence.next_id
    sequence.next_id = first + count
    db.flush()
    return range(first, first + count)


def reserve_id(db: Session, name: SequenceName, used: int) -> None:
    """Make sure that ``used``, an id chosen by a client, is not handed out later."""
    sequence = _locked(db, name)
    sequence.next_id = max(sequence.next_id, used + 1)
    db.flush()


def _locked(db: Session, name: SequenceName) -> IdSequence:
    statement = select(IdSequence).where(IdSequence.name == name).with_for_update()
    # The row may have been changed by another session since this one read it.
    found = db.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        found = IdSequence(name=name, next_id=1)
        db.add(found)
    return found
