"""Bodies of a server of another version: the fast way to their models gives what the exact one gives."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.lengths import short_and_long

from cvat_sdk.api_client import models
from cvat_sdk.api_client.runtime import codec, convert, drift
from cvat_sdk.api_client.runtime.model import Model, items
from cvat_sdk.api_client.runtime.rules import LENIENT
from cvat_sdk.api_client.runtime.schema import parse_text

PACKAGE = "cvat_sdk.api_client"

SHAPE = {
    "type": "polygon",
    "occluded": False,
    "z_order": 0,
    "rotation": 0.0,
    "points": [1.5, 2, 3.25, 4.0, 5.0, 6.5],
    "id": 4,
    "frame": 1,
    "label_id": 3,
    "group": None,
    "source": "manual",
    "attributes": [{"spec_id": 1, "value": "red"}, {"spec_id": 2, "value": "true"}],
    "score": 1,
    "elements": [],
}
SKELETON = {
    "type": "skeleton",
    "frame": 2,
    "label_id": 9,
    "elements": [{"type": "points", "frame": 2, "label_id": 10, "points": [1.0, 2.0]}],
}
TRACK = {
    "frame": 0,
    "label_id": 3,
    "attributes": [],
    "shapes": [
        {"type": "rectangle", "frame": 0, "points": [0.0, 1.0, 2.0, 3.0], "attributes": []},
        {"type": "rectangle", "frame": 5, "points": [0, 1, 2, 3], "outside": True},
    ],
}
ANNOTATIONS = {
    "version": 0,
    "tags": [{"frame": 0, "label_id": 3, "attributes": []}],
    "shapes": [SHAPE, SKELETON, SHAPE],
    "tracks": [TRACK],
}
TASK = {
    "url": "http://localhost/api/tasks/1",
    "id": 1,
    "name": "first",
    "owner": {"url": "http://localhost/api/users/1", "id": 1, "username": "ada"},
    "assignee": None,
    "created_date": "2024-05-01T10:00:00.5Z",
    "updated_date": "2024-05-01T10:00:00Z",
    "status": "annotation",
    "data_original_chunk_type": "imageset",
    "target_storage": {"id": 2, "location": "local", "cloud_storage_id": None},
    "jobs": {"count": 1, "completed": 0, "validation": 0, "url": "http://localhost/api/jobs"},
    "labels": {"url": "http://localhost/api/labels?task_id=1"},
}
PAGE = {"count": 2, "next": None, "previous": None, "results": [TASK, TASK]}
ABOUT_PLUGINS = {"GIT_INTEGRATION": False, "ANALYTICS": True, "MODELS": True, "PREDICT": False}
QUALITY = {
    "id": 1,
    "task_id": 2,
    "summary": {"frame_count": 3, "frame_share": 1, "conflict_count": 0},
    "created_date": "2024-05-01T10:00:00Z",
    "assignee": {"id": 1, "username": "ada"},
}
CONFLICTS = {
    "count": 1,
    "results": [
        {
            "id": 1,
            "type": "missing_annotation",
            "annotation_ids": [{"obj_id": 1, "job_id": 2, "type": "shape", "shape_type": "mask"}],
        }
    ],
}
BODIES: dict[str, Any] = {
    "LabeledData": ANNOTATIONS,
    "PaginatedTaskReadList": PAGE,
    "TaskRead": TASK,
    "list[TaskRead]": [TASK, TASK],
    "Plugins": ABOUT_PLUGINS,
    "QualityReport": QUALITY,
    "PaginatedAnnotationConflictList": CONFLICTS,
}


def exactly(body: Any, type_text: str) -> Any:
    """What the exact and slow conversion makes of a body."""
    _, node = parse_text(type_text, PACKAGE)
    return convert.walk(body, node, LENIENT, ())


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal in value, type and order of their parts."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Model):
        return same(list(items(left)), list(items(right)))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def takes_no_slow_road(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test fail when a body is not decoded in C."""

    def refuse(*arguments: Any) -> Any:
        raise AssertionError("the slow road was taken")

    monkeypatch.setattr(codec.convert, "walk", refuse)


DEVIATIONS: dict[str, Callable[[Any], Any]] = {
    "unknown field everywhere": lambda body: [
        shape.update(newer=number) for number, shape in enumerate(body["shapes"])
    ],
    "unknown fields in some": lambda body: body["shapes"][1].update(newer={"a": [1]}, newest=None),
    "unknown field below": lambda body: body["shapes"][0]["attributes"][1].update(confidence=0.5),
    "unknown field at the top": lambda body: body.update(layers=[]),
    "unknown value": lambda body: body["shapes"][0].update(type="spline"),
    "null": lambda body: body["shapes"][2].update(z_order=None, points=None),
    "null in place of an object": lambda body: body["shapes"].append(None),
    "missing required": lambda body: body["shapes"][0].pop("label_id"),
    "another scalar": lambda body: body["shapes"][0].update(label_id="3", score="high"),
    "object in place of a list": lambda body: body["shapes"][0].update(points={"x": 1}),
    "scalar in a list of numbers": lambda body: body["shapes"][0]["points"].append("a"),
    "number in a list of objects": lambda body: body["shapes"][0]["attributes"].append(7),
    "several classes": lambda body: [
        body["tags"][0].update(a=1),
        body["tracks"][0].update(b=2),
        body["tracks"][0]["shapes"][1].update(c=3, frame=None),
        body["shapes"][1]["elements"][0].update(d=4),
    ],
    "out of limits": lambda body: body["shapes"][0].update(label_id=-1, rotation=1000),
}


@pytest.mark.parametrize("deviation", DEVIATIONS)
def test_annotations_that_deviate_are_converted_in_c(
    deviation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = copy.deepcopy(ANNOTATIONS)
    DEVIATIONS[deviation](body)
    expected = exactly(body, "LabeledData")
    takes_no_slow_road(monkeypatch)

    decoded = codec.decode(json.dumps(body).encode(), "LabeledData")

    assert same(decoded, expected)


def test_objects_are_of_their_real_class() -> None:
    body = copy.deepcopy(ANNOTATIONS)
    DEVIATIONS["unknown field everywhere"](body)

    decoded = codec.decode(json.dumps(body).encode(), "LabeledData")

    assert type(decoded) is models.LabeledData
    assert [type(shape) for shape in decoded.shapes] == [models.LabeledShape] * 3
    assert decoded.shapes[1].newer == 1
    assert decoded.shapes[0].attributes[0].value == "red"
    assert json.loads(codec.encode(decoded)) == body
    decoded.shapes[0].frame = 8
    assert decoded.shapes[0].frame == 8


def test_a_missing_required_field_raises_when_it_is_read() -> None:
    body = copy.deepcopy(ANNOTATIONS)
    del body["shapes"][0]["label_id"]

    shape = codec.decode(json.dumps(body).encode(), "LabeledData").shapes[0]

    assert not hasattr(shape, "label_id")
    assert "label_id" not in shape
    assert shape.frame == 1


def test_dates_and_composed_enumerations_beside_a_deviation() -> None:
    body = {**TASK, "newer": 1, "updated_date": "yesterday"}

    task = codec.decode(json.dumps(body).encode(), "TaskRead")

    assert task.created_date.year == 2024
    assert task.updated_date == "yesterday"
    assert isinstance(task.owner, models.CloudStorageReadOwner)
    assert task.newer == 1


def test_a_name_that_is_not_ours_to_fill() -> None:
    body = {**SHAPE, "\u2063extra": {"a": 1}}

    shape = codec.decode(json.dumps(body).encode(), "LabeledShape")

    assert same(shape, exactly(body, "LabeledShape"))


def test_many_different_sets_of_fields_leave_nothing_behind() -> None:
    for number in range(3000):
        body = {**SHAPE, f"field-{number}": number}
        shape = codec.decode(json.dumps(body).encode(), "LabeledShape")
        assert shape.get(f"field-{number}") == number
    assert drift._road.cache_info().currsize <= 64


class Mutations:
    """Random deviations of a body."""

    VALUES = (None, True, 7, -3, 2.5, "text", "2024-01-01", [], [1, "a"], {}, {"a": None}, "mask")

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def of(self, body: Any) -> Any:
        """A copy with one to four deviations."""
        result = copy.deepcopy(body)
        for _ in range(self.chance.randint(1, 4)):
            place = self._place(result)
            if isinstance(place, dict):
                self._change_object(place)
            elif place:
                place[self.chance.randrange(len(place))] = self._value()
        return result

    def _place(self, value: Any) -> Any:
        inner = [v for v in (value.values() if isinstance(value, dict) else value)]
        inner = [v for v in inner if isinstance(v, (dict, list)) and v]
        if not inner or self.chance.random() < 0.3:
            return value
        return self._place(self.chance.choice(inner))

    def _change_object(self, place: dict[str, Any]) -> None:
        kind = self.chance.random()
        if kind < 0.35 or not place:
            place[self.chance.choice(("newer", "id", "ANALYTICS", "get", "x y"))] = self._value()
        elif kind < 0.5:
            del place[self.chance.choice(list(place))]
        else:
            place[self.chance.choice(list(place))] = self._value()

    def _value(self) -> Any:
        return copy.deepcopy(self.chance.choice(self.VALUES))


@pytest.mark.parametrize("seed", short_and_long(4, *range(5, 25)))
@pytest.mark.parametrize("type_text", BODIES)
def test_random_deviations(type_text: str, seed: int) -> None:
    mutations = Mutations(seed)
    for _ in range(400):
        body = mutations.of(BODIES[type_text])
        decoded = codec.decode(json.dumps(body).encode(), type_text)
        if not _fits(body, type_text):  # what fits is not ours to compare: 3.0 is read as 3 there
            assert same(decoded, exactly(body, type_text)), body


def _fits(body: Any, type_text: str) -> bool:
    decoder, _ = codec._decoder(type_text, PACKAGE)
    try:
        decoder.decode(json.dumps(body))
    except msgspec.ValidationError:
        return False
    return True
