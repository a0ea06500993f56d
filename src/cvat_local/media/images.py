"""Reading images: their size as people see them, upright copies, JPEG for browsers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from cvat_local.media.errors import MediaError

MOST_PIXELS = 2 * 89_478_485
"""Larger images are refused before they are decoded (the limit at which Pillow calls it an attack)."""

_READ_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
_ORIENTATION_TAG = 0x0112
_UPRIGHT = 1


@dataclass(frozen=True)
class ImageInfo:
    """What is known of an image after it was read once."""

    width: int
    """Pixels, after the rotation that its orientation tag asks for."""
    height: int
    upright: bool
    """False when the stored pixels must be rotated to be shown."""


def probe(path: Path, name: str) -> ImageInfo:
    """Read the image at ``path`` to its end, so that a damaged file is found now and not when shown.

    Args:
        path: The file.
        name: How messages call it.

    Raises:
        MediaError: It is not an image, is damaged, or is too large.
    """
    with _opened(path, name) as image:
        orientation = image.getexif().get(_ORIENTATION_TAG, _UPRIGHT)
        if orientation != _UPRIGHT and orientation in range(2, 9):
            rotated = ImageOps.exif_transpose(image)
            return ImageInfo(rotated.width, rotated.height, upright=False)
        width, height = image.size
        # A JPEG is decoded at an eighth of its size: all its bytes are read for a third of the time.
        image.draft(None, (1, 1))
        image.load()
        return ImageInfo(width, height, upright=True)


def write_upright(path: Path, name: str, target: Path) -> None:
    """Write a copy of the image at ``path`` with its rotation applied and the tag removed.

    The copy has the format of the source; a JPEG has quality 100.

    Raises:
        MediaError: as `probe`.
    """
    with _opened(path, name) as image:
        # A JPEG with several pictures in it (MPO) becomes a plain one: only the first is shown anyway.
        image_format = "JPEG" if image.format == "MPO" else image.format
        rotated = ImageOps.exif_transpose(image)
        target.parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {"quality": 100, "icc_profile": image.info.get("icc_profile")}
        if image_format == "JPEG":
            options["subsampling"] = "4:4:4"
        rotated.save(target, image_format, **options)


def shrink(path: Path, name: str, longest: int) -> None:
    """Make the image at ``path`` fit into a square, upright and in its own format.

    One that fits already is read to its end and left as it is.

    Args:
        path: The file.
        name: How messages call it.
        longest: Side of the square in pixels.

    Raises:
        MediaError: as `probe`.
    """
    with _opened(path, name) as image:
        image.load()
        if max(image.size) <= longest:
            return
        image_format = "JPEG" if image.format == "MPO" else image.format
        smaller = ImageOps.exif_transpose(image)
        smaller.thumbnail((longest, longest))
        smaller.save(path, image_format)


def write_jpeg(
    path: Path, name: str, target: IO[bytes], quality: int, largest: tuple[int, int] | None = None
) -> None:
    """Write the image at ``path`` to ``target`` as an upright 8-bit JPEG.

    Args:
        path: The file.
        name: How messages call it.
        target: Gets the JPEG.
        quality: JPEG quality, 1 to 100.
        largest: The picture is made to fit into this size, its proportions kept, never enlarged.

    Raises:
        MediaError: as `probe`.
    """
    with _opened(path, name) as image:
        if largest is not None:
            image.draft(None, largest)
        save_jpeg(ImageOps.exif_transpose(image), target, quality, largest)


def save_jpeg(
    image: Image.Image, target: IO[bytes], quality: int, largest: tuple[int, int] | None = None
) -> None:
    """Write a decoded image as JPEG; the arguments are those of `write_jpeg`."""
    image = displayable(image)
    if largest is not None:
        image.thumbnail(largest)
    # Pillow takes 0 for "no quality given".
    image.save(target, "JPEG", quality=max(1, quality))


def displayable(image: Image.Image) -> Image.Image:
    """The image in 8 bits, as grey or RGB without transparency.

    Images with more than 8 bits a channel are stretched: their darkest value becomes black and their
    brightest white, as a plain cut to 8 bits shows nothing of most of them.
    """
    if image.mode in ("L", "RGB"):
        return image
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _stretched(image)
    return image.convert("L" if image.mode in ("1", "LA", "La") else "RGB")


def _stretched(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image).astype(np.float64), posinf=0, neginf=0)
    low, high = float(values.min()), float(values.max())
    scale = 255 / (high - low) if high > low else 0.0
    return Image.fromarray(((values - low) * scale).round().astype(np.uint8))


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Image.Image]:
    """Open an image; whatever goes wrong with it inside the block becomes a `MediaError`."""
    try:
        if path.stat().st_size == 0:
            raise MediaError(f"Cannot read image {name!r}: the file is empty.")
        with Image.open(path, formats=_READ_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise MediaError(
                    f"Cannot read image {name!r}: {image.width} x {image.height} pixels are too many."
                )
            yield image
    except MediaError:
        raise
    except Image.DecompressionBombError as error:
        raise MediaError(f"Cannot read image {name!r}: it has too many pixels.") from error
    except UnidentifiedImageError as error:
        raise MediaError(f"Cannot read image {name!r}: it is in no format known here.") from error
    except FileNotFoundError as error:
        raise MediaError(f"Cannot read image {name!r}: the file is missing.") from error
    except Exception as error:
        # The decoders raise nearly every built-in error on hostile input.
        raise MediaError(f"Cannot read image {name!r}: it is damaged ({error}).") from error
