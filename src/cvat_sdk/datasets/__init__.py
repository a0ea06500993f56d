"""Tasks as datasets: images and annotations, kept on disk."""

from __future__ import annotations

from cvat_sdk.datasets.caching import UpdatePolicy
from cvat_sdk.datasets.common import (
    FrameAnnotations,
    MediaDownloadPolicy,
    MediaElement,
    Sample,
    UnsupportedDatasetError,
)
from cvat_sdk.datasets.task_dataset import TaskDataset

__all__ = [
    "FrameAnnotations",
    "MediaDownloadPolicy",
    "MediaElement",
    "Sample",
    "TaskDataset",
    "UnsupportedDatasetError",
    "UpdatePolicy",
]
