"""A project as a dataset of torchvision."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

import torch.utils.data
import torchvision.datasets

from cvat_sdk import models
from cvat_sdk.core.client import Client
from cvat_sdk.datasets.caching import UpdatePolicy, make_cache_manager
from cvat_sdk.pytorch.task_dataset import TaskVisionDataset

__all__ = ["ProjectVisionDataset"]


class ProjectVisionDataset(torchvision.datasets.VisionDataset):
    """The frames of the tasks of a project, one task after the other by their ids.

    Args:
        client: The client.
        project_id: Id of the project.
        transforms: As in `TaskVisionDataset`, like the two below.
        transform: See there.
        target_transform: See there.
        label_name_to_index: See there.
        task_filter: Says of a task whether it counts. Default: all do.
        include_subsets: Subsets that count. Default: all do.
        update_policy: Whether the server is asked for what is on disk already.

    Raises:
        UnsupportedDatasetError: A task has no data, or is a video.
        KeyError: A label has no number.
        ValueError: `transforms` together with one of the others.
    """

    def __init__(
        self,
        client: Client,
        project_id: int,
        *,
        transforms: Callable[..., Any] | None = None,
        transform: Callable[..., Any] | None = None,
        target_transform: Callable[..., Any] | None = None,
        label_name_to_index: Mapping[str, int] | None = None,
        task_filter: Callable[[models.ITaskRead], bool] | None = None,
        include_subsets: Container[str] | None = None,
        update_policy: UpdatePolicy = UpdatePolicy.IF_MISSING_OR_STALE,
    ) -> None:
        cache = make_cache_manager(client, update_policy)
        super().__init__(
            str(cache.project_dir(project_id)),
            transforms=transforms,
            transform=transform,
            target_transform=target_transform,
        )
        tasks: Any = cache.retrieve_project(project_id).get_tasks()
        if task_filter is not None:
            tasks = filter(task_filter, tasks)
        if include_subsets is not None:
            tasks = [task for task in tasks if task.subset in include_subsets]
        self._underlying: Any = torch.utils.data.ConcatDataset(
            [
                TaskVisionDataset(
                    client,
                    task.id,
                    label_name_to_index=label_name_to_index,
                    update_policy=update_policy,
                )
                for task in sorted(tasks, key=lambda task: task.id)
            ]
            or [_Empty()]
        )

    def __getitem__(self, sample_index: int) -> Any:
        """The image and the target of a sample, transformed."""
        image, target = self._underlying[sample_index]
        return self.transforms(image, target) if self.transforms else (image, target)

    def __len__(self) -> int:
        return len(self._underlying)


class _Empty(torch.utils.data.Dataset[Any]):
    """A dataset without samples, for a project without tasks."""

    def __getitem__(self, index: int) -> Any:
        raise IndexError(index)

    def __len__(self) -> int:
        return 0
