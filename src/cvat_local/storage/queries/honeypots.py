"""Honeypots of a task: frames of its jobs that show a frame of the ground truth pool."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.storage.tables import Data, Frame, Job


def honeypots_of(db: Session, data: Data) -> dict[int, int]:
    """Position of each honeypot, ascending, with that of the pool frame that it shows.

    That is what makes a honeypot: its file is that of a frame of the pool.
    """
    if data.validation_mode != "gt_pool":
        return {}
    truth = select(Job.start_frame).where(Job.task_id == data.task_id, Job.type == "ground_truth")
    first = db.scalars(truth).one()
    statement = select(Frame.number, Frame.path).where(Frame.data_id == data.id)
    rows = db.execute(statement.order_by(Frame.number)).all()
    pool = {path: number for number, path in rows if number >= first}
    return {number: pool[path] for number, path in rows if number < first and path in pool}
