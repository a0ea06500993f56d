"""CVAT for video 1.1: objects with their way through the frames."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from cvat_local.formats.dataset import Dataset, ProjectInfo, empty_document

from .samples import CAT, SHAPES, only, shape, skeleton, tag, values

Write = Callable[..., Path]
Read = Callable[..., dict[str, Any]]
NAME = "CVAT for video 1.1"


def with_shapes(dataset: Dataset, *shapes: dict[str, Any]) -> Dataset:
    document = empty_document()
    document["shapes"] = list(shapes)
    return Dataset(dataset.labels, [replace(dataset.parts[0], document=document)])


def tracks_in(path: Path) -> list[Any]:
    with zipfile.ZipFile(path) as archive:
        return list(fromstring(archive.read("annotations.xml")).iter("track"))


def entries(track: Any) -> list[tuple[str, ...]]:
    return [tuple(entry.get(key) for key in ("frame", "keyframe", "outside")) for entry in track]


def test_a_shape_is_a_track_that_ends_with_the_next_frame(dataset: Dataset, write: Write) -> None:
    (track,) = tracks_in(write(only(dataset, "rectangle"), NAME))
    # Frames are numbers in the source, of which every second one is in the task.
    assert entries(track) == [("2", "1", "0"), ("4", "1", "1")]
    assert (track.get("id"), track.get("label"), track.get("group_id")) == ("0", "cat", None)
    box = track[0]
    assert list(box.attrib)[3:] == ["occluded", "xtl", "ytl", "xbr", "ybr", "z_order"]
    assert [box.get(name) for name in ("xtl", "ybr", "occluded")] == ["1.00", "22.50", "1"]


def test_a_shape_in_the_last_frame_stays_open(dataset: Dataset, write: Write) -> None:
    (track,) = tracks_in(write(only(dataset, "cuboid"), NAME))
    assert entries(track) == [("8", "1", "0")]


def test_tracks_come_first_with_all_their_positions(dataset: Dataset, write: Write) -> None:
    found = with_shapes(
        dataset,
        shape("polyline", 0, [1, 1, 2, 2], group=4),
        shape("rectangle", 0, [0, 0, 9, 9], track_id=5, keyframe=True),
        shape("rectangle", 1, [1, 0, 9, 9], track_id=5, keyframe=False),
        shape("rectangle", 3, [3, 0, 9, 9], track_id=5, keyframe=True),
    )
    track, line = tracks_in(write(found, NAME))
    assert entries(track) == [
        ("2", "1", "0"),
        ("4", "0", "0"),
        ("6", "1", "1"),
        ("8", "1", "0"),
    ]
    assert (line.get("id"), line.get("group_id")) == ("1", "4")


def test_points_of_a_skeleton_end_with_it(dataset: Dataset, write: Write) -> None:
    (track,) = tracks_in(write(with_shapes(dataset, skeleton(0)), NAME))
    first, last = track
    assert [point.get("outside") for point in first] == ["0", "0"]
    assert [(point.get("label"), point.get("outside")) for point in last] == [
        ("nose", "1"),
        ("tail", "1"),
    ]


def test_a_point_that_stays_away_has_no_entry(dataset: Dataset, write: Write) -> None:
    moving = [skeleton(frame, track_id=0, keyframe=frame == 0) for frame in (0, 1)]
    for position in moving:
        for element in position["elements"]:
            element["keyframe"] = position["frame"] == 0
        position["elements"][1]["outside"] = True
    (track,) = tracks_in(write(with_shapes(dataset, *moving), NAME))
    assert [len(entry) for entry in track] == [2, 1, 2]


def test_tracks_of_a_project_say_their_task(dataset: Dataset, write: Write) -> None:
    info = dataset.parts[0].info
    assert info is not None
    part = replace(only(dataset, "polygon").parts[0], subset="train")
    project = ProjectInfo(3, "p", "", info.created, info.updated)
    path = write(Dataset(dataset.labels, [part, replace(part, task_id=8)], project), NAME)
    assert [
        (track.get("id"), track.get("task_id"), track.get("subset")) for track in tracks_in(path)
    ] == [("0", "7", "train"), ("1", "8", "train")]


@pytest.mark.parametrize("kind", [kind for kind in SHAPES if kind not in ("mask", "skeleton")])
def test_shapes_come_back_as_tracks(dataset: Dataset, write: Write, read: Read, kind: str) -> None:
    one = only(dataset, kind)
    found = read(write(one, NAME), "CVAT 1.1", one)
    (track,) = found["tracks"]
    first, *rest = track["shapes"]
    wanted = SHAPES[kind]
    assert (first["type"], first["frame"]) == (wanted["type"], wanted["frame"])
    assert first["points"] == wanted["points"]
    assert (first["rotation"], first["occluded"]) == (wanted["rotation"], wanted["occluded"])
    assert [item["outside"] for item in rest] == [True] * (wanted["frame"] < 3)


def test_masks_come_back_as_shapes_and_tags_do_not(
    dataset: Dataset, write: Write, read: Read
) -> None:
    one = only(dataset, "mask")
    one.parts[0].document["tags"].append(tag(0))
    found = read(write(one, NAME), "CVAT 1.1", one)
    assert found["tags"] == found["tracks"] == []
    assert [item["points"] for item in found["shapes"]] == [SHAPES["mask"]["points"]]


def test_a_track_comes_back_as_it_was(dataset: Dataset, write: Write, read: Read) -> None:
    positions = [
        shape(
            "rectangle",
            frame,
            [frame, 0, 9, 9],
            label_id=CAT,
            attributes=values(frame, "m", True),
            track_id=0,
            keyframe=frame != 1,
        )
        for frame in range(3)
    ]
    moving = with_shapes(dataset, *positions)
    (track,) = read(write(moving, NAME), "CVAT 1.1", moving)["tracks"]
    assert [(item["frame"], item["outside"]) for item in track["shapes"]] == [
        (0, False),
        (2, False),
        (3, True),
    ]
    assert track["attributes"] == values(0, "m", True)[1:]
