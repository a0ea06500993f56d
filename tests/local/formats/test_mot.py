"""MOT 1.1: boxes of many frames in one table."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cvat_local.formats.archive import Source
from cvat_local.formats.dataset import Dataset, Segment, empty_document
from cvat_local.formats.errors import FormatError
from cvat_local.formats.registry import find_importer

from .samples import CAT, DOG, SHAPES, shape

Write = Callable[..., Path]
Read = Callable[..., dict[str, Any]]
NAME = "MOT 1.1"
LABELS = "cat\ndog\nbones\nnose\ntail"


def with_shapes(dataset: Dataset, *shapes: dict[str, Any]) -> Dataset:
    document = empty_document()
    document["shapes"] = list(shapes)
    return Dataset(dataset.labels, [replace(dataset.parts[0], document=document)])


def moving(*frames: int, **changes: Any) -> list[dict[str, Any]]:
    return [
        shape("rectangle", n, [n, 0, 9 + n, 9], track_id=3, keyframe=n == frames[0], **changes)
        for n in frames
    ]


def lines(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.read("gt/gt.txt").decode().splitlines()


def pack(folder: Path, files: dict[str, str]) -> Path:
    path = folder / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_files(dataset: Dataset, write: Write) -> None:
    path = write(dataset, NAME, save_images=True)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("gt/labels.txt").decode() == LABELS
        assert {"img1/a.jpg", "img1/deep/d.v1.jpg"} <= set(archive.namelist())
    assert lines(path) == [
        "1,-1,1.0,2.0,30.25,20.5,1,1,0.0",
        "1,-1,10.0,10.0,20.0,10.0,1,2,1.0",
        "3,-1,1.0,1.0,1.0,1.0,1,1,1.0",
    ]


def test_a_deleted_frame_keeps_its_number(dataset: Dataset, write: Write, read: Read) -> None:
    found = with_shapes(dataset, shape("rectangle", 3, [1, 1, 2, 2]))
    part = found.parts[0]
    without = Dataset(found.labels, [replace(part, frames=[part.frames[0], part.frames[3]])])
    path = write(without, NAME)
    assert lines(path) == ["4,-1,1.0,1.0,1.0,1.0,1,2,1.0"]
    assert [item["frame"] for item in read(path, NAME, dataset)["shapes"]] == [3]


def test_a_job_begins_with_1(dataset: Dataset, write: Write, read: Read) -> None:
    part = with_shapes(dataset, shape("rectangle", 3, [1, 1, 2, 2])).parts[0]
    assert part.info is not None
    info = replace(part.info, name=None, size=2, segments=(Segment(9, 2, 3, ""),))
    job = Dataset(dataset.labels, [replace(part, frames=part.frames[2:], info=info)])
    path = write(job, NAME)
    assert lines(path) == ["2,-1,1.0,1.0,1.0,1.0,1,2,1.0"]
    assert [item["frame"] for item in read(path, NAME, job)["shapes"]] == [3]


def test_frames_and_tracks_are_counted_through_a_project(dataset: Dataset, write: Write) -> None:
    part = with_shapes(dataset, *moving(0, 1)).parts[0]
    path = write(Dataset(dataset.labels, [part, replace(part, task_id=8)]), NAME)
    assert [line.split(",")[:2] for line in lines(path)] == [
        ["1", "1"],
        ["2", "1"],
        ["5", "2"],
        ["6", "2"],
    ]


def test_boxes_come_back(dataset: Dataset, write: Write, read: Read) -> None:
    found = read(write(dataset, NAME), NAME, dataset)
    assert [(s["frame"], s["label_id"], s["points"], s["occluded"]) for s in found["shapes"]] == [
        (0, CAT, SHAPES["rectangle"]["points"], True),
        (0, DOG, SHAPES["rotated"]["points"], False),
        (2, CAT, SHAPES["attributes"]["points"], False),
    ]
    assert found["tags"] == found["tracks"] == []


def test_each_line_of_a_track_is_a_keyframe(dataset: Dataset, write: Write, read: Read) -> None:
    tracked = with_shapes(dataset, *moving(0, 2))
    (track,) = read(write(tracked, NAME), NAME, dataset)["tracks"]
    assert [(item["frame"], item["outside"], item["points"][0]) for item in track["shapes"]] == [
        (0, False, 0),
        (1, True, 0),
        (2, False, 2),
        (3, True, 2),
    ]


def test_the_labels_of_the_benchmark_are_known(
    dataset: Dataset, read: Read, tmp_path: Path
) -> None:
    path = pack(tmp_path, {"x/gt/gt.txt": "1,-1,0,0,5,5,1,3,1\n"})
    with pytest.raises(FormatError, match="'car'"):
        read(path, NAME, dataset)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("9,1,0,0,5,5,1,1,1", "line 1: the frame number 9"),
        ("1,1,0,0,5,5,1,6,1", "from 1 to 5"),
        ("1,1,0,0,5,5,1,x,1", "'x' is not a number"),
        ("1,1,0,0,5,5", "6 fields"),
        ("1,1,0,zero,5,5,1,1,1", "zero"),
        ("1,1,0,inf,5,5,1,1,1", "not finite"),
    ],
)
def test_mistakes_are_told(
    dataset: Dataset, read: Read, tmp_path: Path, table: str, message: str
) -> None:
    path = pack(tmp_path, {"gt/gt.txt": table, "gt/labels.txt": LABELS})
    with pytest.raises(FormatError, match=message):
        read(path, NAME, dataset)


def test_a_file_without_the_table(dataset: Dataset, read: Read, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"no gt/gt\.txt"):
        read(pack(tmp_path, {"gt.txt": ""}), NAME, dataset)


def test_the_outline(tmp_path: Path) -> None:
    importer = find_importer(NAME)
    assert importer is not None
    path = pack(tmp_path, {"x/gt/gt.txt": "", "x/gt/labels.txt": LABELS})
    outline = importer.load_outline()(Source(path))
    assert (outline.subsets, outline.folders) == (["default"], {"x/img1/": "default"})
    assert list(outline.labels) == LABELS.split()


def test_the_table_is_one_for_others(dataset: Dataset, write: Write, tmp_path: Path) -> None:
    """Read by pandas with the columns of the benchmark, as its evaluation does."""
    path = write(with_shapes(dataset, *moving(0, 1, occluded=True)), NAME)
    with zipfile.ZipFile(path) as archive:
        archive.extract("gt/gt.txt", tmp_path)
    columns = ["FrameId", "Id", "X", "Y", "Width", "Height", "Confidence", "ClassId", "Visibility"]
    table = pd.read_csv(tmp_path / "gt/gt.txt", names=columns, index_col=["FrameId", "Id"])
    assert table.loc[(2, 1)].to_dict() == {
        "X": 1.0,
        "Y": 0.0,
        "Width": 9.0,
        "Height": 9.0,
        "Confidence": 1.0,
        "ClassId": 2.0,
        "Visibility": 0.0,
    }
