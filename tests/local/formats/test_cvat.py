"""CVAT's own XML: what is written, and both kinds of files that are read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cvat_local.formats.dataset import Dataset, ProjectInfo, empty_document
from cvat_local.formats.errors import FormatError

from .samples import CAT, DOG, NOSE, SEX, only, shape, skeleton, values

Write = Callable[..., Path]
Read = Callable[..., dict[str, Any]]

FORMAT = "CVAT for images 1.1"
IMPORT = "CVAT 1.1"


def root(archive: Path) -> ElementTree.Element:
    with zipfile.ZipFile(archive) as file:
        return ElementTree.fromstring(file.read("annotations.xml"))


def test_description_of_a_task(dataset: Dataset, write: Write) -> None:
    found = root(write(dataset, FORMAT))
    assert [child.tag for child in found][:3] == ["version", "meta", "image"]
    assert [child.tag for child in found.find("meta") or []] == ["task", "dumped"]
    task = found.find("meta/task")
    assert task is not None
    assert [child.tag for child in task] == [
        "id",
        "name",
        "size",
        "mode",
        "overlap",
        "bugtracker",
        "created",
        "updated",
        "subset",
        "start_frame",
        "stop_frame",
        "frame_filter",
        "segments",
        "owner",
        "assignee",
        "labels",
    ]
    assert task.findtext("name") == "Cats & dogs"
    assert task.findtext("created") == "2026-01-02 03:04:05.000060+00:00"
    assert task.findtext("subset") == "default"
    assert task.findtext("segments/segment/url") == "http://localhost:8080/api/jobs/9"
    assert task.findtext("owner/email") == "anna@example.org"
    assert task.findtext("assignee") == ""
    attribute = task.find("labels/label/attributes/attribute")
    assert attribute is not None
    assert {child.tag: child.text for child in attribute} == {
        "name": "age",
        "mutable": "True",
        "input_type": "number",
        "default_value": "1",
        "values": None,
    }
    assert [label.findtext("parent") for label in task.iterfind("labels/label")] == [
        None,
        None,
        None,
        "bones",
        "bones",
    ]


def test_description_of_a_job_and_of_a_project(dataset: Dataset, write: Write) -> None:
    (part,) = dataset.parts
    assert part.info is not None
    job = replace(dataset, parts=[replace(part, info=replace(part.info, name=None))])
    found = root(write(job, FORMAT)).find("meta/job")
    assert found is not None
    assert [child.tag for child in found][:2] == ["id", "size"]

    info = ProjectInfo(3, "zoo", "", part.info.created, part.info.updated)
    project = replace(dataset, parts=[part, replace(part, subset="Train")], project=info)
    whole = root(archive := write(project, FORMAT, save_images=True))
    described = whole.find("meta/project")
    assert described is not None
    assert [child.tag for child in described] == (
        [
            "id",
            "name",
            "bugtracker",
            "created",
            "updated",
            "tasks",
            "subsets",
            "owner",
            "assignee",
            "labels",
        ]
    )
    assert described.findtext("subsets") == "default\nTrain"
    assert described.find("tasks/task/labels") is None
    assert whole.findall("image")[4].attrib == {
        "id": "2",
        "name": "a.jpg",
        "subset": "Train",
        "task_id": "7",
        "width": "64",
        "height": "48",
    }
    with zipfile.ZipFile(archive) as file:
        assert "images/Train/deep/c.jpg" in file.namelist()


def test_elements(dataset: Dataset, write: Write) -> None:
    images = root(archive := write(dataset, FORMAT, save_images=True)).findall("image")
    assert [image.get("id") for image in images] == ["2", "4", "6", "8"]
    elements = {element.tag: element.attrib for image in images for element in image}
    flags = {"label": "dog", "source": "file", "occluded": "0"}
    assert images[0][1].attrib == {
        **flags,
        "xtl": "10.00",
        "ytl": "10.00",
        "xbr": "30.00",
        "ybr": "20.00",
        "rotation": "30.00",
        "z_order": "2",
    }
    assert elements["polygon"]["points"] == "1.00,1.00;11.00,1.00;11.00,11.00;2.50,7.00"
    assert elements["ellipse"] == {
        **flags,
        "cx": "20.00",
        "cy": "20.00",
        "rx": "10.00",
        "ry": "6.00",
        "rotation": "45.00",
        "z_order": "0",
    }
    assert elements["mask"] == {
        **flags,
        "rle": "1, 3, 2",
        "left": "10",
        "top": "20",
        "width": "3",
        "height": "2",
        "z_order": "0",
    }
    assert list(elements["cuboid"])[3:7] == ["xtl1", "ytl1", "xbl1", "ybl1"]
    assert elements["cuboid"]["ybr2"] == "15.00"
    assert elements["skeleton"] == {"label": "bones", "source": "file", "z_order": "0"}
    (bones,) = images[3].findall("skeleton")
    assert bones[1].attrib == {
        "label": "tail",
        "source": "file",
        "outside": "0",
        "occluded": "1",
        "points": "5.50,6.00",
    }
    (tag,) = images[1].findall("tag")
    assert tag.attrib == {"label": "cat", "source": "file"}
    assert {child.get("name"): child.text for child in tag} == {
        "age": "3",
        "sex": "m",
        "tame": "true",
    }
    with zipfile.ZipFile(archive) as file:
        assert file.namelist()[1] == "images/a.jpg"


def test_any_text_makes_a_readable_file(dataset: Dataset, write: Write, read: Read) -> None:
    text = "<a> & \"b\" 'c'\n\x00\x0b\ud7ff\U0001f600"
    document = empty_document()
    document["shapes"] = [
        shape(
            "rectangle",
            0,
            [0, 0, 1, 1],
            label_id=CAT,
            attributes=[{"spec_id": SEX, "value": text}],
        )
    ]
    odd = replace(dataset, parts=[replace(dataset.parts[0], document=document)])
    (found,) = read(write(odd, FORMAT), IMPORT, odd)["shapes"]
    assert found["attributes"][0]["value"] == text.replace("\x00", "�").replace("\x0b", "�")


# --- import ----------------------------------------------------------------------------------------


@pytest.fixture
def load(dataset: Dataset, read: Read, tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """Imports the text of a bare XML file."""

    def load_text(text: str) -> dict[str, Any]:
        path = tmp_path / "annotations.xml"
        path.write_text(text, encoding="utf-8")
        return read(path, IMPORT, dataset)

    return load_text


def test_a_renamed_image_is_found_by_its_id(load: Callable[[str], Any]) -> None:
    found = load(
        '<annotations><version>1.1</version><image id="6" name="new.jpg" width="1" height="1">'
        '<box label="cat" occluded="1" xtl="1" ytl="2" xbr="3" ybr="4"><attribute name="sex">m'
        '</attribute><attribute name="other">x</attribute></box></image></annotations>'
    )
    (box,) = found["shapes"]
    assert (box["frame"], box["label_id"], box["occluded"]) == (2, CAT, True)
    assert (box["points"], box["attributes"]) == ([1, 2, 3, 4], [{"spec_id": SEX, "value": "m"}])


def test_tracks_of_a_video_file(load: Callable[[str], Any]) -> None:
    found = load(
        """<annotations><track id="0" label="cat" source="manual" group_id="3">
        <box frame="2" keyframe="1" outside="0" occluded="0" xtl="0" ytl="0" xbr="4" ybr="4"
          z_order="1"><attribute name="sex">m</attribute><attribute name="age">2</attribute></box>
        <box frame="4" keyframe="0" outside="0" occluded="0" xtl="1" ytl="0" xbr="5" ybr="4"
          z_order="1"><attribute name="sex">m</attribute><attribute name="age">2</attribute></box>
        <box frame="6" keyframe="1" outside="1" occluded="0" xtl="2" ytl="0" xbr="6" ybr="4"
          z_order="1"><attribute name="sex">m</attribute><attribute name="age">3</attribute></box>
        </track><track id="1" label="dog"/></annotations>"""
    )
    (track,) = found["tracks"]
    age, sex, _ = values(2, "m", False)
    assert (track["label_id"], track["frame"], track["group"]) == (CAT, 0, 3)
    assert (track["source"], track["attributes"]) == ("manual", [sex])
    first, last = track["shapes"]
    assert (first["frame"], first["outside"], first["z_order"]) == (0, False, 1)
    assert first["attributes"] == [age]
    assert (last["frame"], last["outside"]) == (2, True)


def test_masks_of_a_video_file_stay_shapes(load: Callable[[str], Any]) -> None:
    mask = 'rle="0, 4" left="1" top="2" width="2" height="2"'
    found = load(
        f"""<annotations><track id="0" label="dog" source="manual">
        <mask frame="2" keyframe="1" outside="0" occluded="0" {mask}/>
        <mask frame="4" keyframe="1" outside="1" occluded="0" {mask}/></track></annotations>"""
    )
    (shape_found,) = found["shapes"]
    assert (shape_found["frame"], shape_found["points"]) == (0, [0, 4, 1, 2, 2, 3])
    assert found["tracks"] == []


def test_skeleton_tracks_of_a_video_file(load: Callable[[str], Any]) -> None:
    found = load(
        """<annotations><track id="0" label="bones" source="manual">
        <skeleton frame="2" keyframe="1" z_order="0">
          <points label="nose" keyframe="1" outside="0" occluded="0" points="1,2"/></skeleton>
        <skeleton frame="4" keyframe="1" z_order="0">
          <points label="nose" keyframe="1" outside="1" occluded="0" points="1,2"/></skeleton>
        </track></annotations>"""
    )
    (track,) = found["tracks"]
    (nose,) = track["elements"]
    assert nose["label_id"] == NOSE
    assert [(each["frame"], each["outside"]) for each in nose["shapes"]] == [(0, False), (1, True)]


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ('<image name="z.jpg"/>', "'z.jpg' matches no frame"),
        ('<image id="3" name="z.jpg"/>', "'z.jpg' matches no frame"),
        ('<image name="a.jpg"><box label="horse"/></image>', "'horse' is not known"),
        ('<image name="a.jpg"><box label="nose"/></image>', "'nose' is not known"),
        ('<image name="a.jpg"><box/></image>', "no attribute 'label'"),
        ('<image name="a.jpg"><box label="dog" xtl="x"/></image>', "xtl='x'"),
        ('<image name="a.jpg"><box label="dog" xtl="inf"/></image>', "no attribute 'ytl'"),
        ('<image name="a.jpg"><blob label="dog"/></image>', "<blob>"),
        ('<image name="a.jpg"><points label="dog" points="1,2;3"/></image>', "no valid points"),
        ('<image name="a.jpg"><points label="dog" points="1,nan"/></image>', "no valid points"),
        ('<image name="a.jpg"><points label="dog" points="a"/></image>', "not numbers"),
        (
            '<image name="a.jpg"><mask label="dog" rle="9" left="0" top="0" width="2" height="2"/>'
            "</image>",
            "do not fit",
        ),
        ('<track label="dog"><box frame="3"/></track>', "number 3 matches no frame"),
        ("<image", "not an XML file"),
    ],
)
def test_what_does_not_fit_says_why(load: Callable[[str], Any], image: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        load(f"<annotations>{image}</annotations>")


def test_another_document_is_refused(load: Callable[[str], Any]) -> None:
    with pytest.raises(FormatError, match="<html>"):
        load("<html><body/></html>")


def test_entities_are_refused(load: Callable[[str], Any]) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><annotations>&y;</annotations>'
    with pytest.raises(FormatError, match="entities"):
        load(bomb)


def test_labels_of_points_belong_to_their_skeleton(
    dataset: Dataset, write: Write, read: Read
) -> None:
    document = {**empty_document(), "shapes": [skeleton(0), shape("points", 0, [1, 1])]}
    both = replace(dataset, parts=[replace(dataset.parts[0], document=document)])
    bones, points = read(write(both, FORMAT), IMPORT, both)["shapes"]
    assert [element["label_id"] for element in bones["elements"]] == [NOSE, NOSE + 1]
    assert points["label_id"] == DOG


def test_an_archive_of_another_format_is_refused(
    dataset: Dataset, write: Write, read: Read
) -> None:
    with pytest.raises(FormatError, match=r"no annotations\.xml"):
        read(write(only(dataset), "COCO 1.0"), IMPORT, dataset)
