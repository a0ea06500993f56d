"""Objects with points found by a model of torchvision, as skeletons."""

from __future__ import annotations

from functools import cached_property

import PIL.Image

import cvat_sdk.auto_annotation as cvataa
from cvat_sdk import models
from cvat_sdk.auto_annotation.functions._torchvision import TorchvisionFunction


class _TorchvisionKeypointDetectionFunction(TorchvisionFunction):
    @cached_property
    def spec(self) -> cvataa.DetectionFunctionSpec:
        """A skeleton for each category; the ids of its points are their numbers."""
        points = [
            cvataa.keypoint_spec(name, number)
            for number, name in enumerate(self._weights.meta["keypoint_names"])
        ]
        return cvataa.DetectionFunctionSpec(
            labels=[
                cvataa.skeleton_label_spec(name, number, points)
                for number, name in enumerate(self._weights.meta["categories"])
            ]
        )

    def detect(
        self, context: cvataa.DetectionFunctionContext, image: PIL.Image.Image
    ) -> list[models.LabeledShapeRequest]:
        """A skeleton for each object; points that are not seen are occluded."""
        results = self._results(context, image)
        return [
            cvataa.skeleton(
                label,
                elements=[
                    cvataa.keypoint(number, [x, y], occluded=not visible)
                    for number, (x, y, visible) in enumerate(points)
                ],
            )
            for points, label in zip(
                results["keypoints"].tolist(), results["labels"].tolist(), strict=True
            )
        ]


create = _TorchvisionKeypointDetectionFunction
