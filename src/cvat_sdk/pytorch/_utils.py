"""Boxes and masks of shapes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from cvat_sdk import models
from cvat_sdk.masks import decode_mask

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""


def shape_bbox(shape: models.LabeledShape) -> Box:
    """The smallest box around a shape, which may be rotated."""
    points = shape.points
    kind = str(shape.type)
    if kind == "mask":
        left, top, right, bottom = points[-4:]
        return left, top, right + 1, bottom + 1
    angle = math.radians(shape.get("rotation") or 0)
    if kind == "ellipse":
        x, y, right, top = points
        return _around_ellipse(x, y, right - x, y - top, angle)
    box = min(points[::2]), min(points[1::2]), max(points[::2]), max(points[1::2])
    return _around_rectangle(box, angle) if angle and kind == "rectangle" else box


def _around_ellipse(x: float, y: float, rx: float, ry: float, angle: float) -> Box:
    half_width = math.hypot(rx * math.cos(angle), ry * math.sin(angle))
    half_height = math.hypot(rx * math.sin(angle), ry * math.cos(angle))
    return x - half_width, y - half_height, x + half_width, y + half_height


def _around_rectangle(box: Box, angle: float) -> Box:
    left, top, right, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
    half_width = ((right - left) * cos + (bottom - top) * sin) / 2
    half_height = ((right - left) * sin + (bottom - top) * cos) / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def draw_mask(shape: models.LabeledShape, image_size: tuple[int, int]) -> NDArray[Any]:
    """The pixels of a polygon or a mask.

    Args:
        shape: The shape.
        image_size: Width and height of the image.

    Returns:
        An array of 0 and 1, of shape (height, width), of unsigned bytes.
    """
    width, height = image_size
    if str(shape.type) == "mask":
        return decode_mask(shape.points, image_width=width, image_height=height).astype(np.uint8)
    image = Image.new("L", image_size)
    ImageDraw.Draw(image).polygon(shape.points, fill=1)
    return np.asarray(image, dtype=np.uint8)
