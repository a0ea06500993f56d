"""What the functions with models of torchvision have in common."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import PIL.Image

import cvat_sdk.auto_annotation as cvataa

try:
    import torch
    import torchvision.models
except ImportError as error:
    raise ImportError(
        "functions with models of torchvision need torch and torchvision: pip install torch torchvision"
    ) from error

__all__ = ["TorchvisionFunction"]

_NOTHING = "N/A"
"""A category that stands for none."""


class TorchvisionFunction:
    """A model of torchvision with its weights.

    Args:
        model_name: Name of the model, such as ``fasterrcnn_resnet50_fpn_v2``.
        weights_name: Name of its weights.
        kwargs: Passed to the builder of the model.

    Raises:
        ValueError: There is no such model.
        KeyError: It has no such weights.
    """

    _label_type: ClassVar[str] = "any"

    def __init__(self, model_name: str, weights_name: str = "DEFAULT", **kwargs: Any) -> None:
        # Looked up now: whoever tests without downloads replaces these.
        weights = torchvision.models.get_model_weights(model_name)[weights_name]
        self._weights: Any = weights
        self._transforms: Any = weights.transforms()
        self._model: Any = torchvision.models.get_model(model_name, weights=weights, **kwargs)
        self._model.eval()

    @cached_property
    def spec(self) -> cvataa.DetectionFunctionSpec:
        """The categories of the weights as labels; their ids are the numbers of the categories."""
        return cvataa.DetectionFunctionSpec(
            labels=[
                cvataa.label_spec(name, number, type=self._label_type)
                for number, name in enumerate(self._weights.meta["categories"])
                if name != _NOTHING
            ]
        )

    def _run(self, batch: Any) -> Any:
        with torch.inference_mode():
            return self._model(batch)

    def _results(self, context: cvataa.DetectionFunctionContext, image: PIL.Image.Image) -> Any:
        """What a model that finds objects says of an image, without what it is not sure enough of.

        Returns:
            Tensors by name: ``boxes``, ``labels``, ``scores`` and those of the kind of model.
        """
        (results,) = self._run([self._transforms(image)])
        wanted = results["scores"] >= (context.conf_threshold or 0)
        return {name: values[wanted] for name, values in results.items()}
