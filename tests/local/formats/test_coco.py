"""COCO archives, read by pycocotools and datumaro as outside readers."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import datumaro as dm
import numpy as np
import pytest
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from cvat_local.formats.dataset import Dataset, empty_document
from cvat_local.formats.errors import FormatError
from cvat_sdk.core.shapes import masks

from .samples import CAT, SHAPES, only, shape, values

Write = Callable[..., Path]
Read = Callable[..., dict[str, Any]]

FORMAT = "COCO 1.0"
FILE = "annotations/instances_default.json"


def content(archive: Path, name: str = FILE) -> dict[str, Any]:
    with zipfile.ZipFile(archive) as file:
        found: dict[str, Any] = json.loads(file.read(name))
    return found


def with_shapes(dataset: Dataset, *shapes: dict[str, Any]) -> Dataset:
    document = {**empty_document(), "shapes": list(shapes)}
    return replace(dataset, parts=[replace(dataset.parts[0], document=document)])


def test_pycocotools_finds_what_was_put(dataset: Dataset, write: Write, tmp_path: Path) -> None:
    archive = write(only(dataset, "rectangle", "polygon", "mask"), FORMAT)
    zipfile.ZipFile(archive).extract(FILE, tmp_path)
    coco = COCO(str(tmp_path / FILE))
    assert len(coco.imgs) == 4
    rectangle, polygon, mask = (coco.anns[number] for number in (1, 2, 3))
    assert rectangle["bbox"] == [1, 2, 30.25, 20.5]
    assert rectangle["area"] == 30.25 * 20.5
    assert (rectangle["segmentation"], rectangle["iscrowd"]) == ([], 0)
    assert coco.cats[rectangle["category_id"]]["name"] == "cat"

    points = SHAPES["polygon"]["points"]
    assert polygon["segmentation"] == [points]
    assert polygon["bbox"] == [1, 1, 10, 10]
    assert polygon["area"] == coco_mask.area(coco_mask.frPyObjects([points], 48, 64))[0]
    assert polygon["iscrowd"] == 0

    assert mask["iscrowd"] == 1
    assert mask["segmentation"]["size"] == [48, 64]
    assert mask["bbox"] == [10, 20, 3, 2]
    assert mask["area"] == 3
    expected = masks.to_image(masks.from_points(SHAPES["mask"]["points"]), 64, 48)
    assert (coco.annToMask(mask).astype(bool) == expected).all()


def test_datumaro_reads_it(dataset: Dataset, write: Write, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    zipfile.ZipFile(write(dataset, FORMAT, save_images=True)).extractall(folder)
    found = dm.Dataset.import_from(str(folder), "coco_instances")
    assert sorted(item.id for item in found) == ["a", "b", "deep/c", "deep/d.v1"]
    kinds = {type(each).__name__ for item in found for each in item.annotations}
    assert {"Bbox", "Polygon", "RleMask"} <= kinds
    labels = found.categories()[dm.AnnotationType.label]
    assert [label.name for label in labels] == ["cat", "dog", "bones", "nose", "tail"]


def test_layout(dataset: Dataset, write: Write) -> None:
    archive = write(dataset, FORMAT, save_images=True)
    with zipfile.ZipFile(archive) as file:
        assert file.namelist() == [
            FILE,
            "images/default/a.jpg",
            "images/default/b.png",
            "images/default/deep/c.jpg",
            "images/default/deep/d.v1.jpg",
        ]
        assert file.read("images/default/deep/c.jpg") == b"bytes of deep/c.jpg"
        assert file.getinfo("images/default/a.jpg").compress_type == zipfile.ZIP_STORED
    found = content(archive)
    assert list(found) == ["licenses", "info", "categories", "images", "annotations"]
    assert found["categories"][3:] == [
        {"id": 4, "name": "nose", "supercategory": "bones"},
        {"id": 5, "name": "tail", "supercategory": "bones"},
    ]
    assert found["images"][2] == {
        "id": 3,
        "width": 64,
        "height": 48,
        "file_name": "deep/c.jpg",
        "license": 0,
        "flickr_url": "",
        "coco_url": "",
        "date_captured": 0,
    }
    assert [each["id"] for each in found["annotations"]] == [1, 2, 3, 4, 5, 6]


def test_attributes_have_the_type_of_their_input(dataset: Dataset, write: Write) -> None:
    typed = shape("rectangle", 0, [0, 0, 5, 5], label_id=CAT, attributes=values(5, "f", False))
    weighed = shape("polygon", 0, [0, 0, 5, 5, 0, 5], label_id=CAT)
    weighed["attributes"] = [{"spec_id": 21, "value": "2.5"}, {"spec_id": 99, "value": "gone"}]
    odd = shape("polygon", 0, [0, 0, 5, 5, 0, 5], label_id=CAT)
    odd["attributes"] = [{"spec_id": 21, "value": "old"}]
    found = content(write(with_shapes(dataset, typed, weighed, odd), FORMAT))
    assert [each["attributes"] for each in found["annotations"]] == [
        {"age": 5, "sex": "f", "tame": False, "occluded": False, "rotation": 0.0},
        {"age": 2.5, "occluded": False},
        {"age": "old", "occluded": False},
    ]


def test_members_of_a_group_are_one_object(dataset: Dataset, write: Write) -> None:
    square, far = [0.0, 0, 4, 0, 4, 4, 0, 4], [10.0, 10, 12, 10, 12, 12, 10, 12]
    grouped = with_shapes(
        dataset,
        shape("polygon", 0, square, group=2, label_id=CAT),
        shape("rectangle", 0, [20, 20, 30, 30]),
        shape("polygon", 0, far, group=2),
        shape("rectangle", 1, [0, 0, 2, 2], group=1),
        shape("rectangle", 1, [4, 0, 6, 2], group=1),
        shape("mask", 2, [0, 4, 0, 0, 1, 1], group=3),
        shape("polygon", 2, far, group=3),
    )
    alone, merged, boxes, mixed = content(write(grouped, FORMAT))["annotations"]
    assert alone["bbox"] == [20, 20, 10, 10]
    assert merged["segmentation"] == [square, far]
    assert (merged["category_id"], merged["bbox"], merged["area"]) == (1, [0, 0, 12, 12], 20)
    assert (boxes["segmentation"], boxes["bbox"], boxes["area"]) == ([], [0, 0, 6, 2], 12)
    assert (mixed["iscrowd"], mixed["area"], mixed["bbox"]) == (1, 8, [0, 0, 12, 12])


def test_subsets_have_their_own_files(dataset: Dataset, write: Write) -> None:
    (part,) = dataset.parts
    both = Dataset(
        dataset.labels,
        [
            replace(only(dataset, "rectangle").parts[0], subset="Train", frames=part.frames[:1]),
            replace(only(dataset, "polygon").parts[0], frames=part.frames[1:]),
        ],
    )
    archive = write(both, FORMAT)
    assert content(archive, "annotations/instances_Train.json")["images"][0]["id"] == 1
    found = content(archive)
    assert [image["id"] for image in found["images"]] == [2, 3, 4]
    assert (found["annotations"][0]["id"], found["annotations"][0]["image_id"]) == (1, 2)


def test_wild_coordinates_do_no_harm(dataset: Dataset, write: Write) -> None:
    wild = with_shapes(
        dataset,
        shape("polygon", 0, [-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9]),
        shape("polygon", 0, [1e8, 1e8, 2e8, 1e8, 2e8, 2e8]),
        shape("rectangle", 0, [9, 9, 5, 4]),
        shape("mask", 0, [2, 4, 62, 47, 64, 48]),
    )
    whole, away, turned, cut = content(write(wild, FORMAT))["annotations"]
    assert (whole["area"], away["area"]) == (64 * 48, 0)
    assert turned["bbox"] == [5, 4, 4, 5]
    assert (cut["area"], cut["bbox"]) == (0, [0, 0, 0, 0])


# --- import ----------------------------------------------------------------------------------------


def coco_file(**changes: Any) -> dict[str, Any]:
    return {
        "images": [{"id": 5, "file_name": "a.jpg", "width": 64, "height": 48}],
        "categories": [{"id": 3, "name": "dog"}],
        "annotations": [],
        **changes,
    }


@pytest.fixture
def load(dataset: Dataset, read: Read, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Imports an annotation dict as a bare JSON file."""

    def load_annotation(**annotation: Any) -> dict[str, Any]:
        path = tmp_path / "file.json"
        whole = coco_file(annotations=[{"id": 1, "image_id": 5, "category_id": 3, **annotation}])
        path.write_text(json.dumps(whole))
        return read(path, FORMAT, dataset)

    return load_annotation


def test_a_polygon_gets_no_rectangle_beside_it(load: Callable[..., Any]) -> None:
    found = load(bbox=[0, 0, 9, 9], segmentation=[[0, 0, 9, 0, 9, 9]], area=40, iscrowd=0)
    assert [each["type"] for each in found["shapes"]] == ["polygon"]
    assert found["shapes"][0]["group"] == 0


@pytest.mark.parametrize("empty", [[], [[]], [[], []]])
def test_an_empty_segmentation_leaves_the_box(load: Callable[..., Any], empty: Any) -> None:
    (found,) = load(bbox=[1, 2, 9, 8], segmentation=empty)["shapes"]
    assert (found["type"], found["points"]) == ("rectangle", [1, 2, 10, 10])


def test_an_object_of_several_polygons_is_a_group(load: Callable[..., Any]) -> None:
    found = load(segmentation=[[0, 0, 9, 0, 9, 9], [20, 20, 29, 20, 29, 29]], bbox=[0, 0, 29, 29])
    assert [each["group"] for each in found["shapes"]] == [1, 1]


def test_compressed_run_lengths_are_a_mask(load: Callable[..., Any]) -> None:
    image = np.zeros((48, 64), dtype=np.uint8, order="F")
    image[20:22, 10:13] = [[0, 1, 1], [1, 0, 0]]
    rle = coco_mask.encode(image)
    found = load(segmentation={"size": rle["size"], "counts": rle["counts"].decode()}, iscrowd=1)
    assert found["shapes"][0]["points"] == SHAPES["mask"]["points"]


@pytest.mark.parametrize(
    ("annotation", "reason"),
    [
        ({"bbox": [0, 0, 1, 1], "category_id": 9}, "category id 9"),
        ({"bbox": [0, 0, 1, 1], "image_id": 9}, "image id 9"),
        ({"bbox": [0, 0, 1]}, "neither a segmentation nor a box"),
        ({"segmentation": [[1, 2, 3]]}, "no valid points"),
        ({"segmentation": {"counts": [1], "size": [1, 1]}}, "image of"),
        ({"bbox": "all"}, "not a COCO file"),
    ],
)
def test_what_does_not_fit_says_why(
    load: Callable[..., Any], annotation: dict[str, Any], reason: str
) -> None:
    with pytest.raises(FormatError, match=reason):
        load(**annotation)


def test_unknown_labels_and_broken_files_are_refused(
    dataset: Dataset, read: Read, tmp_path: Path
) -> None:
    path = tmp_path / "file.json"
    annotation = {"image_id": 5, "category_id": 3, "bbox": [0, 0, 1, 1]}
    horse = coco_file(categories=[{"id": 3, "name": "horse"}], annotations=[annotation])
    for text, reason in (
        (json.dumps(horse), "'horse' is not known"),
        ("{", "not a COCO file"),
        ("[]", "not a COCO file"),
        ('"\\ud800', "not a COCO file"),
    ):
        path.write_text(text)
        with pytest.raises(FormatError, match=reason):
            read(path, FORMAT, dataset)


def test_only_the_instances_of_an_archive_are_read(
    dataset: Dataset, read: Read, tmp_path: Path
) -> None:
    path = tmp_path / "coco.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("annotations/captions_val.json", "not read")
        archive.writestr("__MACOSX/annotations/._instances_val.json", "not read")
        archive.writestr("annotations/instances_val.json", json.dumps(coco_file()))
    assert read(path, FORMAT, dataset)["shapes"] == []
