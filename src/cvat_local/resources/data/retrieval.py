"""Handing out frames, chunks, previews and context images as a query asks for them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import ApiError, detail, list_error, string_error, text_error
from cvat_local.media import chunks
from cvat_local.media.errors import MediaError
from cvat_local.resources.data.frames import MediaFile, Quality, TaskMedia
from cvat_local.resources.data.meta import job_frames
from cvat_local.storage.tables import Data, Job, Task

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_PREVIEW = "preview"
"""A type that this server gives as earlier servers did, though the description has it no more."""


def ready_data(task: Task) -> Data:
    """The data of a task that has frames.

    Raises:
        ApiError: 400 when it has none yet.
    """
    if task.data is None or not task.data.size:
        raise list_error("The task has no data yet.")
    return task.data


def answer_task(call: Call, task: Task) -> Response:
    """Answer `tasks.retrieve_data`."""
    data = ready_data(task)
    media = TaskMedia(call.app.files, data)
    kind = call.parameter("type", also=(_PREVIEW,))
    if kind == _PREVIEW:
        return _send(lambda: media.preview(0))
    number = call.parameter("number")
    if number is None:
        raise list_error("The parameter number is missing.")
    quality = _quality(call)
    if kind == "chunk":
        return _send_chunk(data, lambda: _task_chunk(media, number, quality))
    if not 0 <= number < data.size:
        raise string_error(400, f"There is no frame {number}: the range is [0, {data.size - 1}].")
    return _send_frame(media, kind, number, quality)


def answer_job(call: Call, job: Job) -> Response:
    """Answer `jobs.retrieve_data`; frames have their numbers in the task."""
    data = ready_data(job.task)
    media = TaskMedia(call.app.files, data)
    kind = call.parameter("type", also=(_PREVIEW,))
    if kind == _PREVIEW:
        return _send(lambda: media.preview(job_frames(job)[0]))
    number, index = call.parameter("number"), call.parameter("index")
    quality = _quality(call)
    if kind == "chunk":
        if number is not None and index is not None:
            raise list_error("The parameters number and index exclude each other.")
        if index is not None:
            return _send_chunk(data, lambda: _job_chunk_by_index(media, job, index, quality))
        if number is None:
            raise list_error("One of the parameters number and index is needed.")
        return _send_chunk(data, lambda: _job_chunk_by_number(media, job, number, quality))
    if number is None:
        raise list_error("The parameter number is missing.")
    if number not in job_frames(job):
        raise string_error(400, f"Frame {number} is not in the job.")
    return _send_frame(media, kind, number, quality)


def answer_preview(call: Call, data: Data | None, number: int = 0) -> Response:
    """Answer a request for the preview of a task, job or project.

    Raises:
        ApiError: 404 when there are no frames.
    """
    if data is None or not data.size:
        raise text_error(404, "There is no preview: there are no frames yet.")
    return _send(lambda: TaskMedia(call.app.files, data).preview(number))


def _quality(call: Call) -> Quality:
    return "original" if call.parameter("quality") == "original" else "compressed"


# --- what is sent ----------------------------------------------------------------------------------


def _task_chunk(media: TaskMedia, number: int, quality: Quality) -> MediaFile:
    size, length = media.data.size, media.data.chunk_size or media.data.size
    last = (size - 1) // length
    if not 0 <= number <= last:
        raise string_error(400, f"There is no chunk {number}: the range is [0, {last}].")
    start = number * length
    stop = min(start + length, size) - 1
    return media.chunk(range(start, stop + 1), quality, f"{start}-{stop}")


def _job_chunk_by_number(media: TaskMedia, job: Job, number: int, quality: Quality) -> MediaFile:
    length = media.data.chunk_size or media.data.size
    _check_chunk(number, job.start_frame // length, job.stop_frame // length)
    start = max(number * length, job.start_frame)
    stop = min((number + 1) * length - 1, job.stop_frame)
    if job.frames is None:
        return media.chunk(range(start, stop + 1), quality, f"{start}-{stop}")
    own = set(job.frames)
    numbers = [position if position in own else None for position in range(start, stop + 1)]
    return media.chunk(numbers, quality, f"job-{job.id}-{start}-{stop}")


def _job_chunk_by_index(media: TaskMedia, job: Job, index: int, quality: Quality) -> MediaFile:
    length = media.data.chunk_size or media.data.size
    positions = job_frames(job)
    _check_chunk(index, 0, (len(positions) - 1) // length)
    part = positions[index * length : (index + 1) * length]
    if job.frames is None:
        return media.chunk(part, quality, f"{part[0]}-{part[-1]}")
    return media.chunk(part, quality, f"job-{job.id}-index-{index}")


def _check_chunk(number: int, first: int, last: int) -> None:
    if not first <= number <= last:
        raise list_error(f"There is no chunk {number}: the range is [{first}, {last}].")


def _send(find: Callable[[], MediaFile]) -> Response:
    found = _found(find)
    return outputs.file(found.path, found.media_type)


def _send_chunk(data: Data, find: Callable[[], MediaFile]) -> Response:
    found = _found(find)
    response = outputs.file(found.path, found.media_type)
    response.headers["X-Checksum"] = str(chunks.checksum(found.path))
    response.headers["X-Updated-Date"] = msgspec.to_builtins(data.chunks_updated_date)
    return response


def _found(find: Callable[[], MediaFile]) -> MediaFile:
    try:
        found = find()
    except MediaError as error:
        raise _unreadable(error) from error
    if not found.path.is_file():
        raise _unreadable(MediaError(f"The file {found.path.name!r} is missing."))
    return found


def _send_frame(media: TaskMedia, kind: str, number: int, quality: Quality) -> Response:
    if kind == "frame":
        return _send(lambda: media.frame_file(number, quality))
    context = media.context_images(number)
    return _context_zip(context)


def _context_zip(context: Sequence[chunks.ChunkImage]) -> Response:
    buffer = io.BytesIO()
    try:
        chunks.write_context_zip(buffer, context)
    except MediaError as error:
        raise _unreadable(error) from error
    if not context:
        # Clients know "no context images" by this: an empty zip without a content type.
        return Response(buffer.getvalue())
    return outputs.bytes_(buffer.getvalue(), "application/zip")


def _unreadable(error: MediaError) -> ApiError:
    return detail(500, f"The stored media cannot be read. {error}")
