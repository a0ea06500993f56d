"""ImageNet 1.0: tags. An archive has one of two forms.

With images, a folder for each label, and the images with it in there:

    <label>/<frame name>
    no_label/<frame name>

Without images, lists:

    synsets.txt      the labels, one a line
    <subset>.txt     lines of a frame name and the numbers of its labels, from 0
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cvat_local.formats.archive import ArchiveWriter, Source
from cvat_local.formats.collector import Collector
from cvat_local.formats.dataset import DEFAULT_SUBSET, Dataset, Document, Frame, FrameAnnotations
from cvat_local.formats.errors import FormatError
from cvat_local.formats.outline import Outline

_LABELS = "synsets.txt"
_NO_LABEL = "no_label"
_IMAGES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
_LINE = re.compile(r"(?P<name>.+?)(?P<labels>(\s+\d+)*)\s*")


# --- export ----------------------------------------------------------------------------------------


def export_imagenet(dataset: Dataset, archive: ArchiveWriter, *, save_images: bool) -> None:
    """Write the dataset."""
    if save_images:
        named = [
            (f"{folder}/{frame.file_name}", frame)
            for part in dataset.parts
            for frame, found in part.annotated_frames()
            for folder in _folders(dataset, found)
        ]
        archive.images(named, total=len(named))
        return
    with archive.text(_LABELS) as file:
        file.write("".join(f"{label.name}\n" for label in dataset.labels).encode())
    for subset, parts in dataset.subsets().items():
        with archive.text(f"{subset}.txt") as file:
            for part in parts:
                for frame, found in part.annotated_frames():
                    numbers = " ".join(map(str, _numbers(dataset, found)))
                    file.write(f"{frame.file_name} {numbers}\n".encode())


def _numbers(dataset: Dataset, found: FrameAnnotations) -> list[int]:
    return sorted({dataset.label_indexes[tag["label_id"]] for tag in found.tags})


def _folders(dataset: Dataset, found: FrameAnnotations) -> list[str]:
    return [dataset.labels[number].name for number in _numbers(dataset, found)] or [_NO_LABEL]


# --- import ----------------------------------------------------------------------------------------


def import_imagenet(source: Source, target: Dataset) -> Document:
    """Read an archive of either form.

    Raises:
        FormatError: The archive is not ImageNet, or does not fit the frames and labels.
    """
    collector = Collector(target)
    seen: set[tuple[int, int]] = set()
    for subset, name, labels in _items(source):
        if source.subset not in (None, subset):
            continue
        frame: Frame = collector.frame(name)
        for text in labels:
            label = collector.label(text)
            if (frame.number, label.id) not in seen:
                seen.add((frame.number, label.id))
                collector.add_tag(frame, label, {})
    return collector.document()


def outline_imagenet(source: Source) -> Outline:
    """The subsets of a dataset and the labels in use.

    Raises:
        FormatError: The archive is not ImageNet.
    """
    outline = Outline()
    for subset, _, labels in _items(source):
        if subset not in outline.subsets:
            outline.subsets.append(subset)
        for name in labels:
            outline.label(name)
    return outline


def _items(source: Source) -> Iterator[tuple[str, str, list[str]]]:
    """Subset, name of the image and labels of each entry."""
    names = source.names("") if source.is_archive else []
    lists = [name for name in names if name.endswith(".txt") and "/" not in name]
    if lists:
        if _LABELS not in lists:
            raise FormatError(f"The archive has lists of images, but no {_LABELS}.")
        labels = [line.strip() for line in _lines(source, _LABELS)]
        for name in lists:
            if name != _LABELS:
                for line in _lines(source, name):
                    yield name.removesuffix(".txt"), *_entry(line, labels, name)
        return
    images = [name for name in names if name.lower().endswith(_IMAGES) and "/" in name]
    if not images:
        raise FormatError(
            f"The file is not an ImageNet dataset: no {_LABELS}, no folders of images."
        )
    for name in images:
        label, _, _ = name.partition("/")
        yield DEFAULT_SUBSET, name, [] if label == _NO_LABEL else [label]


def _lines(source: Source, name: str) -> list[str]:
    return [line for line in source.text(name).splitlines() if line.strip()]


def _entry(line: str, labels: list[str], file: str) -> tuple[str, list[str]]:
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise FormatError(f"{file}: the line {line!r} cannot be read.")
    numbers = [int(number) for number in match["labels"].split()]
    if numbers and max(numbers) >= len(labels):
        raise FormatError(f"{file}: the label {max(numbers)} of {line!r} is not in {_LABELS}.")
    return match["name"], [labels[number] for number in numbers]
