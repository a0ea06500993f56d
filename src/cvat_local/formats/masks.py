"""Masks: CVAT's run lengths, COCO's run lengths, and pixels.

CVAT describes a mask by the box around it: run lengths of the pixels inside the box, row by row and
starting with zeros, then the box as left, top, right, bottom (the last two inclusive). COCO describes
the whole image, column by column.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cvat_local.formats.errors import FormatError

Pixels: TypeAlias = "NDArray[np.bool_]"

_MAX_PIXELS = 1 << 28
"""Pixels of one mask that are unpacked; more than any image the server takes."""


class Mask(NamedTuple):
    """The pixels of a mask inside a box."""

    pixels: Pixels
    """Rows by columns."""
    left: int
    top: int


def from_points(points: Sequence[float]) -> Mask:
    """Unpack CVAT's form. Runs that do not fill the box are filled up with zeros, a rest is cut.

    Raises:
        FormatError: The box is not one, or it is too large.
    """
    left, top, right, bottom = (int(value) for value in points[-4:])
    width, height = right - left + 1, bottom - top + 1
    if width <= 0 or height <= 0:
        raise FormatError(f"A mask has the box {[left, top, right, bottom]}, which is empty.")
    _check_size(width, height)
    runs = np.asarray(points[:-4], dtype=np.float64)
    return Mask(_unpack(runs, width * height).reshape(height, width), left, top)


def to_points(mask: Mask) -> list[float] | None:
    """CVAT's form of a mask, with the box drawn tight; None when no pixel is set."""
    box = _tight(mask.pixels)
    if box is None:
        return None
    left, top, right, bottom = box
    runs = _pack(mask.pixels[top : bottom + 1, left : right + 1].reshape(-1))
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


def to_coco_counts(image: Pixels) -> list[int]:
    """Run lengths of a whole image, column by column, starting with zeros."""
    return _pack(image.T.reshape(-1))


def from_coco(rle: Any, width: int, height: int) -> Mask:
    """The mask in a COCO run length encoding, plain (a list) or compressed (a text).

    Raises:
        FormatError: It is malformed, or is not of this image size.
    """
    size, counts = rle.get("size"), rle.get("counts")
    if size != [height, width]:
        raise FormatError(
            f"A mask is for an image of (height, width) {size}, but the frame is {[height, width]}."
        )
    _check_size(width, height)
    if isinstance(counts, str):
        counts = _decompress(counts)
    if not isinstance(counts, list) or not all(type(run) is int and run >= 0 for run in counts):
        raise FormatError("The run lengths of a mask are not a list of counts.")
    if sum(counts) != width * height:
        raise FormatError("The run lengths of a mask do not add up to the pixels of its image.")
    flat = _unpack(np.asarray(counts, dtype=np.float64), width * height)
    return Mask(flat.reshape(width, height).T, 0, 0)


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
    box = _tight(image)
    if box is None:
        return 0.0, 0.0, 0.0, 0.0
    left, top, right, bottom = map(float, box)
    return left, top, right + 1, bottom + 1


def _tight(pixels: Pixels) -> tuple[int, int, int, int] | None:
    """First and last column and row with a set pixel, as left, top, right, bottom."""
    rows = np.flatnonzero(pixels.any(axis=1))
    columns = np.flatnonzero(pixels.any(axis=0))
    if not rows.size:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


def _check_size(width: int, height: int) -> None:
    if width * height > _MAX_PIXELS:
        raise FormatError(f"A mask of {width} x {height} pixels is too large.")


def _unpack(runs: NDArray[np.float64], size: int) -> Pixels:
    # Where each run ends; wild numbers from outside must not decide how much memory is taken.
    ends = np.minimum(np.cumsum(np.maximum(runs, 0)), size).astype(np.int64)
    ends = ends[: ends.size // 2 * 2]  # a last run of zeros starts nothing
    toggles = np.zeros(size + 1, dtype=np.int8)
    np.add.at(toggles, ends[::2], 1)
    np.add.at(toggles, ends[1::2], -1)
    pixels: Pixels = np.cumsum(toggles[:size], dtype=np.int8) > 0
    return pixels


def _pack(flat: Pixels) -> list[int]:
    edges = np.flatnonzero(np.diff(flat)) + 1
    runs: list[int] = np.diff(np.concatenate(([0], edges, [flat.size]))).tolist()
    return [0, *runs] if flat.size and flat[0] else runs


def _decompress(text: str) -> list[int]:
    """The run lengths in COCO's compressed form.

    pycocotools could do it, but trusts what it gets; this text comes from outside. Each number is
    written in groups of five bits, lowest first, and from the fourth on it is the difference to the
    number two before.
    """
    counts: list[int] = []
    value = shift = 0
    for character in text:
        group = ord(character) - 48
        if not 0 <= group < 64 or shift > 60:
            raise FormatError("The compressed run lengths of a mask are malformed.")
        value |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            value -= 1 << shift
        if len(counts) > 2:
            value += counts[-2]
        counts.append(value)
        value = shift = 0
    if shift:
        raise FormatError("The compressed run lengths of a mask end too early.")
    return counts
