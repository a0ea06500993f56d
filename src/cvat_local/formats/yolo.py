"""YOLO 1.1: boxes that are not rotated, one text file a frame.

    obj.data                         where everything is
    obj.names                        the labels, one a line
    <subset>.txt                     the images of a subset
    obj_<subset>_data/<frame>.txt    lines of label number, centre x and y, width and height
    obj_<subset>_data/<frame name>   images

The numbers of boxes are shares of the size of the image.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from cvat_local.formats.archive import ArchiveWriter, Source
from cvat_local.formats.collector import Collector
from cvat_local.formats.dataset import DEFAULT_SUBSET, Dataset, Document, Frame, FrameAnnotations
from cvat_local.formats.errors import FormatError
from cvat_local.formats.outline import Outline

_RESERVED = frozenset({"backup", "classes", "names"})
"""Keys of ``obj.data`` that no subset can be called."""
_ROOT = "data/"
"""The folder that the files are said to be in."""
_DIGITS = 2
"""Decimals of a pixel that are written and read."""


# --- export ----------------------------------------------------------------------------------------


def export_yolo(dataset: Dataset, archive: ArchiveWriter, *, save_images: bool) -> None:
    """Write the dataset; the subset without a name is called ``train``.

    Raises:
        FormatError: A subset has a name that means something else in the format.
    """
    subsets = {_subset(name): parts for name, parts in dataset.subsets().items()}
    reserved = sorted(_RESERVED & subsets.keys())
    if reserved:
        raise FormatError(f"YOLO has no place for a subset that is called {reserved[0]!r}.")
    lines = [f"classes = {len(dataset.labels)}"]
    lines += [f"{subset} = {_ROOT}{subset}.txt" for subset in subsets]
    lines += [f"names = {_ROOT}obj.names", "backup = backup/"]
    _write(archive, "obj.data", lines)
    _write(archive, "obj.names", [label.name for label in dataset.labels])
    for subset, parts in subsets.items():
        folder = f"obj_{subset}_data"
        names = []
        for part in parts:
            for frame, found in part.annotated_frames():
                names.append(f"{_ROOT}{folder}/{frame.file_name}")
                _write(archive, f"{folder}/{frame.stem}.txt", _boxes(dataset, frame, found))
        _write(archive, f"{subset}.txt", names)
    if save_images:
        archive.images_of(
            dataset, lambda part, frame: f"obj_{_subset(part.subset_name)}_data/{frame.file_name}"
        )


def _subset(name: str) -> str:
    return "train" if name == DEFAULT_SUBSET else name


def _write(archive: ArchiveWriter, name: str, lines: list[str]) -> None:
    with archive.text(name) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())


def _boxes(dataset: Dataset, frame: Frame, found: FrameAnnotations) -> list[str]:
    boxes = [
        shape
        for shape in found.shapes
        if shape["type"] == "rectangle" and not shape["rotation"] % 360
    ]
    return [_line(dataset, frame, box) for box in sorted(boxes, key=lambda box: box["z_order"])]


def _line(dataset: Dataset, frame: Frame, box: dict[str, Any]) -> str:
    left, top, right, bottom = (round(value, _DIGITS) for value in box["points"])
    numbers = (
        (left + right) / 2 / frame.width,
        (top + bottom) / 2 / frame.height,
        (right - left) / frame.width,
        (bottom - top) / frame.height,
    )
    shares = " ".join(f"{number:.6f}" for number in numbers)
    return f"{dataset.label_indexes[box['label_id']]} {shares}"


# --- import ----------------------------------------------------------------------------------------


def import_yolo(source: Source, target: Dataset) -> Document:
    """Read an archive. Frames are those of the lists; one without a text file has no boxes.

    Raises:
        FormatError: The archive is not YOLO, or does not fit the frames and labels.
    """
    collector = Collector(target)
    files = _Files(source)
    for subset, images in files.images().items():
        if source.subset not in (None, subset):
            continue
        for image in images:
            frame = collector.frame(_inner(image))
            name = str(PurePosixPath(image).with_suffix(".txt"))
            for number, line in enumerate(files.lines(name), 1):
                if line:
                    _collect(collector, files.labels, frame, line, f"{name}, line {number}")
    return collector.document()


def outline_yolo(source: Source) -> Outline:
    """The subsets and labels of a dataset.

    Raises:
        FormatError: The archive is not YOLO.
    """
    files = _Files(source)
    outline = Outline()
    for subset, images in files.images().items():
        outline.subsets.append(subset)
        for image in images:
            outline.folders[files.root + image[: len(image) - len(_inner(image))]] = subset
    for name in files.labels:
        outline.label(name)
    return outline


class _Files:
    """The files of an archive, as its ``obj.data`` says."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._names = set(source.names("")) if source.is_archive else set()
        found = sorted(
            (name for name in self._names if PurePosixPath(name).name == "obj.data"), key=len
        )
        if not found:
            raise FormatError("The file is not a YOLO dataset: it has no obj.data.")
        self.root = found[0].removesuffix("obj.data")
        """The folder that ``obj.data`` is in, with a slash at its end."""
        pairs = (line.partition("=") for line in self.lines("obj.data"))
        self._entries = {key.strip(): value.strip() for key, _, value in pairs if value}
        self.labels = [
            line for line in self._required(self._entries.get("names", "obj.names")) if line
        ]
        """Names of the labels by their numbers."""

    def images(self) -> dict[str, list[str]]:
        """Paths of the images, by subset."""
        return {
            subset: [_relative(line) for line in self._required(path) if line]
            for subset, path in self._entries.items()
            if subset not in _RESERVED
        }

    def lines(self, path: str) -> Iterator[str]:
        """The lines of a file, without blanks at their ends; none when there is no such file."""
        name = self.root + _relative(path)
        if name not in self._names:
            return
        yield from (line.strip() for line in self._source.text(name).splitlines())

    def _required(self, path: str) -> Iterator[str]:
        if self.root + _relative(path) not in self._names:
            raise FormatError(f"The file {path!r}, which obj.data names, is not in the archive.")
        return self.lines(path)


def _relative(path: str) -> str:
    return path.strip().replace("\\", "/").removeprefix("./").removeprefix(_ROOT)


def _inner(image: str) -> str:
    """Path of an image without the folder of its subset."""
    return re.sub(r"^obj_[^/]*_data/", "", image)


def _collect(collector: Collector, labels: list[str], frame: Frame, line: str, place: str) -> None:
    fields = line.split()
    if len(fields) != 5:
        raise FormatError(
            f"{place}: a box has 5 fields (label, centre x, centre y, width, height), "
            f"not {len(fields)}."
        )
    if not fields[0].isdecimal() or int(fields[0]) >= len(labels):
        raise FormatError(f"{place}: the label {fields[0]!r} is none of those in obj.names.")
    try:
        x, y, width, height = map(float, fields[1:])
    except ValueError:
        raise FormatError(f"{place}: the box {' '.join(fields[1:])!r} is not numbers.") from None
    if not all(map(math.isfinite, (x, y, width, height))):
        raise FormatError(f"{place}: the box has a number that is not finite.")
    points = [
        round((x - width / 2) * frame.width, _DIGITS),
        round((y - height / 2) * frame.height, _DIGITS),
        round((x + width / 2) * frame.width, _DIGITS),
        round((y + height / 2) * frame.height, _DIGITS),
    ]
    label = collector.label(labels[int(fields[0])])
    collector.add_shape(collector.shape(frame, label, "rectangle", points, {}))
