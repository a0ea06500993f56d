"""YOLO 1.1: boxes in shares of the image."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cvat_local.formats.archive import Source
from cvat_local.formats.dataset import Dataset
from cvat_local.formats.errors import FormatError
from cvat_local.formats.registry import find_importer

from .samples import CAT, DOG, SHAPES, only, shape

Write = Callable[..., Path]
Read = Callable[..., dict[str, Any]]
NAME = "YOLO 1.1"

FILES = {
    "obj.data": "classes = 2\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n",
    "obj.names": "dog\ncat\n",
    "train.txt": "data/obj_train_data/a.jpg\n\ndata/obj_train_data/deep/c.jpg\n",
    "obj_train_data/a.txt": "1 0.5 0.5 0.25 0.5\n\n",
}
"""An archive as other programs write it."""


def texts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def pack(folder: Path, files: dict[str, str], root: str = "") -> Path:
    path = folder / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(root + name, text)
    return path


def test_files(dataset: Dataset, write: Write) -> None:
    found = texts(write(dataset, NAME))
    assert found["obj.data"] == (
        "classes = 5\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n"
    )
    assert found["obj.names"] == "cat\ndog\nbones\nnose\ntail\n"
    assert found["train.txt"].splitlines() == [
        "data/obj_train_data/a.jpg",
        "data/obj_train_data/b.png",
        "data/obj_train_data/deep/c.jpg",
        "data/obj_train_data/deep/d.v1.jpg",
    ]
    # (1 + 31.25) / 2 / 64, (2 + 22.5) / 2 / 48, 30.25 / 64, 20.5 / 48; the rotated box is left out
    assert found["obj_train_data/a.txt"] == "0 0.251953 0.255208 0.472656 0.427083\n"
    assert found["obj_train_data/b.txt"] == ""
    assert found["obj_train_data/deep/d.v1.txt"] == ""


def test_boxes_are_in_the_order_of_their_layers(dataset: Dataset, write: Write) -> None:
    one = only(dataset)
    one.parts[0].document["shapes"] += [
        shape("rectangle", 0, [0, 0, 32, 24], z_order=2, label_id=CAT),
        shape("rectangle", 0, [-32, 0, 32, 96], z_order=1),
    ]
    assert texts(write(one, NAME))["obj_train_data/a.txt"].splitlines() == [
        "1 0.000000 1.000000 1.000000 2.000000",
        "0 0.250000 0.250000 0.500000 0.500000",
    ]


def test_subsets_have_folders(dataset: Dataset, write: Write) -> None:
    part = dataset.parts[0]
    parts = [replace(part, subset="Train"), replace(part, subset="val")]
    found = texts(write(Dataset(dataset.labels, parts), NAME, save_images=True))
    assert "Train = data/Train.txt\nval = data/val.txt\n" in found["obj.data"]
    assert {"obj_Train_data/deep/c.txt", "obj_val_data/deep/c.jpg", "val.txt"} <= found.keys()


def test_names_that_mean_something_else_are_refused(dataset: Dataset, write: Write) -> None:
    part = replace(dataset.parts[0], subset="names")
    with pytest.raises(FormatError, match="'names'"):
        write(Dataset(dataset.labels, [part]), NAME)


def test_what_was_written_is_read(dataset: Dataset, write: Write, read: Read) -> None:
    found = read(write(dataset, NAME, save_images=True), NAME, dataset)
    assert [(item["frame"], item["label_id"], item["points"]) for item in found["shapes"]] == [
        (0, CAT, SHAPES["rectangle"]["points"]),
        (2, CAT, SHAPES["attributes"]["points"]),
    ]
    assert found["tags"] == found["tracks"] == []


@pytest.mark.parametrize("root", ["", "wrapped/"])
def test_files_of_other_programs(dataset: Dataset, read: Read, tmp_path: Path, root: str) -> None:
    (box,) = read(pack(tmp_path, FILES, root), NAME, dataset)["shapes"]
    assert (box["label_id"], box["points"]) == (CAT, [24, 12, 40, 36])


def test_the_label_is_found_by_its_name(dataset: Dataset, read: Read, tmp_path: Path) -> None:
    files = {**FILES, "obj_train_data/deep/c.txt": "0 0.5 0.5 1 1"}
    boxes = read(pack(tmp_path, files), NAME, dataset)["shapes"]
    assert [(box["frame"], box["label_id"]) for box in boxes] == [(0, CAT), (2, DOG)]


@pytest.mark.parametrize(
    ("changes", "message"),
    {
        "no obj.data": ({"obj.data": None}, "no obj.data"),
        "no names": ({"obj.names": None}, "obj.names"),
        "no list": ({"train.txt": None}, "train.txt"),
        "unknown frame": ({"train.txt": "data/obj_train_data/zz.png"}, "'zz.png'"),
        "unknown label": ({"obj_train_data/a.txt": "7 0 0 1 1"}, "a.txt, line 1.*'7'"),
        "label of no number": ({"obj_train_data/a.txt": "-1 0 0 1 1"}, "'-1'"),
        "too few fields": ({"obj_train_data/a.txt": "1 0.5 0.5 1"}, "5 fields"),
        "no number": ({"obj_train_data/a.txt": "1 x 0.5 1 1"}, "not numbers"),
        "not finite": ({"obj_train_data/a.txt": "1 nan 0.5 1 1"}, "not finite"),
        "label of another task": ({"obj.names": "horse\ncow"}, "'cow'"),
    }.values(),
)
def test_mistakes_are_told(
    dataset: Dataset, read: Read, tmp_path: Path, changes: dict[str, str | None], message: str
) -> None:
    files = {name: text for name, text in {**FILES, **changes}.items() if text is not None}
    with pytest.raises(FormatError, match=message):
        read(pack(tmp_path, files), NAME, dataset)


def test_a_file_that_is_no_archive(dataset: Dataset, read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("1 0.5 0.5 1 1")
    with pytest.raises(FormatError, match="not a YOLO dataset"):
        read(path, NAME, dataset)


def test_the_outline_has_subsets_labels_and_folders(tmp_path: Path) -> None:
    importer = find_importer(NAME)
    assert importer is not None
    outline = importer.load_outline()(Source(pack(tmp_path, FILES, "x/")))
    assert outline.subsets == ["train"]
    assert list(outline.labels) == ["dog", "cat"]
    assert outline.folders == {"x/obj_train_data/": "train"}


def test_one_subset_is_read(dataset: Dataset, tmp_path: Path) -> None:
    importer = find_importer(NAME)
    assert importer is not None
    path = pack(tmp_path, FILES)
    assert importer.load()(Source(path, subset="val"), dataset)["shapes"] == []


@pytest.mark.filterwarnings("ignore")  # of the reader's own libraries
def test_an_outside_reader_finds_the_same(dataset: Dataset, write: Write, tmp_path: Path) -> None:
    datumaro = pytest.importorskip("datumaro", reason="the reader of other people's")
    folder = tmp_path / "unpacked"
    one = only(dataset, "rectangle", "attributes")
    with zipfile.ZipFile(write(one, NAME)) as archive:
        archive.extractall(folder)
    for frame in one.parts[0].frames:
        path = folder / "obj_train_data" / frame.file_name
        Image.new("RGB", (frame.width, frame.height)).save(path)
    items = datumaro.Dataset.import_from(str(folder), "yolo")
    boxes = {
        item.id: [(box.label, [round(v, 2) for v in box.points]) for box in item.annotations]
        for item in items
    }
    assert boxes == {
        "a": [(0, SHAPES["rectangle"]["points"])],
        "b": [],
        "deep/c": [(0, SHAPES["attributes"]["points"])],
        "deep/d.v1": [],
    }
