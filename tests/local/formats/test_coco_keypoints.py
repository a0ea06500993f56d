"""COCO Keypoints 1.0, read by pycocotools as an outside reader."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pycocotools.coco import COCO

from cvat_local.formats.archive import Source
from cvat_local.formats.dataset import Dataset, empty_document
from cvat_local.formats.errors import FormatError
from cvat_local.formats.registry import find_importer

from .samples import SHAPES, only, skeleton

Write = Callable[..., Path]
Read = Callable[..., dict[str, Any]]
NAME = "COCO Keypoints 1.0"
MEMBER = "annotations/person_keypoints_default.json"


def content(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = json.loads(archive.read(MEMBER))
    return found


def changed(path: Path, found: dict[str, Any]) -> Path:
    target = path.with_name("changed.json")
    target.write_text(json.dumps(found))
    return target


def test_an_outside_reader_finds_the_skeleton(
    dataset: Dataset, write: Write, tmp_path: Path
) -> None:
    with zipfile.ZipFile(write(dataset, NAME, save_images=True)) as archive:
        archive.extract(MEMBER, tmp_path)
        assert "images/default/deep/c.jpg" in archive.namelist()
    coco = COCO(str(tmp_path / MEMBER))
    (category,) = coco.loadCats(coco.getCatIds(catNms=["bones"]))
    assert (category["id"], category["keypoints"]) == (3, ["nose", "tail"])
    assert category["skeleton"] == [[1, 2]]
    assert [one["name"] for one in coco.loadCats(coco.getCatIds())] == ["cat", "dog", "bones"]
    (found,) = coco.loadAnns(coco.getAnnIds())
    assert coco.loadImgs([found["image_id"]])[0]["file_name"] == "deep/d.v1.jpg"
    assert found["keypoints"] == [3, 4, 2, 5.5, 6, 1]
    assert (found["num_keypoints"], found["bbox"], found["area"]) == (2, [3, 4, 2.5, 2], 5)
    assert found["attributes"] == {"occluded": False, "keyframe": False}


def test_points_that_are_away_keep_their_place(dataset: Dataset, write: Write) -> None:
    one = only(dataset, "skeleton")
    elements = one.parts[0].document["shapes"][0]["elements"]
    elements[1]["outside"] = True
    (found,) = content(write(one, NAME))["annotations"]
    assert (found["keypoints"], found["num_keypoints"]) == ([3, 4, 2, 5.5, 6, 0], 1)
    del elements[1]
    (found,) = content(write(one, NAME))["annotations"]
    assert found["keypoints"] == [3, 4, 2, 0, 0, 0]


def test_skeletons_come_back(dataset: Dataset, write: Write, read: Read) -> None:
    found = read(write(dataset, NAME), NAME, dataset)
    assert found["shapes"] == [SHAPES["skeleton"]]
    assert found["tags"] == found["tracks"] == []


def test_tracks_come_back(dataset: Dataset, write: Write, read: Read) -> None:
    document = empty_document()
    document["shapes"] = [skeleton(n, track_id=4, keyframe=n == 0) for n in (0, 1)]
    moving = Dataset(dataset.labels, [replace(dataset.parts[0], document=document)])
    (track,) = read(write(moving, NAME), NAME, moving)["tracks"]
    assert [
        [(item["frame"], item["outside"]) for item in element["shapes"]]
        for element in track["elements"]
    ] == [[(0, False), (1, False), (2, True)]] * 2


def test_other_objects_of_a_file_are_passed_over(
    dataset: Dataset, write: Write, read: Read
) -> None:
    path = write(only(dataset, "skeleton"), NAME)
    found = content(path)
    found["annotations"].append({"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2]})
    assert len(read(changed(path, found), NAME, dataset)["shapes"]) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"keypoints": [1, 2]}, "2 numbers for 2 points"),
        ({"image_id": 99}, "unknown image id 99"),
        ({"category_id": 99}, "category id 99"),
        ({"keypoints": "x"}, "not a COCO file"),
    ],
)
def test_mistakes_are_told(
    dataset: Dataset, write: Write, read: Read, changes: dict[str, Any], message: str
) -> None:
    path = write(only(dataset, "skeleton"), NAME)
    found = content(path)
    found["annotations"][0] |= changes
    with pytest.raises(FormatError, match=message):
        read(changed(path, found), NAME, dataset)


def test_an_archive_of_other_files(dataset: Dataset, write: Write, read: Read) -> None:
    with pytest.raises(FormatError, match="person_keypoints_"):
        read(write(dataset, "COCO 1.0"), NAME, dataset)


def test_the_outline_has_skeletons(dataset: Dataset, write: Write) -> None:
    importer = find_importer(NAME)
    assert importer is not None
    outline = importer.load_outline()(Source(write(dataset, NAME)))
    assert outline.subsets == ["default"]
    assert {name: list(label.parts) for name, label in outline.labels.items()} == {
        "cat": [],
        "dog": [],
        "bones": ["nose", "tail"],
    }
