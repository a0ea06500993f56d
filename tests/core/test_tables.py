"""Annotations as tables, of a real task, and back."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from cvat_local.embedded import LocalServer
from cvat_sdk import Client, make_client, models
from cvat_sdk.api_client.runtime import codec
from cvat_sdk.core.proxies.projects import Project
from cvat_sdk.core.proxies.tasks import Task
from cvat_sdk.core.shapes import geometry
from cvat_sdk.tables import AnnotationTable, annotation_request, annotation_table
from cvat_sdk.tables.frames import frames_of

LABELS = [
    {
        "name": "car",
        "attributes": [
            {
                "name": "doors",
                "mutable": True,
                "input_type": "number",
                "default_value": "5",
                "values": ["1", "5", "1"],
            },
            {
                "name": "parked",
                "mutable": False,
                "input_type": "checkbox",
                "default_value": "false",
                "values": ["false"],
            },
            {
                "name": "type",
                "mutable": False,
                "input_type": "text",
                "default_value": "van",
                "values": ["van"],
            },
        ],
    },
    {
        "name": "person",
        "type": "skeleton",
        "sublabels": [
            {"name": "head", "type": "points"},
            {"name": "foot", "type": "points"},
        ],
        "svg": '<circle data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head" cx="1" cy="1"/>'
        '<circle data-type="element node" data-element-id="2" data-node-id="2" data-label-name="foot" cx="9" cy="9"/>',
    },
]
FRAMES = 5
DELETED = 3


@pytest.fixture(scope="module")
def client(local_server: LocalServer) -> Iterator[Client]:
    credentials = (local_server.username, local_server.password)
    with make_client(local_server.url, credentials=credentials) as connected:
        yield connected


@pytest.fixture(scope="module")
def project(client: Client) -> Project:
    return client.projects.create({"name": "tables", "labels": LABELS})


@pytest.fixture(scope="module")
def new_task(
    client: Client, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Task]:
    folder = tmp_path_factory.mktemp("frames")
    paths = [folder / f"{number}.png" for number in range(FRAMES)]
    for path in paths:
        Image.new("RGB", (100, 80)).save(path)

    def make(**spec: Any) -> Task:
        return client.tasks.create_from_data(
            {"name": "tables", "project_id": project.id, **spec}, paths
        )

    return make


class Ids:
    """Ids of labels and attributes by their names."""

    def __init__(self, labels: list[models.Label]) -> None:
        self.label = {label.name: label.id for label in labels}
        for label in labels:
            self.label |= {sublabel.name: sublabel.id for sublabel in label.sublabels}
        self.spec = {spec.name: spec.id for label in labels for spec in label.attributes}


def shape(kind: str, frame: int, points: list[float], **more: Any) -> dict[str, Any]:
    return {"type": kind, "frame": frame, "points": points, **more}


def some_of_everything(ids: Ids) -> dict[str, Any]:
    car, person = ids.label["car"], ids.label["person"]

    def value(name: str, text: str) -> dict[str, Any]:
        return {"spec_id": ids.spec[name], "value": text}

    def point(name: str, x: float, y: float, **more: Any) -> dict[str, Any]:
        return {"type": "points", "frame": 1, "label_id": ids.label[name], "points": [x, y], **more}

    shapes = [
        shape("rectangle", 0, [10, 10, 30, 20], attributes=[value("doors", "3")], group=4),
        shape("rectangle", 0, [10, 10, 30, 20], rotation=90, occluded=True, z_order=2),
        shape("ellipse", 0, [50, 40, 60, 35], rotation=90, score=0.5),
        shape("polygon", 1, [10, 10, 30, 10, 30, 30], attributes=[value("parked", "true")]),
        shape("polyline", 1, [0, 0, 9, 5], attributes=[value("type", "a bus")], source="auto"),
        shape("points", 1, [4, 5]),
        shape("mask", 2, [1, 3, 2, 10, 20, 12, 21]),
        shape("cuboid", 2, [*range(16)]),
    ]
    skeleton = shape("skeleton", 1, [], label_id=person)
    skeleton["elements"] = [point("head", 5, 6), point("foot", 9, 30, outside=True)]
    return {
        "tags": [{"frame": 2, "label_id": car}],
        "shapes": [*({"label_id": car, **one} for one in shapes), skeleton],
        "tracks": [
            {
                "label_id": car,
                "frame": 0,
                "attributes": [value("parked", "true")],
                "shapes": [
                    shape("rectangle", 0, [0, 0, 10, 10], rotation=350),
                    shape(
                        "rectangle",
                        2,
                        [20, 10, 30, 20],
                        rotation=10,
                        attributes=[value("doors", "1")],
                    ),
                    shape("rectangle", 4, [20, 10, 30, 20], outside=True),
                ],
            },
            {
                "label_id": car,
                "frame": 1,
                "shapes": [
                    shape("polyline", 1, [0, 0, 8, 0]),
                    shape("polyline", 4, [0, 6, 4, 6, 8, 6]),
                ],
            },
            {
                "label_id": person,
                "frame": 0,
                "shapes": [shape("skeleton", 0, [])],
                "elements": [
                    {
                        "label_id": ids.label["head"],
                        "frame": 0,
                        "shapes": [shape("points", 0, [2, 2]), shape("points", 2, [4, 6])],
                    },
                    {
                        "label_id": ids.label["foot"],
                        "frame": 0,
                        "shapes": [
                            shape("points", 0, [9, 9]),
                            shape("points", 1, [9, 9], outside=True),
                        ],
                    },
                ],
            },
        ],
    }


@pytest.fixture(scope="module")
def task(new_task: Callable[..., Task]) -> Task:
    made = new_task()
    made.set_annotations(some_of_everything(Ids(made.get_labels())))  # type: ignore[arg-type]  # plain data
    made.remove_frames_by_ids([DELETED])
    return made


@pytest.fixture(scope="module")
def table(task: Task) -> AnnotationTable:
    return annotation_table(task, polygons=True)


Row = dict[str, Any]


def rows(table: AnnotationTable, **wanted: Any) -> list[Row]:
    found = [{name: table[name][row] for name in table} for row in range(table.height)]
    return [row for row in found if all(row[name] == value for name, value in wanted.items())]


def one(table: AnnotationTable, **wanted: Any) -> Row:
    (found,) = rows(table, track_id=None, **wanted)
    return found


def box(row: Row) -> list[float]:
    return [round(row[name], 6) for name in ("left", "top", "right", "bottom")]


def test_a_row_says_what_a_shape_is(table: AnnotationTable, task: Task) -> None:
    first = one(table, type="rectangle", rotation=0)
    assert (first["task_id"], first["frame"], first["frame_name"]) == (task.id, 0, "0.png")
    assert (first["label"], first["group"], first["source"]) == ("car", 4, "manual")
    assert (box(first), first["area"]) == ([10, 10, 30, 20], 200)
    assert (first["attributes.doors"], first["attributes.parked"]) == (3.0, False)
    assert first["attributes.type"] == "van"
    assert first["id"] in {shape.id for shape in task.get_annotations().shapes}
    assert first["polygons"] == [[10, 10, 30, 10, 30, 20, 10, 20]]
    assert one(table, type="polyline")["attributes.type"] == "a bus"
    assert one(table, type="polyline")["source"] == "auto"
    assert one(table, type="tag")["frame"] == 2
    assert table["row"] == list(range(table.height))


def test_boxes_and_areas_of_every_kind(table: AnnotationTable) -> None:
    turned = one(table, type="rectangle", rotation=90)
    assert (box(turned), turned["area"]) == ([15, 5, 25, 25], 200)
    assert turned["polygons"] == [[25, 5, 25, 25, 15, 25, 15, 5]]
    assert (turned["occluded"], turned["z_order"]) == (True, 2)
    ellipse = one(table, type="ellipse")
    assert (box(ellipse), ellipse["score"]) == ([45, 30, 55, 50], 0.5)
    assert ellipse["area"] == pytest.approx(math.pi * 50)
    assert geometry.polygon_area(ellipse["polygons"][0]) == pytest.approx(math.pi * 50, rel=0.01)
    polygon = one(table, type="polygon")
    assert (box(polygon), polygon["area"]) == ([10, 10, 30, 30], 200)
    mask = one(table, type="mask")
    assert (box(mask), mask["area"]) == ([10, 20, 13, 22], 3)
    assert sum(map(geometry.polygon_area, mask["polygons"])) == 3
    assert box(one(table, type="cuboid")) == [0, 1, 14, 15]
    for kind in ("polyline", "points", "cuboid", "skeleton", "tag"):
        assert (
            one(table, type=kind, label=one(table, type=kind, parent=None)["label"])["area"] is None
        )
    assert one(table, type="tag")["left"] is None


def test_points_of_a_skeleton_follow_it(table: AnnotationTable) -> None:
    skeleton = one(table, type="skeleton")
    head, foot = rows(table, parent=skeleton["row"])
    assert (head["row"], head["label"], head["points"]) == (skeleton["row"] + 1, "head", [5, 6])
    assert (foot["label"], foot["outside"], foot["frame"]) == ("foot", True, 1)
    assert box(skeleton) == [5, 6, 5, 6]


def test_tracks_are_where_cvat_has_them(table: AnnotationTable) -> None:
    moving = rows(table, track_id=0)
    assert [(row["frame"], row["keyframe"], row["points"], row["rotation"]) for row in moving] == [
        (0, True, [0, 0, 10, 10], 350),
        (1, False, [10, 5, 20, 15], 0),
        (2, True, [20, 10, 30, 20], 10),
    ]
    assert [row["attributes.doors"] for row in moving] == [5, 5, 1]
    assert [row["attributes.parked"] for row in moving] == [True] * 3
    line = rows(table, track_id=1)
    # The deleted frame is left out, and what moves through it goes on.
    assert {row["frame"]: [round(value, 6) for value in row["points"]] for row in line} == {
        1: [0, 0, 8, 0],
        2: [0, 2, 4, 2, 8, 2],
        4: [0, 6, 4, 6, 8, 6],
    }
    person = rows(table, track_id=2, type="skeleton")
    assert [row["frame"] for row in person] == [0, 1, 2, 4]
    assert box(person[1]) == [3, 4, 3, 4]
    heads = rows(table, track_id=2, label="head")
    assert [(row["points"], row["keyframe"]) for row in heads] == [
        ([2, 2], True),
        ([3, 4], False),
        ([4, 6], True),
        ([4, 6], False),
    ]
    assert [row["outside"] for row in rows(table, track_id=2, label="foot")] == [False] + [True] * 3


def test_rows_are_what_the_server_exports(
    table: AnnotationTable, task: Task, tmp_path: Path
) -> None:
    task.export_dataset("CVAT for images 1.1", tmp_path / "x.zip", include_images=False)
    document = ElementTree.fromstring(
        zipfile.ZipFile(tmp_path / "x.zip").read("annotations.xml").decode()
    )
    exported = [
        (
            image.get("name"),
            found.get("label"),
            "rectangle" if found.tag == "box" else found.tag,
            found.get("rotation"),
            [value.text for value in found.iter("attribute")],
        )
        for image in document.iter("image")
        for found in image
    ]
    ours = [
        (
            row["frame_name"],
            row["label"],
            row["type"],
            f"{row['rotation']:.2f}" if row["rotation"] else None,
            [
                str(int(row["attributes.doors"])),
                str(row["attributes.parked"]).lower(),
                row["attributes.type"],
            ]
            if row["label"] == "car"
            else [],
        )
        for row in rows(table, parent=None)
    ]

    def ordered(found: list[Any]) -> list[Any]:
        return sorted((*map(str, entry[:4]), sorted(entry[4])) for entry in found)

    assert ordered(ours) == ordered(exported)


LIBRARIES: dict[str, Callable[[AnnotationTable], Any]] = {
    "columns": lambda table: table,
    "numpy": lambda table: {
        name: [None if kind == "int" and value == -1 else value for value in values]
        for (name, values), kind in zip(table.to_numpy().items(), table.kinds.values(), strict=True)
    },
    "pandas": lambda table: table.to_pandas(),
    "polars": lambda table: table.to_polars(),
    "pyarrow": lambda table: table.to_arrow(),
}


@pytest.fixture(scope="module")
def other_task(new_task: Callable[..., Task]) -> Task:
    return new_task()


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_table_of_any_library_goes_back(
    library: str, table: AnnotationTable, task: Task, other_task: Task
) -> None:
    request = annotation_request(LIBRARIES[library](table), task.get_labels(), task.get_meta())
    other_task.set_annotations(request)
    other_task.remove_frames_by_ids([DELETED])
    again = annotation_table(other_task, polygons=True)
    changed = {"id", "task_id"}
    assert [{**row, **dict.fromkeys(changed)} for row in rows(again)] == [
        {**row, **dict.fromkeys(changed)} for row in rows(table)
    ]


def test_what_people_write_is_enough(task: Task) -> None:
    import pandas

    frame = pandas.DataFrame(
        {
            "frame": [0, 1],
            "label": ["car", "car"],
            "type": ["rectangle", "polygon"],
            "points": [np.array([1, 2, 3, 4]), [0, 0, 5, 0, 5, 5]],
            "attributes.doors": [2.0, float("nan")],
        }
    )
    request = annotation_request(frame, task.get_labels())
    ids = Ids(task.get_labels())
    first, second = request.shapes
    assert (first.label_id, first.points) == (ids.label["car"], [1, 2, 3, 4])
    assert [(value.spec_id, value.value) for value in first.attributes] == [
        (ids.spec["doors"], "2")
    ]
    assert second.attributes == []


def test_a_track_without_a_row_in_a_frame_is_outside_there(task: Task) -> None:
    columns = {
        "frame": [0, 1, 4],
        "label": ["car"] * 3,
        "type": ["rectangle"] * 3,
        "points": [[0, 0, 1, 1], [1, 0, 2, 1], [4, 0, 5, 1]],
        "track_id": [7] * 3,
        "keyframe": [True, False, True],
    }
    (track,) = annotation_request(columns, task.get_labels()).tracks
    assert [(key.frame, key.outside, key.points[0]) for key in track.shapes] == [
        (0, False, 0),
        (1, False, 1),
        (2, True, 1),
        (4, False, 4),
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"type": ["tag"]}, "column 'frame'"),
        ({"frame": [0], "type": ["tag", "tag"]}, "one length"),
        ({"frame": [0], "type": ["tag"]}, "label or a label_id"),
        ({"frame": [0], "type": ["tag"], "label": ["bus"]}, "'bus'"),
        ({"frame": ["first"], "type": ["tag"], "label": ["car"]}, "Row 0: expected frame as int"),
        ({"frame": [0], "type": ["tag"], "label": ["car"], "parent": [8]}, "no row 8"),
        ({"frame": [0, 0], "type": ["tag"] * 2, "task_id": [1, 2]}, "several values of task_id"),
        (
            {"frame": [0, 0], "type": ["skeleton", "points"], "row": [0, 0], "parent": [None, 0]},
            "number of its own",
        ),
        (
            {"frame": [0, 0], "type": ["mask"] * 2, "label": ["car"] * 2, "track_id": [0, 0]},
            "one row in each frame",
        ),
    ],
)
def test_what_is_no_table_of_annotations(columns: dict[str, Any], message: str, task: Task) -> None:
    with pytest.raises(ValueError, match=message):
        annotation_request(columns, task.get_labels())


def test_what_is_no_source_or_table(task: Task) -> None:
    with pytest.raises(TypeError, match="type int"):
        annotation_table(5)  # type: ignore[arg-type]  # what is tried
    with pytest.raises(TypeError, match="type list"):
        annotation_request([], task.get_labels())  # type: ignore[arg-type]  # what is tried


def test_jobs_and_projects_have_tables_too(
    table: AnnotationTable, task: Task, project: Project, new_task: Callable[..., Task]
) -> None:
    cut = new_task(segment_size=3, overlap=0)
    cut.set_annotations(some_of_everything(Ids(cut.get_labels())))  # type: ignore[arg-type]  # plain data
    first, second = sorted(cut.get_jobs(), key=lambda job: job.start_frame)
    assert set(annotation_table(first)["frame"]) == {0, 1, 2}
    later = annotation_table(second)
    assert set(later["frame"]) == {3, 4}
    assert set(later["frame_name"]) == {"3.png", "4.png"}
    assert set(later["task_id"]) == {cut.id}
    whole = annotation_table(project)
    assert set(whole["task_id"]) >= {task.id, cut.id}
    assert list(whole["task_id"]).count(task.id) == table.height
    assert len(set(whole["row"])) == whole.height
    parents = {whole["type"][row] for row in whole["parent"] if row is not None}
    assert parents == {"skeleton"}
    with pytest.raises(ValueError, match="several values of task_id"):
        annotation_request(whole, project.get_labels())


def test_models_and_plain_data_without_a_task(task: Task, table: AnnotationTable) -> None:
    annotations = task.get_annotations()
    labels, meta = task.get_labels(), task.get_meta()
    for source in (annotations, annotations.to_dict()):
        again = annotation_table(source, labels, meta, polygons=True)
        assert {name: list(again[name]) for name in again if name != "task_id"} == {
            name: list(table[name]) for name in table if name != "task_id"
        }
    bare = annotation_table(annotations)
    assert set(bare["label"]) == set(bare["frame_name"]) == {None}
    assert [name for name in bare if name.startswith("attributes.")] == [
        f"attributes.{spec_id}" for spec_id in sorted(Ids(labels).spec.values(), key=str)
    ]
    assert annotation_table(models.LabeledDataRequest()).height == 0
    assert annotation_table({}).to_pandas().empty


def test_what_a_newer_server_sends_is_read(task: Task) -> None:
    car = Ids(task.get_labels()).label["car"]
    text = f'{{"shapes": [{{"type": "spline", "label_id": {car}, "frame": 0, "points": [1, 2], "new": 1}}]}}'
    (row,) = rows(annotation_table(codec.decode(text.encode(), "LabeledData"), task.get_labels()))
    assert (row["type"], row["label"], row["area"], row["points"]) == (
        "spline",
        "car",
        None,
        [1, 2],
    )


def test_types_of_columns(table: AnnotationTable) -> None:
    import polars
    import pyarrow

    pandas = table.to_pandas()
    assert str(pandas.dtypes["frame"]) == "int64"
    assert str(pandas.dtypes["track_id"]) == "Int64"
    assert str(pandas.dtypes["occluded"]) == "bool"
    assert str(pandas.dtypes["area"]) == "float64"
    assert pandas.groupby("label").size()["head"] == 5
    frame = table.to_polars()
    assert frame.schema["points"] == polars.List(polars.Float64)
    assert frame.schema["attributes.parked"] == polars.Boolean
    assert table.to_arrow().schema.field("id").type == pyarrow.int64()
    arrays = table.to_numpy()
    assert arrays["track_id"].dtype == np.int64
    assert (arrays["track_id"] == -1).sum() == list(table["track_id"]).count(None)
    assert arrays["points"][1].dtype == np.float64
    assert np.isnan(arrays["area"]).any()


def test_libraries_are_imported_when_they_are_used() -> None:
    script = (
        "import sys, cvat_sdk.core.shapes.tracks, cvat_sdk.core.shapes.geometry\n"
        "assert 'numpy' not in sys.modules\n"
        "import cvat_sdk.tables\n"
        "print([name for name in ('pandas', 'polars', 'pyarrow') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize(
    ("fields", "window", "expected"),
    [
        ({"size": 3, "frames": ["a", "b", "c"]}, (), {0: "a", 1: "b", 2: "c"}),
        ({"size": 3, "frames": ["v.mp4"]}, (), dict.fromkeys(range(3), "v.mp4")),
        ({"size": 3, "frames": ["a", "b", "c"], "deleted_frames": [1]}, (), {0: "a", 2: "c"}),
        ({"size": 2, "frames": ["e", "f"]}, (4, 5), {4: "e", 5: "f"}),
        # Of a ground truth job: numbers in the media, of which every second one is in the task.
        (
            {
                "size": 2,
                "frames": ["a", "placeholder.jpg", "c"],
                "start_frame": 10,
                "frame_filter": "step=2",
                "included_frames": [10, 14],
            },
            (0, 2),
            {0: "a", 2: "c"},
        ),
    ],
)
def test_frames_of_tasks_and_jobs(
    fields: dict[str, Any], window: tuple[int, ...], expected: dict[int, str]
) -> None:
    frames = [{"name": name, "width": 1, "height": 1} for name in fields["frames"]]
    body = {"deleted_frames": [], "start_frame": 0, **fields, "frames": frames}
    found = frames_of(codec.decode(json.dumps(body), "DataMetaRead"), *window)
    assert {frame: found.names[frame] for frame in found.numbers} == expected
    assert list(found.following.items()) == list(zip(expected, list(expected)[1:], strict=False))


def test_a_label_that_is_there_twice_is_chosen_by_its_id(task: Task) -> None:
    labels = [codec.decode(f'{{"id": {number}, "name": "a"}}', "Label") for number in (1, 2)]
    tag: dict[str, Any] = {"frame": [0], "type": ["tag"]}
    with pytest.raises(ValueError, match="there are 2"):
        annotation_request({**tag, "label": ["a"]}, labels)
    (sent,) = annotation_request({**tag, "label_id": [2]}, labels).tags
    assert sent.label_id == 2
