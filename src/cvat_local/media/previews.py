"""The small picture that stands for a task, a job or a project."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from PIL import Image

from cvat_local.media.images import save_jpeg, write_jpeg

PREVIEW_SIZE = (256, 256)
_QUALITY = 85


def write_preview(path: Path, name: str, target: IO[bytes]) -> None:
    """Write the image at ``path`` as a JPEG that fits into 256 x 256 pixels, never enlarged.

    Raises:
        MediaError: The image cannot be read.
    """
    write_jpeg(path, name, target, _QUALITY, PREVIEW_SIZE)


def write_preview_of(image: Image.Image, target: IO[bytes]) -> None:
    """Like `write_preview`, for a picture that is decoded already, such as a frame of a video."""
    save_jpeg(image, target, _QUALITY, PREVIEW_SIZE)
