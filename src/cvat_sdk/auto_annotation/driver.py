"""Annotates a task with a function."""

from __future__ import annotations

from typing import Any

import attrs

from cvat_sdk import models
from cvat_sdk.auto_annotation.exceptions import BadFunctionError
from cvat_sdk.auto_annotation.interface import (
    DetectionAnnotation,
    DetectionFunction,
    DetectionFunctionContext,
    DetectionFunctionSpec,
)
from cvat_sdk.auto_annotation.mapping import AnnotationMapper, SpecNameMapping
from cvat_sdk.core.client import Client
from cvat_sdk.core.progress import NullProgressReporter, ProgressReporter
from cvat_sdk.datasets.task_dataset import TaskDataset

__all__ = ["DetectionAnnotation", "annotate_task"]

# The names by which other programs reach them.
_AnnotationMapper = AnnotationMapper
_SpecNameMapping = SpecNameMapping


@attrs.frozen(kw_only=True)
class _DetectionFunctionContextImpl(DetectionFunctionContext):
    frame_name: str
    conf_threshold: float | None = None
    conv_mask_to_poly: bool = False


def annotate_task(
    client: Client,
    task_id: int,
    function: DetectionFunction,
    *,
    pbar: ProgressReporter | None = None,
    clear_existing: bool = False,
    allow_unmatched_labels: bool = False,
    conf_threshold: float | None = None,
    conv_mask_to_poly: bool = False,
) -> None:
    """Annotate the frames of a task with what a function finds. Nothing is written before all frames are done.

    Args:
        client: The client.
        task_id: Id of the task.
        function: Anything with ``spec`` and ``detect``: see `cvat_sdk.auto_annotation.interface`.
        pbar: Told of the frames that are done.
        clear_existing: Put the annotations in the place of those that are there.
        allow_unmatched_labels: Leave out labels, sublabels and attributes that the task does not have.
        conf_threshold: Confidence from 0 to 1 below which nothing is to be found.
        conv_mask_to_poly: Ask for polygons in the place of masks.

    Raises:
        ValueError: `conf_threshold` is out of its range.
        BadFunctionError: The function does not keep to the interface, or does not fit the task.
        UnsupportedDatasetError: The task has no data, or is a video.
    """
    if conf_threshold is not None and not 0 <= conf_threshold <= 1:
        raise ValueError(f"conf_threshold must be between 0 and 1, got {conf_threshold}")
    spec: Any = function.spec
    if not isinstance(spec, DetectionFunctionSpec):
        raise BadFunctionError(
            f"spec: expected a DetectionFunctionSpec, got a value of type {type(spec).__name__}"
        )
    dataset = TaskDataset(client, task_id, load_annotations=False)
    mapper = AnnotationMapper(
        client.logger,
        spec.labels,
        dataset.labels,
        allow_unmatched_labels=allow_unmatched_labels,
        conv_mask_to_poly=conv_mask_to_poly,
    )
    found = models.LabeledDataRequest(tags=[], shapes=[])
    reporter = pbar or NullProgressReporter()
    with reporter.task(total=len(dataset.samples), unit="samples"):
        for sample in reporter.iter(dataset.samples):
            context = _DetectionFunctionContextImpl(
                frame_name=sample.frame_name,
                conf_threshold=conf_threshold,
                conv_mask_to_poly=conv_mask_to_poly,
            )
            tags, shapes = mapper.validate_and_remap(
                function.detect(context, sample.media.load_image()), sample.frame_index
            )
            found.tags += tags
            found.shapes += shapes
    client.logger.info("Uploading annotations...")
    task = client.tasks.api
    if clear_existing:
        task.update_annotations(task_id, labeled_data_request=found)
    else:
        task.partial_update_annotations(
            "create",
            task_id,
            patched_labeled_data_request=models.PatchedLabeledDataRequest(
                tags=found.tags, shapes=found.shapes
            ),
        )
    client.logger.info("Upload complete")
