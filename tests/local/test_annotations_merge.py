"""Cutting a task's annotations into jobs and putting them together again."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lengths import short_and_long

from cvat_local.resources.annotations.document import parse as parse_objects
from cvat_local.resources.annotations.matching import assign, similarities
from cvat_local.resources.annotations.merge import Merged, Part, merge
from cvat_local.resources.annotations.objects import KINDS, Objects, plain
from cvat_local.resources.annotations.windows import Window
from cvat_local.resources.annotations.windows import cut as cut_objects
from cvat_sdk.core.shapes.tracks import interpolate

Json = dict[str, Any]

FOUR_JOBS = [Window(0, 3), Window(2, 5), Window(4, 7), Window(6, 9)]
"""Ten frames in jobs of four with an overlap of two."""


def objects(document: Json) -> Objects:
    return msgspec.json.decode(msgspec.json.encode(document), type=Objects)


def parse(body: Json) -> Json:
    """The document that is made of a body, in plain dicts like all documents here."""
    return plain(parse_objects(body))


def cut(document: Json, windows: list[Window]) -> list[Json]:
    return [plain(part) for part in cut_objects(objects(document), windows)]


def with_ids(parts: list[Json], start: int = 1) -> list[Json]:
    """The documents with an id for each object, as if they had been stored."""
    numbers = itertools.count(start)
    return [
        {kind: [{**item, "id": next(numbers)} for item in part[kind]] for kind in KINDS}
        for part in parts
    ]


def saved(body: Json, windows: list[Window]) -> list[Json]:
    return with_ids(cut(parse(body), windows))


def joined(documents: list[Json], windows: list[Window]) -> Merged:
    return merge([Part(*pair) for pair in zip(windows, map(objects, documents), strict=True)])


def merged(documents: list[Json], windows: list[Window]) -> Json:
    return plain(joined(documents, windows).document)


def box(frame: int, *points: float, label_id: int = 1, **more: Any) -> Json:
    points = points or (1, 1, 9, 9)
    return {"type": "rectangle", "frame": frame, "label_id": label_id, "points": points, **more}


def shapes(*items: Json) -> Json:
    return parse({"shapes": [{**item, "points": list(item["points"])} for item in items]})


def numbered(*documents: Json) -> list[Json]:
    return with_ids(list(documents))


def ids(document: Json, kind: str = "shapes") -> list[int]:
    return [item["id"] for item in document[kind]]


# --- cutting ----------------------------------------------------------------------------------------


def test_a_shape_goes_to_each_job_that_has_its_frame() -> None:
    body = {"shapes": [{**box(frame), "points": [1, 1, 9, 9]} for frame in (0, 2, 4, 9, 100)]}
    parts = cut(parse(body), FOUR_JOBS)
    frames = [[shape["frame"] for shape in part["shapes"]] for part in parts]
    assert frames == [[0, 2], [2, 4], [4], [9]]


def frames_and_points(track: Json) -> list[tuple[int, list[float], bool]]:
    return [(shape["frame"], shape["points"], shape["outside"]) for shape in track["shapes"]]


def moving(*keys: tuple[int, list[float]], **more: Any) -> Json:
    keyframes = [{"type": "rectangle", "frame": frame, "points": points} for frame, points in keys]
    return {"frame": keys[0][0], "label_id": 1, "shapes": keyframes, **more}


def test_a_track_gets_keyframes_at_the_edges_of_jobs() -> None:
    body = {"tracks": [moving((0, [0, 0, 10, 10]), (9, [18, 18, 28, 28]))]}
    pieces = [part["tracks"][0] for part in cut(parse(body), FOUR_JOBS)]
    assert [[shape["frame"] for shape in piece["shapes"]] for piece in pieces] == [
        [0, 3],
        [2, 5],
        [4, 7],
        [6, 9],
    ]
    assert pieces[1]["frame"] == 2
    assert pieces[1]["shapes"][0]["points"] == [4, 4, 14, 14]
    assert pieces[1]["shapes"][1]["points"] == [10, 10, 20, 20]


def test_a_track_is_not_stored_where_it_is_away() -> None:
    gone = {"type": "rectangle", "frame": 3, "points": [1, 1, 2, 2], "outside": True}
    track = moving((1, [1, 1, 2, 2]))
    track["shapes"].append(gone)
    parts = cut(parse({"tracks": [track]}), FOUR_JOBS)
    assert [len(part["tracks"]) for part in parts] == [1, 1, 0, 0]
    assert frames_and_points(parts[1]["tracks"][0]) == [
        (2, [1, 1, 2, 2], False),
        (3, [1, 1, 2, 2], True),
    ]


def test_a_still_track_gets_no_keyframe_at_the_end_of_a_job() -> None:
    body = {"tracks": [moving((0, [1, 1, 2, 2]), (8, [1, 1, 2, 2]))]}
    pieces = [part["tracks"][0] for part in cut(parse(body), FOUR_JOBS)]
    assert [[s["frame"] for s in piece["shapes"]] for piece in pieces] == [[0], [2], [4], [6, 8]]


def test_attribute_values_go_along_into_the_next_job() -> None:
    track = moving((0, [1, 1, 2, 2]), (4, [1, 1, 2, 2]))
    track["shapes"][0]["attributes"] = [{"spec_id": 7, "value": "x"}]
    parts = cut(parse({"tracks": [track]}), FOUR_JOBS)
    for part in parts:
        first = part["tracks"][0]["shapes"][0]
        assert first["attributes"] == [{"spec_id": 7, "value": "x"}]


def test_a_skeleton_keeps_all_its_elements_in_each_job() -> None:
    def element(label_id: int, frame: int) -> Json:
        keyframe = {"type": "points", "frame": frame, "points": [frame, frame]}
        return {"frame": frame, "label_id": label_id, "shapes": [keyframe]}

    skeleton = {
        "frame": 0,
        "label_id": 1,
        "shapes": [{"type": "skeleton", "frame": 0}],
        "elements": [element(2, 0), element(3, 8)],
    }
    parts = cut(parse({"tracks": [skeleton]}), FOUR_JOBS)
    for part in parts:
        assert [item["label_id"] for item in part["tracks"][0]["elements"]] == [2, 3]
    late = parts[0]["tracks"][0]["elements"][1]
    assert frames_and_points(late) == [(0, [8, 8], True)]


# --- merging ----------------------------------------------------------------------------------------


def test_alike_boxes_in_an_overlap_are_one() -> None:
    documents = numbered(shapes(box(2, 0, 0, 100, 100)), shapes(box(2, 5, 5, 102, 100)))
    assert ids(merged(documents, FOUR_JOBS[:2])) == [1]


@pytest.mark.parametrize(
    "other",
    [
        box(2, 40, 0, 140, 100),
        box(2, 0, 0, 100, 100, label_id=2),
        box(3, 0, 0, 100, 100),
        {**box(2, 0, 0, 100, 0, 100, 100, 0, 100), "type": "polygon"},
    ],
)
def test_other_boxes_stay(other: Json) -> None:
    documents = numbered(shapes(box(2, 0, 0, 100, 100)), shapes(other))
    assert ids(merged(documents, FOUR_JOBS[:2])) == [1, 2]


def test_only_frames_of_both_jobs_are_compared() -> None:
    documents = numbered(shapes(box(0), box(5)), shapes(box(0), box(5)))
    assert ids(merged(documents, FOUR_JOBS[:2])) == [1, 2, 3, 4]


def test_boxes_turned_differently_are_not_one() -> None:
    documents = numbered(shapes(box(2, 0, 0, 100, 10)), shapes(box(2, 0, 0, 100, 10, rotation=90)))
    assert ids(merged(documents, FOUR_JOBS[:2])) == [1, 2]


def test_corners_in_another_order_are_the_same_box() -> None:
    documents = numbered(shapes(box(2, 0, 0, 50, 50)), shapes(box(2, 50, 50, 0, 0)))
    assert ids(merged(documents, FOUR_JOBS[:2])) == [1]


@pytest.mark.parametrize(
    "points",
    [
        [0, 0, 10, 10, 10, 0, 0, 10],
        [0, 0, 10, 0, 10, 10, 10, 20, 10, 10, 0, 10],
        [5, 5, 9, 5, 7, 5],
        [5, 5, 5, 5, 5, 5],
    ],
)
def test_polygons_that_cross_or_touch_themselves_are_no_error(points: list[float]) -> None:
    polygon = {**box(2, *points), "type": "polygon"}
    near = {**polygon, "points": [*points[:-1], points[-1] + 0.0005]}
    assert ids(merged(numbered(shapes(polygon), shapes(near)), FOUR_JOBS[:2])) == [1]


def test_each_object_has_at_most_one_copy() -> None:
    near = shapes(box(2, 0, 0, 100, 100), box(2, 0, 0, 100, 98))
    documents = numbered(near, shapes(box(2, 0, 0, 100, 99)))
    assert ids(merged(documents, FOUR_JOBS[:2])) == [1, 2]
    assert ids(merged(numbered(near, near), FOUR_JOBS[:2])) == [1, 2]


def test_copies_are_known_by_the_object_that_is_shown() -> None:
    body = {"shapes": [{**box(2), "points": [1, 1, 9, 9]}], "tags": [{"frame": 3, "label_id": 1}]}
    documents = saved(body, FOUR_JOBS)
    copies = joined(documents, FOUR_JOBS).copies
    assert copies["shapes"] == {2: [4]}
    assert copies["tags"] == {1: [3]}


def test_tags_merge_by_label() -> None:
    first = parse({"tags": [{"frame": 2, "label_id": 1}, {"frame": 2, "label_id": 2}]})
    second = parse({"tags": [{"frame": 2, "label_id": 2}, {"frame": 3, "label_id": 1}]})
    assert ids(merged(numbered(first, second), FOUR_JOBS[:2]), "tags") == [1, 2, 4]


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("polyline", [1, 1, 5, 5]),
        ("points", [1, 1]),
        ("ellipse", [5, 5, 9, 1]),
        ("mask", [0, 4, 1, 1, 2, 2]),
        ("cuboid", [1] * 16),
    ],
)
def test_other_types_are_one_only_when_drawn_identically(kind: str, points: list[float]) -> None:
    shape = {"type": kind, "frame": 2, "label_id": 1, "points": points}
    other = {**shape, "points": [*points[:-1], points[-1] + 1]}
    same = numbered(shapes(shape), shapes(shape))
    different = numbered(shapes(shape), shapes(other))
    assert ids(merged(same, FOUR_JOBS[:2])) == [1]
    assert ids(merged(different, FOUR_JOBS[:2])) == [1, 2]


# --- merging tracks ---------------------------------------------------------------------------------


def test_a_track_over_all_jobs_is_one_again() -> None:
    body = {"tracks": [moving((0, [0, 0, 10, 10]), (9, [18, 18, 28, 28]))]}
    (track,) = merged(saved(body, FOUR_JOBS), FOUR_JOBS)["tracks"]
    assert track["id"] == 1
    assert [shape["frame"] for shape in track["shapes"]] == [0, 2, 3, 4, 5, 6, 7, 9]


def test_a_track_of_one_job_ends_with_it() -> None:
    documents = numbered(parse({"tracks": [moving((0, [1, 1, 2, 2]))]}), parse({}))
    (track,) = merged(documents, FOUR_JOBS[:2])["tracks"]
    assert frames_and_points(track) == [(0, [1, 1, 2, 2], False), (4, [1, 1, 2, 2], True)]
    assert track["shapes"][1]["id"] is None


def test_a_track_of_the_last_job_goes_on() -> None:
    documents = numbered(parse({}), parse({"tracks": [moving((3, [1, 1, 2, 2]))]}))
    (track,) = merged(documents, FOUR_JOBS[:2])["tracks"]
    assert frames_and_points(track) == [(3, [1, 1, 2, 2], False)]


def test_tracks_that_differ_by_more_than_half_stay_apart() -> None:
    here = parse({"tracks": [moving((0, [0, 0, 10, 10]))]})
    near = parse({"tracks": [moving((2, [3, 0, 13, 10]))]})
    far = parse({"tracks": [moving((2, [6, 0, 16, 10]))]})
    assert len(merged(numbered(here, near), FOUR_JOBS[:2])["tracks"]) == 1
    assert len(merged(numbered(here, far), FOUR_JOBS[:2])["tracks"]) == 2


# --- a document saved through the task comes back as it was ------------------------------------------

numbers = st.integers(-40, 400).map(lambda value: value / 4)
attributes = st.lists(
    st.fixed_dictionaries({"spec_id": st.integers(1, 3), "value": st.sampled_from("abc")}),
    max_size=2,
    unique_by=lambda value: value["spec_id"],
)


@st.composite
def segmentations(draw: st.DrawFn) -> list[Window]:
    """Jobs over all frames of a task, as the server cuts them."""
    size = draw(st.integers(1, 14))
    length = draw(st.integers(1, size))
    overlap = draw(st.integers(0, length - 1))
    starts = range(0, max(1, size - overlap), length - overlap)
    return [Window(start, min(start + length, size) - 1) for start in starts]


def coordinates(kind: str) -> st.SearchStrategy[list[float]]:
    sizes = {"rectangle": 4, "ellipse": 4, "polygon": 8, "polyline": 4, "points": 2, "mask": 6}
    size = {**sizes, "cuboid": 16, "skeleton": 0}[kind]
    return st.lists(numbers, min_size=size, max_size=size)


@st.composite
def a_shape(draw: st.DrawFn, size: int, kinds: str) -> Json:
    kind = draw(st.sampled_from(kinds.split()))
    shape: Json = {
        "type": kind,
        "frame": draw(st.integers(0, size - 1)),
        "label_id": draw(st.integers(1, 2)),
        "points": draw(coordinates(kind)),
        "occluded": draw(st.booleans()),
        "rotation": draw(st.sampled_from([0, 30])),
        "attributes": draw(attributes),
    }
    if kind == "skeleton":
        elements = st.lists(a_shape(size, "points"), min_size=1, max_size=2)
        shape["elements"] = [{**item, "frame": shape["frame"]} for item in draw(elements)]
    return shape


@st.composite
def a_track(draw: st.DrawFn, size: int, kinds: str) -> Json:
    kind = draw(st.sampled_from(kinds.split()))
    frames = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=4, unique=True))
    keyframes = [
        {
            "type": kind,
            "frame": frame,
            "points": draw(coordinates(kind)),
            "outside": draw(st.booleans()),
            "occluded": draw(st.booleans()),
            "attributes": draw(attributes),
        }
        for frame in sorted(frames)
    ]
    track: Json = {"frame": min(frames), "label_id": draw(st.integers(1, 2)), "shapes": keyframes}
    if kind == "skeleton":
        elements = draw(st.lists(a_track(size, "points"), min_size=1, max_size=2))
        track["elements"] = [
            {**element, "label_id": 10 + index} for index, element in enumerate(elements)
        ]
    return track


@st.composite
def documents(draw: st.DrawFn) -> tuple[Json, list[Window]]:
    windows = draw(segmentations())
    size = windows[-1].stop + 1
    every = "rectangle ellipse polygon polyline points mask cuboid skeleton"
    tag = st.fixed_dictionaries(
        {
            "frame": st.integers(0, size - 1),
            "label_id": st.integers(1, 2),
            "attributes": attributes,
        }
    )
    body = {
        "tags": draw(st.lists(tag, max_size=4)),
        "shapes": draw(st.lists(a_shape(size, every), max_size=5)),
        "tracks": draw(st.lists(a_track(size, "rectangle polyline points skeleton"), max_size=3)),
    }
    return body, windows


def content(item: Json) -> str:
    """All of an object but its ids, in a form that can be counted."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return sorted((key, plain(part)) for key, part in value.items() if key != "id")
        return [plain(part) for part in value] if isinstance(value, list) else value

    return repr(plain(item))


def seen(tracks: list[Json], last: int) -> Counter[str]:
    """What is to be seen of tracks, frame by frame; coordinates to a thousandth."""
    counted: Counter[str] = Counter()
    for track in tracks:
        for shape in interpolate(track, 0, last):
            if shape["outside"]:
                continue
            elements = [
                (item["label_id"], *look(item)) for item in shape["elements"] if not item["outside"]
            ]
            counted[repr((track["label_id"], shape["frame"], *look(shape), elements))] += 1
    return counted


def look(shape: Json) -> tuple[Any, ...]:
    values = sorted((value["spec_id"], value["value"]) for value in shape["attributes"])
    # Moved off the middle between two thousandths, where the last bit of a sum would decide.
    rounded = [round(value + 0.000_141_592, 3) + 0.0 for value in shape["points"]]
    return shape["type"], shape["occluded"], rounded, round(shape["rotation"], 3), values


@pytest.mark.parametrize("examples", short_and_long(150, 5000))
def test_what_is_saved_through_the_task_comes_back(examples: int) -> None:
    @settings(suppress_health_check=[HealthCheck.too_slow], max_examples=examples, deadline=None)
    @given(documents())
    def comes_back(drawn: tuple[Json, list[Window]]) -> None:
        body, windows = drawn
        sent = parse(body)
        result = merged(saved(body, windows), windows)
        for kind in ("tags", "shapes"):
            assert Counter(map(content, result[kind])) == Counter(map(content, sent[kind]))
        last = windows[-1].stop
        assert seen(result["tracks"], last) == seen(sent["tracks"], last)

    comes_back()


# --- matching ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("examples", short_and_long(100, 5000))
def test_the_assignment_is_the_best_one(examples: int) -> None:
    def best(weights: dict[tuple[int, int], float], pairs: list[tuple[int, int]]) -> float:
        if not pairs:
            return 0.0
        first, *rest = pairs
        free = [pair for pair in rest if pair[0] != first[0] and pair[1] != first[1]]
        return max(best(weights, rest), weights[first] + best(weights, free))

    @settings(max_examples=examples, deadline=None)
    @given(
        st.dictionaries(
            st.tuples(st.integers(0, 4), st.integers(0, 4)), st.floats(0.01, 1), max_size=12
        )
    )
    def is_best(weights: dict[tuple[int, int], float]) -> None:
        chosen = assign(weights)
        assert len({i for i, _ in chosen}) == len({j for _, j in chosen}) == len(chosen)
        assert sum(weights[pair] for pair in chosen) == pytest.approx(best(weights, list(weights)))

    is_best()


def test_similarity_is_the_shared_area() -> None:
    first = shapes(box(0, 0, 0, 10, 10), box(0, 50, 50, 60, 60))["shapes"]
    second = shapes(box(0, 5, 0, 15, 10))["shapes"]
    assert similarities(first, second) == {(0, 0): pytest.approx(1 / 3)}
    assert similarities([], second) == {}
