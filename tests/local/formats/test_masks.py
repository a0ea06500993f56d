"""Masks between CVAT's run lengths, COCO's run lengths and pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pycocotools import mask as coco_mask
from tests.lengths import short_and_long

from cvat_local.formats import masks
from cvat_local.formats.errors import FormatError

pixel_arrays = hnp.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))


def test_runs_start_with_zeros_and_go_row_by_row_inside_the_box() -> None:
    # Two rows of three pixels at (10, 20): .XX / X..
    mask = masks.from_points([1, 3, 2, 10, 20, 12, 21])
    assert (mask.left, mask.top) == (10, 20)
    assert mask.pixels.tolist() == [[False, True, True], [True, False, False]]


def test_a_mask_that_starts_with_a_set_pixel_has_a_first_run_of_zero() -> None:
    assert masks.to_points(masks.Mask(np.ones((1, 2), dtype=bool), 5, 6)) == [0, 2, 5, 6, 6, 6]


def test_runs_that_do_not_fill_the_box_leave_zeros_and_a_rest_is_cut() -> None:
    assert masks.from_points([1, 1, 0, 0, 3, 0]).pixels.tolist() == [[False, True, False, False]]
    assert masks.from_points([1, 9e15, 0, 0, 1, 0]).pixels.tolist() == [[False, True]]


@pytest.mark.parametrize("box", [[5, 0, 4, 0], [0, 0, 99_999, 99_999]])
def test_a_box_that_is_empty_or_enormous_is_refused(box: list[int]) -> None:
    with pytest.raises(FormatError):
        masks.from_points([1, 1, *box])


@pytest.mark.parametrize("examples", short_and_long(100, 5000))
def test_pixels_survive_cvat_and_coco_forms(examples: int) -> None:
    settled = settings(max_examples=examples, deadline=None)
    settled(given(pixel_arrays, st.integers(0, 5), st.integers(0, 5))(survives_both_forms))()


def survives_both_forms(pixels: np.ndarray, left: int, top: int) -> None:
    width, height = left + pixels.shape[1] + 2, top + pixels.shape[0] + 3
    points = masks.to_points(masks.Mask(pixels, left, top))
    expected = np.zeros((height, width), dtype=bool)
    expected[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    if points is None:
        assert not pixels.any()
        return
    image = masks.to_image(masks.from_points(points), width, height)
    assert (image == expected).all()

    plain = {"counts": masks.to_coco_counts(image), "size": [height, width]}
    compressed = coco_mask.frPyObjects(plain, height, width)
    assert (coco_mask.decode(compressed).astype(bool) == expected).all()
    text = {"counts": compressed["counts"].decode(), "size": [height, width]}
    for rle in (plain, text):
        assert masks.to_points(masks.from_coco(rle, width, height)) == points


def test_what_lies_outside_the_image_is_cut() -> None:
    image = masks.to_image(masks.Mask(np.ones((4, 4), dtype=bool), -2, 3), 5, 5)
    assert image.sum() == 4
    assert image[3:5, 0:2].all()


@pytest.mark.parametrize(
    "counts",
    [[3, 4], [10, -5, 1], ["6"], [6.0], None, "5", "not run lengths", "0" * 3, "o" * 40, "é"],
)
def test_malformed_coco_runs_are_refused(counts: object) -> None:
    with pytest.raises(FormatError):
        masks.from_coco({"counts": counts, "size": [2, 3]}, 3, 2)


def test_a_mask_of_another_image_size_is_refused() -> None:
    with pytest.raises(FormatError, match="image of"):
        masks.from_coco({"counts": [6], "size": [3, 2]}, 3, 2)


def test_an_ellipse_covers_the_pixels_with_their_centre_inside() -> None:
    circle = masks.ellipse_pixels([10, 10, 14, 6], 0, 20, 20)
    y, x = np.mgrid[0:20, 0:20] + 0.5
    assert (circle == ((x - 10) ** 2 + (y - 10) ** 2 <= 16)).all()
    lying = masks.ellipse_pixels([10, 10, 17, 8], 0, 20, 20)
    standing = masks.ellipse_pixels([10, 10, 17, 8], 90, 20, 20)
    assert (standing == lying.T).all()
    assert masks.pixel_bounds(lying) == (3, 8, 17, 12)


def test_an_ellipse_far_outside_covers_nothing() -> None:
    assert not masks.ellipse_pixels([-500, 1e9, -400, 0.9e9], 10, 20, 20).any()
