"""How the ground truth of tasks and jobs is written."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cvat_local.resources.data import ground_truth_job, job_frames
from cvat_local.storage.tables import Task


def of_task(db: Session, task: Task) -> dict[str, Any]:
    """The layout of a task (``TaskValidationLayoutRead``): two nulls without ground truth."""
    truth = ground_truth_job(db, task.id)
    if task.data is None or truth is None:
        return {"mode": None, "frames_per_job_count": None}
    return {
        "mode": task.data.validation_mode,
        "frames_per_job_count": None,
        "validation_frames": list(job_frames(truth)),
        "disabled_frames": task.data.disabled_frames,
    }
