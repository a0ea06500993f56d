"""Boxes, areas and outlines of shapes, also as shapely has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from cvat_sdk.core.shapes import geometry
from cvat_sdk.core.shapes.measures import boxes_and_areas

coordinate = st.floats(-1000, 5000, width=32)
degrees = st.floats(0, 360, width=32)


def measured(kind: str, points: list[float], rotation: float = 0.0) -> tuple[list[float], float]:
    boxes, areas = boxes_and_areas([kind], [points], [rotation])
    return boxes[0].tolist(), float(areas[0])


@given(st.lists(coordinate, min_size=4, max_size=4), degrees)
@settings(max_examples=100, deadline=None)
def test_rectangles_turn_as_in_shapely(points: list[float], rotation: float) -> None:
    left, top, width, height = geometry.to_xywh(points)
    turned: Any = affinity.rotate(
        shapely.box(left, top, left + width, top + height), rotation, origin="center"
    )
    box, area = measured("rectangle", points, rotation)
    if width and height:
        assert box == pytest.approx(turned.bounds, abs=1e-3)
        assert area == pytest.approx(turned.area, abs=1e-2, rel=1e-6)
    outline = geometry.corners(points, rotation)
    assert geometry.bounds(outline) == pytest.approx(box, abs=1e-3)
    assert geometry.polygon_area(outline) == pytest.approx(area, abs=0.1, rel=1e-6)


@given(st.lists(st.lists(coordinate, min_size=6, max_size=20), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_polygons_measured_together_are_as_each_alone(outlines: list[list[float]]) -> None:
    outlines = [points[: len(points) // 2 * 2] for points in outlines]
    boxes, areas = boxes_and_areas(["polygon"] * len(outlines), outlines, [0.0] * len(outlines))
    for points, box, area in zip(outlines, boxes, areas, strict=True):
        assert tuple(box) == geometry.bounds(points)
        assert area == pytest.approx(geometry.polygon_area(points), abs=0.5, rel=1e-6)
        outline: Any = shapely.Polygon(np.reshape(points, (-1, 2)))
        if outline.is_valid:
            assert area == pytest.approx(outline.area, abs=0.5, rel=1e-6)


@given(st.lists(coordinate, min_size=4, max_size=4), degrees)
@settings(max_examples=100, deadline=None)
def test_the_box_of_an_ellipse_touches_its_outline(points: list[float], rotation: float) -> None:
    box, area = measured("ellipse", points, rotation)
    outline = geometry.ellipse_outline(points, rotation, corners=2000)
    reach = max(box[2] - box[0], box[3] - box[1])
    assert geometry.bounds(outline) == pytest.approx(box, abs=1e-3 + reach * 1e-4)
    assert geometry.polygon_area(outline) == pytest.approx(area, rel=1e-3, abs=1)


def test_kinds_that_have_no_box_or_area() -> None:
    in_space = [1.0, 2, 3, 0, 0, 0, 4, 5, 6, *[0] * 7]
    flat = [float(value) for value in range(16)]
    kinds = ["cuboid", "cuboid", "skeleton", "tag", "points", "polyline", "spline"]
    points = [in_space, flat, [], [], [3, 4], [0, 9, 5, 1], [1, 2]]
    boxes, areas = boxes_and_areas(kinds, points, [0.0] * 7)
    assert np.isnan(areas).all()
    assert np.isnan(boxes[[0, 2, 3, 6]]).all()
    assert boxes[[1, 4, 5]].tolist() == [[0, 1, 14, 15], [3, 4, 3, 4], [0, 1, 5, 9]]
    assert boxes_and_areas([], [], [])[0].shape == (0, 4)


def test_a_rectangle_that_is_not_turned_keeps_its_edges_to_the_last_bit() -> None:
    assert measured("rectangle", [30.1, 20.3, 10.7, 5.9]) == (
        [10.7, 5.9, 30.1, 20.3],
        pytest.approx(19.4 * 14.4),
    )


def test_a_small_polygon_far_away_has_its_area() -> None:
    far = 1e7
    _, area = measured("polygon", [far, far, far + 0.5, far, far + 0.5, far + 0.5, far, far + 0.5])
    assert area == 0.25
