"""Plane geometry that formats share."""

from __future__ import annotations

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
