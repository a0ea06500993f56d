"""Chunks: some frames of a task in one file, as clients download them."""

from __future__ import annotations

import io
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from PIL import Image

from cvat_local.media.images import save_jpeg, write_jpeg
from cvat_local.media.parallel import each

VIDEO_CHUNK_SIZE = 36
"""Frames in a chunk of a video unless the client says otherwise."""

_FEWEST_IMAGES, _MOST_IMAGES = 2, 72
_IMAGES_WORTH_PIXELS = 36 * 1920 * 1080
_CHECKSUM_BYTES = 1000
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class ChunkImage:
    """An image that goes into a chunk."""

    path: Path
    name: str
    """How messages call it; its suffix names the copy in a chunk of originals."""


def default_chunk_size(width: int, height: int) -> int:
    """Frames in a chunk of images whose first one has this size: fewer of large ones."""
    return max(_FEWEST_IMAGES, min(_MOST_IMAGES, _IMAGES_WORTH_PIXELS // (width * height)))


def write_compressed_zip(
    target: IO[bytes], images: Sequence[ChunkImage | None], quality: int
) -> None:
    """Write a zip of ``000000.jpeg``, ``000001.jpeg``...

    Args:
        target: Gets the zip.
        images: In the order of the frames; None stands for a frame that the reader has no part in and
            gets a picture of 1 x 1 pixels.
        quality: JPEG quality, 1 to 100.

    Raises:
        MediaError: An image cannot be read.
    """

    def compress(image: ChunkImage | None) -> bytes:
        buffer = io.BytesIO()
        if image is None:
            _write_placeholder(buffer)
        else:
            write_jpeg(image.path, image.name, buffer, quality)
        return buffer.getvalue()

    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as chunk:
        for index, jpeg in enumerate(each(compress, images)):
            chunk.writestr(_entry(index, ".jpeg"), jpeg)


def write_compressed_zip_of(
    target: IO[bytes], pictures: Iterable[Image.Image | None], quality: int
) -> None:
    """Like `write_compressed_zip`, of pictures that are decoded already, such as frames of a video."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as chunk:
        for index, picture in enumerate(pictures):
            buffer = io.BytesIO()
            if picture is None:
                _write_placeholder(buffer)
            else:
                save_jpeg(picture, buffer, quality)
            chunk.writestr(_entry(index, ".jpeg"), buffer.getvalue())


def write_original_zip(target: IO[bytes], images: Iterable[ChunkImage | None]) -> None:
    """Write a zip of the files as they are, named ``000000`` and so on with the suffix of their name.

    The arguments are those of `write_compressed_zip`.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as chunk:
        for index, image in enumerate(images):
            if image is None:
                placeholder = io.BytesIO()
                _write_placeholder(placeholder)
                chunk.writestr(_entry(index, ".jpeg"), placeholder.getvalue())
                continue
            entry = _entry(index, PurePosixPath(image.name).suffix)
            entry.file_size = image.path.stat().st_size
            with image.path.open("rb") as source, chunk.open(entry, "w") as copy:
                shutil.copyfileobj(source, copy)


def write_context_zip(target: IO[bytes], images: Iterable[ChunkImage], quality: int = 95) -> None:
    """Write a zip of context images, each as ``<name>.jpg``."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as chunk:
        for image in images:
            buffer = io.BytesIO()
            write_jpeg(image.path, image.name, buffer, quality)
            stem = PurePosixPath(image.name).stem
            chunk.writestr(zipfile.ZipInfo(f"{stem}.jpg", _ZIP_EPOCH), buffer.getvalue())


def checksum(path: Path) -> int:
    """The number in ``X-Checksum``: CRC-32 of the first 1000 bytes, begun from that of the length."""
    start = zlib.crc32(str(path.stat().st_size).encode())
    with path.open("rb") as chunk:
        return zlib.crc32(chunk.read(_CHECKSUM_BYTES), start)


def _entry(index: int, suffix: str) -> zipfile.ZipInfo:
    # A fixed date: the same frames always give the same bytes, hence the same checksum.
    return zipfile.ZipInfo(f"{index:06d}{suffix}", _ZIP_EPOCH)


def _write_placeholder(target: IO[bytes]) -> None:
    Image.new("RGB", (1, 1)).save(target, "JPEG")
