"""Where tracks are between their keyframes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvat_sdk.core.shapes.tracks import interpolate, keyframes, keyframes_of, visible


def key(frame: int, *points: float, kind: str = "rectangle", **more: Any) -> dict[str, Any]:
    return {
        "id": 100 + frame,
        "type": kind,
        "frame": frame,
        "occluded": False,
        "outside": False,
        "z_order": 0,
        "rotation": 0.0,
        "points": [float(value) for value in points],
        "attributes": [],
        **more,
    }


def track(*shapes: dict[str, Any], **more: Any) -> dict[str, Any]:
    first = min(shape["frame"] for shape in shapes)
    return {"label_id": 1, "frame": first, "shapes": list(shapes), "elements": [], **more}


def points_of(item: dict[str, Any], start: int, stop: int) -> dict[int, list[float]]:
    return {shape["frame"]: shape["points"] for shape in interpolate(item, start, stop)}


@pytest.mark.parametrize("kind", ["rectangle", "ellipse", "cuboid"])
def test_boxes_move_evenly(kind: str) -> None:
    item = track(key(0, 0, 0, 10, 10, kind=kind), key(4, 8, 4, 18, 14, kind=kind))
    assert points_of(item, 0, 4) == {
        0: [0, 0, 10, 10],
        1: [2, 1, 12, 11],
        2: [4, 2, 14, 12],
        3: [6, 3, 16, 13],
        4: [8, 4, 18, 14],
    }


def test_nothing_comes_before_the_first_keyframe_and_the_last_one_stays() -> None:
    item = track(key(2, 1, 1, 2, 2))
    assert points_of(item, 0, 4) == {2: [1, 1, 2, 2], 3: [1, 1, 2, 2], 4: [1, 1, 2, 2]}
    assert points_of(item, 0, 1) == {}


def test_only_keyframes_have_ids() -> None:
    shapes = list(interpolate(track(key(0, 0, 0, 1, 1), key(2, 2, 2, 3, 3)), 0, 2))
    assert [shape["keyframe"] for shape in shapes] == [True, False, True]
    assert [shape.get("id") for shape in shapes] == [100, None, 102]


def test_a_part_of_the_frames_is_as_in_the_whole() -> None:
    item = track(key(0, 0, 0, 1, 1), key(7, 70, 7, 80, 8), key(9, 0, 0, 1, 1, outside=True))
    whole = points_of(item, 0, 12)
    for start in range(13):
        for stop in range(start, 13):
            assert points_of(item, start, stop) == {
                frame: points for frame, points in whole.items() if start <= frame <= stop
            }


@pytest.mark.parametrize(("start", "stop", "middle"), [(350, 10, 0), (10, 350, 0), (0, 90, 45)])
def test_a_rotation_takes_the_shorter_way(start: float, stop: float, middle: float) -> None:
    item = track(key(0, 0, 0, 9, 9, rotation=start), key(2, 0, 0, 9, 9, rotation=stop))
    assert [shape["rotation"] for shape in interpolate(item, 0, 2)] == [start, middle, stop]


def test_a_hidden_object_does_not_move() -> None:
    item = track(key(0, 0, 0, 1, 1, outside=True), key(2, 8, 8, 9, 9))
    shapes = list(interpolate(item, 0, 2))
    assert [shape["outside"] for shape in shapes] == [True, True, False]
    assert shapes[1]["points"] == [0, 0, 1, 1]


def test_a_single_point_moves_and_several_wait() -> None:
    single = track(key(0, 0, 0, kind="points"), key(2, 4, 2, kind="points"))
    assert points_of(single, 1, 1) == {1: [2, 1]}
    several = track(key(0, 0, 0, 1, 1, kind="points"), key(2, 4, 2, 5, 3, kind="points"))
    assert points_of(several, 1, 1) == {1: [0, 0, 1, 1]}


def test_masks_wait_for_the_next_keyframe() -> None:
    item = track(key(0, 0, 4, 0, 0, 1, 1, kind="mask"), key(2, 0, 4, 8, 8, 9, 9, kind="mask"))
    assert points_of(item, 1, 1) == {1: [0, 4, 0, 0, 1, 1]}


def test_polygons_of_equal_length_move_point_by_point() -> None:
    item = track(key(0, 0, 0, 4, 0, 4, 4, kind="polygon"), key(2, 2, 2, 6, 2, 6, 6, kind="polygon"))
    assert points_of(item, 1, 1) == {1: [1, 1, 5, 1, 5, 5]}


def test_a_polygon_may_start_at_another_point() -> None:
    item = track(
        key(0, 0, 0, 8, 0, 8, 4, 0, 4, kind="polygon"),
        key(2, 10, 4, 2, 4, 2, 0, 10, 0, kind="polygon"),
    )
    assert points_of(item, 1, 1) == {1: [1, 0, 9, 0, 9, 4, 1, 4]}


def test_a_polyline_keeps_its_direction() -> None:
    item = track(key(0, 0, 0, 8, 0, kind="polyline"), key(2, 8, 2, 0, 2, kind="polyline"))
    assert points_of(item, 1, 1) == {1: [4, 1, 4, 1]}


def test_curves_of_different_lengths_become_one_another() -> None:
    line = track(key(0, 0, 0, 8, 0, kind="polyline"), key(2, 0, 4, 4, 4, 8, 4, kind="polyline"))
    assert points_of(line, 1, 1) == {1: [0, 2, 4, 2, 8, 2]}
    square = [0, 0, 8, 0, 8, 8, 0, 8]
    with_extra_point = [8, 10, 0, 10, 0, 2, 4, 2, 8, 2]
    polygon = track(key(0, *square, kind="polygon"), key(2, *with_extra_point, kind="polygon"))
    assert points_of(polygon, 1, 1) == {1: [0, 1, 4, 1, 8, 1, 8, 9, 0, 9]}


def test_a_polygon_shrunk_to_a_point_is_no_error() -> None:
    item = track(key(0, *[5] * 6, kind="polygon"), key(2, 0, 0, 4, 0, 4, 4, 0, 4, kind="polygon"))
    (points,) = points_of(item, 1, 1).values()
    assert (min(points), max(points)) == (2.5, 4.5)


def test_a_change_of_type_is_a_jump() -> None:
    item = track(key(0, 0, 0, 1, 1), key(2, 0, 0, 4, 0, 4, 4, kind="polygon"))
    assert [shape["type"] for shape in interpolate(item, 0, 2)] == ["rectangle"] * 2 + ["polygon"]


def test_attribute_values_hold_until_set_again() -> None:
    def value(spec_id: int, text: str) -> dict[str, Any]:
        return {"spec_id": spec_id, "value": text}

    item = track(
        key(0, 0, 0, 1, 1, attributes=[value(1, "a"), value(2, "x")]),
        key(2, 0, 0, 1, 1, attributes=[value(1, "b")]),
        key(4, 0, 0, 1, 1),
    )
    assert [shape["attributes"] for shape in keyframes(item)] == [
        [value(1, "a"), value(2, "x")],
        [value(1, "b"), value(2, "x")],
        [value(1, "b"), value(2, "x")],
    ]
    assert [shape["attributes"][0]["value"] for shape in interpolate(item, 0, 5)] == list("aabbbb")


def test_the_last_of_several_keyframes_in_a_frame_counts() -> None:
    assert points_of(track(key(0, 1, 1, 2, 2), key(0, 3, 3, 4, 4)), 0, 0) == {0: [3, 3, 4, 4]}


def test_elements_of_a_skeleton_move_on_their_own() -> None:
    left = track(key(0, 0, 0, kind="points"), key(2, 2, 2, kind="points"), label_id=2)
    right = track(key(1, 9, 9, kind="points", outside=True), label_id=3)
    item = track(key(0, kind="skeleton"), elements=[left, right])
    shapes = list(interpolate(item, 0, 2))
    assert [
        [(e["label_id"], e["points"], e["outside"]) for e in shape["elements"]] for shape in shapes
    ] == [
        [(2, [0, 0], False)],
        [(2, [1, 1], False), (3, [9, 9], True)],
        [(2, [2, 2], False), (3, [9, 9], True)],
    ]


frames_with_gaps = st.lists(st.integers(0, 12), min_size=1, max_size=6, unique=True)


@given(frames_with_gaps, st.lists(st.booleans(), min_size=6, max_size=6), st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_keyframes_of_positions_give_the_same_positions(
    frames: list[int], hidden: list[bool], turn: int
) -> None:
    keys = [
        key(
            frame,
            frame * frame,
            turn,
            frame * frame + 9,
            5,
            rotation=turn * 60 * at % 360,
            outside=away,
        )
        for at, (frame, away) in enumerate(zip(sorted(frames), hidden, strict=False))
    ]
    item = track(*keys, group=0, source="manual", attributes=[])
    seen = list(visible(item, 0, 12))
    following = {frame: frame + 1 for frame in range(12)}
    positions = [(shape["keyframe"], shape) for shape in seen]
    if not seen:
        assert keyframes_of(positions, following) == []
        return
    again = {**item, "shapes": keyframes_of(positions, following)}
    for before, after in zip(seen, visible(again, 0, 12), strict=True):
        assert before["frame"] == after["frame"]
        assert after["points"] == pytest.approx(before["points"])
        assert (after["rotation"] - before["rotation"] + 180) % 360 == pytest.approx(180)


def test_an_object_that_goes_leaves_a_keyframe_where_it_is_gone() -> None:
    seen = [(True, key(0, 0, 0, 1, 1)), (False, key(1, 1, 0, 2, 1)), (True, key(4, 4, 0, 5, 1))]
    following = {0: 1, 1: 2, 2: 4}  # 3 was deleted, and 4 is the last one
    assert [
        (shape["frame"], shape["outside"], shape["points"][0])
        for shape in keyframes_of(seen, following)
    ] == [(0, False, 0), (1, False, 1), (2, True, 1), (4, False, 4)]
