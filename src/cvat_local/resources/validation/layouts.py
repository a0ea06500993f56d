"""How the ground truth of tasks and jobs is written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.resources.data import GT_POOL, ground_truth_job, job_frames
from cvat_local.storage.queries.honeypots import honeypots_of
from cvat_local.storage.tables import Data, Job, Task


def of_task(db: Session, task: Task) -> dict[str, Any]:
    """The layout of a task (``TaskValidationLayoutRead``): two nulls without ground truth."""
    truth = ground_truth_job(db, task.id)
    if task.data is None or truth is None:
        return {"mode": None, "frames_per_job_count": None}
    honeypots = honeypots_of(db, task.data)
    return {
        "mode": task.data.validation_mode,
        "frames_per_job_count": _per_job(db, task, honeypots),
        "validation_frames": list(job_frames(truth)),
        "disabled_frames": task.data.disabled_frames,
        **({} if task.data.validation_mode != GT_POOL else _honeypots(honeypots)),
    }


def of_job(db: Session, job: Job) -> dict[str, Any]:
    """The layout of a job (``JobValidationLayoutRead``): nothing unless its task has honeypots."""
    data = job.task.data
    if data is None or data.validation_mode != GT_POOL:
        return {}
    return _honeypots(honeypots_in(db, data, job))


def honeypots_in(db: Session, data: Data, job: Job) -> dict[int, int]:
    """The honeypots of a job, with the frames that they show."""
    return {
        place: real
        for place, real in honeypots_of(db, data).items()
        if job.start_frame <= place <= job.stop_frame
    }


def _honeypots(found: dict[int, int]) -> dict[str, Any]:
    return {
        "honeypot_count": len(found),
        "honeypot_frames": list(found),
        "honeypot_real_frames": list(found.values()),
    }


def _per_job(db: Session, task: Task, honeypots: dict[int, int]) -> int | None:
    if not honeypots:
        return None
    first = db.scalars(
        select(Job.stop_frame)
        .where(Job.task_id == task.id, Job.type == "annotation")
        .order_by(Job.start_frame)
    ).first()
    return sum(place <= (first or 0) for place in honeypots)
