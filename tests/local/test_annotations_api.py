"""Annotations of tasks and jobs over HTTP: reading, replacing, deleting, and what is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from tests.local.annotated import (
    Api,
    Json,
    World,
    frames_and_ids,
    get,
    make_world,
    put,
)

from cvat_local.embedded import LocalServer
from cvat_local.storage.engine import writing
from cvat_local.storage.tables import Job


@pytest.fixture(scope="module")
def shared(server: LocalServer, api: Api) -> World:
    return make_world(server, api("ann"))


@pytest.fixture
def world(shared: World) -> World:
    """The same task for all tests, without annotations."""
    assert shared.ann.delete(shared.of_task()).status == 204
    return shared


# --- reading ----------------------------------------------------------------------------------------


def test_nothing_is_an_empty_document(world: World) -> None:
    empty = {"version": 0, "tags": [], "shapes": [], "tracks": [], "intervals": []}
    assert get(world.ann, world.of_task()) == empty
    assert get(world.ann, world.of_job(0)) == empty
    assert put(world.ann, world.of_task(), {}) == empty


def test_a_shape_is_read_with_all_fields(world: World) -> None:
    sent = world.box(0, 1, 2, 30, 40, rotation=45.5, occluded=True, z_order=-3, group=2)
    sent |= {"source": "file", "score": 0.5}
    (stored,) = put(world.ann, world.of_job(0), {"shapes": [sent]})["shapes"]
    (read,) = get(world.ann, world.of_job(0))["shapes"]
    assert (
        read
        == stored
        == {**sent, "id": stored["id"], "outside": False}
        | {
            "attributes": [],
            "elements": [],
        }
    )


def test_missing_attributes_are_read_with_their_defaults(world: World) -> None:
    tag = {"frame": 0, "label_id": world.labels["car"], "attributes": [world.value("make", "f")]}
    box = world.box(0, label="car", attributes=[world.value("speed", 5)])
    reply = put(world.ann, world.of_job(0), {"tags": [tag], "shapes": [box]})
    assert reply["tags"][0]["attributes"] == [world.value("make", "f")]
    read = get(world.ann, world.of_job(0))
    assert read["tags"][0]["attributes"] == [world.value("make", "f"), world.value("speed", "1")]
    assert read["shapes"][0]["attributes"] == [world.value("speed", "5"), world.value("make", "m")]


def test_keyframes_carry_attribute_values_on(world: World) -> None:
    keyframes: list[Json] = [
        {"type": "rectangle", "frame": frame, "points": [1, 1, 2, 2]} for frame in (0, 1, 2)
    ]
    keyframes[1]["attributes"] = [world.value("speed", "7")]
    track = {"frame": 0, "label_id": world.labels["car"], "shapes": keyframes}
    put(world.ann, world.of_job(0), {"tracks": [track]})
    (read,) = get(world.ann, world.of_job(0))["tracks"]
    assert read["attributes"] == [world.value("make", "m")]
    speeds = [[world.value("speed", speed)] for speed in "177"]
    assert [shape["attributes"] for shape in read["shapes"]] == speeds


def test_shapes_are_read_by_frame_and_answered_as_sent(world: World) -> None:
    body = {"shapes": [world.box(3), world.box(1), world.box(0), world.box(1)]}
    reply = put(world.ann, world.of_job(0), body)
    assert [shape["frame"] for shape in reply["shapes"]] == [3, 1, 0, 1]
    third, first, zeroth, again = (shape["id"] for shape in reply["shapes"])
    read = frames_and_ids(get(world.ann, world.of_job(0)))
    assert read == [(0, zeroth), (1, first), (1, again), (3, third)]


def test_skeletons_are_kept_with_their_elements(world: World) -> None:
    head = {"type": "points", "frame": 1, "label_id": world.labels["head"], "points": [3, 4]}
    foot = {**head, "label_id": world.labels["foot"], "outside": True}
    skeleton = {"type": "skeleton", "frame": 1, "label_id": world.labels["person"]}
    (reply,) = put(
        world.ann, world.of_job(0), {"shapes": [{**skeleton, "elements": [head, foot]}]}
    )["shapes"]
    (read,) = get(world.ann, world.of_job(0))["shapes"]
    assert read["points"] == []
    assert [element["id"] for element in read["elements"]] == [
        element["id"] for element in reply["elements"]
    ]
    assert len({read["id"], *(element["id"] for element in read["elements"])}) == 3
    assert read["elements"][0]["attributes"] == [world.value("hat", "false")]
    assert [element["outside"] for element in read["elements"]] == [False, True]


def test_keyframes_are_read_by_frame(world: World) -> None:
    keyframes = [
        {"type": "rectangle", "frame": frame, "points": [1, 1, 2, 2]} for frame in (2, 0, 2)
    ]
    track = {"frame": 0, "label_id": world.labels["sign"], "shapes": keyframes}
    reply = put(world.ann, world.of_job(0), {"tracks": [track]})
    assert [shape["frame"] for shape in reply["tracks"][0]["shapes"]] == [2, 0, 2]
    (read,) = get(world.ann, world.of_job(0))["tracks"]
    assert [shape["frame"] for shape in read["shapes"]] == [0, 2, 2]
    assert read["elements"] == []


# --- tasks and their jobs ---------------------------------------------------------------------------


def test_a_task_is_cut_into_its_jobs(world: World) -> None:
    body = {"shapes": [world.box(frame) for frame in (2, 3, 4, 9, 100)]}
    reply = put(world.ann, world.of_task(), body)
    assert [shape["frame"] for shape in reply["shapes"]] == [2, 3, 4, 9]
    jobs = [get(world.ann, world.of_job(index)) for index in range(4)]
    assert [[shape["frame"] for shape in job["shapes"]] for job in jobs] == [
        [2, 3],
        [2, 3, 4],
        [4],
        [9],
    ]
    every = [shape["id"] for job in jobs for shape in job["shapes"]]
    assert len(set(every)) == len(every)
    assert get(world.ann, world.of_task()) == reply


def test_all_shapes_come_back_through_the_task(world: World) -> None:
    points = {
        "rectangle": [1, 2, 30, 40],
        "polygon": [1, 1, 10, 1, 10, 10],
        "polyline": [1, 1, 10, 1],
        "points": [5.5, 6.25],
        "ellipse": [20, 20, 30, 10],
        "cuboid": [1, 1, 1, 9, 9, 1, 9, 9, 12, 2, 12, 8, 4, 2, 4, 8],
        "mask": [0, 2, 1, 3, 10, 10, 12, 11],
    }
    shapes = [{**world.box(3), "type": kind, "points": given} for kind, given in points.items()]
    put(world.ann, world.of_task(), {"shapes": shapes})
    read = get(world.ann, world.of_task())["shapes"]
    assert {shape["type"]: shape["points"] for shape in read} == points
    assert len(read) == len(points)


def test_a_track_is_split_and_joined(world: World) -> None:
    keyframes = [
        {"type": "rectangle", "frame": 0, "points": [0, 0, 10, 10]},
        {"type": "rectangle", "frame": 9, "points": [18, 18, 28, 28]},
    ]
    track = {"frame": 0, "label_id": world.labels["sign"], "shapes": keyframes}
    put(world.ann, world.of_task(), {"tracks": [track]})
    pieces = [get(world.ann, world.of_job(index))["tracks"][0] for index in range(4)]
    assert [[shape["frame"] for shape in piece["shapes"]] for piece in pieces] == [
        [0, 3],
        [2, 5],
        [4, 7],
        [6, 9],
    ]
    (joined,) = get(world.ann, world.of_task())["tracks"]
    assert joined["id"] == pieces[0]["id"]
    assert [shape["frame"] for shape in joined["shapes"]] == [0, 2, 3, 4, 5, 6, 7, 9]


def test_a_job_keeps_any_frame(world: World) -> None:
    put(world.ann, world.of_job(1), {"shapes": [world.box(0), world.box(2), world.box(50)]})
    for path in (world.of_job(1), world.of_task()):
        assert [shape["frame"] for shape in get(world.ann, path)["shapes"]] == [0, 2, 50]


def test_other_jobs_are_not_touched_by_a_job(world: World) -> None:
    put(world.ann, world.of_task(), {"shapes": [world.box(2)]})
    put(world.ann, world.of_job(1), {})
    assert len(get(world.ann, world.of_job(0))["shapes"]) == 1


def test_ground_truth_is_no_part_of_the_task(server: LocalServer, api: Api) -> None:
    own = make_world(server, api("ann"))
    with writing(server.application.engine) as db:
        truth = Job(task_id=own.task, type="ground_truth", start_frame=0, stop_frame=9, frames=[1])
        db.add(truth)
        db.flush()
        own.jobs.append(truth.id)
    put(own.ann, own.of_job(4), {"shapes": [own.box(1)]})
    assert len(get(own.ann, own.of_job(4))["shapes"]) == 1
    put(own.ann, own.of_task(), {"tags": [{"frame": 1, "label_id": own.labels["sign"]}]})
    assert get(own.ann, own.of_task())["shapes"] == []
    assert len(get(own.ann, own.of_job(4))["shapes"]) == 1


# --- refusals ---------------------------------------------------------------------------------------


def test_a_refused_document_leaves_everything_as_it_was(world: World) -> None:
    put(world.ann, world.of_job(0), {"shapes": [world.box(0)]})
    before = get(world.ann, world.of_job(0))
    refused: list[Any] = [
        {"shapes": [world.box(0, 1, 2, 3)]},
        {"shapes": [world.box(0) | {"label_id": 99999}]},
        {"tags": [{"frame": 0, "label_id": world.labels["head"]}]},
        {"shapes": None},
        [],
    ]
    for wrong in refused:
        for path in (world.of_job(0), world.of_task()):
            assert world.ann.put(path, json=wrong).status == 400
    assert get(world.ann, world.of_job(0)) == before


def test_form_errors_mirror_the_document_and_label_errors_are_a_list(world: World) -> None:
    body: Any = {"shapes": [world.box(0), world.box(0, 1, 2, 3)]}
    errors = world.ann.put(world.of_job(0), json=body).json()
    assert errors["shapes"][0] == {}
    assert list(errors["shapes"][1]) == ["points"]
    body = {"shapes": [world.box(0) | {"label_id": 99999}]}
    (text,) = world.ann.put(world.of_job(0), json=body).json()
    assert "99999" in text


@pytest.mark.parametrize(
    ("on_track", "on_shape", "status"),
    [
        ([], [], 200),
        (["make"], ["speed"], 200),
        (["speed"], [], 400),
        ([], ["make"], 400),
        (["hat"], [], 400),
    ],
)
def test_fixed_attributes_are_on_the_track_and_others_on_its_shapes(
    world: World, on_track: list[str], on_shape: list[str], status: int
) -> None:
    keyframe = {
        "type": "rectangle",
        "frame": 0,
        "points": [1, 1, 2, 2],
        "attributes": [world.value(name, "1") for name in on_shape],
    }
    track = {
        "frame": 0,
        "label_id": world.labels["car"],
        "attributes": [world.value(name, "1") for name in on_track],
        "shapes": [keyframe],
    }
    assert world.ann.put(world.of_job(0), json={"tracks": [track]}).status == status


@pytest.mark.parametrize("label", ["sign", "person", "foot"])
def test_an_attribute_of_another_label_is_refused(world: World, label: str) -> None:
    tag = {"frame": 0, "label_id": world.labels[label], "attributes": [world.value("make", "x")]}
    answer = world.ann.put(world.of_job(0), json={"tags": [tag]})
    assert (answer.status, type(answer.json())) == (400, list)


def test_any_value_of_an_attribute_is_kept(world: World) -> None:
    box = world.box(0, label="car", attributes=[world.value("make", "no such choice")])
    (stored,) = put(world.ann, world.of_job(0), {"shapes": [box]})["shapes"]
    assert stored["attributes"][0]["value"] == "no such choice"


def test_elements_have_sublabels_of_their_skeleton(world: World) -> None:
    element = {"type": "points", "frame": 1, "label_id": world.labels["sign"], "points": [3, 4]}
    skeleton = {"type": "skeleton", "frame": 1, "label_id": world.labels["person"]}
    answer = world.ann.put(world.of_job(0), json={"shapes": [{**skeleton, "elements": [element]}]})
    assert (answer.status, type(answer.json())) == (400, list)


def test_a_task_without_data_has_no_annotations(api: Api) -> None:
    ann = api("ann")
    task = ann.post("/api/tasks", json={"name": "t", "labels": [{"name": "a"}]}).json()["id"]
    path = f"/api/tasks/{task}/annotations/"
    for answer in (
        ann.get(path),
        ann.put(path, json={}),
        ann.patch(path, query={"action": "create"}, json={}),
    ):
        assert answer.status == 400
        assert answer.headers["content-type"].startswith("text/")


@pytest.mark.parametrize("name", ["format", "filename", "action", "location", "cloud_storage_id"])
def test_exporting_by_reading_is_retired(world: World, name: str) -> None:
    answer = world.ann.get(world.of_task(), query={name: "1"})
    assert (answer.status, b"dataset/export" in answer.data) == (410, True)


@pytest.mark.parametrize("name", ["format", "rq_id"])
def test_importing_by_replacing_is_retired(world: World, name: str) -> None:
    assert world.ann.put(world.of_job(0), query={name: "1"}, json={}).status == 410


def test_strangers_are_refused_before_their_document_is(world: World, api: Api) -> None:
    bob = api("bob")
    for path in (world.of_task(), world.of_job(0)):
        for answer in (
            bob.get(path),
            bob.put(path, json={"shapes": None}),
            bob.patch(path, query={"action": "create"}, json={}),
            bob.patch(path, json={}),
            bob.delete(path),
        ):
            assert (answer.status, list(answer.json())) == (403, ["detail"])
    assert bob.get("/api/jobs/99999/annotations/").status == 404
    assert bob.put("/api/tasks/99999/annotations/", json={}).status == 404


def test_the_assignee_of_a_job_works_on_it_alone(server: LocalServer, api: Api) -> None:
    own, carl = make_world(server, api("ann")), api("carl")
    with writing(server.application.engine) as db:
        job = db.get(Job, own.jobs[1])
        assert job is not None
        job.assignee_id = carl.user_id
    put(carl, own.of_job(1), {"shapes": [own.box(3)]})
    assert len(get(carl, own.of_job(1))["shapes"]) == 1
    assert carl.get(own.of_job(0)).status == 403
    assert carl.get(own.of_task()).status == 403


# --- deleting and dates -----------------------------------------------------------------------------


def test_delete_empties_a_job_or_a_task(world: World) -> None:
    put(world.ann, world.of_task(), {"shapes": [world.box(2), world.box(9)]})
    assert world.ann.delete(world.of_job(0)).status == 204
    assert [shape["frame"] for shape in get(world.ann, world.of_task())["shapes"]] == [2, 9]
    assert world.ann.delete(world.of_task()).status == 204
    assert get(world.ann, world.of_task())["shapes"] == []
    assert world.ann.delete(world.of_task()).status == 204


def test_saving_stamps_the_job_and_the_task_and_keeps_the_state(world: World) -> None:
    def stamps() -> list[datetime]:
        paths = [f"/api/tasks/{world.task}", *(f"/api/jobs/{job}" for job in world.jobs[:2])]
        texts = [world.ann.get(path).json()["updated_date"] for path in paths]
        return [datetime.fromisoformat(text.replace("Z", "+00:00")) for text in texts]

    task, first, second = stamps()
    put(world.ann, world.of_job(0), {"shapes": [world.box(0)]})
    task_after, first_after, second_after = stamps()
    assert (task_after > task, first_after > first, second_after == second) == (True,) * 3
    assert world.ann.get(f"/api/jobs/{world.jobs[0]}").json()["state"] == "new"


def test_deleting_a_label_deletes_its_objects(server: LocalServer, api: Api) -> None:
    own = make_world(server, api("ann"))
    head, foot = (
        {"type": "points", "frame": 1, "label_id": own.labels[name], "points": [3, 4]}
        for name in ("head", "foot")
    )
    skeleton = {"type": "skeleton", "frame": 1, "label_id": own.labels["person"]}
    shapes = [own.box(0), own.box(0, label="car"), {**skeleton, "elements": [head, foot]}]
    put(own.ann, own.of_job(0), {"shapes": shapes})
    assert own.ann.delete(f"/api/labels/{own.labels['car']}").status == 204
    labels = [shape["label_id"] for shape in get(own.ann, own.of_job(0))["shapes"]]
    assert labels == [own.labels["sign"], own.labels["person"]]


def test_keyframes_are_marked_in_documents_of_tasks_alone(world: World) -> None:
    shape = {"type": "rectangle", "frame": 0, "points": [1, 2, 3, 4]}
    track = {"label_id": world.labels["sign"], "frame": 0, "shapes": [shape], "elements": []}
    (stored,) = put(world.ann, world.of_task(), {"tracks": [track]})["tracks"]
    (read,) = get(world.ann, world.of_task())["tracks"]
    assert [shape["keyframe"] for shape in stored["shapes"]] == [True] * len(stored["shapes"])
    assert read == stored
    (of_job,) = get(world.ann, world.of_job(0))["tracks"]
    assert all("keyframe" not in shape for shape in of_job["shapes"])
