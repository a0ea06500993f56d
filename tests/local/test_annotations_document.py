"""What an annotation document has to look like, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from cvat_local.resources.annotations.document import InvalidDocument
from cvat_local.resources.annotations.document import parse as parse_objects
from cvat_local.resources.annotations.objects import plain

BOX = {"type": "rectangle", "frame": 0, "label_id": 1, "points": [1, 1, 9, 9]}


def parse(body: Any, action: Any = "create") -> Any:
    """What is made of a document, in plain dicts."""
    return plain(parse_objects(body, action))


def errors_of(body: Any, action: Any = "create") -> Any:
    with pytest.raises(InvalidDocument) as caught:
        parse(body, action)
    return caught.value.body


def shape_errors(**changes: Any) -> Any:
    """Errors of a rectangle with some values changed; None removes a key."""
    shape = {key: value for key, value in {**BOX, **changes}.items() if value is not None}
    return errors_of({"shapes": [shape]})["shapes"][0]


def test_missing_keys_get_their_defaults() -> None:
    document = parse({"shapes": [BOX], "tags": [{"frame": 2, "label_id": 1}]})
    assert document == {
        "tags": [
            {
                "id": None,
                "frame": 2,
                "label_id": 1,
                "group": 0,
                "source": "manual",
                "attributes": [],
            }
        ],
        "shapes": [
            {
                "id": None,
                "type": "rectangle",
                "frame": 0,
                "label_id": 1,
                "group": 0,
                "source": "manual",
                "occluded": False,
                "outside": False,
                "z_order": 0,
                "rotation": 0.0,
                "score": 1.0,
                "points": [1.0, 1.0, 9.0, 9.0],
                "attributes": [],
                "elements": [],
            }
        ],
        "tracks": [],
    }


def test_an_empty_object_is_an_empty_document() -> None:
    assert parse({}) == {"tags": [], "shapes": [], "tracks": []}


def test_unknown_keys_are_dropped() -> None:
    document = parse({"shapes": [{**BOX, "keyframe": True}], "extra": 1, "version": 7})
    assert "keyframe" not in document["shapes"][0]
    assert set(document) == {"tags", "shapes", "tracks"}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"frame": None}, "frame"),
        ({"label_id": None}, "label_id"),
        ({"type": None}, "type"),
        ({"type": "circle"}, "type"),
        ({"frame": -1}, "frame"),
        ({"frame": 2**40}, "frame"),
        ({"frame": True}, "frame"),
        ({"frame": 1.5}, "frame"),
        ({"group": -1}, "group"),
        ({"rotation": 400}, "rotation"),
        ({"rotation": -10}, "rotation"),
        ({"rotation": "45"}, "rotation"),
        ({"score": 1.5}, "score"),
        ({"occluded": "maybe"}, "occluded"),
        ({"source": ""}, "source"),
        ({"source": "x" * 17}, "source"),
        ({"id": 5}, "id"),
        ({"points": None}, "points"),
        ({"points": [1, 2, 3]}, "points"),
        ({"points": {"x": 1}}, "points"),
        ({"points": [10**400, 0, 0, 0]}, "points"),
        ({"elements": [BOX]}, "elements"),
        ({"attributes": {"spec_id": 1}}, "attributes"),
    ],
)
def test_a_wrong_value_is_reported_under_its_key(changes: dict[str, Any], key: str) -> None:
    errors = shape_errors(**changes)
    assert list(errors) == [key]
    assert errors[key]


def test_errors_mirror_the_document() -> None:
    body = {
        "tags": [{"frame": 0, "label_id": 1}, {"frame": 0}],
        "shapes": [BOX, {**BOX, "points": ["a", 2, None, 4]}, 5],
        "tracks": [{"frame": 0, "label_id": 1, "shapes": [{"type": "mask", "frame": 0}]}],
    }
    errors = errors_of(body)
    assert errors["tags"] == [{}, {"label_id": ["This field is required."]}]
    assert errors["shapes"][0] == {}
    assert set(errors["shapes"][1]["points"]) == {"0", "2"}
    assert set(errors["shapes"][2]) == {"non_field_errors"}
    assert set(errors["tracks"][0]["shapes"][0]) == {"points"}


@pytest.mark.parametrize("body", [[], None, "text", 3])
def test_a_document_is_an_object(body: Any) -> None:
    assert set(errors_of(body)) == {"non_field_errors"}


def test_a_list_may_not_be_null() -> None:
    assert errors_of({"shapes": None}) == {"shapes": ["This field may not be null."]}


@pytest.mark.parametrize(
    ("shape_type", "allowed", "refused"),
    [
        ("rectangle", [4], [0, 3, 5]),
        ("ellipse", [4], [0, 6]),
        ("polygon", [6, 8], [4, 7]),
        ("polyline", [4, 6], [2, 5]),
        ("points", [2, 4], [0, 3]),
        ("cuboid", [16], [8, 12]),
        ("mask", [5, 6, 9], [4]),
    ],
)
def test_each_type_has_its_number_of_coordinates(
    shape_type: str, allowed: list[int], refused: list[int]
) -> None:
    for count in allowed:
        parse({"shapes": [{**BOX, "type": shape_type, "points": [1] * count}]})
    for count in refused:
        assert set(shape_errors(type=shape_type, points=[1] * count)) == {"points"}


def test_coordinates_are_not_looked_at() -> None:
    points = [500, -20.5, 10, -1e6]
    assert parse({"shapes": [{**BOX, "points": points}]})["shapes"][0]["points"] == points


@pytest.mark.parametrize(
    ("given", "kept"), [(7, "7"), (1.5, "1.5"), (True, "true"), ("x", "x"), ("", "")]
)
def test_attribute_values_become_texts(given: Any, kept: str) -> None:
    shape = {**BOX, "attributes": [{"spec_id": 3, "value": given}]}
    (stored,) = parse({"shapes": [shape]})["shapes"]
    assert stored["attributes"] == [{"spec_id": 3, "value": kept}]


@pytest.mark.parametrize("value", [None, [], {}, "x" * 4097])
def test_attribute_values_have_to_be_texts(value: Any) -> None:
    errors = shape_errors(attributes=[{"spec_id": 3, "value": value}])
    assert set(errors["attributes"][0]) == {"value"}


def test_a_null_group_is_no_group() -> None:
    assert parse({"tags": [{"frame": 0, "label_id": 1, "group": None}]})["tags"][0]["group"] == 0


# --- skeletons --------------------------------------------------------------------------------------

POINT = {"type": "points", "frame": 0, "label_id": 2, "points": [3, 4]}
SKELETON = {"type": "skeleton", "frame": 0, "label_id": 1, "elements": [POINT]}


def test_a_skeleton_has_elements_and_no_points() -> None:
    (shape,) = parse({"shapes": [SKELETON]})["shapes"]
    assert shape["points"] == []
    assert shape["elements"][0]["points"] == [3, 4]
    assert "elements" not in shape["elements"][0]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"elements": []}, "elements"),
        ({"points": [1, 2]}, "points"),
        ({"elements": [{**POINT, "points": []}]}, "elements"),
        ({"elements": [SKELETON]}, "elements"),
    ],
)
def test_a_wrong_skeleton_is_refused(changes: dict[str, Any], key: str) -> None:
    assert set(errors_of({"shapes": [{**SKELETON, **changes}]})["shapes"][0]) == {key}


# --- tracks -----------------------------------------------------------------------------------------


def box_at(frame: int, *points: float) -> dict[str, Any]:
    return {"type": "rectangle", "frame": frame, "points": list(points) or [1, 1, 2, 2]}


def track_of(frame: int, *shapes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"frame": frame, "label_id": 1, "shapes": list(shapes), **more}


def test_a_track_without_keyframes_is_dropped() -> None:
    assert parse({"tracks": [track_of(0), track_of(1, box_at(1))]})["tracks"][0]["frame"] == 1


def test_a_track_starts_no_later_than_its_first_keyframe() -> None:
    (track,) = parse({"tracks": [track_of(5, box_at(3), box_at(1))]})["tracks"]
    assert track["frame"] == 1
    assert [shape["frame"] for shape in track["shapes"]] == [3, 1]


def test_a_track_that_starts_before_its_first_keyframe_is_hidden_until_then() -> None:
    (track,) = parse({"tracks": [track_of(0, box_at(2))]})["tracks"]
    assert track["frame"] == 0
    states = sorted((shape["frame"], shape["outside"]) for shape in track["shapes"])
    assert states == [(0, True), (2, False)]


def test_a_skeleton_track_whose_motion_is_in_its_elements_alone_gets_a_keyframe() -> None:
    moving = track_of(2, {"type": "points", "frame": 4, "points": [1, 1]})
    still = track_of(2)
    (track,) = parse({"tracks": [track_of(4, elements=[moving, still])]})["tracks"]
    assert [(shape["type"], shape["frame"]) for shape in track["shapes"]] == [("skeleton", 4)]
    (element,) = track["elements"]
    assert element["frame"] == 2


# --- actions ----------------------------------------------------------------------------------------


def test_ids_of_keyframes_and_elements_are_ignored_on_creation() -> None:
    body = {
        "shapes": [{**SKELETON, "id": None, "elements": [{**POINT, "id": 8}]}],
        "tracks": [track_of(0, {**box_at(0), "id": 9})],
    }
    document = parse(body)
    assert document["shapes"][0]["elements"][0]["id"] is None
    assert document["tracks"][0]["shapes"][0]["id"] is None


def test_an_update_keeps_all_ids() -> None:
    body = {
        "shapes": [{**SKELETON, "id": 4, "elements": [{**POINT, "id": 8}]}],
        "tracks": [track_of(0, {**box_at(0), "id": 9})],
    }
    document = parse(body, "update")
    assert document["shapes"][0]["id"] == 4
    assert document["shapes"][0]["elements"][0]["id"] == 8
    assert document["tracks"][0]["id"] is None
    assert document["tracks"][0]["shapes"][0]["id"] == 9


def test_what_is_deleted_needs_an_id_and_the_required_keys() -> None:
    assert set(errors_of({"shapes": [BOX]}, "delete")["shapes"][0]) == {"id"}
    missing = errors_of({"shapes": [{"id": 3}]}, "delete")["shapes"][0]
    assert set(missing) == {"type", "frame", "label_id"}
    assert parse({"tracks": [track_of(0, id=3)]}, "delete")["tracks"][0]["id"] == 3


def test_intervals_are_refused_as_there_is_no_audio() -> None:
    assert parse({"intervals": []}) == parse({})
    assert set(errors_of({"intervals": [{"label_id": 1, "start": 0, "stop": 5}]})) == {"intervals"}
