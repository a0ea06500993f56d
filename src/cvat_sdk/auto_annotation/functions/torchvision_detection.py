"""Objects found by a model of torchvision, as boxes."""

from __future__ import annotations

from typing import ClassVar

import PIL.Image

import cvat_sdk.auto_annotation as cvataa
from cvat_sdk import models
from cvat_sdk.auto_annotation.functions._torchvision import TorchvisionFunction


class _TorchvisionDetectionFunction(TorchvisionFunction):
    _label_type: ClassVar[str] = "rectangle"

    def detect(
        self, context: cvataa.DetectionFunctionContext, image: PIL.Image.Image
    ) -> list[models.LabeledShapeRequest]:
        """A rectangle for each object."""
        results = self._results(context, image)
        return [
            cvataa.rectangle(label, box)
            for box, label in zip(
                results["boxes"].tolist(), results["labels"].tolist(), strict=True
            )
        ]


create = _TorchvisionDetectionFunction
