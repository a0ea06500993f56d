"""Masks in files: what is wrong with one is wrong with the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cvat_local.formats.dataset import Frame
from cvat_local.formats.errors import FormatError
from cvat_sdk.core.shapes import coco, masks


def pixels_of(points: Sequence[float], frame: Frame) -> masks.Pixels:
    """All pixels of a frame with a mask in it.

    Raises:
        FormatError: The box of the mask is none.
    """
    try:
        return masks.to_image(masks.from_points(points), frame.width, frame.height)
    except ValueError as error:
        raise FormatError(str(error)) from error


def points_of(rle: Mapping[str, Any], frame: Frame) -> list[float] | None:
    """A mask in COCO's run lengths as the API has it; None when it has no pixels.

    Raises:
        FormatError: It is malformed, or is not of the size of the frame.
    """
    size = rle.get("size")
    if size != [frame.height, frame.width]:
        raise FormatError(
            f"A mask is for an image of (height, width) {size}, "
            f"but the frame is {[frame.height, frame.width]}."
        )
    try:
        return masks.to_points(coco.from_rle(rle))
    except ValueError as error:
        raise FormatError(str(error)) from error
