"""What datasets are made of."""

from __future__ import annotations

import abc
from enum import Enum

import attrs
from PIL.Image import Image

from cvat_sdk import models
from cvat_sdk.core.exceptions import CvatSdkException

__all__ = [
    "FrameAnnotations",
    "MediaDownloadPolicy",
    "MediaElement",
    "Sample",
    "UnsupportedDatasetError",
]


class UnsupportedDatasetError(CvatSdkException):
    """A task of which no dataset can be made."""


class MediaDownloadPolicy(Enum):
    """When images are fetched."""

    PRELOAD_ALL = 1
    """All of them, when the dataset is made."""
    FETCH_CHUNKS_ON_DEMAND = 2
    """A chunk of them, when one of its images is asked for."""
    FETCH_FRAMES_ON_DEMAND = 3
    """Each when it is asked for; nothing of it is kept."""


@attrs.frozen
class FrameAnnotations:
    """Annotations of one frame."""

    tags: list[models.LabeledImage] = attrs.field(factory=list)
    shapes: list[models.LabeledShape] = attrs.field(factory=list)


class MediaElement(abc.ABC):
    """The image of a frame."""

    @abc.abstractmethod
    def load_image(self) -> Image:
        """The image, as Pillow has it."""


@attrs.frozen
class Sample:
    """One frame of a dataset.

    Attributes:
        frame_index: Its number in the task, from 0.
        frame_name: Its name.
        annotations: Its tags and shapes; None when they are not loaded.
        media: Its image.
    """

    frame_index: int
    frame_name: str
    annotations: FrameAnnotations | None
    media: MediaElement
