"""What may be written to the ground truth of a task, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.http.errors import field_errors, forbidden, list_error, non_field_error
from cvat_local.media.errors import MediaError
from cvat_local.media.segments import Segment
from cvat_local.media.validation import MANUAL, FrameChoice, by_number, choose
from cvat_local.resources import tasks
from cvat_local.resources.data import (
    NUMBERS,
    add_ground_truth,
    check_choice,
    disable_frames,
    ground_truth_job,
    job_frames,
    ready_data,
)
from cvat_local.resources.shared.changes import set_assignee
from cvat_local.resources.shared.people import check_person
from cvat_local.resources.validation import honeypots
from cvat_local.storage.tables import GROUND_TRUTH, Data, Job, Task
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_FIELDS = {"type", "task_id", "frame_selection_method", "assignee"}


def create(call: Call, values: Mapping[str, Any]) -> Job:
    """Make a ground truth job of checked input (``JobWriteRequest``).

    Raises:
        ApiError: 400, 403.
    """
    if values["type"] != GROUND_TRUTH:
        raise list_error(f"Jobs of type {values['type']} are made with the data of their task.")
    check_choice(values)
    method = values.get("frame_selection_method")
    if method is None:
        raise field_errors({"frame_selection_method": "This field is required."})
    used = {"frames"} if method == MANUAL else {*NUMBERS[method], "random_seed"}
    unused = sorted(values.keys() - _FIELDS - used)
    if unused:
        raise list_error(f"These fields have no effect here: {', '.join(unused)}.")
    task = call.db.get(Task, values["task_id"])
    if task is None:
        raise list_error(f"There is no task {values['task_id']}.")
    if not tasks.may_edit(call.user, task):
        raise forbidden()
    check_person(call, values, "assignee", task.organization_id)
    data = ready_data(task)
    if task.dimension != "2d":
        raise list_error("Ground truth is for images and videos only.")
    if ground_truth_job(call.db, task.id) is not None:
        raise list_error("The task has a ground truth job already.")
    try:
        frames = _frames(call.db, task, data, values)
    except MediaError as error:
        raise list_error(str(error)) from None
    job = add_ground_truth(call.db, data, frames)
    set_assignee(job, values.get("assignee"))
    call.db.flush()
    return job


def update(call: Call, task: Task, values: Mapping[str, Any]) -> None:
    """Choose which validation frames count (``PatchedTaskValidationLayoutWriteRequest``).

    Raises:
        ApiError: 400; nothing is changed then.
    """
    method = _check_method(values)
    if not values:
        return
    truth = ground_truth_job(call.db, task.id)
    if task.data is None or truth is None:
        raise list_error("The task has no ground truth.")
    if method is not None and not task.data.has_honeypots:
        raise list_error("The task has no honeypots: its validation mode is gt.")
    if "disabled_frames" in values:
        disable_frames(call.db, task.data, job_frames(truth), values["disabled_frames"])
        task.updated_date = utc_now()
    if method is not None:
        honeypots.show(call, task, task.data, None, values)


def update_job(call: Call, job: Job, values: Mapping[str, Any]) -> None:
    """Choose what the honeypots of a job show (``PatchedJobValidationLayoutWriteRequest``).

    Raises:
        ApiError: 400; nothing is changed then.
    """
    if "frame_selection_method" not in values:
        raise field_errors({"frame_selection_method": "This field is required."})
    _check_method(values)
    data = ready_data(job.task)
    if not data.has_honeypots:
        raise list_error("The task has no honeypots.")
    if job.type == GROUND_TRUTH:
        raise list_error("There are no honeypots in the ground truth job.")
    honeypots.show(call, job.task, data, job, values)


def _check_method(values: Mapping[str, Any]) -> str | None:
    method: str | None = values.get("frame_selection_method")
    if method == MANUAL and "honeypot_real_frames" not in values:
        raise non_field_error("The method manual needs the field honeypot_real_frames.")
    if method != MANUAL and "honeypot_real_frames" in values:
        raise non_field_error("The field honeypot_real_frames goes with the method manual only.")
    return method


def _frames(db: Session, task: Task, data: Data, values: Mapping[str, Any]) -> list[int]:
    if values["frame_selection_method"] == MANUAL:
        return by_number(values["frames"], data.size)
    names = FrameChoice.__struct_fields__
    choice = FrameChoice(**{name: values[name] for name in names if name in values})
    statement = select(Job.start_frame, Job.stop_frame).where(
        Job.task_id == task.id, Job.type == "annotation"
    )
    segments = [Segment(*row) for row in db.execute(statement.order_by(Job.start_frame))]
    return choose(
        choice,
        data.size,
        segments,
        task.segment_size,
        overlap=task.overlap or 0,
        deleted=data.deleted_frames,
    )
