"""ImageNet 1.0: tags as folders of images, or in lists."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cvat_local.formats.archive import Source
from cvat_local.formats.dataset import Dataset
from cvat_local.formats.errors import FormatError
from cvat_local.formats.registry import find_importer

from .samples import CAT, DOG, only, tag

Write = Callable[..., Path]
Read = Callable[..., dict[str, Any]]
NAME = "ImageNet 1.0"
TAGS = [tag(1, attributes=[]), tag(1, label_id=DOG, attributes=[]), tag(2, attributes=[])]


@pytest.fixture
def tagged(dataset: Dataset) -> Dataset:
    found = only(dataset)
    found.parts[0].document["tags"] += TAGS
    return found


def pack(folder: Path, files: dict[str, str]) -> Path:
    path = folder / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_lists(tagged: Dataset, write: Write) -> None:
    with zipfile.ZipFile(write(tagged, NAME)) as archive:
        assert set(archive.namelist()) == {"synsets.txt", "default.txt"}
        assert archive.read("synsets.txt").decode() == "cat\ndog\nbones\nnose\ntail\n"
        assert archive.read("default.txt").decode() == (
            "a.jpg \nb.png 0 1\ndeep/c.jpg 0\ndeep/d.v1.jpg \n"
        )


def test_folders(tagged: Dataset, write: Write) -> None:
    with zipfile.ZipFile(write(tagged, NAME, save_images=True)) as archive:
        assert archive.namelist() == [
            "no_label/a.jpg",
            "cat/b.png",
            "dog/b.png",
            "cat/deep/c.jpg",
            "no_label/deep/d.v1.jpg",
        ]


@pytest.mark.parametrize("save_images", [False, True])
def test_tags_come_back(tagged: Dataset, write: Write, read: Read, save_images: bool) -> None:
    found = read(write(tagged, NAME, save_images=save_images), NAME, tagged)
    assert found["tags"] == TAGS
    assert found["shapes"] == found["tracks"] == []


def test_names_with_blanks(dataset: Dataset, read: Read, tmp_path: Path) -> None:
    path = pack(tmp_path, {"synsets.txt": "cat\ndog", "x.txt": "some where/deep/c.jpg 1\n\n"})
    (found,) = read(path, NAME, dataset)["tags"]
    assert (found["frame"], found["label_id"]) == (2, DOG)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"x.txt": "a.jpg 0"}, r"no synsets\.txt"),
        ({"synsets.txt": "cat", "x.txt": "a.jpg 1"}, "the label 1"),
        ({"synsets.txt": "cow", "x.txt": "a.jpg 0"}, "'cow'"),
        ({"synsets.txt": "cat", "x.txt": "zz.jpg 0"}, r"'zz\.jpg'"),
        ({"a.json": "{}"}, "not an ImageNet dataset"),
    ],
)
def test_mistakes_are_told(
    dataset: Dataset, read: Read, tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(FormatError, match=message):
        read(pack(tmp_path, files), NAME, dataset)


def test_the_outline_has_the_labels_in_use(tmp_path: Path) -> None:
    importer = find_importer(NAME)
    assert importer is not None
    path = pack(tmp_path, {"cat/a.jpg": "", "no_label/b.jpg": ""})
    outline = importer.load_outline()(Source(path))
    assert (outline.subsets, list(outline.labels)) == (["default"], ["cat"])


def test_only_one_subset_is_read(dataset: Dataset, tmp_path: Path) -> None:
    importer = find_importer(NAME)
    assert importer is not None
    path = pack(tmp_path, {"synsets.txt": "cat", "x.txt": "a.jpg 0", "y.txt": "b.png 0"})
    (found,) = importer.load()(Source(path, subset="y"), dataset)["tags"]
    assert (found["frame"], found["label_id"]) == (1, CAT)
