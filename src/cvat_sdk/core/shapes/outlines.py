"""Masks to polygons and back. Needs NumPy.

A polygon runs along the edges of pixels, so that filling it gives the same pixels. Polygons of CVAT have no holes:
those of a mask are filled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from cvat_sdk.core.shapes.masks import Mask, Pixels, check_size

_Corner = tuple[int, int]
"""A corner of pixels: row and column."""


def to_polygons(mask: Mask) -> list[list[float]]:
    """The outlines of the connected parts of a mask, each ``x, y, x, y, ...`` and clockwise.

    Pixels that touch at a corner only belong to different parts.
    """
    after = _edges(mask.pixels)
    polygons = []
    while after:
        start = next(iter(after))
        outline = _follow(after, start)
        if _is_outer(outline):
            polygons.append(
                [
                    float(value)
                    for row, column in outline
                    for value in (column + mask.left, row + mask.top)
                ]
            )
    return polygons


def from_polygons(polygons: Iterable[Sequence[float]], width: int, height: int) -> Pixels:
    """The pixels of an image whose centres lie in one of the polygons at least.

    Args:
        polygons: Each ``x, y, x, y, ...``; where one crosses itself, what is enclosed twice is outside.
        width: Of the image.
        height: Of the image.

    Raises:
        ValueError: The image is too large, or a coordinate is not finite.
    """
    check_size(width, height)
    image: Pixels = np.zeros((height, width), dtype=np.bool_)
    for polygon in polygons:
        if not all(map(math.isfinite, polygon)):
            raise ValueError("A polygon has a coordinate that is no finite number.")
        image |= _filled(polygon, width, height)
    return image


def _filled(polygon: Sequence[float], width: int, height: int) -> Pixels:
    corners = list(zip(polygon[::2], polygon[1::2], strict=True))
    toggles = np.zeros((height, width + 1), dtype=np.int32)
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if y1 > y2:
            x1, y1, x2, y2 = x2, y2, x1, y1
        # Rows whose middle lies from y1 to below y2, so that no corner is counted twice.
        first = min(max(math.ceil(y1 - 0.5), 0), height)
        last = min(max(math.ceil(y2 - 0.5), 0), height)
        if first >= last:
            continue
        rows = np.arange(first, last)
        crossings = x1 + (rows + 0.5 - y1) * ((x2 - x1) / (y2 - y1))
        columns = np.clip(np.ceil(crossings - 0.5), 0, width).astype(np.int64)
        toggles[rows, columns] += 1
    filled: Pixels = (np.cumsum(toggles[:, :width], axis=1) & 1).astype(np.bool_)
    return filled


def _edges(pixels: Pixels) -> dict[_Corner, list[_Corner]]:
    """Edges between set and other pixels by the corner where they start; what is set lies to the right."""
    padded = np.pad(pixels, 1)
    after: dict[_Corner, list[_Corner]] = {}
    inner = padded[1:-1, 1:-1]
    # By the side of a pixel that has no set neighbour: where the edge starts and ends, from its upper left corner.
    sides = (
        (padded[:-2, 1:-1], (0, 0), (0, 1)),
        (padded[1:-1, 2:], (0, 1), (1, 1)),
        (padded[2:, 1:-1], (1, 1), (1, 0)),
        (padded[1:-1, :-2], (1, 0), (0, 0)),
    )
    for neighbour, start, end in sides:
        for row, column in np.argwhere(inner & ~neighbour).tolist():
            after.setdefault((row + start[0], column + start[1]), []).append(
                (row + end[0], column + end[1])
            )
    return after


def _follow(after: dict[_Corner, list[_Corner]], start: _Corner) -> list[_Corner]:
    """Take a closed outline out of the edges; its corners, without those on straight lines."""
    path: list[_Corner] = []
    here, right = start, start
    while True:
        choices = after.get(here, [])
        # Where two pixels touch at a corner, turning right stays with the one of the edge before.
        if path and here == start and right not in choices:
            return _without_straight(path)
        path.append(here)
        chosen = right if right in choices else choices[0]
        choices.remove(chosen)
        if not choices:
            del after[here]
        down, along = chosen[0] - here[0], chosen[1] - here[1]
        here, right = chosen, (chosen[0] + along, chosen[1] - down)


def _without_straight(path: list[_Corner]) -> list[_Corner]:
    return [
        corner
        for before, corner, following in zip(
            path[-1:] + path[:-1], path, path[1:] + path[:1], strict=True
        )
        if not before[0] == corner[0] == following[0] and not before[1] == corner[1] == following[1]
    ]


def _is_outer(outline: list[_Corner]) -> bool:
    """Whether it runs clockwise: the outlines of holes run the other way."""
    following = outline[1:] + outline[:1]
    twice = sum(
        column * next_row - next_column * row
        for (row, column), (next_row, next_column) in zip(outline, following, strict=True)
    )
    return twice > 0
