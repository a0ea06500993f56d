"""Annotations of tasks and jobs over HTTP: adding, changing and deleting single objects."""

from __future__ import annotations

import pytest
from tests.local.annotated import (
    Api,
    Json,
    World,
    frames_and_ids,
    get,
    make_world,
    patch,
    put,
)

from cvat_local.embedded import LocalServer


@pytest.fixture(scope="module")
def shared(server: LocalServer, api: Api) -> World:
    return make_world(server, api("ann"))


@pytest.fixture
def world(shared: World) -> World:
    """The same task for all tests, without annotations."""
    assert shared.ann.delete(shared.of_task()).status == 204
    return shared


@pytest.mark.parametrize("query", [{}, {"action": "x"}])
def test_a_patch_needs_an_action(world: World, query: Json) -> None:
    for path in (world.of_task(), world.of_job(0)):
        answer = world.ann.patch(path, query=query, json={})
        assert (answer.status, type(answer.json())) == (400, list)


def test_create_adds_and_answers_what_is_new(world: World) -> None:
    (first,) = put(world.ann, world.of_job(0), {"shapes": [world.box(0)]})["shapes"]
    (second,) = patch(world.ann, world.of_job(0), "create", shapes=[world.box(1)])["shapes"]
    assert frames_and_ids(get(world.ann, world.of_job(0))) == [(0, first["id"]), (1, second["id"])]


def test_update_replaces_by_id(world: World) -> None:
    (first, second) = put(world.ann, world.of_job(0), {"shapes": [world.box(0), world.box(1)]})[
        "shapes"
    ]
    moved = {**first, "points": [2, 2, 3, 3]}
    (reply,) = patch(world.ann, world.of_job(0), "update", shapes=[moved])["shapes"]
    assert reply == moved
    assert get(world.ann, world.of_job(0))["shapes"] == [moved, second]


def test_update_keeps_the_ids_within_an_object(world: World) -> None:
    keyframe = {"type": "rectangle", "frame": 0, "points": [1, 1, 2, 2]}
    track = {"frame": 0, "label_id": world.labels["sign"], "shapes": [keyframe]}
    (stored,) = put(world.ann, world.of_job(0), {"tracks": [track]})["tracks"]
    stored["shapes"].append({**keyframe, "frame": 2})
    (reply,) = patch(world.ann, world.of_job(0), "update", tracks=[stored])["tracks"]
    assert reply["id"] == stored["id"]
    old, new = (shape["id"] for shape in reply["shapes"])
    assert old == stored["shapes"][0]["id"] != new


def test_update_without_an_id_or_with_a_free_one_creates(world: World) -> None:
    free = world.box(1, id=5_000_000)
    reply = patch(world.ann, world.of_job(0), "update", shapes=[world.box(0), free])["shapes"]
    assert reply[1]["id"] == 5_000_000
    assert reply[0]["id"] not in (None, 5_000_000)
    (later,) = patch(world.ann, world.of_job(0), "create", shapes=[world.box(2)])["shapes"]
    assert later["id"] > 5_000_000


def test_update_refuses_ids_of_other_jobs_and_repeated_ones(world: World) -> None:
    (here,) = put(world.ann, world.of_job(0), {"shapes": [world.box(0)]})["shapes"]
    put(world.ann, world.of_job(3), {"shapes": [world.box(9)]})
    for path, shapes in (
        (world.of_job(3), [here]),
        (world.of_job(0), [here, here]),
        (world.of_job(0), [world.box(0, id=2**31)]),
    ):
        answer = world.ann.patch(path, query={"action": "update"}, json={"shapes": shapes})
        assert (answer.status, type(answer.json())) == (400, list)
    assert get(world.ann, world.of_job(0))["shapes"] == [here]


def test_update_through_the_task_changes_all_copies(world: World) -> None:
    (shown,) = put(world.ann, world.of_task(), {"shapes": [world.box(2)]})["shapes"]
    (copy,) = get(world.ann, world.of_job(1))["shapes"]
    moved = {**shown, "points": [20, 20, 30, 30]}
    assert patch(world.ann, world.of_task(), "update", shapes=[moved])["shapes"] == [moved]
    assert get(world.ann, world.of_task())["shapes"] == [moved]
    assert get(world.ann, world.of_job(1))["shapes"] == [{**moved, "id": copy["id"]}]


def test_update_through_the_task_may_move_an_object_into_other_jobs(world: World) -> None:
    (shown,) = put(world.ann, world.of_task(), {"shapes": [world.box(0)]})["shapes"]
    moved = {**shown, "frame": 9}
    assert patch(world.ann, world.of_task(), "update", shapes=[moved])["shapes"] == [moved]
    assert get(world.ann, world.of_job(0))["shapes"] == []
    assert get(world.ann, world.of_job(3))["shapes"] == [moved]


def test_update_through_the_task_changes_a_whole_track(world: World) -> None:
    keyframes: list[Json] = [
        {"type": "rectangle", "frame": 0, "points": [0, 0, 9, 9]},
        {"type": "rectangle", "frame": 9, "points": [18, 0, 27, 9]},
    ]
    track = {"frame": 0, "label_id": world.labels["sign"], "shapes": keyframes}
    put(world.ann, world.of_task(), {"tracks": [track]})
    (shown,) = get(world.ann, world.of_task())["tracks"]
    before = [get(world.ann, world.of_job(index))["tracks"][0]["id"] for index in range(4)]
    lower = [{**shape, "points": [p + 50 for p in shape["points"]]} for shape in shown["shapes"]]
    patch(world.ann, world.of_task(), "update", tracks=[{**shown, "shapes": lower}])
    (read,) = get(world.ann, world.of_task())["tracks"]
    assert read["id"] == shown["id"]
    assert [shape["points"] for shape in read["shapes"]] == [shape["points"] for shape in lower]
    after = [get(world.ann, world.of_job(index))["tracks"][0]["id"] for index in range(4)]
    assert after == before


def test_the_copies_of_an_object_are_not_updated_differently(world: World) -> None:
    put(world.ann, world.of_task(), {"shapes": [world.box(2)]})
    both = [get(world.ann, world.of_job(index))["shapes"][0] for index in (0, 1)]
    answer = world.ann.patch(world.of_task(), query={"action": "update"}, json={"shapes": both})
    assert answer.status == 400


def test_delete_removes_by_id_and_ignores_others(world: World) -> None:
    (first, second) = put(world.ann, world.of_job(0), {"shapes": [world.box(0), world.box(1)]})[
        "shapes"
    ]
    (elsewhere,) = put(world.ann, world.of_job(3), {"shapes": [world.box(9)]})["shapes"]
    gone = [first, {**first, "id": 7_777_777}, elsewhere]
    assert patch(world.ann, world.of_job(0), "delete", shapes=gone)["shapes"] == gone
    assert get(world.ann, world.of_job(0))["shapes"] == [second]
    assert get(world.ann, world.of_job(3))["shapes"] == [elsewhere]


def test_delete_through_the_task_leaves_the_copy_of_the_other_job(world: World) -> None:
    (shown,) = put(world.ann, world.of_task(), {"shapes": [world.box(2)]})["shapes"]
    patch(world.ann, world.of_task(), "delete", shapes=[shown])
    (copy,) = get(world.ann, world.of_task())["shapes"]
    assert copy["id"] != shown["id"]


def test_ids_are_never_used_again(world: World) -> None:
    (first,) = put(world.ann, world.of_job(0), {"shapes": [world.box(0)]})["shapes"]
    assert world.ann.delete(world.of_job(0)).status == 204
    (second,) = put(world.ann, world.of_job(0), {"shapes": [world.box(0)]})["shapes"]
    assert second["id"] > first["id"]
