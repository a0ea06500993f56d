"""Functions that annotate: what they may return, and what becomes of it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from tests.core.watching import Watching

from cvat_local.embedded import LocalServer
from cvat_sdk import Client, Config, make_client, models
from cvat_sdk import auto_annotation as cvataa
from cvat_sdk.auto_annotation.driver import (
    _AnnotationMapper,
    _DetectionFunctionContextImpl,
    _SpecNameMapping,
)
from cvat_sdk.core.proxies.tasks import Task

Pictures = Callable[..., list[Path]]
LABELS = [
    {
        "name": "car",
        "attributes": [
            {"name": "colour", "mutable": False, "input_type": "select", "values": ["red", "blue"]}
        ],
    },
    {"name": "tagged", "type": "tag"},
    {
        "name": "person",
        "type": "skeleton",
        "sublabels": [{"name": "head", "type": "points"}, {"name": "foot", "type": "points"}],
        "svg": "",
    },
    {"name": "outline", "type": "polygon"},
]


@pytest.fixture
def high(local_server: LocalServer, tmp_path: Path) -> Iterator[Client]:
    config = Config(status_check_period=0.05, cache_dir=tmp_path / "cache")
    credentials = (local_server.username, local_server.password)
    with make_client(local_server.url, credentials=credentials, config=config) as client:
        yield client


@pytest.fixture
def task(high: Client, pictures: Pictures) -> Task:
    return high.tasks.create_from_data({"name": "a", "labels": LABELS}, pictures(3))


def function(labels: Sequence[Any], detect: Callable[..., Any]) -> Any:
    return SimpleNamespace(spec=cvataa.DetectionFunctionSpec(labels=labels), detect=detect)


COLOUR = cvataa.select_attribute_spec("colour", 7, ["blue", "red"])
SPEC = [
    cvataa.label_spec("car", 1, attributes=[COLOUR]),
    cvataa.label_spec("tagged", 2, type="tag"),
    cvataa.skeleton_label_spec(
        "person", 3, [cvataa.keypoint_spec("foot", 30), cvataa.keypoint_spec("head", 31)]
    ),
]


def test_a_task_is_annotated(high: Client, task: Task) -> None:
    seen: list[Any] = []

    def detect(context: Any, image: Any) -> Any:
        seen.append(
            (context.frame_name, context.conf_threshold, context.conv_mask_to_poly, image.size)
        )
        value = models.AttributeValRequest(spec_id=7, value="red")
        return [
            cvataa.rectangle(1, [1, 2, 3, 4], attributes=[value]),
            cvataa.tag(2),
            cvataa.skeleton(3, [cvataa.keypoint(30, [1, 1]), cvataa.keypoint(31, [2, 2])]),
        ]

    reporter = Watching()
    cvataa.annotate_task(high, task.id, function(SPEC, detect), pbar=reporter, conf_threshold=0.5)
    assert [entry[1:] for entry in seen] == [(0.5, False, (16, 12))] * 3
    assert [entry[0] for entry in seen] == [frame.name for frame in task.get_frames_info()]
    assert reporter.done == reporter.total == 3
    labels = {label.name: label for label in task.get_labels()}
    found = task.get_annotations()
    assert [(tag.frame, tag.label_id, tag.source) for tag in found.tags] == [
        (frame, labels["tagged"].id, "auto") for frame in range(3)
    ]
    cars = [shape for shape in found.shapes if shape.label_id == labels["car"].id]
    assert [(shape.frame, shape.points, shape.source) for shape in cars] == [
        (frame, [1, 2, 3, 4], "auto") for frame in range(3)
    ]
    assert cars[0].attributes[0].value == "red"
    assert cars[0].attributes[0].spec_id == labels["car"].attributes[0].id
    person = next(shape for shape in found.shapes if str(shape.type) == "skeleton")
    assert {element.source for element in person.elements} == {"auto"}


def test_what_was_there_stays_or_goes(high: Client, task: Task) -> None:
    one = function(SPEC[:1], lambda context, image: [cvataa.rectangle(1, [1, 2, 3, 4])])
    cvataa.annotate_task(high, task.id, one)
    cvataa.annotate_task(high, task.id, one)
    assert len(task.get_annotations().shapes) == 6
    cvataa.annotate_task(high, task.id, one, clear_existing=True)
    assert len(task.get_annotations().shapes) == 3


def test_a_failure_writes_nothing(high: Client, task: Task) -> None:
    def detect(context: Any, image: Any) -> Any:
        if context.frame_name == task.get_frames_info()[2].name:
            raise KeyboardInterrupt
        return [cvataa.rectangle(1, [1, 2, 3, 4])]

    with pytest.raises(KeyboardInterrupt):
        cvataa.annotate_task(high, task.id, function(SPEC[:1], detect))
    assert task.get_annotations().shapes == []
    for wrong in (-0.1, 1.1):
        with pytest.raises(ValueError, match="conf_threshold"):
            cvataa.annotate_task(high, task.id, function(SPEC[:1], detect), conf_threshold=wrong)
    with pytest.raises(cvataa.BadFunctionError, match="DetectionFunctionSpec"):
        cvataa.annotate_task(high, task.id, SimpleNamespace(spec=5, detect=detect))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([models.PatchedLabelRequest(name="a")], "has no ID"),
        ([cvataa.label_spec("a", 1), cvataa.label_spec("b", 1)], "same ID as another label"),
        (
            [cvataa.label_spec("a", 1, sublabels=[cvataa.keypoint_spec("x", 1)])],
            "should be 'skeleton'",
        ),
        (
            [
                cvataa.skeleton_label_spec(
                    "a", 1, [cvataa.keypoint_spec("x", 1), cvataa.keypoint_spec("y", 1)]
                )
            ],
            "same ID as another sublabel",
        ),
        ([cvataa.label_spec("a", 1, attributes=[COLOUR, COLOUR])], "same ID as another attribute"),
        (
            [cvataa.label_spec("a", 1, attributes=[cvataa.number_attribute_spec("n", 1, ["x"])])],
            "bad values",
        ),
    ],
)
def test_specifications_that_are_wrong(labels: Any, message: str) -> None:
    with pytest.raises(cvataa.BadFunctionError, match=message):
        cvataa.DetectionFunctionSpec(labels=labels)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([cvataa.label_spec("bus", 1)], "not in dataset"),
        (
            [cvataa.label_spec("car", 1, attributes=[cvataa.text_attribute_spec("size", 1)])],
            "not in dataset",
        ),
        (
            [cvataa.label_spec("car", 1, attributes=[cvataa.text_attribute_spec("colour", 1)])],
            "has type 'text' in the function",
        ),
        (
            [
                cvataa.label_spec(
                    "car", 1, attributes=[cvataa.select_attribute_spec("colour", 1, ["red"])]
                )
            ],
            "has values",
        ),
        (
            [cvataa.label_spec("outline", 1, type="mask")],
            "has type 'mask' in the function, but 'polygon' in the dataset",
        ),
        (
            [cvataa.skeleton_label_spec("person", 1, [cvataa.keypoint_spec("hand", 1)])],
            "not in dataset",
        ),
    ],
)
def test_labels_that_do_not_fit(high: Client, task: Task, labels: Any, message: str) -> None:
    with pytest.raises(cvataa.BadFunctionError, match=message):
        cvataa.annotate_task(high, task.id, function(labels, lambda context, image: []))


def test_what_the_task_does_not_have_may_be_left_out(high: Client, task: Task) -> None:
    labels = [
        cvataa.label_spec("bus", 1),
        cvataa.label_spec("car", 2, attributes=[cvataa.text_attribute_spec("size", 5)]),
    ]
    value = models.AttributeValRequest(spec_id=5, value="x")

    def detect(context: Any, image: Any) -> Any:
        found = cvataa.rectangle(2, [1, 1, 2, 2], attributes=[value])
        return [cvataa.rectangle(1, [0, 0, 1, 1]), found]

    cvataa.annotate_task(high, task.id, function(labels, detect), allow_unmatched_labels=True)
    shapes = task.get_annotations().shapes
    assert [shape.points for shape in shapes] == [[1, 1, 2, 2]] * 3


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([5], "unexpected type int"),
        ([cvataa.rectangle(1, [0, 0, 1, 1], id=1)], "preset id"),
        ([cvataa.rectangle(1, [0, 0, 1, 1], source="manual")], "preset source"),
        (
            [
                models.LabeledShapeRequest(
                    type="rectangle", label_id=1, frame=1, points=[0, 0, 1, 1]
                )
            ],
            "unexpected frame number",
        ),
        ([cvataa.rectangle(9, [0, 0, 1, 1])], "unknown label ID"),
        ([cvataa.rectangle(2, [0, 0, 1, 1])], "expected 'tag'"),
        ([cvataa.tag(3)], "expected 'skeleton'"),
        (
            [
                cvataa.rectangle(
                    1, [0, 0, 1, 1], attributes=[models.AttributeValRequest(spec_id=1, value="x")]
                )
            ],
            "unknown ID 1",
        ),
        (
            [
                cvataa.rectangle(
                    1, [0, 0, 1, 1], attributes=[models.AttributeValRequest(spec_id=7, value="x")]
                )
            ],
            "unsuitable value",
        ),
        (
            [cvataa.rectangle(1, [0, 0, 1, 1], elements=[cvataa.keypoint(30, [1, 1])])],
            "non-skeleton shape",
        ),
        ([cvataa.skeleton(3, [cvataa.keypoint(30, [1, 1])])], "fewer elements than expected"),
        (
            [cvataa.skeleton(3, [cvataa.keypoint(30, [1, 1])] * 2)],
            "multiple elements with same sublabel",
        ),
        ([cvataa.skeleton(3, [cvataa.keypoint(99, [1, 1])])], "unknown sublabel ID"),
    ],
)
def test_what_a_function_must_not_return(
    high: Client, task: Task, found: Any, message: str
) -> None:
    before = repr(found)
    with pytest.raises(cvataa.BadFunctionError, match=message):
        cvataa.annotate_task(high, task.id, function(SPEC, lambda context, image: found))
    assert repr(found) == before
    assert task.get_annotations().shapes == []


def test_polygons_in_the_place_of_masks(high: Client, task: Task) -> None:
    labels = [cvataa.label_spec("outline", 1, type="mask")]
    good = function(labels, lambda context, image: [cvataa.polygon(1, [0, 0, 1, 0, 1, 1])])
    cvataa.annotate_task(high, task.id, good, conv_mask_to_poly=True)
    assert len(task.get_annotations().shapes) == 3
    bad = function(
        [cvataa.label_spec("car", 1)], lambda context, image: [cvataa.mask(1, [1, 0, 0, 0, 0])]
    )
    with pytest.raises(cvataa.BadFunctionError, match="conv_mask_to_poly"):
        cvataa.annotate_task(high, task.id, bad, conv_mask_to_poly=True)


def test_other_names_for_labels() -> None:
    entry = models.LabelMappingEntryRequest._from_openapi_data(name="automobile", attributes={})
    mapper = _AnnotationMapper(
        __import__("logging").getLogger("test"),
        [cvataa.label_spec("car", 1), cvataa.label_spec("bus", 2)],
        [SimpleNamespace(name="automobile", id=50, get={"type": "any"}.get)],
        allow_unmatched_labels=False,
        conv_mask_to_poly=False,
        spec_nm=_SpecNameMapping.from_api({"car": entry}),
    )
    found = [cvataa.rectangle(1, [0, 0, 1, 1]), cvataa.rectangle(2, [0, 0, 1, 1])]
    tags, shapes = mapper.validate_and_remap(found, 4)
    assert tags == []
    assert [(shape.label_id, shape.frame) for shape in shapes] == [(50, 4)]


def test_classes_of_the_interface() -> None:
    context = _DetectionFunctionContextImpl(frame_name="a")
    assert pickle.loads(pickle.dumps(context)) == context
    assert cvataa.TrackingFunctionSpec(supported_shape_types=["mask"]).supported_shape_types == {
        "mask"
    }
    with pytest.raises(ValueError, match="circle"):
        cvataa.TrackingFunctionSpec(supported_shape_types=["circle"])
    shape = cvataa.TrackableShape(type="mask", points=(1, 2))
    assert attrs.asdict(shape) == {"type": "mask", "points": [1, 2]}
    spec = cvataa.InteractionFunctionSpec(min_pos_points=1, min_bounding_boxes=0)
    assert spec.min_neg_points is None
    for wrong in ({"min_pos_points": -1}, {"min_pos_points": 1, "min_bounding_boxes": 2}):
        with pytest.raises(ValueError, match="min_"):
            cvataa.InteractionFunctionSpec(**wrong)  # type: ignore[arg-type]  # what is tried
    with pytest.raises(cvataa.BadFunctionError, match="unknown ID"):
        cvataa.InteractionResultShape(
            type="mask", points=[], attributes=[models.AttributeValRequest(spec_id=5, value="x")]
        )
