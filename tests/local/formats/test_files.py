"""Archives that are not to be trusted, matching of items to frames, the list of formats."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cvat_local.formats.archive import ReadLimits, Source
from cvat_local.formats.dataset import Frame
from cvat_local.formats.errors import FormatError
from cvat_local.formats.matching import FrameIndex
from cvat_local.formats.registry import EXPORTERS, IMPORTERS, find_exporter, find_importer


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("one.json", "1" * 1000)
        file.writestr("two.json", "2" * 1000)
        file.writestr("three.xml", "3")
    return path


def read_all(source: Source, name: str) -> bytes:
    with source.open(name) as reader:
        return reader.read()


def test_members_are_read_in_place(archive: Path) -> None:
    source = Source(archive)
    assert source.names(".json") == ["one.json", "two.json"]
    assert read_all(source, "two.json") == b"2" * 1000


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (ReadLimits(members=2), "3 files"),
        (ReadLimits(file_size=999), "larger than 999"),
        (ReadLimits(total_size=1999), "larger than 1999"),
    ],
)
def test_what_unpacks_to_too_much_is_refused(
    archive: Path, limits: ReadLimits, reason: str
) -> None:
    source = Source(archive, limits)
    with pytest.raises(FormatError, match=reason):
        for name in source.names(".json"):
            read_all(source, name)


def test_a_damaged_archive_is_refused(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[45] ^= 0xFF
    archive.write_bytes(data)
    with pytest.raises(FormatError, match="damaged"):
        read_all(Source(archive), "one.json")


def frames(*names: str) -> FrameIndex:
    return FrameIndex([Frame(at, 10 + at, name, 4, 4) for at, name in enumerate(names)])


@pytest.mark.parametrize(
    ("names", "item", "expected"),
    [
        (["a.jpg", "a.png"], "a.png", 1),
        (["a.jpg", "b.v1.jpg"], "b.v1", 1),
        (["a.jpg", "b.jpg"], "b.tiff", 1),
        (["x/a.jpg", "y/a.jpg"], "y/a.jpg", 1),
        (["x/y/a.jpg"], "y/a.jpg", 0),
        (["x/y/a.jpg"], "y/a", 0),
        (["a.jpg", "x/a.jpg"], "images/x/a.jpg", 1),
        (["a.jpg", "x/a.jpg"], "images\\default\\x\\a.jpg", 1),
        (["a.jpg", "b.jpg"], "./b.jpg", 1),
        (["a.jpg", "b.jpg"], "000011", 1),
        (["a.jpg", "b.jpg"], "11.jpg", 1),
    ],
)
def test_items_find_their_frame(names: list[str], item: str, expected: int) -> None:
    assert frames(*names).find(item).number == expected


@pytest.mark.parametrize(
    ("names", "item"),
    [
        (["a.jpg", "a.png"], "a"),
        (["x/a.jpg", "y/a.jpg"], "a.jpg"),
        (["xa.jpg"], "a.jpg"),
        (["a.jpg"], "b.jpg"),
        (["a.jpg"], "9"),
        (["a.jpg"], ""),
    ],
)
def test_items_that_fit_none_or_several_frames_are_refused(names: list[str], item: str) -> None:
    with pytest.raises(FormatError, match="matches no frame"):
        frames(*names).find(item)


def test_a_name_counts_more_than_a_number() -> None:
    assert frames("a.jpg", "b.jpg").find("b.jpg", number=10).number == 1


def test_formats_are_listed_with_what_works() -> None:
    assert {item.name for item in EXPORTERS if item.enabled} == {
        "COCO 1.0",
        "COCO Keypoints 1.0",
        "CVAT for images 1.1",
        "CVAT for video 1.1",
        "Datumaro 1.0",
        "ImageNet 1.0",
        "MOT 1.1",
        "YOLO 1.1",
    }
    assert {item.name for item in IMPORTERS if item.enabled} == {
        "COCO 1.0",
        "COCO Keypoints 1.0",
        "CVAT 1.1",
        "Datumaro 1.0",
        "ImageNet 1.0",
        "MOT 1.1",
        "YOLO 1.1",
    }
    coco = find_importer("COCO 1.0")
    assert coco is not None
    assert coco.describe() == {
        "name": "COCO 1.0",
        "ext": "JSON, ZIP",
        "version": "1.0",
        "enabled": True,
        "dimension": "2d",
    }
    assert find_importer("CVAT for images 1.1") is None


def test_a_format_that_is_not_there_says_so() -> None:
    missing = find_exporter("Datumaro 3D 1.0")
    assert missing is not None
    with pytest.raises(LookupError, match=r"'Datumaro 3D 1\.0' is not available"):
        missing.load()


def test_the_list_of_formats_loads_none() -> None:
    code = (
        "import sys, cvat_local.formats.registry;"
        "print([m for m in ('numpy', 'pycocotools', 'datumaro') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
