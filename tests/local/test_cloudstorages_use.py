"""Cloud storages in use: named by projects and tasks, media of tasks, exports and imports."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.local.buckets import S3, manifest, running_s3, storage_input
from tests.local.conftest import Client
from tests.local.media_samples import (
    BLUE,
    GREEN,
    RED,
    colour_at,
    created,
    near,
    new_task,
    numbered,
    opened,
    picture,
    refused,
    task_of,
    wait,
    zipped,
)

Api = Callable[..., Client]

FILES = {
    "street/1.jpg": picture(RED, (50, 30)),
    "street/2.jpg": picture(GREEN, (51, 30)),
    "street/10.jpg": picture(BLUE, (52, 30)),
    "street/notes.txt": b"text",
    "street/night/3.jpg": picture(RED, (53, 30)),
    "other.png": picture(GREEN, (54, 30), "PNG"),
    "images.zip": zipped([("in/zip.jpg", picture(BLUE, (55, 30)))]),
    "street/manifest.jsonl": manifest(["2.jpg", "10.jpg"]),
    "video.jsonl": b'{"version": "1.1"}\n{"type": "video"}\n',
    "broken.jpg": b"no image",
}


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with running_s3() as service:
        service.bucket("media", FILES)
        service.bucket("exports", {})
        yield service


@pytest.fixture(scope="module")
def ann(api: Api) -> Client:
    return api("ann")


def attached(client: Client, s3: S3, bucket: str, **changes: Any) -> int:
    response = client.post("/api/cloudstorages", json=storage_input(s3, bucket, **changes))
    assert response.status == 201, response.data
    return int(response.json()["id"])


@pytest.fixture(scope="module")
def media(ann: Client, s3: S3) -> int:
    """Id of a storage with images."""
    return attached(ann, s3, "media")


@pytest.fixture(scope="module")
def exports(ann: Client, s3: S3) -> int:
    """Id of a storage to write to."""
    return attached(ann, s3, "exports")


def cloud(number: int) -> dict[str, Any]:
    return {"location": "cloud_storage", "cloud_storage_id": number}


class TestReferences:
    @pytest.mark.parametrize("resource", ["projects", "tasks"])
    def test_kept_and_reset_when_the_storage_goes(self, ann: Client, s3: S3, resource: str) -> None:
        number = attached(ann, s3, "media")
        body = {"name": "x", "source_storage": cloud(number), "target_storage": cloud(number)}
        path = f"/api/{resource}/{ann.post(f'/api/{resource}', json=body).json()['id']}"
        for field in ("source_storage", "target_storage"):
            shown = ann.get(path).json()[field]
            assert shown == {"id": shown["id"], **cloud(number)}
        assert ann.delete(f"/api/cloudstorages/{number}").status == 204
        shown = ann.get(path).json()
        assert (shown["source_storage"], shown["target_storage"]) == (None, None)

    @pytest.mark.parametrize("resource", ["projects", "tasks"])
    def test_unknown_and_foreign_ones(
        self, api: Api, ann: Client, media: int, resource: str
    ) -> None:
        bob = api("bob")
        path = f"/api/{resource}/{bob.post(f'/api/{resource}', json={'name': 'x'}).json()['id']}"
        for number, status in ((99999, 400), (media, 403)):
            body = {"name": "x", "target_storage": cloud(number)}
            assert bob.post(f"/api/{resource}", json=body).status == status
            changed = bob.patch(path, json={"target_storage": cloud(number)})
            assert changed.status == status
        assert bob.get(path).json()["target_storage"] is None

    def test_back_to_local(self, ann: Client, media: int) -> None:
        body = {"name": "x", "target_storage": cloud(media)}
        path = f"/api/projects/{ann.post('/api/projects', json=body).json()['id']}"
        shown = ann.patch(path, json={"target_storage": {"location": "local"}}).json()
        assert shown["target_storage"]["location"] == "local"
        assert shown["target_storage"]["cloud_storage_id"] is None


def submit(client: Client, task: int, **parameters: Any) -> tuple[int, Any]:
    response = client.post(f"/api/tasks/{task}/data", json={"image_quality": 70, **parameters})
    return response.status, response.json()


def frame_names(client: Client, task: int) -> list[str]:
    meta = client.get(f"/api/tasks/{task}/data/meta").json()
    return [frame["name"] for frame in meta["frames"]]


class TestMedia:
    @pytest.mark.parametrize(
        ("parameters", "names"),
        [
            ({"server_files": ["other.png", "street/1.jpg"]}, ["other.png", "street/1.jpg"]),
            (
                {"server_files": ["street/"], "sorting_method": "natural"},
                ["street/1.jpg", "street/2.jpg", "street/10.jpg", "street/night/3.jpg"],
            ),
            (
                {"server_files": ["street/"], "server_files_exclude": ["street/night/"]},
                ["street/1.jpg", "street/10.jpg", "street/2.jpg"],
            ),
            (
                {
                    "server_files": ["street/2.jpg", "street/10.jpg", "street/1.jpg"],
                    "sorting_method": "predefined",
                },
                ["street/2.jpg", "street/10.jpg", "street/1.jpg"],
            ),
            (
                {"server_files": ["street/manifest.jsonl"], "sorting_method": "natural"},
                ["street/2.jpg", "street/10.jpg"],
            ),
            (
                {"server_files": ["street/manifest.jsonl", "street/10.jpg"]},
                ["street/10.jpg"],
            ),
            (
                {"server_files": ["street/manifest.jsonl"], "filename_pattern": "*/2.*"},
                ["street/2.jpg"],
            ),
            ({"filename_pattern": "*.png"}, ["other.png"]),
        ],
    )
    def test_chosen_files(
        self, ann: Client, media: int, parameters: dict[str, Any], names: list[str]
    ) -> None:
        task = new_task(ann)
        created(ann, submit(ann, task, cloud_storage_id=media, **parameters))
        assert frame_names(ann, task) == names
        shown = ann.get(f"/api/tasks/{task}").json()
        assert (shown["data_cloud_storage_id"], shown["size"]) == (media, len(names))
        meta = ann.get(f"/api/tasks/{task}/data/meta").json()
        assert (meta["storage"], meta["cloud_storage_id"]) == ("cloud_storage", media)

    def test_the_task_outlives_the_storage(self, ann: Client, s3: S3) -> None:
        number = attached(ann, s3, "media")
        task = new_task(ann)
        created(ann, submit(ann, task, cloud_storage_id=number, server_files=["street/2.jpg"]))
        assert ann.delete(f"/api/cloudstorages/{number}").status == 204
        assert ann.get(f"/api/tasks/{task}").json()["data_cloud_storage_id"] is None
        query = {"type": "frame", "number": 0, "quality": "original"}
        image = opened(ann.get(f"/api/tasks/{task}/data", query=query).data)
        assert image.size == (51, 30)
        assert near(colour_at(image, 5, 5), GREEN)

    def test_an_archive_is_local(self, ann: Client, media: int) -> None:
        task = new_task(ann)
        created(ann, submit(ann, task, cloud_storage_id=media, server_files=["images.zip"]))
        assert frame_names(ann, task) == ["in/zip.jpg"]
        meta = ann.get(f"/api/tasks/{task}/data/meta").json()
        assert (meta["storage"], meta["cloud_storage_id"]) == ("local", None)

    def test_a_storage_with_a_prefix_gives_no_more_than_that(self, ann: Client, s3: S3) -> None:
        settings = f"endpoint_url={s3.url}&prefix=street/night/"
        number = attached(ann, s3, "media", specific_attributes=settings)
        task = new_task(ann)
        created(ann, submit(ann, task, cloud_storage_id=number, filename_pattern="*.jpg"))
        assert frame_names(ann, task) == ["street/night/3.jpg"]

    @pytest.mark.parametrize(
        ("parameters", "reason"),
        [
            ({"server_files": ["gone.jpg"]}, "'gone.jpg'"),
            ({"server_files": ["gone.jsonl"]}, "'gone.jsonl'"),
            ({"server_files": ["video.jsonl"]}, "'video.jsonl'"),
            ({"server_files": ["broken.jpg"]}, "'broken.jpg'"),
            ({"server_files": ["nothing/"]}, "No file"),
            ({"server_files": ["video.jsonl", "street/manifest.jsonl"]}, "one manifest"),
            ({"filename_pattern": "*.tiff"}, "No file"),
        ],
    )
    def test_files_that_cannot_be_used(
        self, ann: Client, media: int, parameters: dict[str, Any], reason: str
    ) -> None:
        task = new_task(ann)
        assert reason in refused(ann, submit(ann, task, cloud_storage_id=media, **parameters))
        # Nothing of the first choice is left when another one is tried.
        created(ann, submit(ann, task, cloud_storage_id=media, server_files=["other.png"]))
        assert frame_names(ann, task) == ["other.png"]

    def test_refused_at_once(self, api: Api, ann: Client, media: int) -> None:
        bob = api("bob")
        task = new_task(bob)
        status, _ = submit(bob, task, cloud_storage_id=media, server_files=["other.png"])
        assert status == 403
        response = ann.post(
            f"/api/tasks/{new_task(ann)}/data",
            fields=[
                ("cloud_storage_id", str(media)),
                ("client_files[0]", ("a.jpg", picture())),
            ],
        )
        assert (response.status, type(response.json())) == (400, list)
        status, body = submit(ann, new_task(ann), server_files=["a.jpg"])
        assert (status, body.keys()) == (400, {"server_files"})

    def test_another_storage_can_be_named(self, ann: Client, s3: S3, media: int) -> None:
        task = new_task(ann)
        created(ann, submit(ann, task, cloud_storage_id=media, server_files=["other.png"]))
        path, other = f"/api/tasks/{task}/data/meta", attached(ann, s3, "media")
        assert ann.patch(path, json={"cloud_storage_id": other}).json()["cloud_storage_id"] == other
        assert ann.patch(path, json={"cloud_storage_id": 99999}).status == 400
        local = f"/api/tasks/{task_of(ann, numbered(1))}/data/meta"
        assert ann.patch(local, json={"cloud_storage_id": other}).status == 400


@pytest.fixture(scope="module")
def task(ann: Client) -> int:
    return task_of(ann, numbered(2), {"labels": [{"name": "cat"}]})


def exported(client: Client, path: str, **query: Any) -> dict[str, Any]:
    response = client.post(
        f"{path}/dataset/export", query={"format": "COCO 1.0", "filename": "f.zip", **query}
    )
    assert response.status == 202, response.data
    return wait(client, response.json()["rq_id"])


class TestExports:
    @pytest.mark.parametrize("save_images", ["true", "false"])
    def test_to_a_bucket(
        self, ann: Client, s3: S3, exports: int, task: int, save_images: str
    ) -> None:
        name = f"sets/{save_images}.zip"
        request = exported(
            ann, f"/api/tasks/{task}", filename=name, save_images=save_images, **cloud(exports)
        )
        assert (request["status"], request["result_url"]) == ("finished", None), request
        archive = zipfile.ZipFile(io.BytesIO(s3.content("exports", name)))
        assert "annotations/instances_default.json" in archive.namelist()
        assert any(name.endswith(".jpg") for name in archive.namelist()) == (save_images == "true")

    def test_the_target_storage_is_the_default(self, ann: Client, s3: S3) -> None:
        s3.bucket("default-target", {})
        number = attached(ann, s3, "default-target")
        fields = {"labels": [{"name": "cat"}], "target_storage": cloud(number)}
        task = task_of(ann, numbered(1), fields)
        job = ann.get("/api/jobs", query={"task_id": task}).json()["results"][0]["id"]
        for path in (f"/api/tasks/{task}", f"/api/jobs/{job}"):
            assert exported(ann, path, filename="")["result_url"] is None
        local = exported(ann, f"/api/tasks/{task}", location="local")
        assert local["result_url"] is not None
        keys = s3.keys("default-target")
        assert [key.partition("_annotations_")[0] for key in keys] == [f"job_{job}", f"task_{task}"]

    def test_projects(self, ann: Client, s3: S3, exports: int) -> None:
        project = ann.post("/api/projects", json={"name": "p", "labels": [{"name": "cat"}]}).json()
        task_of(ann, numbered(1), {"project_id": project["id"]})
        request = exported(
            ann, f"/api/projects/{project['id']}", filename="project.zip", **cloud(exports)
        )
        assert request["status"] == "finished", request
        assert "project.zip" in s3.keys("exports")

    def test_a_bucket_that_is_gone(self, ann: Client, s3: S3, task: int) -> None:
        s3.bucket("gone", {})
        number = attached(ann, s3, "gone")
        s3.client.delete_bucket(Bucket="gone")
        request = exported(ann, f"/api/tasks/{task}", **cloud(number))
        assert (request["status"], request["result_url"]) == ("failed", None)
        assert "'gone'" in request["message"]

    def test_refused_at_once(self, api: Api, ann: Client, task: int, exports: int) -> None:
        path = f"/api/tasks/{task}/dataset/export"
        for query in (
            {"location": "cloud_storage"},
            {"location": "cloud_storage", "cloud_storage_id": "x"},
            cloud(99999),
        ):
            response = ann.post(path, query={"format": "COCO 1.0", **query})
            assert (response.status, type(response.json())) == (400, list)
        foreign = new_task(api("bob"))
        path = f"/api/tasks/{foreign}/dataset/export"
        response = api("bob").post(path, query={"format": "COCO 1.0", **cloud(exports)})
        assert response.status == 403


class TestImports:
    def test_from_a_bucket(self, ann: Client, s3: S3, exports: int, task: int) -> None:
        label = ann.get("/api/labels", query={"task_id": task}).json()["results"][0]["id"]
        box = {"type": "rectangle", "label_id": label, "frame": 1, "points": [1, 2, 10, 12]}
        path = f"/api/tasks/{task}"
        assert ann.put(f"{path}/annotations/", json={"shapes": [box]}).status == 200
        exported(ann, path, filename="coco.zip", **cloud(exports))
        assert ann.delete(f"{path}/annotations/").status == 204
        query = {"format": "COCO 1.0", "filename": "coco.zip", **cloud(exports)}
        answer = ann.post(f"{path}/annotations/", query=query)
        assert answer.status == 202, answer.data
        request = wait(ann, answer.json()["rq_id"])
        assert request["status"] == "finished", request
        shapes = ann.get(f"{path}/annotations/").json()["shapes"]
        assert [(shape["frame"], shape["points"]) for shape in shapes] == [(1, [1, 2, 10, 12])]

    def test_refused(self, ann: Client, exports: int, task: int) -> None:
        path = f"/api/tasks/{task}/annotations/"
        for query in (cloud(exports), {**cloud(99999), "filename": "coco.zip"}):
            response = ann.post(path, query={"format": "COCO 1.0", **query})
            assert (response.status, type(response.json())) == (400, list)
        query = {"format": "COCO 1.0", "filename": "nope.zip", **cloud(exports)}
        request = wait(ann, ann.post(path, query=query).json()["rq_id"])
        assert request["status"] == "failed"
        assert "'nope.zip'" in request["message"]


def test_requests_do_not_tell_the_keys(ann: Client, exports: int, task: int) -> None:
    request = exported(ann, f"/api/tasks/{task}", **cloud(exports))
    assert "secret" not in json.dumps(request)
