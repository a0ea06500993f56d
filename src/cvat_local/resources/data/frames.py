"""Frames of a task as files: originals, JPEG copies, chunks, previews.

What has to be made (everything but originals of images) is made when it is first asked for and kept in
the task's folder. Media never change once a task has them, so nothing of it gets stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import msgspec
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from cvat_local.media import chunks, images, previews, video
from cvat_local.media.kinds import image_type
from cvat_local.media.ordering import frame_step
from cvat_local.resources.data.folder import TaskFolder
from cvat_local.resources.data.sources import VIDEO_INDEX
from cvat_local.storage.files import DataFolder
from cvat_local.storage.tables import Data, Frame

IMAGESET, VIDEO = "imageset", "video"
"""Types of chunks."""

Quality = Literal["compressed", "original"]

_ORIGINAL_VIDEO_QUALITY = 100
_SQL_VARIABLES = 500
"""Numbers in one query; databases limit them."""

# Made before there are threads: two that decode to a class for the first time crash the process.
_index_decoder = msgspec.json.Decoder(video.VideoIndex)


@dataclass(frozen=True)
class MediaFile:
    """A file to be sent."""

    path: Path
    media_type: str


class TaskMedia:
    """Read access to the media of one task.

    Args:
        files: The data folder.
        data: The media; must be loaded in a session.
    """

    def __init__(self, files: DataFolder, data: Data) -> None:
        session = object_session(data)
        if session is None:
            raise ValueError("the data must be loaded in a session")
        self._db: Session = session
        self._files = files
        self._folder = TaskFolder(files, data.task_id)
        self.data = data

    @property
    def is_video(self) -> bool:
        """Whether the frames are those of a video."""
        return self.data.video_path is not None

    def source_number(self, number: int) -> int:
        """Number within the uploaded media of the frame at a position of the task."""
        return source_number(self.data, number)

    # --- single frames ----------------------------------------------------------------------------

    def frame_file(self, number: int, quality: Quality) -> MediaFile:
        """The image of a frame. For many frames use `frame_files`, which reads a video once.

        Args:
            number: Position in the task.
            quality: ``original``: an image as it was uploaded (rotated when it has to be), a frame of a
                video as PNG; ``compressed``: as JPEG of the task's quality.

        Raises:
            MediaError: The stored media cannot be read.
            ValueError: There is no such frame.
        """
        return next(self.frame_files([number], quality))

    def frame_files(self, numbers: Sequence[int], quality: Quality) -> Iterator[MediaFile]:
        """The frames at some positions, in the order given; see `frame_file`."""
        self._check(numbers)
        if not self.is_video:
            for number, image in zip(numbers, self._images(numbers), strict=True):
                yield self._image_file(number, image, quality)
            return
        # A browser shows a video's frames as they are; JPEG is for those who asked for it.
        as_jpeg = quality == "compressed" and self.data.compressed_chunk_type == IMAGESET
        suffix, media_type = ("jpeg", "image/jpeg") if as_jpeg else ("png", "image/png")
        paths = [self._folder.chunks / f"frame-{number:06d}.{suffix}" for number in numbers]
        missing = [number for number, path in zip(numbers, paths, strict=True) if not path.exists()]
        pictures = self._pictures(missing)
        for path in paths:
            if not path.exists():
                picture = next(pictures)
                with self._files.writing(path) as target:
                    if as_jpeg:
                        images.save_jpeg(picture, target, self.data.image_quality)
                    else:
                        picture.save(target, "PNG", compress_level=1)
            yield MediaFile(path, media_type)

    def _image_file(self, number: int, image: chunks.ChunkImage, quality: Quality) -> MediaFile:
        if quality == "original":
            return MediaFile(image.path, image_type(image.name))
        path = self._folder.chunks / f"frame-{number:06d}.jpeg"
        self._make(
            path,
            lambda target: images.write_jpeg(
                image.path, image.name, target, self.data.image_quality
            ),
        )
        return MediaFile(path, "image/jpeg")

    def preview(self, number: int) -> MediaFile:
        """A small JPEG of the frame at a position."""
        path = self._folder.chunks / f"preview-{number:06d}.jpeg"

        def write(target: IO[bytes]) -> None:
            if self.is_video:
                previews.write_preview_of(next(self._pictures([number])), target)
            else:
                image = next(self._images([number]))
                previews.write_preview(image.path, image.name, target)

        self._check([number])
        self._make(path, write)
        return MediaFile(path, "image/jpeg")

    def context_images(self, number: int) -> list[chunks.ChunkImage]:
        """The context images of the frame at a position."""
        self._check([number])
        row = self._rows([number]).get(number)
        paths = [] if row is None else row.related_paths
        return [chunks.ChunkImage(self._files.absolute(path), path) for path in paths]

    # --- chunks -----------------------------------------------------------------------------------

    def chunk(self, numbers: Sequence[int | None], quality: Quality, name: str) -> MediaFile:
        """Some frames in one file, zip or MP4 as the task's chunk types say.

        Args:
            numbers: Positions in the order of the chunk; None: a frame that the reader has no part in.
            quality: JPEG (or strongly compressed video), or what was uploaded.
            name: What the chunk is kept under; the same name always stands for the same numbers.
        """
        data = self.data
        kind = data.compressed_chunk_type if quality == "compressed" else data.original_chunk_type
        # Placeholders are for readers of zip archives; there are no frames of another size in a video.
        as_video = kind == VIDEO and None not in numbers
        path = self._folder.chunks / f"{name}-{quality}.{'mp4' if as_video else 'zip'}"

        def write(target: IO[bytes]) -> None:
            if as_video:
                self._write_video(target, [n for n in numbers if n is not None], quality)
            elif self.is_video:
                pictures = self._pictures_or_none(numbers)
                chunks.write_compressed_zip_of(target, pictures, data.image_quality)
            elif quality == "compressed":
                found = self._images_or_none(numbers)
                chunks.write_compressed_zip(target, found, data.image_quality)
            else:
                chunks.write_original_zip(target, self._images_or_none(numbers))

        self._check([number for number in numbers if number is not None])
        self._make(path, write)
        return MediaFile(path, "video/mp4" if as_video else "application/zip")

    def _write_video(self, target: IO[bytes], numbers: Sequence[int], quality: Quality) -> None:
        compressed = quality == "compressed"
        video.write_video_chunk(
            target,
            self._pictures(numbers),
            self.data.image_quality if compressed else _ORIGINAL_VIDEO_QUALITY,
            shrink=compressed,
        )

    # --- reading ----------------------------------------------------------------------------------

    def _check(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            if not 0 <= number < self.data.size:
                raise ValueError(f"There is no frame {number}.")

    def _make(self, path: Path, write: Callable[[IO[bytes]], None]) -> None:
        if not path.exists():
            with self._files.writing(path) as target:
                write(target)

    def _rows(self, numbers: Iterable[int]) -> dict[int, Frame]:
        wanted = sorted(set(numbers))
        rows: dict[int, Frame] = {}
        for start in range(0, len(wanted), _SQL_VARIABLES):
            statement = select(Frame).where(
                Frame.data_id == self.data.id,
                Frame.number.in_(wanted[start : start + _SQL_VARIABLES]),
            )
            rows.update((row.number, row) for row in self._db.scalars(statement))
        return rows

    def _images(self, numbers: Sequence[int]) -> Iterator[chunks.ChunkImage]:
        rows = self._rows(numbers)
        for number in numbers:
            row = rows[number]
            yield chunks.ChunkImage(self._files.absolute(row.path), row.name)

    def _images_or_none(self, numbers: Sequence[int | None]) -> list[chunks.ChunkImage | None]:
        found = self._images([number for number in numbers if number is not None])
        return [None if number is None else next(found) for number in numbers]

    def _pictures(self, numbers: Sequence[int]) -> Iterator[Image.Image]:
        """Decoded frames of the video."""
        content = (self._folder.media / VIDEO_INDEX).read_bytes()
        index = _index_decoder.decode(content)
        path = self._files.absolute(self.data.video_path or "")
        sources = [self.source_number(number) for number in numbers]
        yield from video.read_frames(path, path.name, index, sources)

    def _pictures_or_none(self, numbers: Sequence[int | None]) -> Iterator[Image.Image | None]:
        found = self._pictures([number for number in numbers if number is not None])
        return (None if number is None else next(found) for number in numbers)


def source_number(data: Data, number: int) -> int:
    """Number within the uploaded media of the frame at a position of the task."""
    return data.start_frame + number * frame_step(data.frame_filter)
