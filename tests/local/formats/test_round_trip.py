"""What is exported and imported again is what was there, for all that a format can hold."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cvat_local.formats.dataset import Dataset, empty_document

from .samples import CAT, SHAPES, only, shape, skeleton, tag, values

Write = Callable[..., Path]
Read = Callable[..., dict[str, Any]]

PAIRS = {
    "COCO 1.0": ("COCO 1.0", {"polyline", "points", "ellipse", "cuboid", "skeleton"}),
    "CVAT for images 1.1": ("CVAT 1.1", set()),
    "Datumaro 1.0": ("Datumaro 1.0", {"cuboid"}),
}
"""By export format: what imports it, and which shapes do not survive as they are."""


def without_z_order(shapes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**item, "z_order": 0} for item in shapes]


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("kind", SHAPES)
def test_each_kind_of_shape(
    dataset: Dataset, write: Write, read: Read, name: str, kind: str
) -> None:
    importer, lost = PAIRS[name]
    if kind in lost:
        return
    one = only(dataset, kind)
    expected = copy.deepcopy(one.parts[0].document["shapes"])
    found = read(write(one, name), importer, one)
    if name == "COCO 1.0":  # has no place for it
        expected = without_z_order(expected)
    assert found["shapes"] == expected
    assert found["tags"] == found["tracks"] == []


@pytest.mark.parametrize("name", ["CVAT for images 1.1", "Datumaro 1.0"])
def test_tags(dataset: Dataset, write: Write, read: Read, name: str) -> None:
    found = read(write(dataset, name), PAIRS[name][0], dataset)
    assert found["tags"] == [tag(1)]


@pytest.mark.parametrize("name", PAIRS)
def test_all_together_and_with_images(
    dataset: Dataset, write: Write, read: Read, name: str
) -> None:
    importer, lost = PAIRS[name]
    found = read(write(dataset, name, save_images=True), importer, dataset)
    kept = sum(kind not in lost for kind in SHAPES)
    assert len(found["shapes"]) == kept + (name == "COCO 1.0")  # its ellipse is a mask


@pytest.mark.parametrize("name", ["CVAT for images 1.1", "Datumaro 1.0"])
def test_groups_are_numbered_by_frame(
    dataset: Dataset, write: Write, read: Read, name: str
) -> None:
    document = empty_document()
    for frame, group in ((0, 7), (0, 5), (0, 7), (0, 5), (1, 7), (1, 7), (2, 9)):
        document["shapes"].append(shape("rectangle", frame, [1, 1, 5, 5], group=group))
    grouped = Dataset(dataset.labels, [replace(dataset.parts[0], document=document)])
    found = read(write(grouped, name), PAIRS[name][0], grouped)
    assert [item["group"] for item in found["shapes"]] == [2, 1, 2, 1, 1, 1, 0]


@pytest.mark.parametrize("name", ["COCO 1.0", "Datumaro 1.0"])
def test_tracks_come_back_with_their_keyframes(
    dataset: Dataset, write: Write, read: Read, name: str
) -> None:
    document = empty_document()
    for frame, keyframe, age in ((0, True, 1), (1, False, 1), (2, True, 2)):
        document["shapes"].append(
            shape(
                "rectangle",
                frame,
                [frame, frame, 10 + frame, 20],
                label_id=CAT,
                attributes=values(age, "m", True),
                track_id=0,
                keyframe=keyframe,
            )
        )
    tracked = Dataset(dataset.labels, [replace(dataset.parts[0], document=document)])
    found = read(write(tracked, name), PAIRS[name][0], tracked)
    assert found["shapes"] == []
    (track,) = found["tracks"]
    age, *fixed = values(1, "m", True)
    assert (track["label_id"], track["frame"], track["attributes"]) == (CAT, 0, fixed)
    assert [(item["frame"], item["outside"], item["points"]) for item in track["shapes"]] == [
        (0, False, [0, 0, 10, 20]),
        (2, False, [2, 2, 12, 20]),
        (3, True, [2, 2, 12, 20]),
    ]
    assert [item["attributes"] for item in track["shapes"]] == [
        [{**age, "value": value}] for value in ("1", "2", "2")
    ]


def test_a_gap_in_a_track_becomes_an_outside_keyframe(
    dataset: Dataset, write: Write, read: Read
) -> None:
    document = empty_document()
    for frame, keyframe in ((0, True), (1, False), (3, False)):
        document["shapes"].append(
            shape("rectangle", frame, [frame, 0, 9, 9], track_id=4, keyframe=keyframe)
        )
    tracked = Dataset(dataset.labels, [replace(dataset.parts[0], document=document)])
    found = read(write(tracked, "Datumaro 1.0"), "Datumaro 1.0", tracked)
    (track,) = found["tracks"]
    assert [(item["frame"], item["outside"], item["points"][0]) for item in track["shapes"]] == [
        (0, False, 0),
        (1, False, 1),
        (2, True, 1),
        (3, False, 3),
    ]


def test_a_skeleton_track_moves_in_its_elements(dataset: Dataset, write: Write, read: Read) -> None:
    document = empty_document()
    for frame in (1, 2):
        moved = skeleton(frame, track_id=0, keyframe=frame == 1)
        moved["elements"][1]["outside"] = frame == 2
        document["shapes"].append(moved)
    tracked = Dataset(dataset.labels, [replace(dataset.parts[0], document=document)])
    found = read(write(tracked, "Datumaro 1.0"), "Datumaro 1.0", tracked)
    (track,) = found["tracks"]
    assert [(item["type"], item["frame"], item["points"]) for item in track["shapes"]] == [
        ("skeleton", 1, [])
    ]
    nose, tail = track["elements"]
    assert [(item["frame"], item["outside"]) for item in nose["shapes"]] == [
        (1, False),
        (2, False),
        (3, True),
    ]
    assert [(item["frame"], item["outside"]) for item in tail["shapes"]] == [(1, False), (2, True)]
