"""Imports of annotations over HTTP: files in one request and by TUS, what is kept, what is refused."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.media_samples import new_task, picture, task_of, wait, zipped

from cvat_local.background import states
from cvat_local.background.work import WorkContext
from cvat_local.embedded import LocalServer
from cvat_local.resources.imports.work import import_annotations
from cvat_local.storage.engine import reading
from cvat_local.storage.tables import Request

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


def ended(client: Client, response: Any) -> dict[str, Any]:
    """The request that a response names, when it has ended."""
    assert response.status == 202, response.data
    return wait(client, response.json()["rq_id"])


@pytest.fixture
def task(api: Api) -> int:
    """A task of four images in two jobs, without annotations."""
    images = [(f"{name}.jpg", picture(size=(64, 48))) for name in "abcd"]
    return task_of(api(), images, {"labels": LABELS, "segment_size": 2, "overlap": 0})


def coco(*boxes: tuple[str, str], **attributes: Any) -> bytes:
    """A COCO file with one box for each image name and label."""
    images = sorted({image for image, _ in boxes})
    labels = sorted({label for _, label in boxes})
    return json.dumps(
        {
            "images": [
                {"id": at, "file_name": name, "width": 64, "height": 48}
                for at, name in enumerate(images)
            ],
            "categories": [{"id": at, "name": name} for at, name in enumerate(labels)],
            "annotations": [
                {
                    "id": at,
                    "image_id": images.index(image),
                    "category_id": labels.index(label),
                    "bbox": [at, at, 5, 5],
                    "segmentation": [],
                    "attributes": attributes,
                }
                for at, (image, label) in enumerate(boxes)
            ],
        }
    ).encode()


def send(client: Client, path: str, content: bytes, name: str = "COCO 1.0", **query: Any) -> Any:
    return client.post(
        f"{path}/annotations",
        query={"format": name, **query},
        fields=[("annotation_file", ("file.json", content, "application/json"))],
    )


def shapes(client: Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{path}/annotations").json()["shapes"]
    return found


def jobs_of(client: Client, task: int) -> list[str]:
    query = {"task_id": task, "sort": "id"}
    return [
        f"/api/jobs/{job['id']}" for job in client.get("/api/jobs", query=query).json()["results"]
    ]


def test_a_file_for_a_task(api: Api, task: int) -> None:
    client, path = api(), f"/api/tasks/{task}"
    content = coco(("a.jpg", "cat"), ("d.jpg", "dog"), age=7, other="x")
    request = ended(client, send(client, path, content))
    assert request["status"] == "finished"
    assert request["id"] == (f"action=import&target=task&target_id={task}&subresource=annotations")
    assert request["operation"]["type"] == "import:annotations"
    assert request["result_url"] is None
    cat, dog = shapes(client, path)
    assert (cat["frame"], cat["points"], cat["source"]) == (0, [0, 0, 5, 5], "file")
    assert [value["value"] for value in cat["attributes"]] == ["7"]
    assert (dog["frame"], dog["points"], dog["attributes"]) == (3, [1, 1, 6, 6], [])


def test_annotations_are_replaced_or_kept(api: Api, task: int) -> None:
    client, path = api(), f"/api/tasks/{task}"
    first, second = coco(("a.jpg", "cat")), coco(("b.jpg", "dog"))
    ended(client, send(client, path, first))
    ended(client, send(client, path, second))
    assert [each["frame"] for each in shapes(client, path)] == [1]
    ended(client, send(client, path, first, import_mode="append"))
    assert [each["frame"] for each in shapes(client, path)] == [0, 1]
    ended(client, send(client, path, second, import_mode="replace"))
    assert [each["frame"] for each in shapes(client, path)] == [1]


def test_a_job_takes_items_of_its_frames_only(api: Api, task: int) -> None:
    client, path = api(), f"/api/tasks/{task}"
    first, second = jobs_of(client, task)
    ended(client, send(client, path, coco(("a.jpg", "cat"), ("d.jpg", "cat"))))
    request = ended(client, send(client, second, coco(("c.jpg", "dog"))))
    assert request["operation"]["target"] == "job"
    assert [each["frame"] for each in shapes(client, path)] == [0, 2]
    request = ended(client, send(client, second, coco(("c.jpg", "cat"), ("a.jpg", "cat"))))
    assert request["status"] == "failed"
    assert "'a.jpg' matches no frame" in request["message"]
    assert [each["frame"] for each in shapes(client, second)] == [2]
    assert [each["frame"] for each in shapes(client, first)] == [0]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("COCO 1.0", b"garbage", "not a COCO file"),
        ("COCO 1.0", coco(("a.jpg", "horse")), "'horse' is not known"),
        ("CVAT 1.1", b"garbage", "not an XML file"),
        ("Datumaro 1.0", b"PK\x05\x06" + bytes(18), "no annotations/"),
        (
            "CVAT 1.1",
            b'<annotations><image name="a.jpg"><box label="dog" xtl="0" ytl="0" xbr="1" ybr="1"'
            b' z_order="9999999999"/></image></annotations>',
            "z_order",
        ),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(
    api: Api, task: int, name: str, content: bytes, reason: str
) -> None:
    client, path = api(), f"/api/tasks/{task}"
    ended(client, send(client, path, coco(("a.jpg", "cat"))))
    request = ended(client, send(client, path, content, name))
    assert request["status"] == "failed"
    assert reason in request["message"]
    assert len(shapes(client, path)) == 1
    assert ended(client, send(client, path, coco(("b.jpg", "cat"))))["status"] == "finished"


@pytest.mark.parametrize(
    ("exported", "imported"),
    [
        ("CVAT for images 1.1", "CVAT 1.1"),
        ("Datumaro 1.0", "Datumaro 1.0"),
        ("COCO 1.0", "COCO 1.0"),
    ],
)
def test_what_was_exported_can_be_imported(
    api: Api, task: int, exported: str, imported: str
) -> None:
    client, path = api(), f"/api/tasks/{task}"
    labels = {
        label["name"]: label["id"]
        for label in client.get("/api/labels", query={"task_id": task}).json()["results"]
    }
    boxes = [
        {"type": "rectangle", "frame": 0, "label_id": labels["cat"], "points": [1, 2, 3, 4]},
        {"type": "polygon", "frame": 3, "label_id": labels["dog"], "points": [0, 0, 9, 0, 9, 9]},
    ]
    client.put(f"{path}/annotations", json={"shapes": boxes})
    before = shapes(client, path)
    query = {"format": exported, "save_images": "true"}
    request = ended(client, client.post(f"{path}/dataset/export", query=query))
    content = client.get(request["result_url"]).data
    client.delete(f"{path}/annotations")
    assert ended(client, send(client, path, content, imported))["status"] == "finished"

    def comparable(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**item, "id": 0, "source": ""} for item in items]

    assert comparable(shapes(client, path)) == comparable(before)


def test_an_archive_with_several_files(api: Api, task: int) -> None:
    client, path = api(), f"/api/tasks/{task}"
    content = zipped(
        [
            ("annotations/instances_a.json", coco(("a.jpg", "cat"))),
            ("annotations/instances_b.json", coco(("images/x/b.jpg", "dog"))),
        ]
    )
    assert ended(client, send(client, path, content))["status"] == "finished"
    assert [each["frame"] for each in shapes(client, path)] == [0, 1]


# --- uploads piece by piece ------------------------------------------------------------------------


def tus_headers(**headers: str) -> dict[str, str]:
    return {"Tus-Resumable": "1.0.0", **headers}


@pytest.mark.parametrize("target", ["tasks", "jobs"])
def test_a_file_sent_by_tus(api: Api, task: int, target: str) -> None:
    client = api()
    path = f"/api/tasks/{task}" if target == "tasks" else jobs_of(client, task)[0]
    content = coco(("b.jpg", "cat"))
    query = {"format": "COCO 1.0"}
    start = client.post(f"{path}/annotations/", query=query, headers={"Upload-Start": ""})
    assert (start.status, start.data) == (202, b"")
    name = base64.b64encode(b"file.json").decode()
    created = client.post(
        f"{path}/annotations/",
        headers=tus_headers(
            **{"Upload-Length": str(len(content)), "Upload-Metadata": f"filename {name}"}
        ),
    )
    assert created.status == 201
    location = created.headers["Location"]
    file_id = location.rpartition("/")[2]
    assert location == f"{client.url}{path}/annotations/{file_id}"
    assert created.headers["Upload-Filename"] == file_id

    def finish(filename: str) -> Any:
        return client.post(
            f"{path}/annotations/",
            query={**query, "filename": filename},
            headers={"Upload-Finish": ""},
        )

    for offset, piece in ((0, content[:10]), (10, content[10:])):
        assert finish(file_id).status == 400  # not complete
        head = client.request("HEAD", location, headers=tus_headers())
        assert head.headers["Upload-Offset"] == str(offset)
        patched = client.patch(
            location,
            body=piece,
            headers=tus_headers(
                **{
                    "Upload-Offset": str(offset),
                    "Content-Type": "application/offset+octet-stream",
                }
            ),
        )
        assert patched.status == 204
    wrong = finish("file.json")
    assert (wrong.status, type(wrong.json())) == (400, list)
    assert ended(client, finish(file_id))["status"] == "finished"
    assert [each["frame"] for each in shapes(client, path)] == [1]
    assert finish(file_id).status == 400  # it is gone


def test_the_upload_protocol_is_described(api: Api, task: int) -> None:
    response = api().request("OPTIONS", f"/api/tasks/{task}/annotations/")
    assert (response.status, response.headers["Tus-Version"]) == (204, "1.0.0")


# --- refused ---------------------------------------------------------------------------------------


def test_imports_that_are_refused(api: Api, task: int) -> None:
    client, path = api(), f"/api/tasks/{task}"
    content = coco(("a.jpg", "cat"))
    for name, status, kind in (
        ("XXX", 400, list),
        ("", 400, list),
        ("CVAT for images 1.1", 400, list),
        ("KITTI 1.0", 405, dict),
    ):
        response = send(client, path, content, name)
        assert (response.status, type(response.json())) == (status, kind)
    for query in ({"import_mode": "mix"}, {"location": "cloud_storage", "filename": "a.zip"}):
        response = send(client, path, content, **query)
        assert (response.status, type(response.json())) == (400, list)
    for fields in ([], [("dataset_file", ("file.json", content))]):
        options: dict[str, Any] = {"fields": fields} if fields else {}
        response = client.post(f"{path}/annotations", query={"format": "COCO 1.0"}, **options)
        assert response.status == 400
        assert list(response.json()) == ["annotation_file"]
    assert send(client, "/api/tasks/999999", content).status == 404
    assert send(api("ann"), path, content).status == 403
    response = send(client, f"/api/tasks/{new_task(client)}", content)
    assert (response.status, type(response.json())) == (400, list)


# --- a server that dies ----------------------------------------------------------------------------


def test_annotations_that_are_stored_are_not_stored_again(
    api: Api, server: LocalServer, task: int
) -> None:
    client, path = api(), f"/api/tasks/{task}"
    content = coco(("a.jpg", "cat"))
    request = ended(client, send(client, path, content, import_mode="append"))
    with reading(server.application.engine) as db:
        stored = db.get(Request, request["id"])
        assert stored is not None
        assert stored.status == states.FINISHED
    # What happens when the server dies after the commit: the same request is worked on once more.
    again = WorkContext(
        settings=server.application.settings,
        engine=server.application.engine,
        files=server.application.files,
        request_id=stored.id,
        params=copy.deepcopy(stored.params),
        user_id=stored.user_id,
        project_id=None,
        task_id=task,
        job_id=None,
        format=None,
        result_folder=server.application.files.temporary,
        report=lambda fraction, message: None,
    )
    import_annotations(again)
    assert len(shapes(client, path)) == 1
