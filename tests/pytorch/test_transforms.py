"""Labels, boxes and masks as tensors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from cvat_sdk import models
from cvat_sdk.datasets import FrameAnnotations
from cvat_sdk.masks import encode_mask
from cvat_sdk.pytorch import (
    ExtractBoundingBoxes,
    ExtractInstanceMasks,
    ExtractSingleLabelIndex,
    Target,
)

EVERY = ExtractBoundingBoxes.SUPPORTED_SHAPE_TYPES


def shape(kind: str, points: list[float], **more: Any) -> models.LabeledShape:
    return models.LabeledShape._from_openapi_data(
        type=models.ShapeType(kind), points=points, frame=0, label_id=5, **more
    )


def target(*shapes: models.LabeledShape, tags: int = 0) -> Target:
    tag = models.LabeledImage._from_openapi_data(frame=0, label_id=5)
    return Target(FrameAnnotations([tag] * tags, list(shapes)), {5: 2}, (20, 10))


def test_the_label_of_an_image() -> None:
    found = ExtractSingleLabelIndex()(target(tags=1))
    assert (found.dtype, found.shape, int(found)) == (torch.long, (), 2)
    for count in (0, 2):
        with pytest.raises(ValueError, match=f"one tag, got one with {count}"):
            ExtractSingleLabelIndex()(target(tags=count))


@pytest.mark.parametrize(
    ("kind", "points", "rotation", "box"),
    [
        ("rectangle", [1, 2, 9, 8], 0, [1, 2, 9, 8]),
        ("rectangle", [1, 2, 9, 8], 180, [1, 2, 9, 8]),
        ("rectangle", [0, 0, 8, 4], 90, [2, -2, 6, 6]),
        ("rectangle", [0, 0, 2, 2], 45, [1 - 2**0.5, 1 - 2**0.5, 1 + 2**0.5, 1 + 2**0.5]),
        ("polygon", [3, 1, 9, 5, 4, 7], 0, [3, 1, 9, 7]),
        ("polyline", [3, 1, 9, 5], 0, [3, 1, 9, 5]),
        ("points", [3, 1], 0, [3, 1, 3, 1]),
        # Its centre, then the right of it and the top of it.
        ("ellipse", [10, 5, 14, 3], 0, [6, 3, 14, 7]),
        ("ellipse", [10, 5, 14, 3], 90, [8, 1, 12, 9]),
    ],
)
def test_boxes(kind: str, points: list[float], rotation: float, box: list[float]) -> None:
    found = ExtractBoundingBoxes(include_shape_types={kind})(
        target(shape(kind, points, rotation=float(rotation)))
    )
    assert found["boxes"].dtype == torch.float
    assert all(
        math.isclose(a, b, abs_tol=1e-5)
        for a, b in zip(found["boxes"][0].tolist(), box, strict=True)
    )
    assert found["labels"].tolist() == [2]


def test_other_shapes_are_left_out() -> None:
    found = ExtractBoundingBoxes(include_shape_types=EVERY - {"points"})(
        target(shape("points", [1, 2]))
    )
    assert (found["boxes"].shape, found["labels"].shape) == ((0, 4), (0,))


@pytest.mark.parametrize("extract", [ExtractBoundingBoxes, ExtractInstanceMasks])
def test_a_type_that_cannot_be_taken_is_refused(extract: Any) -> None:
    with pytest.raises(ValueError, match=r"^include_shape_types: expected some of .*, got cuboid"):
        extract(include_shape_types=["polygon", "cuboid"])
    assert extract(include_shape_types=iter(["polygon"])).include_shape_types == {"polygon"}


def test_masks() -> None:
    bitmap = np.zeros((10, 20), dtype=bool)
    bitmap[2:5, 3:9] = True
    bitmap[3, 4] = False
    mask = shape("mask", encode_mask(bitmap))
    polygon = shape("polygon", [1, 1, 6, 1, 6, 4, 1, 4])
    found = ExtractInstanceMasks(include_shape_types=["mask", "polygon"])(target(mask, polygon))
    assert found["masks"].dtype == torch.uint8
    assert found["masks"].shape == (2, 10, 20)
    assert (found["masks"][0].numpy() == bitmap).all()
    assert found["boxes"].tolist() == [[3, 2, 9, 5], [1, 1, 6, 4]]
    assert int(found["masks"][1].sum()) == 6 * 4
    none = ExtractInstanceMasks(include_shape_types=["mask"])(target())
    assert none["masks"].shape == (0, 10, 20)
