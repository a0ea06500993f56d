"""Honeypots of a task: frames of its jobs that show a frame of the ground truth pool."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.storage.tables import GROUND_TRUTH, Data, Frame, Job


def honeypots_of(db: Session, data: Data) -> dict[int, int]:
    """Position of each honeypot, ascending, with that of the pool frame that it shows.

    That is what makes a honeypot: its file is that of a frame of the pool.
    """
    if not data.has_honeypots:
        return {}
    truth = select(Job.start_frame).where(Job.task_id == data.task_id, Job.type == GROUND_TRUTH)
    first = db.scalars(truth).one()
    statement = select(Frame.number, Frame.path).where(Frame.data_id == data.id)
    rows = db.execute(statement.order_by(Frame.number)).all()
    pool = {path: number for number, path in rows if number >= first}
    return {number: pool[path] for number, path in rows if number < first and path in pool}


def honeypots_in(job: Job, honeypots: dict[int, int]) -> dict[int, int]:
    """Those of a task's honeypots that are in a job."""
    return {
        place: real
        for place, real in honeypots.items()
        if job.start_frame <= place <= job.stop_frame
    }


def honeypots_per_job(db: Session, data: Data) -> int:
    """How many honeypots each job has: so many as the first one."""
    first = select(Job).where(Job.task_id == data.task_id, Job.type == "annotation")
    job = db.scalars(first.order_by(Job.start_frame, Job.id).limit(1)).one()
    return len(honeypots_in(job, honeypots_of(db, data)))
