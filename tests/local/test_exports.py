"""Exports over HTTP: starting, the archives, downloading, and what is refused."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from sqlalchemy import select
from tests.local.conftest import Client
from tests.local.media_samples import new_task, picture, task_of, wait
from tests.local.test_media_video import number_of, write_video

from cvat_local.embedded import LocalServer
from cvat_local.resources.exports.naming import UniqueNames
from cvat_local.storage.engine import reading
from cvat_local.storage.tables import Request
from cvat_sdk.core.shapes.tracks import flatten

Api = Callable[..., Client]

LABELS = [
    {
        "name": "cat",
        "attributes": [
            {
                "name": "age",
                "mutable": True,
                "input_type": "number",
                "default_value": "1",
                "values": ["0", "20", "1"],
            }
        ],
    },
    {"name": "dog", "attributes": []},
]


def grey(shade: int) -> bytes:
    return picture((shade, shade, shade), (64, 48))


def finished(client: Client, response: Any) -> dict[str, Any]:
    """The request that a response names, when it has ended."""
    assert response.status == 202, response.data
    return wait(client, response.json()["rq_id"])


def label_ids(client: Client, **query: Any) -> dict[str, int]:
    found = client.get("/api/labels", query={**query, "page_size": 100}).json()["results"]
    return {label["name"]: label["id"] for label in found}


def archive(client: Client, path: str, **query: Any) -> zipfile.ZipFile:
    """Exports and downloads."""
    request = finished(client, client.post(f"{path}/dataset/export", query=query))
    assert request["status"] == "finished", request["message"]
    response = client.get(request["result_url"])
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(response.data))


def instances(file: zipfile.ZipFile, subset: str = "default") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read(f"annotations/instances_{subset}.json"))
    return found


@pytest.fixture(scope="module")
def task(api: Api) -> int:
    """A task of four images in two jobs with three shapes, a tag and a track."""
    client = api()
    images = [(f"{name}.jpg", grey(at)) for at, name in enumerate("abcd")]
    found = task_of(client, images, {"labels": LABELS, "segment_size": 2, "overlap": 0})
    labels = label_ids(client, task_id=found)
    rectangle = {"type": "rectangle", "frame": 0, "label_id": labels["cat"]}
    document = {
        "tags": [{"frame": 1, "label_id": labels["dog"]}],
        "shapes": [
            {**rectangle, "points": [10, 10, 30.5, 20]},
            {**rectangle, "type": "polygon", "points": [0, 0, 9, 0, 9, 9], "frame": 1},
            {**rectangle, "type": "mask", "points": [0, 4, 5, 6, 6, 7], "frame": 2},
        ],
        "tracks": [
            {
                "frame": 2,
                "label_id": labels["dog"],
                "shapes": [
                    {"type": "rectangle", "frame": 2, "points": [0, 0, 4, 4]},
                    {"type": "rectangle", "frame": 3, "points": [2, 0, 6, 4]},
                ],
            }
        ],
    }
    response = client.put(f"/api/tasks/{found}/annotations", json=document)
    assert response.status == 200, response.data
    return found


def test_a_task_with_images(api: Api, task: int) -> None:
    file = archive(api(), f"/api/tasks/{task}", format="COCO 1.0", save_images="true")
    found = instances(file)
    assert [image["file_name"] for image in found["images"]] == [
        "a.jpg",
        "b.jpg",
        "c.jpg",
        "d.jpg",
    ]
    assert [each["bbox"] for each in found["annotations"]] == [
        [10, 10, 20.5, 10],
        [0, 0, 9, 9],
        [5, 6, 2, 2],
        [0, 0, 4, 4],
        [2, 0, 4, 4],
    ]
    assert found["annotations"][0]["attributes"] == {"age": 1, "occluded": False, "rotation": 0.0}
    assert found["annotations"][4]["attributes"]["track_id"] == 0
    assert file.read("images/default/c.jpg") == grey(2)


def test_a_task_without_images(api: Api, task: int) -> None:
    for name, member in (
        ("COCO 1.0", "annotations/instances_default.json"),
        ("Datumaro 1.0", "annotations/default.json"),
        ("CVAT for images 1.1", "annotations.xml"),
    ):
        file = archive(api(), f"/api/tasks/{task}", format=name)
        assert file.namelist() == [member]


def test_the_description_of_a_task(api: Api, server: LocalServer, task: int) -> None:
    file = archive(api(), f"/api/tasks/{task}", format="CVAT for images 1.1")
    found = ElementTree.fromstring(file.read("annotations.xml")).find("meta/task")
    assert found is not None
    assert found.findtext("id") == str(task)
    assert found.findtext("owner/username") == "admin"
    segments = found.findall("segments/segment")
    assert [(one.findtext("start"), one.findtext("stop")) for one in segments] == [
        ("0", "1"),
        ("2", "3"),
    ]
    assert segments[0].findtext("url", "").startswith(f"{server.url}/api/jobs/")


def test_a_job_has_its_frames_only(api: Api, task: int) -> None:
    jobs = api().get("/api/jobs", query={"task_id": task, "sort": "id"}).json()["results"]
    file = archive(api(), f"/api/jobs/{jobs[1]['id']}", format="COCO 1.0", save_images="true")
    found = instances(file)
    assert [image["file_name"] for image in found["images"]] == ["c.jpg", "d.jpg"]
    assert len(found["annotations"]) == 3
    assert sorted(file.namelist())[1:] == ["images/default/c.jpg", "images/default/d.jpg"]


def test_a_project_has_all_its_tasks(api: Api) -> None:
    client = api()
    project = client.post("/api/projects", json={"name": "p", "labels": LABELS}).json()
    for subset in ("Train", "", ""):
        task_of(client, [("x.jpg", grey(9))], {"project_id": project["id"], "subset": subset})
    client.post("/api/tasks", json={"name": "no data", "project_id": project["id"]})
    file = archive(client, f"/api/projects/{project['id']}", format="COCO 1.0", save_images="true")
    assert sorted(file.namelist()) == [
        "annotations/instances_Train.json",
        "annotations/instances_default.json",
        "images/Train/x.jpg",
        "images/default/x.jpg",
        "images/default/x_1.jpg",
    ]


def test_deleted_frames_are_left_out(api: Api) -> None:
    client = api()
    task = task_of(client, [("a.jpg", grey(1)), ("b.jpg", grey(2)), ("c.jpg", grey(3))])
    client.patch(f"/api/tasks/{task}/data/meta", json={"deleted_frames": [1]})
    file = archive(client, f"/api/tasks/{task}", format="Datumaro 1.0", save_images="true")
    items = json.loads(file.read("annotations/default.json"))["items"]
    assert [(item["id"], item["attr"]["frame"]) for item in items] == [("a", 0), ("c", 2)]
    assert "images/default/b.jpg" not in file.namelist()


def test_frames_of_a_video(api: Api, tmp_path: Path) -> None:
    client = api()
    video = write_video(tmp_path / "v.mp4", count=12)
    parameters = {"start_frame": 2, "frame_filter": "step=3"}
    task = task_of(client, [("v.mp4", video.read_bytes())], {"labels": LABELS}, **parameters)
    path = f"/api/tasks/{task}"
    coco = archive(client, path, format="COCO 1.0", save_images="true")
    names = [f"frame_{number:06d}" for number in (2, 5, 8, 11)]
    assert [image["file_name"] for image in instances(coco)["images"]] == [
        f"{name}.png" for name in names
    ]
    shown = [
        number_of(Image.open(io.BytesIO(coco.read(f"images/default/{name}.png")))) for name in names
    ]
    assert shown == [2, 5, 8, 11]
    cvat = archive(client, path, format="CVAT for images 1.1", save_images="true")
    assert cvat.namelist()[1:] == [f"images/{name}.PNG" for name in names]
    found = ElementTree.fromstring(cvat.read("annotations.xml"))
    assert next((one.get("id"), one.get("name")) for one in found.iter("image")) == (
        "2",
        "frame_000002",
    )
    assert found.findtext("meta/task/source") == "v.mp4"
    assert found.findtext("meta/task/original_size/width") == "160"


# --- requests and downloads ------------------------------------------------------------------------


def test_the_request_of_an_export(api: Api, server: LocalServer, task: int) -> None:
    client = api()
    path = f"/api/tasks/{task}"
    request = finished(client, client.post(f"{path}/dataset/export", query={"format": "COCO 1.0"}))
    assert request["id"] == (
        f"action=export&target=task&target_id={task}&user_id={client.user_id}"
        "&format=COCO_1~0&subresource=annotations"
    )
    assert request["operation"]["type"] == "export:annotations"
    assert request["operation"]["format"] == "COCO 1.0"
    assert request["result_url"].startswith(f"{server.url}{path}/dataset/download?rq_id=")
    response = client.get(request["result_url"])
    updated = client.get(path).json()["updated_date"]
    moment = updated[:19].replace("-", "_").replace("T", "_").replace(":", "_")
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="task_{task}_annotations_{moment}_coco 1.0.zip"'
    )


def test_a_chosen_file_name_and_ranges(api: Api, task: int) -> None:
    client = api()
    query = {"format": "Datumaro 1.0", "filename": "My file.zip"}
    request = finished(client, client.post(f"/api/tasks/{task}/dataset/export", query=query))
    whole = client.get(request["result_url"])
    assert whole.headers["Content-Disposition"] == 'attachment; filename="My file.zip"'
    part = client.get(request["result_url"], headers={"Range": "bytes=2-5"})
    assert (part.status, part.data) == (206, whole.data[2:6])
    head = client.request("HEAD", request["result_url"])
    assert (head.status, head.headers["Content-Length"]) == (200, str(len(whole.data)))


def test_the_same_export_can_be_asked_for_again(api: Api, task: int) -> None:
    for _ in range(2):
        archive(api(), f"/api/tasks/{task}", format="COCO 1.0")


def test_files_of_others_are_not_given_away(api: Api, task: int) -> None:
    client = api()
    query = {"format": "COCO 1.0"}
    path = f"/api/tasks/{task}"
    request = finished(client, client.post(f"{path}/dataset/export", query=query))
    ann = api("ann")
    assert ann.get(request["result_url"]).status == 403
    assert api(None).get(request["result_url"]).status == 401
    assert ann.post(f"{path}/dataset/export", query=query).status == 403
    # Even the assignee of the task has exports of her own only.
    client.patch(path, json={"assignee_id": ann.user_id})
    try:
        assert ann.get(request["result_url"]).status == 403
        own = finished(ann, ann.post(f"{path}/dataset/export", query=query))
        assert ann.get(own["result_url"]).status == 200
        assert client.get(own["result_url"]).status == 200  # an admin
    finally:
        client.patch(path, json={"assignee_id": None})


def test_downloads_that_are_refused(api: Api, server: LocalServer, task: int) -> None:
    client = api()
    path = f"/api/tasks/{task}"
    request = finished(client, client.post(f"{path}/dataset/export", query={"format": "COCO 1.0"}))
    rq_id = request["id"]

    def download(at: str = path, **query: Any) -> Any:
        return client.get(f"{at}/dataset/download", query=query)

    assert download().status == 400
    assert isinstance(download().json(), list)
    assert isinstance(download(rq_id="zzz").json(), list)
    for other in (
        rq_id.replace("subresource=annotations", "subresource=backup"),
        rq_id.replace(f"target_id={task}", "target_id=999999"),
        rq_id.replace("target=task", "target=job"),
    ):
        response = download(rq_id=other)
        assert (response.status, type(response.json())) == (400, list)
    unknown = download(rq_id=rq_id.replace("COCO_1~0", "YOLO_1~1"))
    assert unknown.status == 400
    assert unknown.headers["Content-Type"].startswith("text/")
    assert download("/api/tasks/999999", rq_id=rq_id).status == 404
    with reading(server.application.engine) as db:
        stored = db.scalars(select(Request).where(Request.id == rq_id)).one()
        assert stored.result_path is not None
        server.application.files.absolute(stored.result_path).unlink()
    assert download(rq_id=rq_id).status == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"format": "XXX 1.0"}, 400),
        ({"format": "KITTI 1.0"}, 405),
        ({"format": "COCO 1.0", "save_images": "zzz"}, 400),
        ({"format": "COCO 1.0", "location": "moon"}, 400),
        ({"format": "COCO 1.0", "location": "cloud_storage", "cloud_storage_id": 1}, 400),
        ({"format": "COCO 1.0", "filename": "a\nb"}, 400),
    ],
)
def test_exports_that_are_refused(api: Api, task: int, query: dict[str, Any], status: int) -> None:
    response = api().post(f"/api/tasks/{task}/dataset/export", query=query)
    assert response.status == status
    assert isinstance(response.json(), list if status == 400 else dict)


def test_a_task_without_data_fails_in_the_background(api: Api) -> None:
    client = api()
    task = new_task(client)
    query = {"format": "COCO 1.0"}
    request = finished(client, client.post(f"/api/tasks/{task}/dataset/export", query=query))
    assert (request["status"], request["result_url"]) == ("failed", None)
    assert "has no data" in request["message"]


@pytest.mark.parametrize(
    "path", ["projects/1/dataset", "tasks/1/dataset/", "jobs/1/dataset", "tasks/1/backup"]
)
def test_retired_addresses_say_so(api: Api, path: str) -> None:
    response = api().get(f"/api/{path}", query={"format": "COCO 1.0"})
    assert response.status == 410
    assert b"/export" in response.data


# --- parts -----------------------------------------------------------------------------------------


def tracked(frame: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": frame,
        "type": "rectangle",
        "frame": frame,
        "occluded": False,
        "outside": False,
        "z_order": 0,
        "rotation": 0.0,
        "points": [float(frame), 0.0, 9.0, 9.0],
        "attributes": [],
        **changes,
    }


def test_tracks_become_a_shape_for_each_frame_in_which_they_are_seen() -> None:
    track = {
        "label_id": 5,
        "frame": 1,
        "group": 2,
        "source": "manual",
        "attributes": [{"spec_id": 1, "value": "fixed"}],
        "shapes": [
            tracked(1, attributes=[{"spec_id": 2, "value": "x"}]),
            tracked(3),
            tracked(4, outside=True),
        ],
        "elements": [],
    }
    found = flatten({"tags": [], "shapes": [], "tracks": [track]}, [0, 1, 2, 3, 5])
    assert [(one["frame"], one["keyframe"], one["points"][0]) for one in found["shapes"]] == [
        (1, True, 1),
        (2, False, 2),
        (3, True, 3),
    ]
    assert all(
        (one["track_id"], one["label_id"], one["group"]) == (0, 5, 2) for one in found["shapes"]
    )
    assert [value["value"] for value in found["shapes"][2]["attributes"]] == ["fixed", "x"]


def test_a_skeleton_is_away_when_all_its_points_are() -> None:
    def points(label_id: int, gone: int) -> dict[str, Any]:
        shapes = [
            tracked(0, type="points", points=[0.0, 0.0]),
            tracked(gone, type="points", points=[0.0, 0.0], outside=True),
        ]
        attributes = [{"spec_id": 7, "value": "fixed"}]
        return {"label_id": label_id, "attributes": attributes, "shapes": shapes, "elements": []}

    track = {
        "label_id": 5,
        "frame": 0,
        "group": 0,
        "source": "manual",
        "attributes": [],
        "shapes": [tracked(0, type="skeleton", points=[])],
        "elements": [points(6, 1), points(8, 2)],
    }
    found = flatten({"tags": [], "shapes": [], "tracks": [track]}, [0, 1, 2, 3])["shapes"]
    assert [one["frame"] for one in found] == [0, 1]
    first, second = found[1]["elements"]
    assert (first["label_id"], first["outside"], second["outside"]) == (6, True, False)
    assert first["attributes"] == [{"spec_id": 7, "value": "fixed"}]


def test_names_in_a_subset_differ_without_their_extension() -> None:
    names = UniqueNames()
    asked = ["a.jpg", "a.png", "a_1.jpg", "a.jpg", "x/a.jpg", "plain", "plain", ".jpg"]
    assert [names.name("s", name) for name in asked] == [
        "a.jpg",
        "a_1.png",
        "a_1_1.jpg",
        "a_2.jpg",
        "x/a.jpg",
        "plain",
        "plain_1",
        ".jpg",
    ]
    assert names.name("other", "a.jpg") == "a.jpg"


@pytest.mark.parametrize("in_a_project", [False, True])
def test_the_archive_goes_with_the_task(api: Api, server: LocalServer, in_a_project: bool) -> None:
    client = api()
    fields: dict[str, Any] = {"labels": LABELS}
    above = ""
    if in_a_project:
        project = client.post("/api/projects", json={"name": "p", "labels": LABELS}).json()["id"]
        fields, above = {"project_id": project}, f"/api/projects/{project}"
    number = task_of(client, [("a.jpg", grey(1))], fields)
    path = f"/api/tasks/{number}"
    results = server.application.files.results
    before = set(results.iterdir())
    finished(client, client.post(f"{path}/dataset/export", query={"format": "COCO 1.0"}))
    (made,) = set(results.iterdir()) - before
    assert client.delete(above or path).status == 204
    assert not made.exists()
