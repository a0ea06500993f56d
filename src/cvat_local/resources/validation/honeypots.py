"""What the honeypots of a task show, and what follows when that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from cvat_local.http.errors import field_errors, list_error
from cvat_local.media.errors import MediaError
from cvat_local.media.honeypots import least_used
from cvat_local.media.validation import MANUAL, RANDOM_UNIFORM, generator
from cvat_local.resources.data import TaskFolder
from cvat_local.storage.queries.honeypots import honeypots_in, honeypots_of
from cvat_local.storage.tables import GROUND_TRUTH, Data, Frame, Job, Shape, Tag, Task
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def show(call: Call, task: Task, data: Data, job: Job | None, values: Mapping[str, Any]) -> None:
    """Let honeypots show other frames of the pool.

    Args:
        call: The request.
        task: The task.
        data: Its media, with honeypots.
        job: The job whose honeypots these are; None: those of all jobs.
        values: The method, and with ``manual`` the frames.

    Raises:
        ApiError: 400.
    """
    statement = select(Job).where(Job.task_id == task.id).order_by(Job.start_frame, Job.id)
    every = call.db.scalars(statement).all()
    pool = next(range(j.start_frame, j.stop_frame + 1) for j in every if j.type == GROUND_TRUTH)
    parts = [job] if job is not None else [part for part in every if part.type == "annotation"]
    shown = honeypots_of(call.db, data)
    own = [place for part in parts for place in honeypots_in(part, shown)]
    if values["frame_selection_method"] == MANUAL:
        wanted = _listed(values["honeypot_real_frames"], len(own), pool, data)
    elif values["frame_selection_method"] == RANDOM_UNIFORM:
        wanted = _drawn(parts, shown, own, pool, data)
    else:
        text = f"Honeypots are chosen by {RANDOM_UNIFORM} or {MANUAL}."
        raise field_errors({"frame_selection_method": text})
    changed = {place: real for place, real in zip(own, wanted, strict=True) if shown[place] != real}
    if changed or values["frame_selection_method"] == RANDOM_UNIFORM:
        _store(call, task, data, changed, every)


def _listed(frames: Sequence[int], count: int, pool: range, data: Data) -> Sequence[int]:
    if len(frames) != count:
        raise list_error(f"There are {count} honeypots, which remain so many; got {len(frames)}.")
    foreign = sorted({number for number in frames if number not in pool})
    if foreign:
        raise list_error(f"Frames {', '.join(map(str, foreign))} are not in the pool.")
    disabled = sorted(set(frames).intersection(data.disabled_frames))
    if disabled:
        raise list_error(
            f"Frames {', '.join(map(str, disabled))} are disabled; restore them first."
        )
    return frames


def _drawn(
    parts: Sequence[Job],
    shown: dict[int, int],
    own: Sequence[int],
    pool: range,
    data: Data,
) -> list[int]:
    active = [number for number in pool if number not in data.disabled_frames]
    replaced = set(own)
    uses = Counter(real for place, real in shown.items() if place not in replaced)
    random = generator(None)
    try:
        return [
            real
            for part in parts
            for real in least_used(active, uses, len(honeypots_in(part, shown)), random)
        ]
    except MediaError as error:
        raise list_error(f"{error} Restore some of them.") from None


def _store(
    call: Call, task: Task, data: Data, changed: Mapping[int, int], jobs: Sequence[Job]
) -> None:
    db = call.db
    for place, real in changed.items():
        source = db.get_one(Frame, (data.id, real))
        frame = db.get_one(Frame, (data.id, place))
        frame.name, frame.path = source.name, source.path
        frame.width, frame.height = source.width, source.height
        frame.related_paths = source.related_paths
    now = utc_now()
    touched = [
        job.id
        for job in jobs
        if job.type != GROUND_TRUTH and any(job.start_frame <= n <= job.stop_frame for n in changed)
    ]
    # What was annotated on another image says nothing of this one.
    for table in (Shape, Tag):
        db.execute(delete(table).where(table.job_id.in_(touched), table.frame.in_(changed)))
    db.execute(update(Job).where(Job.id.in_(touched)).values(updated_date=now))
    data.deleted_frames = [number for number in data.deleted_frames if number not in changed]
    data.chunks_updated_date = task.updated_date = now
    if task.project is not None:
        task.project.updated_date = now
    folder = TaskFolder(call.app.files, task.id)
    call.app.files.discard_after_commit(db, [folder.chunks])
