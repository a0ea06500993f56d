"""What may be written to a job, and what follows from it for its task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cvat_local.http.errors import forbidden, list_error
from cvat_local.resources.jobs import access
from cvat_local.resources.shared.changes import set_assignee, set_fields
from cvat_local.resources.shared.people import check_person
from cvat_local.storage.tables import GROUND_TRUTH, Job, Task, User
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_EDITED = {"state"}
_MANAGED = {"stage", "assignee"}


def check_rights(user: User, job: Job, fields: set[str]) -> None:
    """Make sure that the user may change these fields.

    Raises:
        ApiError: 403, also for a field that nobody can change.
    """
    fixed = fields - _EDITED - _MANAGED
    if fixed:
        raise forbidden(f"These fields cannot be changed: {', '.join(sorted(fixed))}.")
    allowed = (
        access.may_view(user, job)
        and (not fields & _EDITED or access.may_edit(user, job))
        and (not fields & _MANAGED or access.may_manage(user, job))
    )
    if not allowed:
        raise forbidden()


def update(call: Call, job: Job, values: Mapping[str, Any]) -> None:
    """Change a job by checked input (``PatchedJobWriteRequest``), and its task's status with it."""
    check_person(call, values, "assignee", job.task.organization_id)
    if values.get("stage", job.stage) != job.stage:
        # A new stage is a new piece of work.
        values = {"state": "new", **values}
    changed = set_fields(job, values, ("stage", "state"))
    if "assignee" in values:
        changed |= set_assignee(job, values["assignee"])
    job.status = status_of(job.stage, job.state)
    if changed:
        job.updated_date = utc_now()
    call.db.flush()
    update_task_status(call.db, job.task)
    # The assignee that was loaded before may be another now.
    call.db.expire(job, ["assignee"])


def destroy(call: Call, job: Job) -> None:
    """Delete a ground truth job; other jobs stay as long as their task does."""
    if job.type != GROUND_TRUTH:
        raise list_error("Only ground truth jobs can be deleted.")
    if job.task.data is not None:
        if job.task.data.has_honeypots:
            raise list_error("The ground truth job of a task with honeypots cannot be deleted.")
        job.task.data.validation_mode = None
        job.task.data.disabled_frames = []
    call.app.queue.discard_after_commit(call.db)
    call.db.execute(delete(Job).where(Job.id == job.id))


def status_of(stage: str, state: str) -> str:
    """Status of a job, which older clients read in place of stage and state."""
    if stage == "annotation":
        return "annotation"
    return "completed" if (stage, state) == ("acceptance", "completed") else "validation"


def update_task_status(db: Session, task: Task) -> None:
    """Set a task's status to that of its least advanced job."""
    found = set(db.scalars(select(Job.status).where(Job.task_id == task.id)))
    order = ("annotation", "validation", "completed")
    status = next((status for status in order if status in found), task.status)
    if task.status != status:
        task.status = status
        task.updated_date = utc_now()
