"""Tasks: fields, rights, lists, moves to projects, deletion. Their media are tested elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from cvat_local.embedded import LocalServer
from cvat_local.storage.engine import reading, writing
from cvat_local.storage.tables import Data, Job, Shape, Tag, Task, Track

if TYPE_CHECKING:
    from tests.local.conftest import Client

Api = Callable[..., "Client"]

TEXT = {"name": "age", "mutable": False, "input_type": "text", "values": ["1"]}


def create(client: Client, **fields: Any) -> dict[str, Any]:
    answer = client.post("/api/tasks", json={"name": "t", **fields})
    assert answer.status == 201, answer.data
    task: dict[str, Any] = answer.json()
    return task


def create_project(client: Client, *labels: dict[str, Any]) -> int:
    answer = client.post("/api/projects", json={"name": "p", "labels": labels})
    assert answer.status == 201, answer.data
    return int(answer.json()["id"])


def patch(client: Client, task: dict[str, Any], fields: dict[str, Any]) -> tuple[int, Any]:
    answer = client.patch(f"/api/tasks/{task['id']}", json=fields)
    return answer.status, answer.json()


def attach(server: LocalServer, task_id: int, *stages: tuple[str, str]) -> None:
    """Data as a finished upload leaves it, with a job for each stage and state."""
    with writing(server.application.engine) as db:
        db.add(Data(task_id=task_id, size=10, chunk_size=72, stop_frame=9))
        db.add_all(
            Job(task_id=task_id, start_frame=0, stop_frame=9, stage=stage, state=state)
            for stage, state in stages
        )


def test_a_new_task_has_all_fields_but_those_of_its_media(api: Api) -> None:
    ann = api("ann")
    answer = ann.post("/api/tasks", json={"name": "t", "overlap": 2, "segment_size": 4})
    task = answer.json()
    assert (answer.status, answer.headers["Location"]) == (201, task["url"])
    assert task.pop("created_date") <= task.pop("updated_date")
    assert task.pop("owner")["username"] == "ann"
    number, url = task["id"], ann.url
    assert task == {
        "url": f"{url}/api/tasks/{number}",
        "id": number,
        "name": "t",
        "project_id": None,
        "project_name": None,
        "mode": "",
        "assignee": None,
        "bug_tracker": "",
        "overlap": 2,
        "segment_size": 4,
        "initial_replicas": 0,
        "status": "annotation",
        "guide_id": None,
        "dimension": "2d",
        "media_type": "image",
        "subset": "",
        "organization_id": None,
        "organization": None,
        "target_storage": None,
        "source_storage": None,
        "jobs": {
            "count": 0,
            "completed": 0,
            "validation": 0,
            "url": f"{url}/api/jobs?task_id={number}",
        },
        "labels": {"url": f"{url}/api/labels?task_id={number}"},
        "assignee_updated_date": None,
        "validation_mode": None,
    }


def test_fields_of_the_media_appear_with_them(api: Api, server: LocalServer) -> None:
    ann = api("ann")
    task = create(ann)
    stages = [("acceptance", "completed"), ("acceptance", "new"), ("validation", "completed")]
    attach(server, task["id"], *stages)
    shown = ann.get(f"/api/tasks/{task['id']}").json()
    assert (shown["size"], shown["image_quality"], shown["data_chunk_size"]) == (10, 70, 72)
    assert shown["data_original_chunk_type"] == shown["data_compressed_chunk_type"] == "imageset"
    assert isinstance(shown["data"], int)
    assert shown["data_cloud_storage_id"] is None
    counts = {key: shown["jobs"][key] for key in ("count", "completed", "validation")}
    assert counts == {"count": 3, "completed": 1, "validation": 1}


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ({}, {"name"}),
        ({"name": "t", "overlap": -1, "segment_size": "x"}, {"overlap", "segment_size"}),
        ({"name": "t", "consensus_replicas": 1}, {"consensus_replicas"}),
        ({"name": "t", "initial_replicas": 12}, {"initial_replicas"}),
        ({"name": "t", "subset": "s" * 65}, {"subset"}),
        ({"name": "t", "source_storage": {"location": "cloud_storage"}}, {"source_storage"}),
        ({"name": "t", "labels": [{"type": "points"}]}, {"labels"}),
    ],
)
def test_errors_of_fields_are_named(api: Api, body: dict[str, Any], keys: set[str]) -> None:
    answer = api("ann").post("/api/tasks", json=body)
    assert (answer.status, answer.json().keys()) == (400, keys)


def test_replicas_are_taken_by_both_names(api: Api) -> None:
    for name in ("initial_replicas", "consensus_replicas"):
        task = create(api("ann"), **{name: 3})
        assert task["initial_replicas"] == 3


def test_labels_belong_to_the_task_or_to_its_project(api: Api) -> None:
    ann = api("ann")
    project_id = create_project(ann, {"name": "cat"})
    own = {"name": "t", "project_id": project_id, "labels": [{"name": "dog"}]}
    answer = ann.post("/api/tasks", json=own)
    assert (answer.status, type(answer.json())) == (400, list)
    task = create(ann, project_id=project_id, labels=[])
    assert task["project_name"] == "p"
    assert patch(ann, task, {"labels": [{"name": "dog"}]})[0] == 200
    labels = ann.get("/api/labels", query={"task_id": task["id"]}).json()["results"]
    assert [label["name"] for label in labels] == ["cat"]


def test_projects_of_others_take_no_tasks(api: Api) -> None:
    project_id = create_project(api("ann"))
    answer = api("bob").post("/api/tasks", json={"name": "t", "project_id": project_id})
    assert answer.status == 403
    answer = api("bob").post("/api/tasks", json={"name": "t", "project_id": 999999})
    assert (answer.status, type(answer.json())) == (400, list)


def test_people_are_checked(api: Api) -> None:
    admin, ann, bob = api(), api("ann"), api("bob")
    assert ann.post("/api/tasks", json={"name": "t", "assignee_id": bob.user_id}).status == 403
    answer = admin.post("/api/tasks", json={"name": "t", "assignee_id": 999999})
    assert (answer.status, answer.json().keys()) == (400, {"assignee_id"})
    task = create(admin, assignee_id=bob.user_id)
    assert task["assignee"]["username"] == "bob"
    assert task["assignee_updated_date"] is not None
    shown = bob.get(f"/api/tasks/{task['id']}").json()
    assert shown["assignee_updated_date"] == task["assignee_updated_date"]
    assert patch(bob, task, {"subset": "Train"})[1]["subset"] == "Train"
    assert patch(bob, task, {"assignee_id": None})[0] == 403
    assert bob.delete(f"/api/tasks/{task['id']}").status == 403


@pytest.mark.parametrize("field", ["segment_size", "overlap", "status", "foo"])
def test_fields_that_cannot_be_patched_are_forbidden(api: Api, field: str) -> None:
    ann = api("ann")
    task = create(ann)
    status, body = patch(ann, task, {"name": "q", field: 1})
    assert (status, body.keys()) == (403, {"detail"})
    assert patch(ann, task, {}) == (200, task)
    assert ann.put(f"/api/tasks/{task['id']}", json={"name": "q"}).status == 405


def test_changes_move_the_date(api: Api) -> None:
    ann = api("ann")
    task = create(ann)
    status, changed = patch(ann, task, {"name": "q", "bug_tracker": "b", "subset": "s"})
    assert status == 200
    assert (changed["name"], changed["bug_tracker"], changed["subset"]) == ("q", "b", "s")
    assert changed["updated_date"] > task["updated_date"]


def test_lists_are_filtered(api: Api, server: LocalServer) -> None:
    cleo = api("cleo")
    project_id = create_project(cleo)
    create(cleo, name="alpha", subset="Train", bug_tracker="http://bugs")
    beta = create(cleo, name="beta", project_id=project_id)
    attach(server, beta["id"])
    with writing(server.application.engine) as db:
        db.get_one(Task, beta["id"]).mode = "annotation"

    def names(**query: Any) -> list[str]:
        answer = cleo.get("/api/tasks", query=query)
        assert answer.status == 200, answer.data
        return [task["name"] for task in answer.json()["results"]]

    assert names() == names(sort="nonsense") == ["beta", "alpha"]
    assert names(sort="name") == ["alpha", "beta"]
    assert names(project_id=project_id) == names(project_name="p") == ["beta"]
    assert names(mode="annotation") == ["beta"]
    assert names(subset="Train") == names(tracker_link="http://bugs") == ["alpha"]
    assert names(media_type="image", owner="cleo", status="annotation") == ["beta", "alpha"]
    assert names(search="alp") == ["alpha"]
    assert names(filter='{"==": [{"var": "project_name"}, "p"]}') == ["beta"]
    assert cleo.get("/api/tasks", query={"project_id": "x"}).json().keys() == {"project_id"}
    assert cleo.get("/api/tasks", query={"dimension": "4d"}).status == 400
    assert api(None).get("/api/tasks").status == 401


def test_members_of_a_project_see_its_tasks(api: Api) -> None:
    admin, bob = api(), api("bob")
    project_id = create_project(admin)
    task = create(admin, project_id=project_id)
    path = f"/api/tasks/{task['id']}"
    assert bob.get(path).status == 403
    admin.patch(f"/api/projects/{project_id}", json={"assignee_id": bob.user_id})
    assert bob.get(path).status == 200
    assert task["id"] in [item["id"] for item in bob.get("/api/tasks").json()["results"]]


def test_deleting_removes_the_files(api: Api, server: LocalServer) -> None:
    ann = api("ann")
    task = create(ann)
    folder = server.application.files.task(task["id"])
    path = f"/api/tasks/{task['id']}"
    assert api("bob").delete(path).status == 403
    assert folder.exists()
    assert ann.delete(path).status == 204
    assert not folder.exists()
    assert ann.delete(path).status == ann.get(path).status == 404


def test_the_old_status_of_a_task_without_work(api: Api) -> None:
    answer = api("ann").get(f"/api/tasks/{create(api('ann'))['id']}/status")
    assert answer.json() == {"state": "Finished", "message": "", "progress": 0.0}
    assert "Deprecation" in answer.headers


# --- moves -----------------------------------------------------------------------------------------

SKELETON = {"name": "man", "type": "skeleton", "sublabels": [{"name": "head", "type": "points"}]}


def annotate(server: LocalServer, task_id: int, labels: list[dict[str, Any]]) -> None:
    """One object of each kind; ``labels`` are a plain one with an attribute, and a skeleton."""
    plain, skeleton = labels
    values = [{"spec_id": plain["attributes"][0]["id"], "value": "5"}]
    part = {"id": 2, "label_id": skeleton["sublabels"][0]["id"], "attributes": []}
    with writing(server.application.engine) as db:
        job = Job(task_id=task_id, start_frame=0, stop_frame=0)
        db.add(job)
        db.flush()
        start: dict[str, Any] = {"id": task_id * 10, "job_id": job.id, "frame": 0}
        of_plain = {**start, "label_id": plain["id"], "attributes": values}
        db.add_all(
            [
                Tag(**of_plain),
                Shape(type="skeleton", label_id=skeleton["id"], elements=[part], **start),
                Track(shapes=[{"id": 1, "frame": 0, "attributes": values}], **of_plain),
            ]
        )


def labels_of(client: Client, **query: Any) -> list[dict[str, Any]]:
    labels: list[dict[str, Any]] = client.get("/api/labels", query=query).json()["results"]
    return labels


def test_a_moved_task_takes_its_annotations_along(api: Api, server: LocalServer) -> None:
    ann = api("ann")
    task = create(ann, subset="Val", labels=[{"name": "cat", "attributes": [TEXT]}, SKELETON])
    labels = labels_of(ann, task_id=task["id"])
    annotate(server, task["id"], labels)
    project_id = create_project(
        ann, {"name": "dog"}, {"name": "lion", "attributes": [TEXT]}, SKELETON
    )
    renames = [{"id": labels[0]["id"], "name": "lion"}]
    status, moved = patch(ann, task, {"project_id": project_id, "labels": renames, "name": "no"})
    assert (status, moved["project_id"], moved["name"]) == (200, project_id, "t")
    project = ann.get(f"/api/projects/{project_id}").json()
    assert (project["task_subsets"], project["tasks"]["count"]) == (["Val"], 1)

    _, lion, man = labels_of(ann, project_id=project_id)
    assert labels_of(ann, task_id=task["id"]) == labels_of(ann, project_id=project_id)
    assert ann.get(f"/api/labels/{labels[0]['id']}").status == 404
    values = [{"spec_id": lion["attributes"][0]["id"], "value": "5"}]
    with reading(server.application.engine) as db:
        tag, shape = db.get_one(Tag, task["id"] * 10), db.get_one(Shape, task["id"] * 10)
        track = db.get_one(Track, task["id"] * 10)
    assert shape.elements is not None
    assert (tag.label_id, tag.attributes) == (lion["id"], values)
    assert (shape.label_id, shape.elements[0]["label_id"]) == (man["id"], man["sublabels"][0]["id"])
    assert (track.attributes, track.shapes[0]["attributes"]) == (values, values)


def test_a_task_moves_between_projects(api: Api) -> None:
    ann = api("ann")
    first, second = create_project(ann, {"name": "cat"}), create_project(ann, {"name": "cat"})
    task = create(ann, project_id=first)
    assert patch(ann, task, {"project_id": second})[1]["project_id"] == second
    assert len(labels_of(ann, project_id=first)) == 1


@pytest.mark.parametrize(
    "label",
    [
        {"name": "other"},
        {"name": "cat"},
        {"name": "cat", "attributes": [{**TEXT, "name": "other"}]},
        {"name": "cat", "attributes": [{**TEXT, "values": ["2"]}]},
        {"name": "cat", "attributes": [{**TEXT, "input_type": "number"}]},
    ],
)
def test_a_project_without_the_same_labels_is_refused(api: Api, label: dict[str, Any]) -> None:
    ann = api("ann")
    task = create(ann, labels=[{"name": "cat", "attributes": [TEXT]}])
    status, body = patch(ann, task, {"project_id": create_project(ann, label)})
    assert (status, body.keys()) == (400, {"non_field_errors"})
    assert ann.get(f"/api/tasks/{task['id']}").json() == task


def test_moves_to_nowhere(api: Api) -> None:
    ann = api("ann")
    task = create(ann)
    assert patch(ann, task, {"project_id": 999999})[0] == 400
    assert patch(ann, task, {"project_id": None})[1].keys() == {"project_id"}
    assert patch(ann, task, {"project_id": create_project(api("bob"))})[0] == 403
    assert patch(ann, task, {"organization_id": None})[0] == 200
    assert patch(ann, task, {"organization_id": 5})[0] == 400
