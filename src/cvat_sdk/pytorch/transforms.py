"""What a sample knows as tensors; for ``target_transform`` of the datasets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypedDict

import attrs
import numpy as np
import torch

from cvat_sdk import models
from cvat_sdk.pytorch._utils import draw_mask, shape_bbox
from cvat_sdk.pytorch.common import Target

__all__ = [
    "ExtractBoundingBoxes",
    "ExtractInstanceMasks",
    "ExtractSingleLabelIndex",
    "LabeledBoxes",
    "LabeledMasks",
]


class LabeledBoxes(TypedDict):
    """Boxes with their labels, as detection models of torchvision want them."""

    boxes: torch.Tensor
    """Left, top, right and bottom in pixels: floats, of shape (n, 4)."""
    labels: torch.Tensor
    """Indexes of the labels: integers, of shape (n,)."""


class LabeledMasks(TypedDict):
    """Masks with their boxes and labels, as segmentation models of torchvision want them."""

    boxes: torch.Tensor
    """As in `LabeledBoxes`."""
    labels: torch.Tensor
    """As in `LabeledBoxes`."""
    masks: torch.Tensor
    """0 and 1: unsigned bytes, of shape (n, height, width)."""


@attrs.frozen
class ExtractSingleLabelIndex:
    """The label of an image that has one tag."""

    def __call__(self, target: Target) -> torch.Tensor:
        """The index of the label, as a tensor of no dimensions.

        Raises:
            ValueError: The image has no tag, or several.
        """
        tags = target.annotations.tags
        if len(tags) != 1:
            raise ValueError(f"Expected an image with one tag, got one with {len(tags)}")
        return torch.tensor(target.label_id_to_index[tags[0].label_id], dtype=torch.long)


def _types(kinds: Iterable[str]) -> frozenset[str]:
    return frozenset(map(str, kinds))


def _check(instance: object, attribute: object, value: frozenset[str]) -> None:
    supported: frozenset[str] = type(instance).SUPPORTED_SHAPE_TYPES  # type: ignore[attr-defined]  # both have them
    if unknown := sorted(value - supported):
        raise ValueError(
            f"include_shape_types: expected some of {', '.join(sorted(supported))}, got {', '.join(unknown)}"
        )


def _boxes(target: Target, shapes: list[models.LabeledShape]) -> LabeledBoxes:
    boxes = [shape_bbox(shape) for shape in shapes]
    labels = [target.label_id_to_index[shape.label_id] for shape in shapes]
    return {
        "boxes": torch.tensor(boxes, dtype=torch.float).reshape(-1, 4),
        "labels": torch.tensor(labels, dtype=torch.long),
    }


@attrs.frozen
class ExtractBoundingBoxes:
    """The boxes of shapes.

    Args:
        include_shape_types: Types of the shapes that count, such as ``{"rectangle", "polygon"}``.

    Raises:
        ValueError: One of them has no box here.
    """

    SUPPORTED_SHAPE_TYPES: ClassVar[frozenset[str]] = frozenset(
        ("rectangle", "polygon", "polyline", "points", "ellipse")
    )

    include_shape_types: frozenset[str] = attrs.field(
        converter=_types, validator=_check, kw_only=True
    )

    def __call__(self, target: Target) -> LabeledBoxes:
        """The boxes, in the order of the shapes."""
        shapes = [s for s in target.annotations.shapes if str(s.type) in self.include_shape_types]
        return _boxes(target, shapes)


@attrs.frozen
class ExtractInstanceMasks:
    """The masks of shapes, with their boxes.

    Args:
        include_shape_types: Types of the shapes that count: ``polygon``, ``mask`` or both.

    Raises:
        ValueError: One of them has no mask here.
    """

    SUPPORTED_SHAPE_TYPES: ClassVar[frozenset[str]] = frozenset(("polygon", "mask"))

    include_shape_types: frozenset[str] = attrs.field(
        converter=_types, validator=_check, kw_only=True
    )

    def __call__(self, target: Target) -> LabeledMasks:
        """The masks, in the order of the shapes."""
        width, height = target.image_size
        shapes = [s for s in target.annotations.shapes if str(s.type) in self.include_shape_types]
        masks = [draw_mask(shape, target.image_size) for shape in shapes]
        stacked = np.stack(masks) if masks else np.zeros((0, height, width), dtype=np.uint8)
        return {**_boxes(target, shapes), "masks": torch.from_numpy(stacked)}
