"""MOT 1.1: boxes of many frames in one table, those of one object with the same number.

    gt/gt.txt            lines of frame, track, left, top, width, height, 1, label, visibility
    gt/labels.txt        the labels, one a line
    img1/<frame name>    images

Frames, tracks and labels are counted from 1, and -1 is the track of a box that is in none. The frames of
a project are counted through all of its tasks. Boxes keep no rotation and no attributes.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import PurePosixPath

from cvat_local.formats.archive import ArchiveWriter, Source
from cvat_local.formats.collector import Collector
from cvat_local.formats.dataset import DEFAULT_SUBSET, Dataset, Document, Frame, Label, Part
from cvat_local.formats.errors import FormatError
from cvat_local.formats.outline import Outline

_TABLE, _LABELS, _IMAGES = "gt/gt.txt", "gt/labels.txt", "img1/"
_NO_TRACK = -1
_DIGITS = 2
"""Decimals of a pixel that are written and read."""

_USUAL_LABELS = (
    "pedestrian",
    "person on vehicle",
    "car",
    "bicycle",
    "motorbike",
    "non motorized vehicle",
    "static person",
    "distractor",
    "occluder",
    "occluder on the ground",
    "occluder full",
    "reflection",
)
"""Labels of the benchmark, which a dataset without a list has."""


# --- export ----------------------------------------------------------------------------------------


def export_mot(dataset: Dataset, archive: ArchiveWriter, *, save_images: bool) -> None:
    """Write the dataset."""
    with archive.text(_LABELS) as file:
        file.write("\n".join(label.name for label in dataset.labels).encode())
    with archive.text(_TABLE) as file:
        for line in _lines(dataset):
            file.write(f"{line}\n".encode())
    if save_images:
        archive.images_of(dataset, lambda part, frame: f"{_IMAGES}{frame.file_name}")


def _lines(dataset: Dataset) -> Iterator[str]:
    frames_before = 0
    tracks: dict[tuple[int, int], int] = {}
    for index, part in enumerate(dataset.parts):
        # A deleted frame keeps its number, so that those behind it are found again.
        offset = frames_before + 1 - _first_position(part)
        for frame, found in part.annotated_frames():
            boxes = [shape for shape in found.shapes if shape["type"] == "rectangle"]
            for box in sorted(boxes, key=lambda box: box["z_order"]):
                track = _NO_TRACK
                if "track_id" in box:
                    track = tracks.setdefault((index, box["track_id"]), len(tracks) + 1)
                left, top, right, bottom = (round(value, _DIGITS) for value in box["points"])
                size = (round(right - left, _DIGITS), round(bottom - top, _DIGITS))
                values = (
                    frame.number + offset,
                    track,
                    *map(float, (left, top, *size)),
                    1,
                    dataset.label_indexes[box["label_id"]] + 1,
                    0.0 if box["occluded"] else 1.0,
                )
                yield ",".join(map(str, values))
        frames_before += len(part.frames) if part.info is None else part.info.size


def _first_position(part: Part) -> int:
    """Position in the task of the first frame that the part has, deleted or not."""
    is_job = part.info is not None and part.info.name is None
    return part.info.segments[0].start if part.info is not None and is_job else 0


# --- import ----------------------------------------------------------------------------------------


def import_mot(source: Source, target: Dataset) -> Document:
    """Read an archive. Each line of a track is a keyframe.

    Raises:
        FormatError: The archive is not MOT, or does not fit the frames and labels.
    """
    collector = Collector(target)
    frames = [frame for part in target.parts for frame in part.frames]
    by_number = {frame.number: frame for frame in frames}
    offset = frames[0].number - 1 if frames else 0
    root = _root(source)
    names = _labels(source, root)
    for row_number, row in enumerate(csv.reader(io.StringIO(source.text(root + _TABLE))), 1):
        if row:
            _collect(collector, by_number, offset, names, row, f"{_TABLE}, line {row_number}")
    return collector.document()


def outline_mot(source: Source) -> Outline:
    """The labels of a dataset; it is one subset.

    Raises:
        FormatError: The archive is not MOT.
    """
    root = _root(source)
    outline = Outline(subsets=[DEFAULT_SUBSET], folders={root + _IMAGES: DEFAULT_SUBSET})
    for name in _labels(source, root):
        outline.label(name)
    return outline


def _root(source: Source) -> str:
    names = source.names("gt.txt") if source.is_archive else []
    found = sorted(
        (name for name in names if PurePosixPath(name).parts[-2:] == ("gt", "gt.txt")), key=len
    )
    if not found:
        raise FormatError(f"The file is not a MOT dataset: it has no {_TABLE}.")
    return found[0].removesuffix(_TABLE)


def _labels(source: Source, root: str) -> list[str]:
    if root + _LABELS not in source.names("labels.txt"):
        return list(_USUAL_LABELS)
    lines = source.text(root + _LABELS).splitlines()
    return [name for line in lines if (name := line.strip())]


def _collect(
    collector: Collector,
    frames: dict[int, Frame],
    offset: int,
    names: list[str],
    row: list[str],
    place: str,
) -> None:
    if len(row) < 8:
        raise FormatError(f"{place}: there are {len(row)} fields, where at least 8 are needed.")
    try:
        number, track = int(row[0]), int(row[1])
        left, top, width, height = map(float, row[2:6])
        visible = float(row[8]) if len(row) > 8 else 1.0
    except ValueError as error:
        raise FormatError(f"{place}: {error}") from None
    frame = frames.get(number + offset)
    if frame is None:
        raise FormatError(f"{place}: the frame number {number} matches no frame.")
    if not all(map(math.isfinite, (left, top, width, height))):
        raise FormatError(f"{place}: the box has a number that is not finite.")
    label = _label(collector, names, row[7], place)
    shape = collector.shape(
        frame,
        label,
        "rectangle",
        [left, top, round(left + width, _DIGITS), round(top + height, _DIGITS)],
        {},
        occluded=visible == 0,
    )
    marks = {} if track == _NO_TRACK else {"track_id": track, "keyframe": True}
    collector.add_found(shape, label, marks)


def _label(collector: Collector, names: list[str], number: str, place: str) -> Label:
    text = number.strip()
    if not text.isdecimal() or not 1 <= int(text) <= len(names):
        raise FormatError(f"{place}: the label {text!r} is not a number from 1 to {len(names)}.")
    return collector.label(names[int(text) - 1])
