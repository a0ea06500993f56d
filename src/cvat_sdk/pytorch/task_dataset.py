"""A task as a dataset of torchvision."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

import torchvision.datasets

from cvat_sdk.core.client import Client
from cvat_sdk.datasets.caching import UpdatePolicy, make_cache_manager
from cvat_sdk.datasets.common import FrameAnnotations
from cvat_sdk.datasets.task_dataset import TaskDataset
from cvat_sdk.pytorch.common import Target

__all__ = ["TaskVisionDataset"]


class TaskVisionDataset(torchvision.datasets.VisionDataset):
    """The frames of a task: pairs of a Pillow image and a `Target`, before the transforms.

    All requests are made when it is constructed; images come from disk after that.

    Args:
        client: The client.
        task_id: Id of the task.
        transforms: Takes image and target, and gives both.
        transform: Takes an image, and gives what takes its place; not with `transforms`.
        target_transform: Takes a target, such as `ExtractBoundingBoxes`; not with `transforms`.
        label_name_to_index: Numbers of the labels by name. Default: from 0, in the order of their ids.
        update_policy: Whether the server is asked for what is on disk already.

    Raises:
        UnsupportedDatasetError: The task has no data, or is a video.
        KeyError: A label has no number.
        ValueError: `transforms` together with one of the others.
    """

    def __init__(
        self,
        client: Client,
        task_id: int,
        *,
        transforms: Callable[..., Any] | None = None,
        transform: Callable[..., Any] | None = None,
        target_transform: Callable[..., Any] | None = None,
        label_name_to_index: Mapping[str, int] | None = None,
        update_policy: UpdatePolicy = UpdatePolicy.IF_MISSING_OR_STALE,
    ) -> None:
        cache = make_cache_manager(client, update_policy)
        super().__init__(
            str(cache.task_dir(task_id)),
            transforms=transforms,
            transform=transform,
            target_transform=target_transform,
        )
        self._underlying = TaskDataset(client, task_id, update_policy=update_policy)
        labels = sorted(self._underlying.labels, key=lambda label: label.id)
        if label_name_to_index is None:
            indexes = {label.id: index for index, label in enumerate(labels)}
        else:
            indexes = {label.id: label_name_to_index[label.name] for label in labels}
        self._label_id_to_index: Mapping[int, int] = types.MappingProxyType(indexes)

    def __getitem__(self, sample_index: int) -> Any:
        """The image and the target of a sample, transformed."""
        sample = self._underlying.samples[sample_index]
        image = sample.media.load_image()
        target: Any = Target(
            sample.annotations or FrameAnnotations(),
            self._label_id_to_index,
            (image.width, image.height),
        )
        return self.transforms(image, target) if self.transforms else (image, target)

    def __len__(self) -> int:
        return len(self._underlying.samples)

    def __getstate__(self) -> dict[str, Any]:
        # Workers of a DataLoader get it by pickle; a mapping proxy has no such form.
        return {**self.__dict__, "_label_id_to_index": dict(self._label_id_to_index)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._label_id_to_index = types.MappingProxyType(state["_label_id_to_index"])
