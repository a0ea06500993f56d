"""Functions with models of torchvision. Weights cannot be had without a network, so the models have random ones."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import torchvision.models
from PIL import Image

import cvat_sdk.auto_annotation as cvataa
from cvat_sdk import Client
from cvat_sdk.auto_annotation.functions import (
    torchvision_classification,
    torchvision_detection,
    torchvision_instance_segmentation,
    torchvision_keypoint_detection,
)
from cvat_sdk.masks import decode_mask

Make = Callable[..., Any]
IMAGE = Image.new("RGB", (64, 48), (200, 30, 30))


@pytest.fixture(autouse=True)
def no_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    build = torchvision.models.get_model

    def without_weights(name: str, weights: Any = None, **options: Any) -> Any:
        torch.manual_seed(3)
        if "rcnn" in name or "ssd" in name:
            options["weights_backbone"] = None
        return build(name, weights=None, **options)

    monkeypatch.setattr(torchvision.models, "get_model", without_weights)


def context(conf_threshold: float | None = None, conv_mask_to_poly: bool = False) -> Any:
    return SimpleNamespace(
        frame_name="a.png", conf_threshold=conf_threshold, conv_mask_to_poly=conv_mask_to_poly
    )


def says(function: Any, **results: Any) -> Any:
    """A function whose model says this of each image."""
    tensors = {name: torch.tensor(value) for name, value in results.items()}
    function._model = lambda images: [tensors for _ in images]
    return function


def test_classification() -> None:
    function = torchvision_classification.create("mobilenet_v3_small")
    labels = function.spec.labels
    assert (len(labels), labels[1].name, labels[1].id, str(labels[0].type)) == (
        1000,
        "goldfish",
        1,
        "tag",
    )
    (tag,) = function.detect(context(), IMAGE)
    assert 0 <= tag.label_id < 1000
    assert function.detect(context(conf_threshold=1), IMAGE) == []
    function._model = lambda batch: torch.eye(1000)[5:6] * 50
    assert function.detect(context(conf_threshold=0.9), IMAGE)[0].label_id == 5


def test_detection() -> None:
    function = torchvision_detection.create("ssdlite320_mobilenet_v3_large")
    names = {label.name: label.id for label in function.spec.labels}
    assert names["person"] == 1
    assert "N/A" not in names
    assert isinstance(function.detect(context(conf_threshold=0.99), IMAGE), list)
    says(function, boxes=[[1.0, 2, 3, 4], [5.0, 6, 7, 8]], labels=[1, 3], scores=[0.4, 0.6])
    shapes = function.detect(context(), IMAGE)
    assert [(s.label_id, s.points, str(s.type)) for s in shapes] == [
        (1, [1, 2, 3, 4], "rectangle"),
        (3, [5, 6, 7, 8], "rectangle"),
    ]
    assert [s.label_id for s in function.detect(context(conf_threshold=0.6), IMAGE)] == [3]


def test_instance_segmentation() -> None:
    function = torchvision_instance_segmentation.create("maskrcnn_resnet50_fpn")
    likely = np.zeros((48, 64), dtype=np.float32)
    likely[10:30, 20:50] = 0.8
    likely[15:20, 30:40] = 0.2
    box = [19.5, 9.5, 50.2, 30.1]
    says(function, boxes=[box], labels=[3], scores=[0.9], masks=[[likely.tolist()]])
    (mask,) = function.detect(context(), IMAGE)
    assert (mask.label_id, str(mask.type)) == (3, "mask")
    assert mask.points[-4:] == [19, 9, 50, 30]
    decoded = decode_mask(mask.points, image_width=64, image_height=48)
    assert (decoded == (likely >= 0.5)).all()
    (polygon,) = function.detect(context(conv_mask_to_poly=True), IMAGE)
    assert str(polygon.type) == "polygon"
    xs, ys = polygon.points[::2], polygon.points[1::2]
    assert (round(min(xs)), round(max(xs)), round(min(ys)), round(max(ys))) == (20, 49, 10, 29)
    likely[:] = 0
    says(function, boxes=[box], labels=[3], scores=[0.9], masks=[[likely.tolist()]])
    assert function.detect(context(conv_mask_to_poly=True), IMAGE) == []


def test_a_mask_at_the_border_has_a_polygon() -> None:
    function = torchvision_instance_segmentation.create("maskrcnn_resnet50_fpn")
    whole = np.ones((48, 64), dtype=np.float32).tolist()
    says(function, boxes=[[0.0, 0, 64, 48]], labels=[1], scores=[0.9], masks=[[whole]])
    (polygon,) = function.detect(context(conv_mask_to_poly=True), IMAGE)
    assert min(polygon.points) == 0
    assert len(polygon.points) >= 6


def test_keypoints() -> None:
    function = torchvision_keypoint_detection.create("keypointrcnn_resnet50_fpn")
    labels = function.spec.labels
    assert [label.name for label in labels] == ["no person", "person"]
    assert [part.name for part in labels[1].sublabels][:2] == ["nose", "left_eye"]
    points = [[float(n), n + 1.0, float(n % 2)] for n in range(17)]
    says(function, boxes=[[0.0] * 4], labels=[1], scores=[0.9], keypoints=[points])
    (skeleton,) = function.detect(context(), IMAGE)
    assert str(skeleton.type) == "skeleton"
    assert [(part.label_id, part.points, part.occluded) for part in skeleton.elements[:2]] == [
        (0, [0, 1], True),
        (1, [1, 2], False),
    ]


def test_a_model_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="mobilenet_v9"):
        torchvision_classification.create("mobilenet_v9")


def test_a_task_is_annotated(client: Client, make_task: Make) -> None:
    task = make_task("seen", 2)
    function = torchvision_classification.create("mobilenet_v3_small")
    names = [label.name for label in function.spec.labels]
    function._model = lambda batch: torch.eye(1000)[5:6] * 50
    task.update({"labels": [{"name": names[5], "attributes": []}]})
    cvataa.annotate_task(client, task.id, function, allow_unmatched_labels=True)
    wanted = next(label.id for label in task.get_labels() if label.name == names[5])
    assert [tag.label_id for tag in task.get_annotations().tags] == [wanted] * 2
