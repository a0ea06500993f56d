"""The types of shapes, and how many numbers their points have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, get_args

ShapeType = Literal[
    "rectangle", "ellipse", "polygon", "polyline", "points", "cuboid", "mask", "skeleton"
]

SHAPE_TYPES: tuple[str, ...] = get_args(ShapeType)
"""All types of shapes."""

POINTS: Mapping[str, tuple[str, Callable[[int], bool]]] = {
    "rectangle": ("4 numbers", lambda count: count == 4),
    "ellipse": ("4 numbers", lambda count: count == 4),
    "polygon": ("at least 3 pairs of numbers", lambda count: count >= 6 and count % 2 == 0),
    "polyline": ("at least 2 pairs of numbers", lambda count: count >= 4 and count % 2 == 0),
    "points": ("at least 1 pair of numbers", lambda count: count >= 2 and count % 2 == 0),
    "cuboid": ("16 numbers", lambda count: count == 16),
    "mask": ("run lengths and a box, 5 numbers or more", lambda count: count >= 5),
    "skeleton": ("no points of its own", lambda count: count == 0),
}
"""By type of shape: what its points are in words, and whether there may be so many numbers."""
