"""Masks: boolean images and the run lengths that CVAT keeps of them. Needs NumPy (``pip install numpy``)."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cvat_sdk.core.shapes.masks import Mask, pack, tight_box, to_image, unpack

__all__ = ["decode_mask", "encode_mask"]

_BOX = 4


def encode_mask(bitmap: ArrayLike, /, bbox: Sequence[float] | None = None) -> list[float]:
    """The points of a mask.

    Args:
        bitmap: A boolean image of shape (height, width).
        bbox: ``[left, top, right, bottom]`` in pixels, the part of the image to keep. Default: the smallest box
            around what is true.

    Returns:
        Run lengths of the box, row by row, the first one of what is false; then the box, inclusive.

    Raises:
        ValueError: No boolean image of two dimensions, or a box that is empty or leaves it.
    """
    image = np.asarray(bitmap)
    if image.ndim != 2 or image.dtype != np.bool_:
        raise ValueError(
            f"Expected a boolean image of two dimensions, got {image.dtype} of shape {image.shape}"
        )
    if not image.size:
        raise ValueError("Expected an image with pixels, got one without")
    left, top, right, bottom = _tight_box(image) if bbox is None else _outer_box(image, bbox)
    return [*pack(image[top:bottom, left:right].ravel()), left, top, right - 1, bottom - 1]


def _tight_box(image: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    left, top, right, bottom = tight_box(image) or (0, 0, 0, 0)
    return left, top, right + 1, bottom + 1


def _outer_box(image: NDArray[np.bool_], bbox: Sequence[float]) -> tuple[int, int, int, int]:
    if len(bbox) != _BOX:
        raise ValueError(f"Expected a box of 4 numbers, got {len(bbox)}")
    left, top = (math.floor(value) for value in bbox[:2])
    right, bottom = (math.ceil(value) for value in bbox[2:])
    height, width = image.shape
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise ValueError(
            f"Expected a box with pixels within the image of {width} x {height}, got {list(bbox)}"
        )
    return left, top, right, bottom


def decode_mask(
    encoded: Sequence[float], /, *, image_width: int, image_height: int
) -> NDArray[np.bool_]:
    """The boolean image of a mask.

    Args:
        encoded: Points of a mask, as `encode_mask` makes them.
        image_width: Width of the image in pixels.
        image_height: Height of the image in pixels.

    Returns:
        An array of shape (height, width).

    Raises:
        ValueError: These are no points of a mask, or not of one in such an image.
    """
    if len(encoded) <= _BOX:
        raise ValueError(f"Expected run lengths and 4 numbers of a box, got {len(encoded)} numbers")
    if image_width <= 0 or image_height <= 0:
        raise ValueError(
            f"Expected an image with pixels, got one of {image_width} x {image_height}"
        )
    values = [_whole(value) for value in encoded]
    left, top, right, bottom = values[-_BOX:]
    if not (0 <= left <= right < image_width and 0 <= top <= bottom < image_height):
        raise ValueError(
            f"Expected a box within the image of {image_width} x {image_height}, got {values[-_BOX:]}"
        )
    runs = values[:-_BOX]
    if min(runs) < 0:
        raise ValueError("Expected run lengths from 0, got a negative one")
    height, width = bottom - top + 1, right - left + 1
    if sum(runs) != height * width:
        raise ValueError(
            f"Expected run lengths that fill the box of {width} x {height}, {height * width} pixels; "
            f"they have {sum(runs)}"
        )
    pixels = unpack(runs, height * width).reshape(height, width)
    return to_image(Mask(pixels, left, top), image_width, image_height)


def _whole(value: Any) -> int:
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if is_number and float(value).is_integer():
        return int(value)
    raise ValueError(f"Expected whole numbers, got {value!r}")
