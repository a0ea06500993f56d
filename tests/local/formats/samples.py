"""A small dataset with every kind of annotation."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from cvat_local.formats.dataset import (
    Attribute,
    Dataset,
    Frame,
    Label,
    Part,
    Person,
    Segment,
    TaskInfo,
    empty_document,
)

CAT, DOG, SKELETON, NOSE, TAIL = 11, 12, 13, 14, 15
AGE, SEX, TAME = 21, 22, 23


def labels() -> list[Label]:
    svg = (
        '<line x1="1" y1="1" x2="9" y2="9" data-type="edge" data-node-from="1" data-node-to="2">'
        '</line><circle r="1" cx="1" cy="1" data-type="element node" data-element-id="1"'
        ' data-node-id="1" data-label-name="nose"></circle>'
    )
    attributes = (
        Attribute(AGE, "age", mutable=True, input_type="number", default_value="1"),
        Attribute(SEX, "sex", input_type="select", default_value="f", values=("f", "m")),
        Attribute(TAME, "tame", input_type="checkbox", default_value="false"),
    )
    return [
        Label(CAT, "cat", "#ff0000", attributes=attributes),
        Label(DOG, "dog", "#00ff00"),
        Label(SKELETON, "bones", "#0000ff", "skeleton", svg=svg),
        Label(NOSE, "nose", "#111111", "points", parent_id=SKELETON),
        Label(TAIL, "tail", "#222222", "points", parent_id=SKELETON),
    ]


def shape(kind: str, frame: int, points: list[float], **changes: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "label_id": DOG,
        "frame": frame,
        "group": 0,
        "source": "file",
        "occluded": False,
        "outside": False,
        "z_order": 0,
        "rotation": 0.0,
        "points": [float(value) for value in points],
        "attributes": [],
        "elements": [],
        **changes,
    }


def skeleton(frame: int, **changes: Any) -> dict[str, Any]:
    elements = [
        shape("points", frame, [3, 4], label_id=NOSE),
        shape("points", frame, [5.5, 6], label_id=TAIL, occluded=True),
    ]
    for element in elements:
        del element["elements"]
    return shape("skeleton", frame, [], label_id=SKELETON, elements=elements, **changes)


def values(age: int, sex: str, tame: bool) -> list[dict[str, Any]]:
    return [
        {"spec_id": AGE, "value": str(age)},
        {"spec_id": SEX, "value": sex},
        {"spec_id": TAME, "value": "true" if tame else "false"},
    ]


def tag(frame: int, **changes: Any) -> dict[str, Any]:
    return {
        "label_id": CAT,
        "frame": frame,
        "group": 0,
        "source": "file",
        "attributes": values(3, "m", True),
        **changes,
    }


SHAPES = {
    "rectangle": shape("rectangle", 0, [1, 2, 31.25, 22.5], label_id=CAT, occluded=True),
    "rotated": shape("rectangle", 0, [10, 10, 30, 20], rotation=30.0, z_order=2),
    "attributes": shape(
        "rectangle", 2, [1, 1, 2, 2], label_id=CAT, attributes=values(5, "f", False)
    ),
    "polygon": shape("polygon", 1, [1, 1, 11, 1, 11, 11, 2.5, 7], z_order=-1),
    "polyline": shape("polyline", 1, [1, 1, 5, 5]),
    "points": shape("points", 1, [1, 1, 5, 5, 9, 9]),
    "ellipse": shape("ellipse", 2, [20, 20, 30, 14], rotation=45.0),
    "mask": shape("mask", 2, [1, 3, 2, 10, 20, 12, 21]),
    "cuboid": shape("cuboid", 3, [float(value) for value in range(16)]),
    "skeleton": skeleton(3),
}


def frames(folder: Path) -> list[Frame]:
    """Four frames of 64 x 48 from a source of which every second image was taken."""

    def image(name: str) -> Callable[[], Path]:
        def make() -> Path:
            path = folder / name.replace("/", "-")
            path.write_bytes(f"bytes of {name}".encode())
            return path

        return make

    names = ["a.jpg", "b.png", "deep/c.jpg", "deep/d.v1.jpg"]
    return [
        Frame(number, 2 + 2 * number, name, 64, 48, image=image(name))
        for number, name in enumerate(names)
    ]


def make_dataset(folder: Path) -> Dataset:
    """A task with one of each kind of shape and a tag; groups, attributes, no tracks."""
    document = empty_document()
    document["shapes"] = copy.deepcopy(list(SHAPES.values()))
    document["tags"] = [tag(1)]
    moment = datetime(2026, 1, 2, 3, 4, 5, 60, tzinfo=timezone.utc)
    info = TaskInfo(
        id=7,
        name="Cats & dogs",
        size=4,
        mode="annotation",
        overlap=0,
        bug_tracker="",
        created=moment,
        updated=moment,
        subset="",
        start_frame=2,
        stop_frame=8,
        frame_filter="step=2",
        segments=(Segment(9, 0, 3, "http://localhost:8080/api/jobs/9"),),
        owner=Person("anna", "anna@example.org"),
    )
    return Dataset(labels(), [Part(7, "", frames(folder), document, info)])


def only(dataset: Dataset, *kinds: str) -> Dataset:
    """The dataset with these of `SHAPES` and no tags."""
    document = empty_document()
    document["shapes"] = [copy.deepcopy(SHAPES[kind]) for kind in kinds]
    return Dataset(dataset.labels, [replace(dataset.parts[0], document=document)])
