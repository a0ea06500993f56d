"""Masks between CVAT's run lengths, COCO's run lengths and pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pycocotools import mask as coco_mask
from tests.lengths import short_and_long

from cvat_sdk.core.shapes import coco, masks, outlines

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
    with pytest.raises(ValueError):
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

    plain = coco.to_rle(image, compressed=False)
    compressed = coco_mask.frPyObjects(plain, height, width)
    assert (coco_mask.decode(compressed).astype(bool) == expected).all()
    text = {"counts": compressed["counts"].decode(), "size": [height, width]}
    assert coco.to_rle(image) == text
    for rle in (plain, text, compressed):
        assert masks.to_points(coco.from_rle(rle)) == points


def test_what_lies_outside_the_image_is_cut() -> None:
    image = masks.to_image(masks.Mask(np.ones((4, 4), dtype=bool), -2, 3), 5, 5)
    assert image.sum() == 4
    assert image[3:5, 0:2].all()


@pytest.mark.parametrize(
    "counts",
    [[3, 4], [10, -5, 1], ["6"], [6.0], None, "5", "not run lengths", "0" * 3, "o" * 40, "é"],
)
def test_malformed_coco_runs_are_refused(counts: object) -> None:
    with pytest.raises(ValueError):
        coco.from_rle({"counts": counts, "size": [2, 3]})


@pytest.mark.parametrize("size", [None, [2], [2, "3"], [-2, -3], [1 << 20, 1 << 20]])
def test_a_size_that_is_none_is_refused(size: object) -> None:
    with pytest.raises(ValueError):
        coco.from_rle({"counts": [6], "size": size})


def test_large_masks_are_compressed_as_pycocotools_does() -> None:
    image = np.zeros((700, 900), dtype=bool)
    image[100:650, 3:800] = True
    image[::7, ::11] ^= True
    theirs = coco_mask.encode(np.asfortranarray(image.astype(np.uint8)))
    assert coco.to_rle(image)["counts"] == theirs["counts"].decode()


@pytest.mark.parametrize("examples", short_and_long(200, 5000))
def test_outlines_of_masks_fill_to_the_same_pixels(examples: int) -> None:
    settled = settings(max_examples=examples, deadline=None)
    settled(given(pixel_arrays)(fills_to_the_same))()


def fills_to_the_same(pixels: np.ndarray) -> None:
    height, width = pixels.shape
    polygons = outlines.to_polygons(masks.Mask(pixels, 0, 0))
    assert (outlines.from_polygons(polygons, width, height) == without_holes(pixels)).all()
    moved = outlines.to_polygons(masks.Mask(pixels, 4, 2))
    assert moved == [
        [value + (2 if at % 2 else 4) for at, value in enumerate(polygon)] for polygon in polygons
    ]


def without_holes(pixels: np.ndarray) -> np.ndarray:
    """What cannot be reached from outside the image, also across corners."""
    padded = np.pad(pixels, 1)
    reached = np.zeros_like(padded)
    reached[0, 0] = True
    while True:
        wide = np.pad(reached, 1)
        shifted = [
            wide[y : y + padded.shape[0], x : x + padded.shape[1]]
            for y in range(3)
            for x in range(3)
        ]
        grown = np.logical_or.reduce(shifted) & ~padded
        if (grown == reached).all():
            return ~reached[1:-1, 1:-1]
        reached = grown


def test_outlines_run_along_the_edges_of_pixels() -> None:
    block = masks.Mask(np.ones((2, 3), dtype=bool), 10, 20)
    assert outlines.to_polygons(block) == [[10, 20, 13, 20, 13, 22, 10, 22]]
    diagonal = masks.Mask(np.eye(2, dtype=bool), 0, 0)
    assert outlines.to_polygons(diagonal) == [[0, 0, 1, 0, 1, 1, 0, 1], [1, 1, 2, 1, 2, 2, 1, 2]]
    ring = np.ones((3, 3), dtype=bool)
    ring[1, 1] = False
    assert outlines.to_polygons(masks.Mask(ring, 0, 0)) == [[0, 0, 3, 0, 3, 3, 0, 3]]


def test_polygons_cover_the_pixels_with_their_centre_inside() -> None:
    triangle = outlines.from_polygons([[0, 0, 4, 0, 0, 4]], 5, 4)
    y, x = np.mgrid[0:4, 0:5] + 0.5
    assert (triangle == (x + y < 4)).all()
    beyond = outlines.from_polygons([[-9, 1, 99, 1, 99, 2, -9, 2]], 5, 4)
    assert beyond.sum(axis=1).tolist() == [0, 5, 0, 0]
    with pytest.raises(ValueError, match="finite"):
        outlines.from_polygons([[0, 0, float("nan"), 1, 2, 2]], 5, 4)


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
