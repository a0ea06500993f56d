"""Tasks and projects as datasets of torchvision, for training. Needs torch and torchvision (extra ``pytorch``)."""

from __future__ import annotations

import importlib.util

if importlib.util.find_spec("torchvision") is None:
    raise ImportError("cvat_sdk.pytorch needs torch and torchvision: pip install torch torchvision")

from cvat_sdk.datasets.caching import UpdatePolicy
from cvat_sdk.datasets.common import FrameAnnotations, UnsupportedDatasetError
from cvat_sdk.pytorch.common import Target
from cvat_sdk.pytorch.project_dataset import ProjectVisionDataset
from cvat_sdk.pytorch.task_dataset import TaskVisionDataset
from cvat_sdk.pytorch.transforms import (
    ExtractBoundingBoxes,
    ExtractInstanceMasks,
    ExtractSingleLabelIndex,
    LabeledBoxes,
    LabeledMasks,
)

__all__ = [
    "ExtractBoundingBoxes",
    "ExtractInstanceMasks",
    "ExtractSingleLabelIndex",
    "FrameAnnotations",
    "LabeledBoxes",
    "LabeledMasks",
    "ProjectVisionDataset",
    "Target",
    "TaskVisionDataset",
    "UnsupportedDatasetError",
    "UpdatePolicy",
]
