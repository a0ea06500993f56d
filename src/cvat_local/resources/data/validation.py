"""The ground truth job of a task: its frames, and which of them count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.http.errors import list_error
from cvat_local.media.errors import MediaError
from cvat_local.media.honeypots import PoolLayout, lay_out
from cvat_local.media.ordering import natural_key
from cvat_local.media.segments import Segment, Segmentation
from cvat_local.media.validation import (
    MANUAL,
    RANDOM_PER_JOB,
    FrameChoice,
    amount,
    by_name,
    choose,
    generator,
    uniform,
)
from cvat_local.resources.data.sources import Source
from cvat_local.storage.queries.honeypots import honeypots_of
from cvat_local.storage.tables import GROUND_TRUTH, GT, GT_POOL, Data, Job


def chosen_frames(
    choice: FrameChoice, names: Sequence[str], source: Source, segmentation: Segmentation
) -> list[int]:
    """The validation frames of a new task, in the mode ``gt``.

    Raises:
        MediaError: The media have not what is asked for.
    """
    if choice.frame_selection_method is None:
        raise MediaError("Ground truth needs frame_selection_method.")
    if choice.frame_selection_method == MANUAL:
        if source.video_path is not None:
            raise MediaError("Validation frames of a video cannot be listed by file names.")
        return by_name(names, [frame.name for frame in source.frames])
    if choice.frame_selection_method == RANDOM_PER_JOB:
        length = segmentation.segment_size or source.size
        count = amount(choice.frames_per_job_count, choice.frames_per_job_share, length)
        if count >= length:
            raise MediaError(f"{count} validation frames do not fit a job of {length} frames.")
    return choose(
        choice,
        source.size,
        segmentation.segments,
        segmentation.segment_size,
        overlap=segmentation.overlap,
    )


def pooled(
    choice: FrameChoice, names: Sequence[str], source: Source, segment_size: int
) -> tuple[Source, Segmentation, Segment]:
    """The media of a new task with honeypots, its jobs, and the frames of its pool.

    Raises:
        MediaError: The media have not what is asked for.
    """
    if source.video_path is not None:
        raise MediaError("There are no honeypots in videos.")
    frames = sorted(source.frames, key=lambda frame: natural_key(frame.name))
    random = generator(choice.random_seed)
    if choice.frame_selection_method == MANUAL:
        pool = by_name(names, [frame.name for frame in frames])
    else:
        count = amount(choice.frame_count, choice.frame_share, len(frames))
        pool = uniform(range(len(frames)), count, random)
    length = segment_size or len(frames)
    honeypots = amount(choice.frames_per_job_count, choice.frames_per_job_share, length)
    layout: PoolLayout = lay_out(len(frames), pool, honeypots, segment_size, random)
    shown = tuple(frames[number] for number in layout.frames)
    laid = replace(source, frames=shown, numbers=range(len(shown)))
    return laid, Segmentation(0, 0, layout.segments), layout.pool


def add_pool(db: Session, data: Data, pool: Segment) -> None:
    """Make the ground truth job of a new task with honeypots."""
    data.validation_mode = GT_POOL
    # The frames are in an order of the task's own.
    data.frame_filter = ""
    db.add(
        Job(task_id=data.task_id, type=GROUND_TRUTH, start_frame=pool.start, stop_frame=pool.stop)
    )
    db.flush()


def add_ground_truth(db: Session, data: Data, frames: Sequence[int]) -> Job:
    """Make the ground truth job of a task, which has none yet."""
    job = Job(
        task_id=data.task_id,
        type=GROUND_TRUTH,
        start_frame=0,
        stop_frame=data.size - 1,
        frames=list(frames),
    )
    data.validation_mode = GT
    data.disabled_frames = []
    db.add(job)
    db.flush()
    return job


def ground_truth_job(db: Session, task_id: int) -> Job | None:
    """The ground truth job of a task; None when it has none."""
    return db.scalar(select(Job).where(Job.task_id == task_id, Job.type == GROUND_TRUTH))


def disable_frames(
    db: Session, data: Data, validation: Sequence[int], numbers: Sequence[int]
) -> None:
    """Make ``numbers`` the validation frames that do not count.

    Those of a pool are deleted in the task, and the honeypots that show them.

    Args:
        db: The session.
        data: The media of the task.
        validation: Its validation frames.
        numbers: Some of them, by their positions in the task.

    Raises:
        ApiError: 400 for a frame that is no validation frame.
    """
    foreign = sorted(set(numbers) - set(validation))
    if foreign:
        raise list_error(f"These are no validation frames: {', '.join(map(str, foreign))}.")
    if data.has_honeypots:
        shown = honeypots_of(db, data)

        def with_honeypots(frames: Iterable[int]) -> set[int]:
            wanted = set(frames)
            return wanted | {place for place, real in shown.items() if real in wanted}

        others = set(data.deleted_frames) - with_honeypots(data.disabled_frames)
        data.deleted_frames = sorted(others | with_honeypots(numbers))
    data.disabled_frames = sorted(set(numbers))
