"""How the ground truth of tasks and jobs is written."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cvat_local.resources.data import ground_truth_job, job_frames
from cvat_local.storage.queries.honeypots import honeypots_in, honeypots_of, honeypots_per_job
from cvat_local.storage.tables import Job, Task


def of_task(db: Session, task: Task) -> dict[str, Any]:
    """The layout of a task (``TaskValidationLayoutRead``): two nulls without ground truth."""
    truth = ground_truth_job(db, task.id)
    if task.data is None or truth is None:
        return {"mode": None, "frames_per_job_count": None}
    data = task.data
    return {
        "mode": data.validation_mode,
        "frames_per_job_count": honeypots_per_job(db, data) if data.has_honeypots else None,
        "validation_frames": list(job_frames(truth)),
        "disabled_frames": data.disabled_frames,
        **(_honeypots(honeypots_of(db, data)) if data.has_honeypots else {}),
    }


def of_job(db: Session, job: Job) -> dict[str, Any]:
    """The layout of a job (``JobValidationLayoutRead``): nothing unless its task has honeypots."""
    data = job.task.data
    if data is None or not data.has_honeypots:
        return {}
    return _honeypots(honeypots_in(job, honeypots_of(db, data)))


def _honeypots(found: dict[int, int]) -> dict[str, Any]:
    return {
        "honeypot_count": len(found),
        "honeypot_frames": list(found),
        "honeypot_real_frames": list(found.values()),
    }
