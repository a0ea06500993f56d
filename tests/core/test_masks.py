"""Masks and attributes, masks also as pycocotools reads them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco

from cvat_sdk import models
from cvat_sdk.attributes import (
    attribute_vals_from_dict,
    attribute_value_validator,
    number_attribute_values,
)
from cvat_sdk.masks import decode_mask, encode_mask


@given(arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, max_side=12)))
@settings(max_examples=100, deadline=None)
def test_a_mask_comes_back(bitmap: Any) -> None:
    height, width = bitmap.shape
    points = encode_mask(bitmap)
    assert all(type(value) is int for value in points)
    decoded = decode_mask(points, image_width=width, image_height=height)
    assert decoded.dtype == np.bool_
    assert (decoded == bitmap).all()
    whole = encode_mask(bitmap, [0, 0, width, height])
    assert (decode_mask(whole, image_width=width, image_height=height) == bitmap).all()
    # pycocotools has its own run lengths, by columns; the area is the same.
    other = coco.encode(np.asfortranarray(decoded.astype(np.uint8)))
    assert coco.area(other) == bitmap.sum() == sum(points[1:-4:2])


def test_points_of_masks() -> None:
    image = np.zeros((4, 5), dtype=bool)
    assert encode_mask(image) == [1, 0, 0, 0, 0]
    image[1, 2:4] = True
    image[2, 3] = True
    assert encode_mask(image) == [0, 2, 1, 1, 2, 1, 3, 2]
    assert encode_mask(image, [1.5, 0.2, 3.1, 2.9]) == [4, 2, 2, 1, 1, 0, 3, 2]
    assert encode_mask(image.tolist(), (0, 0, 5, 4))[-4:] == [0, 0, 4, 3]


@pytest.mark.parametrize(
    ("bitmap", "box", "message"),
    [
        (np.zeros((2, 2)), None, "boolean"),
        (np.zeros(4, dtype=bool), None, "two dimensions"),
        (np.zeros((0, 0), dtype=bool), None, "pixels"),
        (np.zeros((2, 2), dtype=bool), [0, 0, 3, 1], "within"),
        (np.zeros((2, 2), dtype=bool), [1, 1, 1, 2], "within"),
        (np.zeros((2, 2), dtype=bool), [0, 0, 1], "4 numbers"),
    ],
)
def test_what_is_no_mask(bitmap: Any, box: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        encode_mask(bitmap, box)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([0, 0, 0, 0], "run lengths"),
        ([1, 0, 0, 9, 0], "within"),
        ([2, 0, 0, 0, 0], "fill"),
        ([-1, 2, 0, 0, 0, 0], "negative"),
        ([0.5, 0.5, 0, 0, 0, 0], "whole"),
        (["1", 0, 0, 0, 0], "whole"),
        ([True, 0, 0, 0, 0], "whole"),
    ],
)
def test_what_are_no_points(points: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode_mask(points, image_width=3, image_height=3)


def test_numbers_of_every_kind() -> None:
    points = [np.int64(0), 1.0, np.float32(0), 0, 0, 0]
    assert decode_mask(points, image_width=1, image_height=1).tolist() == [[True]]
    with pytest.raises(ValueError, match="0 x 3"):
        decode_mask(points, image_width=0, image_height=3)


def test_without_numpy() -> None:
    script = (
        "import sys\nsys.modules['numpy'] = None\nimport cvat_sdk.attributes\n"
        "try:\n    import cvat_sdk.masks\nexcept ModuleNotFoundError as error:\n    print(error.name)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "numpy\n"


def spec(kind: str, values: list[str]) -> models.AttributeRequest:
    return models.AttributeRequest(name="a", mutable=False, input_type=kind, values=values)  # type: ignore[arg-type]  # a text of the enumeration


@pytest.mark.parametrize(
    ("kind", "values", "right", "wrong"),
    [
        ("checkbox", [], ["true", "false"], ["True", "1", ""]),
        ("number", ["2", "8", "3"], ["2", "5", " 8 ", "+5"], ["3", "11", "5.0", "x", ""]),
        ("select", ["a", "b"], ["a"], ["c", ""]),
        ("radio", ["a"], ["a"], ["b"]),
        ("text", [], ["", "anything"], []),
    ],
)
def test_values_of_attributes(
    kind: str, values: list[str], right: list[str], wrong: list[str]
) -> None:
    is_value = attribute_value_validator(spec(kind, values))
    assert all(map(is_value, right))
    assert not any(map(is_value, wrong))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("number", ["1", "2"]),
        ("number", ["1", "x", "1"]),
        ("number", ["5", "1", "1"]),
        ("number", ["1", "6", "2"]),
        ("select", []),
    ],
)
def test_specifications_that_contradict_themselves(kind: str, values: list[str]) -> None:
    with pytest.raises(ValueError, match=r"Expected|needs"):
        attribute_value_validator(spec(kind, values))


def test_numbers_and_values_as_they_are_sent() -> None:
    assert number_attribute_values(0, 10, 5) == ["0", "10", "5"]
    for wrong in ((2, 1), (0, 1, 0), (0, 5, 2)):
        with pytest.raises(ValueError, match="Expected"):
            number_attribute_values(*wrong)
    sent = attribute_vals_from_dict({1: True, 2: 5, 3: "x"})
    assert [(value.spec_id, value.value) for value in sent] == [(1, "true"), (2, "5"), (3, "x")]
    with pytest.raises(TypeError, match="float"):
        attribute_vals_from_dict({1: 0.5})  # type: ignore[dict-item]  # what is tried
