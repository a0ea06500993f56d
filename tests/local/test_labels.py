"""Labels: input, colours, skeletons, editing through the parent and directly."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from cvat_local.embedded import LocalServer
from cvat_local.resources.shared.labels.colors import automatic_color
from cvat_local.resources.shared.labels.skeletons import ids_to_names, names_to_ids
from cvat_local.storage.engine import reading, writing
from cvat_local.storage.tables import Job, Shape, Track

if TYPE_CHECKING:
    from tests.local.conftest import Client

Api = Callable[..., "Client"]

TEXT = {"name": "t", "mutable": False, "input_type": "text", "values": []}


def project(client: Client, *labels: dict[str, Any]) -> int:
    answer = client.post("/api/projects", json={"name": "p", "labels": labels})
    assert answer.status == 201, answer.data
    return int(answer.json()["id"])


def labels_of(client: Client, **query: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/labels", query=query)
    assert answer.status == 200, answer.data
    return list(answer.json()["results"])


def edit(client: Client, project_id: int, *labels: dict[str, Any]) -> tuple[int, Any]:
    answer = client.patch(f"/api/projects/{project_id}", json={"labels": labels})
    return answer.status, answer.json()


def test_attributes_of_all_input_types(api: Api) -> None:
    ann = api("ann")
    attributes = [
        {
            "name": kind,
            "mutable": kind == "number",
            "input_type": kind,
            "default_value": "1",
            "values": ["1", "2"],
        }
        for kind in ("checkbox", "radio", "number", "text", "select")
    ]
    number = project(ann, {"name": "car", "attributes": attributes})
    (label,) = labels_of(ann, project_id=number)
    assert [
        {key: value for key, value in spec.items() if key != "id"} for spec in label["attributes"]
    ] == attributes
    assert {key: label[key] for key in ("type", "sublabels", "parent_id", "has_parent")} == {
        "type": "any",
        "sublabels": [],
        "parent_id": None,
        "has_parent": False,
    }
    assert label["project_id"] == number
    assert not {"task_id", "svg"} & label.keys()


def test_values_are_the_lines_of_one_text(api: Api) -> None:
    ann = api("ann")
    two = {**TEXT, "name": "two", "values": ["a\nb", "c"]}
    number = project(ann, {"name": "a", "attributes": [TEXT, two]})
    (label,) = labels_of(ann, project_id=number)
    assert [spec["values"] for spec in label["attributes"]] == [[""], ["a", "b", "c"]]
    assert label["attributes"][0]["default_value"] == ""


@pytest.mark.parametrize(
    ("labels", "errors"),
    [
        ([{}], [{"name"}]),
        ([{"name": "ok"}, {"name": "n" * 65}], [set(), {"name"}]),
        ([{"name": "a", "type": "zzz"}], [{"type"}]),
        ([{"name": "a", "color": "not a color"}], [{"color"}]),
        ([{"name": "a", "attributes": [{"name": "q", "input_type": "zz"}]}], [{"attributes"}]),
    ],
)
def test_errors_mirror_the_list(api: Api, labels: list[Any], errors: list[set[str]]) -> None:
    answer = api("ann").post("/api/projects", json={"name": "p", "labels": labels})
    assert answer.status == 400
    assert [item.keys() for item in answer.json()["labels"]] == errors


@pytest.mark.parametrize(
    "labels",
    [
        [{"name": "a"}, {"name": "a"}],
        [{"name": "a", "attributes": [TEXT, TEXT]}],
        [{"name": "s", "type": "skeleton", "sublabels": [{"name": "x"}, {"name": "x"}]}],
    ],
)
def test_names_that_repeat_are_a_list_error_and_nothing_is_made(
    api: Api, labels: list[Any]
) -> None:
    ann = api("repeater")
    answer = ann.post("/api/projects", json={"name": "p", "labels": labels})
    assert (answer.status, type(answer.json())) == (400, list)
    assert ann.get("/api/projects").json()["count"] == 0


def test_case_and_parent_make_names_different(api: Api) -> None:
    ann = api("ann")
    skeleton = {"name": "s", "type": "skeleton", "sublabels": [{"name": "a"}, {"name": "A"}]}
    number = project(ann, {"name": "a"}, {"name": "A"}, skeleton)
    assert [label["name"] for label in labels_of(ann, project_id=number)] == ["a", "A", "s"]


# --- colours ---------------------------------------------------------------------------------------


def test_given_colours_are_kept_and_others_are_made(api: Api) -> None:
    ann = api("ann")
    colors = ["#ABCDEF", "red", ""]
    number = project(
        ann,
        *({"name": str(index), "color": color} for index, color in enumerate(colors)),
        {"name": "cat"},
    )
    shown = [label["color"] for label in labels_of(ann, project_id=number)]
    assert shown[:2] == ["#ABCDEF", "red"]
    assert shown[2:] == [automatic_color("2"), automatic_color("cat")]


@pytest.mark.parametrize(
    ("name", "color"),
    [
        ("a", "#e400a8"),
        ("skel", "#8c2f84"),
        ("bike", "#43e485"),
        ("Bike", "#43e485"),
        ("car", "#2080c0"),
        ("dog", "#406040"),
    ],
)
def test_automatic_colours_are_those_of_cvat(name: str, color: str) -> None:
    assert automatic_color(name) == color


def test_automatic_colours_depend_on_the_name_and_differ_among_siblings() -> None:
    assert automatic_color("cat") == automatic_color("cat")
    taken: list[str] = []
    for number in range(500):
        taken.append(automatic_color(f"label {number % 50}", taken))
    assert len(set(taken)) == 500
    assert all(len(color) == 7 and color[0] == "#" for color in taken)


def test_a_custom_colour_survives_other_changes(api: Api) -> None:
    ann = api("ann")
    number = project(ann, {"name": "a", "color": "#123456"})
    (label,) = labels_of(ann, project_id=number)
    path = f"/api/labels/{label['id']}"
    assert ann.patch(path, json={"name": "b"}).json()["color"] == "#123456"
    assert ann.patch(path, json={"color": ""}).json()["color"] == automatic_color("b")


# --- skeletons -------------------------------------------------------------------------------------

SKELETON = {
    "name": "person",
    "type": "skeleton",
    "svg": '<line data-node-from="1"></line><circle data-label-name="left &amp; right"></circle>',
    "sublabels": [
        {"name": "left & right", "type": "points", "attributes": [TEXT]},
        {"name": "tail", "type": "points"},
    ],
}


def test_a_skeleton_names_its_parts_by_id(api: Api) -> None:
    ann = api("ann")
    number = project(ann, SKELETON)
    (label,) = labels_of(ann, project_id=number)
    first, second = label["sublabels"]
    assert label["svg"] == (
        f'<line data-node-from="1"></line><circle data-label-id="{first["id"]}"></circle>'
    )
    assert (second["name"], second["type"], second["has_parent"]) == ("tail", "points", True)
    assert first["attributes"][0]["name"] == "t"
    assert "parent_id" not in first
    shown = ann.get(f"/api/labels/{first['id']}").json()
    assert (shown["parent_id"], shown["has_parent"]) == (label["id"], True)
    assert (shown["sublabels"], shown["project_id"]) == ([], number)


def test_a_skeleton_cannot_be_redrawn(api: Api) -> None:
    ann = api("ann")
    number = project(ann, SKELETON, {"name": "plain"})
    skeleton, plain = labels_of(ann, project_id=number)
    path = f"/api/labels/{skeleton['id']}"
    change = {"name": "human", "type": "points", "svg": "<g/>", "sublabels": [{"name": "new"}]}
    assert ann.patch(path, json=change).json() == {**skeleton, "name": "human"}
    changed = ann.patch(f"/api/labels/{plain['id']}", json={"type": "skeleton"}).json()
    assert changed["type"] == "any"
    part = f"/api/labels/{skeleton['sublabels'][0]['id']}"
    for answer in (ann.patch(part, json={"name": "h"}), ann.delete(part)):
        assert (answer.status, type(answer.json())) == (400, list)


def test_drawings_turn_back_into_names() -> None:
    svg = names_to_ids("<circle data-label-name='a \"b\"'/>", {'a "b"': 7})
    assert svg == '<circle data-label-id="7"/>'
    assert ids_to_names(svg, {7: 'a "b"'}) == '<circle data-label-name="a &quot;b&quot;"/>'
    unknown = '<circle data-label-name="x"/>'
    assert names_to_ids(unknown, {}) == unknown


# --- editing ---------------------------------------------------------------------------------------


def test_labels_are_edited_through_their_parent(api: Api) -> None:
    ann = api("ann")
    number = project(ann, {"name": "cat"}, {"name": "dog"}, {"name": "cow"})
    cat, dog, cow = labels_of(ann, project_id=number)
    status, _ = edit(
        ann,
        number,
        {"id": cat["id"], "name": "lion"},
        {"id": dog["id"], "deleted": True},
        {"name": "bird"},
    )
    assert status == 200
    lion, same_cow, bird = labels_of(ann, project_id=number)
    assert lion == {**cat, "name": "lion"}
    assert same_cow == cow
    assert bird["name"] == "bird"


def test_edits_that_cannot_be_done_change_nothing(api: Api) -> None:
    ann = api("ann")
    number = project(ann, {"name": "cat"}, {"name": "dog"})
    before = labels_of(ann, project_id=number)
    other = labels_of(ann, project_id=project(ann, {"name": "far"}))[0]["id"]
    rename = {"id": before[0]["id"], "name": "lion"}
    expected: list[tuple[dict[str, Any], int, type]] = [
        ({"id": 999999, "name": "x"}, 404, dict),
        ({"id": other, "name": "x"}, 404, dict),
        ({"name": "dog"}, 400, list),
        ({"color": "#000000"}, 400, list),
        ({"name": "x", "deleted": True}, 400, dict),
        ({"id": before[1]["id"], "attributes": [{"id": 999999}]}, 404, dict),
    ]
    for bad, status, shape in expected:
        answer = edit(ann, number, rename, bad)
        assert (answer[0], type(answer[1])) == (status, shape), bad
    assert labels_of(ann, project_id=number) == before


def test_attributes_are_changed_added_and_removed(api: Api) -> None:
    ann = api("ann")
    number = project(ann, {"name": "cat", "attributes": [TEXT, {**TEXT, "name": "u"}]})
    (label,) = labels_of(ann, project_id=number)
    first, second = label["attributes"]
    path = f"/api/labels/{label['id']}"
    changes = [
        {"id": second["id"], "default_value": "x"},
        {"name": "t", "values": ["1"]},
        {"name": "new", "mutable": True, "input_type": "number", "values": ["0", "9", "1"]},
    ]
    answer = ann.patch(path, json={"attributes": changes})
    assert answer.status == 200, answer.data
    shown = answer.json()["attributes"]
    assert shown[0] == {**first, "values": ["1"]}
    assert shown[1] == {**second, "default_value": "x"}
    assert shown[2]["name"] == "new"
    removal = [{"id": first["id"], "deleted": True}]
    assert ann.patch(path, json={"attributes": removal}).json()["attributes"] == shown[1:]
    missing = ann.patch(path, json={"attributes": [{"name": "half"}]})
    assert (missing.status, type(missing.json())) == (400, list)


def test_direct_edits_and_deletion(api: Api) -> None:
    ann = api("ann")
    number = project(ann, {"name": "cat"}, {"name": "dog"})
    cat, _ = labels_of(ann, project_id=number)
    path = f"/api/labels/{cat['id']}"
    before = ann.get(f"/api/projects/{number}").json()["updated_date"]
    assert ann.patch(path, json={"type": "polygon"}).json()["type"] == "polygon"
    assert ann.get(f"/api/projects/{number}").json()["updated_date"] > before
    assert ann.patch(path, json={"name": "dog"}).status == 400
    assert ann.patch(path, json={"name": ""}).json().keys() == {"name"}
    assert ann.patch(path, json={"deleted": True}).json().keys() == {"non_field_errors"}
    assert ann.patch(path, json={"zzz": 1}).status == 200
    assert ann.delete(path).status == 204
    assert ann.delete(path).status == 404
    assert ann.post("/api/labels", json={"name": "x"}).status == 405


def test_annotations_go_with_their_label_or_lose_an_attribute(
    api: Api, server: LocalServer
) -> None:
    ann = api("ann")
    cat = {"name": "cat", "attributes": [TEXT, {**TEXT, "name": "kept"}]}
    task = ann.post("/api/tasks", json={"name": "t", "labels": [cat, {"name": "dog"}]}).json()
    first, second = labels_of(ann, task_id=task["id"])
    gone, kept = ({"spec_id": spec["id"], "value": "v"} for spec in first["attributes"])
    with writing(server.application.engine) as db:
        job = Job(task_id=task["id"], start_frame=0, stop_frame=0)
        db.add(job)
        db.flush()
        keyframe = {"id": 1, "frame": 0, "attributes": [gone]}
        of_job: dict[str, Any] = {"job_id": job.id, "frame": 0, "attributes": [gone, kept]}
        db.add_all(
            [
                Shape(id=1, type="points", label_id=first["id"], **of_job),
                Track(id=1, label_id=first["id"], shapes=[keyframe], **of_job),
                Shape(id=2, type="points", label_id=second["id"], **of_job),
            ]
        )
    removal = {"attributes": [{"id": gone["spec_id"], "deleted": True}]}
    assert ann.patch(f"/api/labels/{first['id']}", json=removal).status == 200
    assert ann.delete(f"/api/labels/{second['id']}").status == 204
    with reading(server.application.engine) as db:
        (shape,), (track,) = db.scalars(select(Shape)).all(), db.scalars(select(Track)).all()
    assert (shape.id, shape.attributes) == (1, [kept])
    assert (track.attributes, track.shapes) == ([kept], [{**keyframe, "attributes": []}])


# --- lists and rights ------------------------------------------------------------------------------


def test_lists_of_one_object_and_of_all(api: Api) -> None:
    eve = api("eve")
    number = project(eve, {"name": "b"}, {"name": "a", "type": "points"}, SKELETON)
    task = eve.post("/api/tasks", json={"name": "t", "project_id": number}).json()
    lone = eve.post("/api/tasks", json={"name": "t", "labels": [{"name": "own"}]}).json()
    of_project = labels_of(eve, project_id=number)
    assert labels_of(eve, task_id=task["id"]) == of_project
    (own,) = labels_of(eve, task_id=lone["id"])
    assert (own["task_id"], "project_id" in own) == (lone["id"], False)
    assert labels_of(eve) == [*of_project, own]
    assert [label["name"] for label in labels_of(eve, sort="-name")] == ["person", "own", "b", "a"]
    assert [label["name"] for label in labels_of(eve, type="points")] == ["a"]
    assert labels_of(eve, parent="person") == []
    assert eve.get("/api/labels", query={"type": "zzz"}).status == 400


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"project_id": 1, "task_id": 1}, 400),
        ({"project_id": "abc"}, 400),
        ({"project_id": 999999}, 404),
        ({"task_id": 999999}, 404),
        ({"job_id": 999999}, 404),
    ],
)
def test_lists_of_what_is_not_there(api: Api, query: dict[str, Any], status: int) -> None:
    assert api("ann").get("/api/labels", query=query).status == status


def test_labels_follow_the_rights_of_their_parent(api: Api) -> None:
    ann, bob = api("ann"), api("bob")
    number = project(ann, {"name": "a"})
    (label,) = labels_of(ann, project_id=number)
    path = f"/api/labels/{label['id']}"
    assert bob.get("/api/labels", query={"project_id": number}).status == 403
    assert bob.get(path).status == 403
    assert bob.patch(path, json={"name": "x"}).status == 403
    assert bob.delete(path).status == 403
    assert label["id"] not in [item["id"] for item in labels_of(bob, page_size="all")]
    assert api().get(path).status == 200


def test_many_labels_cost_few_statements_each(server: LocalServer, api: Api) -> None:
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    ann = api("ann")
    engine = server.application.engine
    event.listen(engine, "before_cursor_execute", note)
    counts = []
    try:
        for number in (10, 110):
            statements.clear()
            project(ann, *({"name": f"label {index}"} for index in range(number)))
            counts.append(len(statements))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert counts[1] - counts[0] <= 2 * 100
    # What is read for one label must not grow with their number.
    assert sum("FROM label" in statement for statement in statements) < 10
