"""The background work behind "attach media to a task": frames and jobs out of uploads."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import insert
from sqlalchemy.orm import Session

from cvat_local.background.work import WorkContext, WorkFailed, Works
from cvat_local.media.errors import MediaError
from cvat_local.media.segments import Segment, Segmentation, split, split_by_files
from cvat_local.resources.data.cloud import fetch_media
from cvat_local.resources.data.folder import TaskFolder
from cvat_local.resources.data.frames import VIDEO
from cvat_local.resources.data.parameters import Parameters, mapping_conflicts
from cvat_local.resources.data.shared_files import copy_media
from cvat_local.resources.data.sources import Source, prepare
from cvat_local.resources.data.upload import LOCAL
from cvat_local.resources.data.validation import (
    add_ground_truth,
    add_pool,
    chosen_frames,
    pooled,
)
from cvat_local.storage.files import DataFolder
from cvat_local.storage.tables import Data, Frame, Job, Task
from cvat_local.storage.types import utc_now

REPLICA = "replica"
"""Type of jobs in which the same frames are annotated again."""

work = Works()


@work("create", "task")
def create_task_data(context: WorkContext) -> None:
    """Make the frames and jobs of a task out of what was uploaded for it.

    All rows are stored in one transaction at the end, so that after an error or a crash the task is as it
    was before, and the work can be done again.
    """
    if context.task_id is None:
        raise WorkFailed("The request names no task.")
    parameters = Parameters.from_json(context.params)
    with context.reading() as db:
        task = db.get(Task, context.task_id)
        if task is None or task.data is None or task.data.size:
            # Deleted in the meantime, or all was stored just before the server died.
            return
        segment_size, overlap = task.segment_size, task.overlap
    folder = TaskFolder(context.files, context.task_id)
    try:
        if parameters.job_file_mapping is not None:
            conflicts = mapping_conflicts(parameters, segment_size)
            if conflicts:
                raise MediaError(f"job_file_mapping cannot be used with {', '.join(conflicts)}.")
        if parameters.cloud_storage_id is not None:
            fetch_media(context, folder, parameters)
        if parameters.from_share:
            copy_media(context, folder, parameters)
        source = prepare(folder, parameters, context.progress)
        pool: Segment | None = None
        truth: list[int] | None = None
        if parameters.validation is not None and parameters.validation_pool:
            _check_pool(parameters, overlap)
            source, segmentation, pool = pooled(
                parameters.validation, parameters.validation_files, source, segment_size
            )
        else:
            segmentation = _segmentation(source, parameters, segment_size, overlap)
            truth = _ground_truth(source, parameters, segmentation)
    except MediaError as error:
        folder.files.discard(folder.media)
        raise WorkFailed(str(error)) from error
    with context.session() as db:
        task = db.get(Task, context.task_id)
        if task is None or task.data is None or task.data.size:
            return
        store_source(db, context.files, task, task.data, source, segmentation)
        if truth is not None:
            add_ground_truth(db, task.data, truth)
        if pool is not None:
            add_pool(db, task.data, pool)
        if source.video_path is not None and not parameters.use_zip_chunks:
            task.data.compressed_chunk_type = VIDEO
    folder.tidy(remove=source.spent)


def _segmentation(
    source: Source, parameters: Parameters, segment_size: int, overlap: int | None
) -> Segmentation:
    if parameters.job_file_mapping is not None:
        return split_by_files(parameters.job_file_mapping)
    return split(source.size, segment_size, overlap, video=source.video_path is not None)


def _check_pool(parameters: Parameters, overlap: int | None) -> None:
    if parameters.sorting_method != "random":
        raise MediaError(
            "Honeypots are hidden among frames in random order: sorting_method random."
        )
    if overlap or parameters.job_file_mapping is not None:
        raise MediaError("Honeypots exclude an overlap of jobs and job_file_mapping.")


def _ground_truth(
    source: Source, parameters: Parameters, segmentation: Segmentation
) -> list[int] | None:
    if parameters.validation is None:
        return None
    return chosen_frames(parameters.validation, parameters.validation_files, source, segmentation)


def store_source(
    db: Session,
    files: DataFolder,
    task: Task,
    data: Data,
    source: Source,
    segmentation: Segmentation,
) -> None:
    """Note the frames of a task, whose files are where they are to stay, and make its jobs."""
    store_media(db, files, task, data, source)
    task.segment_size = segmentation.segment_size
    task.overlap = segmentation.overlap
    for segment in segmentation.segments:
        job = Job(task_id=task.id, start_frame=segment.start, stop_frame=segment.stop)
        db.add(job)
        # One by one: ids ascend with the frames, and replicas follow their job.
        db.flush()
        for _ in range(task.consensus_replicas):
            db.add(
                Job(
                    task_id=task.id,
                    parent_job_id=job.id,
                    type=REPLICA,
                    start_frame=segment.start,
                    stop_frame=segment.stop,
                )
            )
            db.flush()


def store_media(db: Session, files: DataFolder, task: Task, data: Data, source: Source) -> None:
    """Note the frames of a task, whose files are where they are to stay."""
    now = utc_now()
    data.size = source.size
    data.chunk_size = source.chunk_size
    data.start_frame = source.numbers[0]
    data.stop_frame = source.numbers[-1]
    data.deleted_frames = []
    data.chunks_updated_date = now
    if source.spent is not None or source.video_path is not None:
        # Archives and videos are not read from where they lie, in CVAT neither.
        data.storage, data.cloud_storage_id = LOCAL, None
    if source.video_path is not None:
        data.original_chunk_type = VIDEO
        data.video_path = files.relative(source.video_path)
        data.chapters = msgspec.to_builtins(source.chapters)
    task.mode = "annotation" if source.video_path is None else "interpolation"
    task.updated_date = now
    db.execute(insert(Frame), _frame_rows(files, data.id, source))


def _frame_rows(files: DataFolder, data_id: int, source: Source) -> list[dict[str, Any]]:
    return [
        {
            "data_id": data_id,
            "number": number,
            "name": frame.name,
            "path": files.relative(frame.path),
            "width": frame.width,
            "height": frame.height,
            "related_paths": [files.relative(path) for path in frame.related],
        }
        for number, frame in enumerate(source.frames)
    ]
