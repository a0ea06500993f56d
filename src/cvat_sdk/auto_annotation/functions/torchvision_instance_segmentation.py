"""Objects found by a model of torchvision, as masks or polygons. Polygons need scikit-image."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import PIL.Image
from numpy.typing import NDArray

import cvat_sdk.auto_annotation as cvataa
from cvat_sdk import models
from cvat_sdk.auto_annotation.functions._torchvision import TorchvisionFunction
from cvat_sdk.masks import encode_mask

_LEVEL = 0.5
_TOLERANCE = 2.5
"""Pixels that a simplified outline may be away."""
_FEWEST_POINTS = 3


class _TorchvisionInstanceSegmentationFunction(TorchvisionFunction):
    _label_type: ClassVar[str] = "mask"

    def detect(
        self, context: cvataa.DetectionFunctionContext, image: PIL.Image.Image
    ) -> list[models.LabeledShapeRequest]:
        """A mask for each object, or polygons where the context wants them."""
        results = self._results(context, image)
        found = zip(results["boxes"], results["masks"], results["labels"], strict=True)
        return [
            shape
            for box, mask, label in found
            for shape in _generate_shapes(context, box, mask, label)
        ]


def _generate_shapes(
    context: cvataa.DetectionFunctionContext, box: Any, mask: Any, label: Any
) -> Iterator[models.LabeledShapeRequest]:
    """The shapes of one object.

    Args:
        context: Says whether polygons are wanted.
        box: Tensor of left, top, right and bottom.
        mask: Tensor of shape (1, height, width), of probabilities.
        label: Tensor of no dimensions.
    """
    likely = mask[0].cpu().numpy()
    if context.conv_mask_to_poly:
        for outline in _outlines(likely):
            yield cvataa.polygon(int(label), outline.ravel().tolist())
        return
    height, width = likely.shape
    left, top, right, bottom = box.tolist()
    inside = [
        max(math.floor(left), 0),
        max(math.floor(top), 0),
        min(math.ceil(right), width),
        min(math.ceil(bottom), height),
    ]
    if inside[0] < inside[2] and inside[1] < inside[3]:
        yield cvataa.mask(int(label), encode_mask(likely >= _LEVEL, inside))


def _outlines(likely: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Outer outlines of a mask as points of x and y, simplified."""
    try:
        from skimage import measure
    except ImportError as error:
        raise ImportError(
            "polygons of masks need scikit-image: pip install scikit-image"
        ) from error
    # A frame of nothing closes the outlines of what touches the border. Just below the level, for values that are it.
    padded = np.pad(likely, 1)
    for contour in measure.find_contours(padded, np.nextafter(_LEVEL, 0), fully_connected="high"):
        points = contour[:, ::-1] - 1
        if not _is_positively_oriented(points):
            continue  # the outline of a hole
        simple = measure.approximate_polygon(points, _TOLERANCE)[:-1]
        height, width = likely.shape
        chosen = simple if len(simple) >= _FEWEST_POINTS else points[:-1]
        if len(chosen) >= _FEWEST_POINTS:
            yield np.clip(chosen, 0, [width, height])


def _is_positively_oriented(contour: NDArray[Any]) -> bool:
    """Whether a closed outline of x and y goes round what is inside of it."""
    x, y = contour[:, 0], contour[:, 1]
    return bool(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) > 0)


create = _TorchvisionInstanceSegmentationFunction
