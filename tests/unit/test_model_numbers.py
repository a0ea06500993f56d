"""Numbers in models: arrays, scalars of other libraries, and numbers that are too large."""

from __future__ import annotations

import array
import json
import math
from fractions import Fraction
from typing import Any

import numpy
import pytest

from cvat_sdk.api_client import ApiTypeError, ApiValueError, models
from cvat_sdk.api_client.runtime.codec import decode, encode

_HUGE = 10**400


def shape(**fields: Any) -> models.LabeledShapeRequest:
    return models.LabeledShapeRequest(**{"type": "points", "frame": 0, "label_id": 1, **fields})


@pytest.mark.parametrize(
    "points",
    [
        numpy.array([1, 2.5]),
        numpy.array([1, 2.5], dtype=numpy.float32),
        numpy.array([[1, 2.5]], dtype=numpy.float16).ravel(),
        [numpy.float32(1), numpy.float64(2.5)],
        [numpy.int64(1), Fraction(5, 2)],
        array.array("d", [1, 2.5]),
        memoryview(array.array("f", [1, 2.5])),
    ],
    ids=["float64", "float32", "ravel", "scalars", "int64", "array", "memoryview"],
)
def test_arrays_and_their_scalars_are_lists_of_numbers(points: Any) -> None:
    given = shape(points=points).points
    assert given == [1.0, 2.5]
    assert {type(number) for number in given} == {float}
    assigned = shape()
    assigned.points = points
    assert assigned.points == given
    [inside] = models.LabeledDataRequest(
        shapes=[{"type": "points", "frame": 0, "label_id": 1, "points": points}]
    ).shapes
    assert inside.points == given
    assert b'"points":[1.0,2.5]' in encode(inside)


def test_arrays_of_integers_are_taken_for_integers_and_for_floats() -> None:
    frames = numpy.array([3, 5], dtype=numpy.int32)
    job = models.JobWriteRequest(type="ground_truth", task_id=1, frames=frames)
    assert job.frames == [3, 5]
    assert {type(frame) for frame in job.frames} == {int}
    assert shape(points=frames).points == [3.0, 5.0]


@pytest.mark.parametrize(
    ("points", "path", "message"),
    [
        (numpy.array([True]), ["points", 0], "got a value of type bool"),
        (numpy.array(["1"]), ["points", 0], "got a value of type str"),
        (numpy.zeros((2, 3)), ["points"], r"type ndarray of shape \(2, 3\).*one dimension"),
        (numpy.array(5.0), ["points"], r"type ndarray of shape \(\)"),
        ([numpy.array([1.0])], ["points", 0], "got a value of type ndarray"),
        (b"12", ["points"], "got a value of type bytes"),
    ],
)
def test_other_arrays_are_refused(points: Any, path: list[Any], message: str) -> None:
    with pytest.raises(ApiTypeError, match=message) as caught:
        shape(points=points)
    assert caught.value.path_to_item == path


def test_scalars_of_numpy_are_taken_for_what_they_are() -> None:
    given = shape(frame=numpy.int32(4), occluded=numpy.True_, rotation=numpy.float32(0.5))
    assert [given.frame, given.occluded, given.rotation] == [4, True, 0.5]
    assert [type(given.frame), type(given.occluded)] == [int, bool]
    for wrong in (
        {"frame": numpy.float64(4)},
        {"frame": numpy.array([4])},
        {"rotation": numpy.True_},
        {"occluded": numpy.int64(1)},
    ):
        with pytest.raises(ApiTypeError):
            shape(**wrong)


@pytest.mark.parametrize("number", [_HUGE, -_HUGE, Fraction(_HUGE)])
@pytest.mark.parametrize(("field", "path"), [("rotation", []), ("points", [0])])
def test_a_number_that_no_float_can_hold_is_a_value_error(
    number: Any, field: str, path: list[Any]
) -> None:
    value = [number] if path else number
    with pytest.raises(ApiValueError, match="too large") as caught:
        shape(**{field: value})
    assert caught.value.path_to_item == [field, *path]
    built = shape()
    with pytest.raises(ApiValueError, match="too large"):
        setattr(built, field, value)
    assert built == shape()


def test_integers_of_any_size_are_kept() -> None:
    point = models.SubLabeledShapeRequest(type="points", frame=0, label_id=2**65)
    assert json.loads(encode(point))["label_id"] == 2**65
    received = decode(b'{"name": "a", "id": %d}' % _HUGE, "Label")
    assert received.id == _HUGE
    assert json.loads(encode(received))["id"] == _HUGE


def test_a_received_number_that_no_float_can_hold_is_kept_or_refused() -> None:
    body = b'{"type": "points", "frame": 0, "label_id": 1, "points": [%d], "rotation": 1e400}' % (
        _HUGE
    )
    received = decode(body, "LabeledShape")
    assert received.points == [_HUGE]
    assert received.rotation == math.inf
    with pytest.raises(ApiValueError, match="too large") as caught:
        decode(body, "LabeledShape", mode="strict")
    assert caught.value.path_to_item == ["received_data", "points", 0]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"rotation": 500.0, "frame": "x"}, ["frame"]),
        ({"novel": {1}, "frame": "x"}, ["frame"]),
        ({"rotation": 500.0, "source": 5}, ["rotation"]),
        ({"source": 5, "rotation": 500.0}, ["source"]),
    ],
)
@pytest.mark.filterwarnings("ignore::cvat_sdk.api_client.exceptions.UnknownFieldWarning")
def test_of_several_faults_that_of_a_required_field_is_reported(
    fields: dict[str, Any], path: list[str]
) -> None:
    given = {"type": "points", "label_id": 1, "frame": 0}
    with pytest.raises((ApiTypeError, ApiValueError)) as caught:
        models.LabeledShapeRequest(
            **{**fields, **{k: v for k, v in given.items() if k not in fields}}
        )
    assert caught.value.path_to_item == path


def test_a_number_with_more_digits_than_python_writes_is_a_value_error() -> None:
    with pytest.raises(ApiValueError, match=r"at least 0, got .* digits") as caught:
        shape(frame=-(10**5000))
    assert caught.value.path_to_item == ["frame"]
    point = models.SubLabeledShapeRequest(type="points", frame=0, label_id=10**5000)
    for body in (point, {"a": 10**5000}, {"a": [10**5000, math.nan]}):
        with pytest.raises(ApiValueError, match="digits"):
            encode(body)
