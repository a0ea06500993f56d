"""Tasks and projects as datasets of torchvision, with a DataLoader and without the server."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader
from torchvision.transforms import functional

from cvat_sdk import Client, models
from cvat_sdk.pytorch import (
    ExtractBoundingBoxes,
    ExtractSingleLabelIndex,
    ProjectVisionDataset,
    Target,
    TaskVisionDataset,
    UnsupportedDatasetError,
    UpdatePolicy,
)

Make = Callable[..., Any]
Labels = Callable[[Any], dict[str, int]]


@pytest.fixture
def task(make_task: Make, labels: Labels) -> Any:
    """Four frames: cars and buses by turns, a box in the first."""
    task = make_task("one")
    by_name = labels(task)
    tags = [{"frame": n, "label_id": by_name["car" if n % 2 else "bus"]} for n in range(4)]
    box = {"type": "rectangle", "frame": 0, "label_id": by_name["car"], "points": [1, 2, 9, 8]}
    task.set_annotations({"tags": tags, "shapes": [box]})
    return task


def to_tensor(image: Any) -> torch.Tensor:
    return functional.to_tensor(image)


def test_samples_are_images_with_targets(client: Client, task: Any, labels: Labels) -> None:
    dataset = TaskVisionDataset(client, task.id)
    assert len(dataset) == 4
    image, target = dataset[1]
    assert image.getpixel((0, 0)) == (50, 10, 20)
    assert isinstance(target, Target)
    assert target.image_size == (40, 30)
    by_name = labels(task)
    assert target.annotations.tags[0].label_id == by_name["car"]
    assert dict(target.label_id_to_index) == {by_name["bus"]: 0, by_name["car"]: 1}
    with pytest.raises(TypeError):
        target.label_id_to_index[0] = 1
    with pytest.raises(IndexError):
        dataset[4]


def test_transforms(client: Client, task: Any) -> None:
    separate = TaskVisionDataset(
        client, task.id, transform=to_tensor, target_transform=ExtractSingleLabelIndex()
    )
    assert separate[1][0].shape == (3, 30, 40)
    assert [int(target) for _, target in (separate[n] for n in range(4))] == [0, 1, 0, 1]
    joint = TaskVisionDataset(client, task.id, transforms=lambda image, target: (target, image))
    assert isinstance(joint[0][0], Target)
    with pytest.raises(ValueError, match="transforms"):
        TaskVisionDataset(client, task.id, transforms=lambda *both: both, transform=to_tensor)


def test_numbers_of_labels(client: Client, task: Any) -> None:
    dataset = TaskVisionDataset(
        client,
        task.id,
        target_transform=ExtractSingleLabelIndex(),
        label_name_to_index={"car": 7, "bus": 3, "plane": 1},
    )
    assert [int(dataset[n][1]) for n in range(2)] == [3, 7]
    with pytest.raises(KeyError, match="bus"):
        TaskVisionDataset(client, task.id, label_name_to_index={"car": 7})


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_a_loader(client: Client, task: Any, workers: int, context: str) -> None:
    dataset = TaskVisionDataset(
        client, task.id, transform=to_tensor, target_transform=ExtractSingleLabelIndex()
    )
    loader = DataLoader(
        dataset,
        batch_size=3,
        num_workers=workers,
        multiprocessing_context=context if workers else None,
    )
    batches = list(loader)
    assert [images.shape for images, _ in batches] == [(3, 3, 30, 40), (1, 3, 30, 40)]
    assert torch.cat([indexes for _, indexes in batches]).tolist() == [0, 1, 0, 1]


def test_boxes_in_a_loader(client: Client, task: Any) -> None:
    boxes = ExtractBoundingBoxes(include_shape_types=["rectangle"])
    dataset = TaskVisionDataset(client, task.id, transform=to_tensor, target_transform=boxes)
    loader = DataLoader(
        dataset, batch_size=4, collate_fn=lambda batch: list(zip(*batch, strict=True))
    )
    ((_, targets),) = list(loader)
    assert targets[0]["boxes"].tolist() == [[1, 2, 9, 8]]
    assert targets[1]["boxes"].shape == (0, 4)


def test_without_the_server(client: Client, task: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    TaskVisionDataset(client, task.id)

    def refuse(*arguments: Any, **options: Any) -> Any:
        raise AssertionError("the server was asked")

    monkeypatch.setattr(client.api_client.rest_client, "request", refuse)
    dataset = TaskVisionDataset(client, task.id, update_policy=UpdatePolicy.NEVER)
    assert dataset[3][0].getpixel((0, 0)) == (150, 10, 20)
    copied = pickle.loads(pickle.dumps(dataset))
    assert copied[2][1].label_id_to_index == dataset[2][1].label_id_to_index


def test_a_task_without_data(client: Client) -> None:
    task = client.tasks.create(models.TaskWriteRequest(name="empty"))
    with pytest.raises(UnsupportedDatasetError, match="no data"):
        TaskVisionDataset(client, task.id)


@pytest.fixture
def project(client: Client, make_task: Make, labels: Labels) -> Any:
    """Two tasks for training and one for validation, each frame of which is tagged."""
    project = client.projects.create(
        models.ProjectWriteRequest(name="all", labels=[{"name": "bus"}, {"name": "car"}])
    )
    for name, subset, count in (("a", "Train", 2), ("b", "Val", 1), ("c", "Train", 3)):
        task = make_task(name, count, project_id=project.id, subset=subset)
        bus = labels(task)["bus"]
        task.set_annotations({"tags": [{"frame": n, "label_id": bus} for n in range(count)]})
    return project


def test_a_project(client: Client, project: Any) -> None:
    dataset = ProjectVisionDataset(
        client, project.id, transform=to_tensor, target_transform=ExtractSingleLabelIndex()
    )
    assert len(dataset) == 6
    reds = [round(float(dataset[n][0][0, 0, 0]) * 255) for n in range(6)]
    assert reds == [0, 50, 0, 0, 50, 100]  # task after task
    assert {int(dataset[n][1]) for n in range(6)} == {0}
    train = ProjectVisionDataset(client, project.id, include_subsets={"Train"})
    assert len(train) == 5
    some = ProjectVisionDataset(client, project.id, task_filter=lambda task: task.name != "c")
    assert len(some) == 3
    both = ProjectVisionDataset(
        client, project.id, include_subsets=["Train"], task_filter=lambda task: task.size > 2
    )
    assert len(both) == 3
    swapped = ProjectVisionDataset(
        client, project.id, transforms=lambda image, target: (target, image)
    )
    assert isinstance(swapped[0][0], Target)
    offline = ProjectVisionDataset(client, project.id, update_policy=UpdatePolicy.NEVER)
    assert len(offline) == 6


def test_a_project_of_which_nothing_is_left(client: Client, project: Any) -> None:
    assert len(ProjectVisionDataset(client, project.id, include_subsets=[])) == 0
