"""Datumaro archives, read by datumaro as an outside reader."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datumaro as dm
import pytest

from cvat_local.formats.dataset import Dataset
from cvat_local.formats.errors import FormatError
from cvat_sdk.core.shapes import masks

from .samples import SHAPES, only

Write = Callable[..., Path]
Read = Callable[..., dict[str, Any]]

FORMAT = "Datumaro 1.0"
FILE = "annotations/default.json"


def content(archive: Path) -> dict[str, Any]:
    with zipfile.ZipFile(archive) as file:
        found: dict[str, Any] = json.loads(file.read(FILE))
    return found


def test_datumaro_reads_it(dataset: Dataset, write: Write, tmp_path: Path) -> None:
    # The published datumaro has no skeletons.
    kinds = [kind for kind in SHAPES if kind != "skeleton"]
    folder = tmp_path / "unpacked"
    zipfile.ZipFile(write(only(dataset, *kinds), FORMAT, save_images=True)).extractall(folder)
    found = dm.Dataset.import_from(str(folder), "datumaro")
    assert sorted(item.id for item in found) == ["a", "b", "deep/c", "deep/d.v1"]
    assert found.get("a", subset="default").attributes == {"frame": 2}
    by_type = {each.type.name: each for item in found for each in item.annotations}
    assert set(by_type) == {"bbox", "polygon", "polyline", "points", "ellipse", "mask"}
    assert by_type["polygon"].points == SHAPES["polygon"]["points"]
    assert by_type["ellipse"].points == [10, 14, 30, 26]
    assert by_type["ellipse"].attributes["rotation"] == 45
    expected = masks.to_image(masks.from_points(SHAPES["mask"]["points"]), 64, 48)
    assert (by_type["mask"].image.astype(bool) == expected).all()


def test_layout(dataset: Dataset, write: Write) -> None:
    archive = write(dataset, FORMAT, save_images=True)
    with zipfile.ZipFile(archive) as file:
        assert file.namelist()[:2] == [FILE, "images/default/a.jpg"]
    found = content(archive)
    assert list(found) == ["info", "categories", "items"]
    label = found["categories"]["label"]
    assert label["labels"][0] == {
        "name": "cat",
        "parent": "",
        "attributes": ["age", "sex", "tame"],
    }
    assert label["labels"][3]["parent"] == "bones"
    assert label["attributes"] == ["age", "occluded", "sex", "tame"]
    assert found["categories"]["points"]["items"] == [
        {"label_id": 2, "labels": ["nose", "tail"], "joints": [[1, 2]]}
    ]
    item = found["items"][0]
    assert item["attr"] == {"frame": 2}
    assert item["image"] == {"path": "a.jpg", "size": [48, 64]}
    assert item["annotations"][0] == {
        "id": 0,
        "type": "bbox",
        "attributes": {"occluded": True, "rotation": 0.0},
        "group": 0,
        "label_id": 0,
        "z_order": 0,
        "bbox": [1, 2, 30.25, 20.5],
    }
    assert item["annotations"][1]["attributes"]["rotation"] == 30


def test_points_of_a_skeleton_say_whether_they_are_seen(dataset: Dataset, write: Write) -> None:
    (skeleton,) = content(write(only(dataset, "skeleton"), FORMAT))["items"][3]["annotations"]
    assert skeleton["type"] == "skeleton"
    assert [each["visibility"] for each in skeleton["elements"]] == [[2], [1]]
    assert [each["label_id"] for each in skeleton["elements"]] == [3, 4]


def datumaro_file(**annotation: Any) -> dict[str, Any]:
    item = {"id": "renamed", "attr": {"frame": 4}, "image": {"path": "", "size": [48, 64]}}
    labels = [{"name": "dog", "parent": "", "attributes": []}]
    return {
        "info": {},
        "categories": {"label": {"labels": labels}},
        "items": [{**item, "annotations": [{"id": 0, "label_id": 0, **annotation}]}],
    }


def test_a_renamed_item_is_found_by_its_frame_number(
    dataset: Dataset, read: Read, tmp_path: Path
) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(datumaro_file(type="bbox", bbox=[1, 2, 3, 4])))
    (found,) = read(path, FORMAT, dataset)["shapes"]
    assert (found["frame"], found["points"]) == (1, [1, 2, 4, 6])


def test_an_ellipse_in_the_form_of_cvat_is_understood(
    dataset: Dataset, read: Read, tmp_path: Path
) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(datumaro_file(type="ellipse", points=[20, 20, 30, 14])))
    (found,) = read(path, FORMAT, dataset)["shapes"]
    assert found["points"] == [20, 20, 30, 14]


@pytest.mark.parametrize(
    ("annotation", "reason"),
    [
        ({"type": "bbox", "bbox": [1, 2]}, "bbox in 'b.png' cannot be read"),
        ({"type": "hologram"}, "hologram"),
        ({"type": "bbox", "bbox": [1, 2, 3, 4], "label_id": None}, "label id None"),
        ({"type": "bbox", "bbox": [1, 2, 3, 4], "label_id": 7}, "label id 7"),
        ({"type": "polygon", "points": [1, 2, 3, 4]}, "no valid points"),
        ({"type": "mask", "rle": {"counts": "~", "size": [48, 64]}}, "malformed"),
        ({"type": 5}, "not a Datumaro file"),
    ],
)
def test_what_does_not_fit_says_why(
    dataset: Dataset, read: Read, tmp_path: Path, annotation: dict[str, Any], reason: str
) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(datumaro_file(**annotation)))
    with pytest.raises(FormatError, match=reason):
        read(path, FORMAT, dataset)
