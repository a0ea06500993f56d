"""Images classified by a model of torchvision."""

from __future__ import annotations

from typing import ClassVar

import PIL.Image

import cvat_sdk.auto_annotation as cvataa
from cvat_sdk import models
from cvat_sdk.auto_annotation.functions._torchvision import TorchvisionFunction


class _TorchvisionClassificationFunction(TorchvisionFunction):
    _label_type: ClassVar[str] = "tag"

    def detect(
        self, context: cvataa.DetectionFunctionContext, image: PIL.Image.Image
    ) -> list[models.LabeledImageRequest]:
        """The best category, if it is good enough."""
        scores = self._run(self._transforms(image).unsqueeze(0)).squeeze(0).softmax(0)
        best = int(scores.argmax())
        if float(scores[best]) < (context.conf_threshold or 0):
            return []
        return [cvataa.tag(best)]


create = _TorchvisionClassificationFunction
