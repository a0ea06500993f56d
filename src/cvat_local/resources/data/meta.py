"""The description of a task's or job's media, and which of its frames count as deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.http.errors import field_errors, list_error
from cvat_local.resources.data.frames import source_number
from cvat_local.resources.data.validation import disable_frames, ground_truth_job
from cvat_local.storage.tables import GROUND_TRUTH, Data, Frame, Job

_PLACEHOLDER = "placeholder.jpg"


def task_meta(db: Session, data: Data) -> dict[str, Any]:
    """The document of `tasks.retrieve_data_meta`."""
    last = max(data.size - 1, 0)
    return {
        **_common(data, 0, last),
        "size": data.size,
        "frames": _frames(db, data, 0, last),
        "deleted_frames": data.deleted_frames,
        "included_frames": None,
    }


def job_meta(db: Session, data: Data, job: Job) -> dict[str, Any]:
    """The document of `jobs.retrieve_data_meta`: the frames of the job alone."""
    frames = _frames(db, data, job.start_frame, job.stop_frame)
    positions = job_frames(job)
    # What is deleted in the task is in its ground truth too; what does not count there is no part of it.
    deleted = set(data.deleted_frames)
    if job.type == GROUND_TRUTH:
        deleted |= set(data.disabled_frames)
    included = None
    if job.frames is not None:
        included = [source_number(data, number) for number in positions]
        if data.video_path is None:
            part = set(positions)
            for number, frame in enumerate(frames, job.start_frame):
                if number not in part:
                    frame.update(name=_PLACEHOLDER, related_files=0, has_related_context=False)
    return {
        **_common(data, job.start_frame, job.stop_frame),
        "size": len(positions),
        "frames": frames,
        "deleted_frames": [number for number in positions if number in deleted],
        "included_frames": included,
    }


def job_frames(job: Job) -> Sequence[int]:
    """Positions in the task of the frames that a job has, ascending."""
    if job.frames is not None:
        return sorted(job.frames)
    return range(job.start_frame, job.stop_frame + 1)


def delete_task_frames(db: Session, data: Data, numbers: Sequence[int]) -> None:
    """Make ``numbers`` the deleted frames of the task.

    Raises:
        ApiError: 400 when a number is repeated, there is no such frame, or it is one of a pool.
    """
    _check_numbers(data, numbers)
    truth = ground_truth_job(db, data.task_id) if data.has_honeypots else None
    if truth is not None:
        changed = set(numbers).intersection(job_frames(truth)) ^ set(data.disabled_frames)
        if changed:
            text = "Frames of the pool are deleted and restored in the ground truth job."
            raise field_errors({"deleted_frames": text})
    data.deleted_frames = list(numbers)


def delete_job_frames(db: Session, data: Data, job: Job, numbers: Sequence[int]) -> None:
    """Make ``numbers`` the deleted frames among those of the job; the task's others stay.

    Those of a ground truth job are not deleted in the task: they are not compared.

    Raises:
        ApiError: 400 when a number is repeated or is not in the job.
    """
    own = job_frames(job)
    if job.type == GROUND_TRUTH:
        _check_numbers(data, numbers)
        disable_frames(db, data, own, numbers)
        return
    foreign = [number for number in numbers if number not in own]
    if foreign:
        raise list_error(f"Frames {_listed(foreign)} are not in the job.")
    _check_numbers(data, numbers)
    kept = [number for number in data.deleted_frames if number not in own]
    data.deleted_frames = sorted({*kept, *numbers})


def _check_numbers(data: Data, numbers: Sequence[int]) -> None:
    if len(set(numbers)) < len(numbers):
        raise field_errors({"deleted_frames": "A frame is listed more than once."})
    unknown = [number for number in numbers if not 0 <= number < data.size]
    if unknown:
        raise field_errors({"deleted_frames": f"There are no frames {_listed(unknown)}."})


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _common(data: Data, start: int, stop: int) -> dict[str, Any]:
    return {
        "chapters": data.chapters,
        "chunks_updated_date": data.chunks_updated_date,
        "chunk_size": data.chunk_size,
        "image_quality": data.image_quality,
        "start_frame": source_number(data, start),
        "stop_frame": source_number(data, stop),
        "frame_filter": data.frame_filter,
        "storage": data.storage,
        "cloud_storage_id": data.cloud_storage_id,
    }


def _frames(db: Session, data: Data, start: int, stop: int) -> list[dict[str, Any]]:
    columns = select(Frame.name, Frame.width, Frame.height, Frame.related_paths)
    statement = columns.where(Frame.data_id == data.id).order_by(Frame.number)
    if data.video_path is None:
        statement = statement.where(Frame.number.between(start, stop))
    return [
        {
            "width": width,
            "height": height,
            "name": name,
            "related_files": len(related_paths),
            "has_related_context": bool(related_paths),
        }
        for name, width, height, related_paths in db.execute(statement)
    ]
