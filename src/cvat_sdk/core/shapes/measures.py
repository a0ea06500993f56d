"""Boxes and areas of many shapes at once. Needs NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]

_NUMBERS_3D = 9
"""A cuboid in space has a position, a rotation and a scale; its other numbers are zeros."""


def boxes_and_areas(
    kinds: Sequence[str], points: Sequence[Sequence[float]], rotations: Sequence[float]
) -> tuple[Numbers, Numbers]:
    """The boxes around shapes, and what they cover.

    Args:
        kinds: Types of the shapes.
        points: Their points, in CVAT's form.
        rotations: In degrees.

    Returns:
        Left, top, right and bottom edges in pixels, of shape (n, 4), rotations taken into account; and areas in
        square pixels, of shape (n,). NaN where there is none: lines, points and cuboids have no area, cuboids in
        space and skeletons no box of their own.
    """
    boxes = np.full((len(kinds), 4), np.nan)
    areas = np.full(len(kinds), np.nan)
    names = np.array(kinds, dtype=object)
    turned = np.array(rotations, dtype=np.float64)
    for kind in set(kinds):
        where = np.flatnonzero(names == kind)
        chosen = [points[index] for index in where.tolist()]
        if kind in ("rectangle", "ellipse"):
            of_kind = _rectangles if kind == "rectangle" else _ellipses
            boxes[where], areas[where] = of_kind(_table(chosen), np.radians(turned[where]))
        elif kind == "mask":
            boxes[where] = np.add(_table([mask[-4:] for mask in chosen]), [0, 0, 1, 1])
            areas[where] = [sum(mask[1:-4:2]) for mask in chosen]
        elif kind in ("polygon", "polyline", "points", "cuboid"):
            flat = np.array([index for index, shape in enumerate(chosen) if _is_flat(kind, shape)])
            if flat.size:
                outlines = [chosen[index] for index in flat.tolist()]
                boxes[where[flat]], outlined = _outlines(outlines)
                if kind == "polygon":
                    areas[where[flat]] = outlined
    return boxes, areas


def _table(rows: Sequence[Sequence[float]]) -> Numbers:
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=4 * len(rows))
    return flat.reshape(-1, 4)


def _rectangles(corners: Numbers, angles: Numbers) -> tuple[Numbers, Numbers]:
    sizes = np.abs(corners[:, 2:] - corners[:, :2])
    # An unturned one keeps its edges to the last bit.
    boxes = np.hstack(
        (np.minimum(corners[:, :2], corners[:, 2:]), np.maximum(corners[:, :2], corners[:, 2:]))
    )
    turned = np.flatnonzero(angles)
    if turned.size:
        cos, sin = np.abs(np.cos(angles[turned])), np.abs(np.sin(angles[turned]))
        width, height = sizes[turned].T
        reach = np.column_stack((width * cos + height * sin, width * sin + height * cos)) / 2
        boxes[turned] = _around((corners[turned, :2] + corners[turned, 2:]) / 2, reach)
    return boxes, sizes.prod(axis=1)


def _ellipses(points: Numbers, angles: Numbers) -> tuple[Numbers, Numbers]:
    radii = np.abs(points[:, 2:] - points[:, :2])
    cos, sin = np.cos(angles)[:, np.newaxis], np.sin(angles)[:, np.newaxis]
    reach = np.hypot(radii * cos, radii[:, ::-1] * sin)
    return _around(points[:, :2], reach), np.pi * radii.prod(axis=1)


def _around(centres: Numbers, reach: Numbers) -> Numbers:
    return np.hstack((centres - reach, centres + reach))


def _is_flat(kind: str, points: Sequence[float]) -> bool:
    if not points or len(points) % 2:
        return False
    return kind != "cuboid" or any(points[_NUMBERS_3D:])


def _outlines(outlines: Sequence[Sequence[float]]) -> tuple[Numbers, Numbers]:
    counts = np.fromiter(map(len, outlines), dtype=np.int64, count=len(outlines)) // 2
    flat = np.fromiter(chain.from_iterable(outlines), dtype=np.float64, count=2 * int(counts.sum()))
    x, y = flat[::2], flat[1::2]
    ends = np.cumsum(counts)
    starts = ends - counts
    boxes = np.column_stack(
        [
            reduce.reduceat(values, starts)
            for reduce in (np.minimum, np.maximum)
            for values in (x, y)
        ]
    )
    # Measured from the first corner of each, or large coordinates would cost digits.
    x, y = x - np.repeat(x[starts], counts), y - np.repeat(y[starts], counts)
    following = np.arange(1, len(x) + 1)
    following[ends - 1] = starts
    twice = np.add.reduceat(x * y[following] - x[following] * y, starts)
    return boxes, np.abs(twice) / 2
