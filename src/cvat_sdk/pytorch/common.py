"""What samples are made of."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from cvat_sdk.datasets.common import FrameAnnotations

__all__ = ["Target"]


@attrs.frozen
class Target:
    """What is known of an image.

    Attributes:
        annotations: Its tags and shapes.
        label_id_to_index: Number of each label from 0, as models want it, by the label's id.
        image_size: Width and height in pixels.
    """

    annotations: FrameAnnotations
    label_id_to_index: Mapping[int, int]
    image_size: tuple[int, int]
