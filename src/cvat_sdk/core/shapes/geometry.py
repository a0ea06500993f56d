"""Plane geometry of shapes: boxes, corners, areas. Lengths are pixels, ``y`` grows downwards."""

from __future__ import annotations

import math
from collections.abc import Sequence

_DIGITS = 6
"""Decimals of a pixel that are kept; what lies beyond comes from floating point arithmetic."""


def to_xywh(points: Sequence[float]) -> list[float]:
    """A rectangle as x, y, width, height; its corners may be any two opposite ones."""
    x1, y1, x2, y2 = points
    left, top = min(x1, x2), min(y1, y2)
    return [left, top, round(abs(x2 - x1), _DIGITS), round(abs(y2 - y1), _DIGITS)]


def from_xywh(box: Sequence[float]) -> list[float]:
    """A rectangle as two corners: left, top, right, bottom."""
    x, y, width, height = box
    return [x, y, round(x + width, _DIGITS), round(y + height, _DIGITS)]


def ellipse_to_box(points: Sequence[float]) -> list[float]:
    """Two corners of the box around an ellipse given by centre x, y, right end x, upper end y."""
    cx, cy, right, upper = points
    return [round(2 * cx - right, _DIGITS), upper, right, round(2 * cy - upper, _DIGITS)]


def ellipse_from_box(box: Sequence[float]) -> list[float]:
    """The other way round: left, top, right, bottom to centre x, y, right end x, upper end y."""
    left, top, right, bottom = box
    return [round((left + right) / 2, _DIGITS), round((top + bottom) / 2, _DIGITS), right, top]


def bounds(points: Sequence[float]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a list ``x, y, x, y, ...``."""
    xs, ys = points[::2], points[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def corners(points: Sequence[float], rotation: float = 0.0) -> list[float]:
    """The four corners of a rectangle as a polygon: upper left, upper right, lower right, lower left.

    Args:
        points: Two opposite corners.
        rotation: Degrees, clockwise about the centre.
    """
    left, top, width, height = to_xywh(points)
    right, bottom = left + width, top + height
    polygon = [left, top, right, top, right, bottom, left, bottom]
    return _turned(polygon, (left + right) / 2, (top + bottom) / 2, rotation)


def ellipse_outline(
    points: Sequence[float], rotation: float = 0.0, corners: int = 72
) -> list[float]:
    """A polygon with its corners on an ellipse.

    Args:
        points: Centre x, centre y, right end x, upper end y.
        rotation: Degrees, clockwise about the centre.
        corners: How many.
    """
    cx, cy, right, upper = points
    polygon = []
    for number in range(corners):
        angle = 2 * math.pi * number / corners
        polygon += [cx + (right - cx) * math.cos(angle), cy + (cy - upper) * math.sin(angle)]
    return _turned(polygon, cx, cy, rotation)


def polygon_area(points: Sequence[float]) -> float:
    """The area within an outline ``x, y, x, y, ...`` that does not cross itself, in square pixels."""
    xs, ys = points[::2], points[1::2]
    if not xs:
        return 0.0
    twice = sum(
        x * next_y - next_x * y
        for x, y, next_x, next_y in zip(xs, ys, [*xs[1:], xs[0]], [*ys[1:], ys[0]], strict=True)
    )
    return abs(twice) / 2


def clip_polygon(points: Sequence[float], width: float, height: float) -> list[float]:
    """The part of a polygon inside an image with a margin of one pixel (Sutherland-Hodgman).

    A polygon that lies in the image comes back as it is.
    """
    left, top, right, bottom = bounds(points)
    if left >= -1 and top >= -1 and right <= width + 1 and bottom <= height + 1:
        return list(points)
    corners = list(zip(points[::2], points[1::2], strict=True))
    for axis, limit, sign in ((0, -1.0, 1), (0, width + 1, -1), (1, -1.0, 1), (1, height + 1, -1)):
        kept = []
        for start, end in zip(corners[-1:] + corners[:-1], corners, strict=True):
            start_in = (start[axis] - limit) * sign >= 0
            end_in = (end[axis] - limit) * sign >= 0
            if start_in != end_in:
                share = (limit - start[axis]) / (end[axis] - start[axis])
                kept.append(
                    (
                        start[0] + share * (end[0] - start[0]),
                        start[1] + share * (end[1] - start[1]),
                    )
                )
            if end_in:
                kept.append(end)
        corners = kept
    return [value for corner in corners for value in corner]


def _turned(polygon: list[float], cx: float, cy: float, rotation: float) -> list[float]:
    if not rotation % 360:
        return polygon
    cos, sin = math.cos(math.radians(rotation)), math.sin(math.radians(rotation))
    turned: list[float] = []
    for x, y in zip(polygon[::2], polygon[1::2], strict=True):
        dx, dy = x - cx, y - cy
        turned += [
            round(cx + dx * cos - dy * sin, _DIGITS),
            round(cy + dx * sin + dy * cos, _DIGITS),
        ]
    return turned
