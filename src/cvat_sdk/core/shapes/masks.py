"""Masks as pixels: CVAT's run lengths, ellipses, boxes. Needs NumPy.

CVAT describes a mask by the box around it: run lengths of the pixels inside the box, row by row and
starting with zeros, then the box as left, top, right, bottom (the last two inclusive).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Pixels: TypeAlias = NDArray[np.bool_]
"""Whether each pixel is set, of shape (height, width)."""

_MAX_PIXELS = 1 << 28
"""Pixels of one mask that are unpacked; more than any image a server takes."""


class Mask(NamedTuple):
    """The pixels of a mask inside a box."""

    pixels: Pixels
    """Rows by columns."""
    left: int
    """The first column, in pixels of the image."""
    top: int
    """The first row."""


def from_points(points: Sequence[float]) -> Mask:
    """Unpack CVAT's form. Runs that do not fill the box are filled up with zeros, a rest is cut.

    Raises:
        ValueError: The box is not one, or it is too large.
    """
    left, top, right, bottom = (int(value) for value in points[-4:])
    width, height = right - left + 1, bottom - top + 1
    if width <= 0 or height <= 0:
        raise ValueError(f"A mask has the box {[left, top, right, bottom]}, which is empty.")
    check_size(width, height)
    return Mask(unpack(points[:-4], width * height).reshape(height, width), left, top)


def to_points(mask: Mask) -> list[float] | None:
    """CVAT's form of a mask, with the box drawn tight; None when no pixel is set."""
    box = tight_box(mask.pixels)
    if box is None:
        return None
    left, top, right, bottom = box
    runs = pack(mask.pixels[top : bottom + 1, left : right + 1].reshape(-1))
    moved = (mask.left + left, mask.top + top, mask.left + right, mask.top + bottom)
    return [float(value) for value in chain(runs, moved)]


def to_image(mask: Mask, width: int, height: int) -> Pixels:
    """All pixels of an image with the mask in it; what lies outside the image is cut."""
    image: Pixels = np.zeros((height, width), dtype=np.bool_)
    rows, columns = mask.pixels.shape
    x1, y1 = max(mask.left, 0), max(mask.top, 0)
    x2, y2 = min(mask.left + columns, width), min(mask.top + rows, height)
    if x1 < x2 and y1 < y2:
        image[y1:y2, x1:x2] = mask.pixels[
            y1 - mask.top : y2 - mask.top, x1 - mask.left : x2 - mask.left
        ]
    return image


def ellipse_pixels(points: Sequence[float], rotation: float, width: int, height: int) -> Pixels:
    """Pixels whose centres lie in an ellipse.

    Args:
        points: CVAT's form: centre x, centre y, right end x, upper end y.
        rotation: Degrees, clockwise.
        width: Of the image.
        height: Of the image.
    """
    cx, cy, right, upper = points
    rx, ry = abs(right - cx), abs(cy - upper)
    image: Pixels = np.zeros((height, width), dtype=np.bool_)
    if not rx or not ry:
        return image
    reach = math.ceil(max(rx, ry)) + 1
    x1, x2 = (min(max(int(v), 0), width) for v in (cx - reach, cx + reach + 1))
    y1, y2 = (min(max(int(v), 0), height) for v in (cy - reach, cy + reach + 1))
    x = np.arange(x1, x2) + 0.5 - cx
    y = (np.arange(y1, y2) + 0.5 - cy)[:, np.newaxis]
    cos, sin = math.cos(math.radians(rotation)), math.sin(math.radians(rotation))
    along, across = (x * cos + y * sin) / rx, (y * cos - x * sin) / ry
    image[y1:y2, x1:x2] = along * along + across * across <= 1
    return image


def pixel_bounds(image: Pixels) -> tuple[float, float, float, float]:
    """Edges of the box around the set pixels: left, top, right, bottom; zeros when there are none."""
    box = tight_box(image)
    if box is None:
        return 0.0, 0.0, 0.0, 0.0
    left, top, right, bottom = map(float, box)
    return left, top, right + 1, bottom + 1


def tight_box(pixels: Pixels) -> tuple[int, int, int, int] | None:
    """First and last column and row with a set pixel, as left, top, right, bottom; None without one."""
    rows = np.flatnonzero(pixels.any(axis=1))
    columns = np.flatnonzero(pixels.any(axis=0))
    if not rows.size:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


def check_size(width: int, height: int) -> None:
    """Refuse a mask that would take too much memory.

    Raises:
        ValueError: It has more than 2**28 pixels.
    """
    if width * height > _MAX_PIXELS:
        raise ValueError(f"A mask of {width} x {height} pixels is too large.")


def unpack(runs: ArrayLike, size: int) -> Pixels:
    """The pixels of run lengths, of which the first is of zeros, as a flat array of `size`."""
    # Where each run ends; wild numbers from outside must not decide how much memory is taken.
    lengths = np.asarray(runs, dtype=np.float64)
    ends = np.minimum(np.cumsum(np.maximum(lengths, 0)), size).astype(np.int64)
    ends = ends[: ends.size // 2 * 2]  # a last run of zeros starts nothing
    toggles = np.zeros(size + 1, dtype=np.int8)
    np.add.at(toggles, ends[::2], 1)
    np.add.at(toggles, ends[1::2], -1)
    pixels: Pixels = np.cumsum(toggles[:size], dtype=np.int8) > 0
    return pixels


def pack(flat: Pixels) -> list[int]:
    """The run lengths of a flat array of pixels, the first one of zeros."""
    edges = np.flatnonzero(np.diff(flat)) + 1
    runs: list[int] = np.diff(np.concatenate(([0], edges, [flat.size]))).tolist()
    return [0, *runs] if flat.size and flat[0] else runs
