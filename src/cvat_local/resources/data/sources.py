"""Turning uploads into frames: the slow part of creating a task's data, without the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from cvat_local.media import images, video
from cvat_local.media.archives import extract_images
from cvat_local.media.chunks import VIDEO_CHUNK_SIZE, default_chunk_size
from cvat_local.media.errors import MediaError
from cvat_local.media.kinds import MediaKind, classify
from cvat_local.media.ordering import frame_step, order, select_frames
from cvat_local.media.parallel import each
from cvat_local.media.related import related_images
from cvat_local.resources.data.folder import TaskFolder
from cvat_local.resources.data.parameters import Parameters
from cvat_local.storage.engine import after_rollback

VIDEO_INDEX = "video-index.json"
"""Where the index of a video is kept, in the task's folder of made media."""

_UNSUPPORTED_KINDS = {
    MediaKind.PDF: "PDF documents",
    MediaKind.ARCHIVE: "archives other than zip",
    MediaKind.POINT_CLOUD: "point clouds",
}

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class SourceFrame:
    """A frame of images as it is going to be stored."""

    name: str
    path: Path
    """The image with its rotation applied: the upload itself, or a copy."""
    width: int
    height: int
    related: tuple[Path, ...] = ()
    """Its context images."""


@dataclass(frozen=True)
class Source:
    """Everything that is known of a task's media before its frames are stored."""

    frames: tuple[SourceFrame, ...]
    """In the order of the task; of a video one that stands for all."""
    numbers: range
    """Source numbers of the task's frames."""
    chunk_size: int
    video_path: Path | None = None
    chapters: tuple[video.Chapter, ...] = ()
    spent: str | None = None
    """An upload that is not needed any more once the frames are stored."""

    @property
    def size(self) -> int:
        """Frames of the task."""
        return len(self.numbers)


def prepare(folder: TaskFolder, parameters: Parameters, progress: Progress) -> Source:
    """Read all media and write what is to be made of them into ``folder.media``.

    Safe to repeat: what an earlier attempt left is made anew.

    Args:
        folder: The task's folder, with the uploads.
        parameters: What the client chose.
        progress: Told how much is done, from 0 to 1, and what is being done.

    Raises:
        MediaError: The media cannot be used.
    """
    folder.files.discard(folder.media)
    uploads = folder.names()
    found = classify(uploads)
    if found.kind in _UNSUPPORTED_KINDS:
        raise MediaError(
            f"This server does not support {_UNSUPPORTED_KINDS[found.kind]} ({found.names[0]!r})."
        )
    if found.kind is MediaKind.VIDEO:
        return _prepare_video(folder, found.names[0], parameters)
    if found.kind is MediaKind.ZIP:
        progress(0.0, "Unpacking the archive")
        archive = found.names[0]
        unpacked = folder.media / "unpacked"
        names = extract_images(folder.uploads / archive, archive, unpacked)
        return _prepare_images(folder, unpacked, names, parameters, progress, spent=archive)
    return _prepare_images(folder, folder.uploads, uploads, parameters, progress)


def _prepare_images(
    folder: TaskFolder,
    root: Path,
    names: Sequence[str],
    parameters: Parameters,
    progress: Progress,
    *,
    spent: str | None = None,
) -> Source:
    candidates = classify(names).names
    related = related_images(names, candidates)
    ordered = _ordered(candidates, parameters)
    numbers = select_frames(
        len(ordered),
        parameters.start_frame,
        parameters.stop_frame,
        frame_step(parameters.frame_filter),
    )

    def read(name: str) -> SourceFrame:
        path = root / name
        info = images.probe(path, name)
        if not info.upright:
            upright = folder.media / "upright" / name
            images.write_upright(path, name, upright)
            path = upright
        context = tuple(root / image for image in related.get(name, ()))
        return SourceFrame(name, path, info.width, info.height, context)

    frames = []
    for frame in each(read, (ordered[number] for number in numbers)):
        frames.append(frame)
        progress(len(frames) / len(numbers), "Reading the images")
    first = frames[0]
    chunk_size = parameters.chunk_size or default_chunk_size(first.width, first.height)
    return Source(tuple(frames), numbers, chunk_size, spent=spent)


def _ordered(candidates: Sequence[str], parameters: Parameters) -> list[str]:
    """Names of the frames in the order of the task, before start, stop and step."""
    if parameters.job_file_mapping is not None:
        listed = [name for files in parameters.job_file_mapping for name in files]
        unknown = sorted(set(listed) - set(candidates))
        if unknown:
            raise MediaError(f"job_file_mapping lists {unknown[0]!r}, which was not uploaded.")
        return listed
    if parameters.sorting_method == "predefined" and parameters.upload_file_order:
        # The list names all uploads; images from an archive are not in it and keep their order.
        place = {name: index for index, name in enumerate(parameters.upload_file_order)}
        return sorted(candidates, key=lambda name: place.get(name, 0))
    return order(candidates, parameters.sorting_method)


def _prepare_video(folder: TaskFolder, name: str, parameters: Parameters) -> Source:
    if parameters.job_file_mapping is not None:
        raise MediaError("job_file_mapping lists images; it cannot be used with a video.")
    path = folder.uploads / name
    info = video.probe(path, name)
    numbers = select_frames(
        info.frame_count,
        parameters.start_frame,
        parameters.stop_frame,
        frame_step(parameters.frame_filter),
    )
    folder.media.mkdir(parents=True, exist_ok=True)
    (folder.media / VIDEO_INDEX).write_bytes(msgspec.json.encode(info.index))
    return Source(
        frames=(SourceFrame(name, path, info.width, info.height),),
        numbers=numbers,
        chunk_size=parameters.chunk_size or VIDEO_CHUNK_SIZE,
        video_path=path,
        chapters=info.chapters,
    )


def settle(db: Session, folder: TaskFolder, task_id: int, source: Source) -> Source:
    """Move what was prepared elsewhere to where a new task has its files.

    They are removed when the transaction is rolled back.

    Args:
        db: The transaction in which the task is made.
        folder: Where they are.
        task_id: The task.
        source: What was made of them.

    Returns:
        The same with the paths that the files have now.
    """
    files, old = folder.files, folder.root
    home = files.task_folder(task_id)
    files.discard(home)  # of a task that was never committed
    old.replace(home)
    after_rollback(db, partial(files.discard, home))

    def moved(path: Path) -> Path:
        return home / path.relative_to(old)

    frames = tuple(
        replace(frame, path=moved(frame.path), related=tuple(map(moved, frame.related)))
        for frame in source.frames
    )
    video_path = None if source.video_path is None else moved(source.video_path)
    return replace(source, frames=frames, video_path=video_path)
