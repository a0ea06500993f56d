"""Backups of tasks and projects: written, restored, and refused when they are none."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image
from tests.local.workplaces import Api

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, ApiException, Configuration
from cvat_sdk.core.exceptions import BackgroundRequestException
from cvat_sdk.core.requests import export_backup, restore_backup, wait_for_request
from cvat_sdk.core.uploading import upload_files

Json = dict[str, Any]
LABELS: list[Json] = [
    {
        "name": "car",
        "color": "#ff0000",
        "attributes": [
            {
                "name": "color",
                "mutable": False,
                "input_type": "select",
                "default_value": "red",
                "values": ["red", "blue"],
            },
            {
                "name": "parked",
                "mutable": True,
                "input_type": "checkbox",
                "default_value": "false",
                "values": ["false"],
            },
        ],
    },
    {
        "name": "dog",
        "type": "skeleton",
        "attributes": [],
        "sublabels": [
            {"name": "nose", "type": "points", "attributes": []},
            {"name": "tail", "type": "points", "attributes": []},
        ],
        "svg": '<circle data-type="element node" data-label-name="nose"></circle>'
        '<circle data-type="element node" data-label-name="tail"></circle>',
    },
]
NAMES = ["2.png", "a.png", "c.png", "1.png", "d.png"]


@pytest.fixture(scope="module")
def client(server: LocalServer) -> Iterator[ApiClient]:
    configuration = Configuration(
        host=server.url, username=server.username, password=server.password
    )
    with ApiClient(configuration) as connected:
        yield connected


def picture(number: int, size: tuple[int, int] = (16, 12)) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, (number * 40, 9, 9)).save(file, "png")
    file.seek(0)
    return file


def write_video(path: Path, frames: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for number in range(frames):
            image = Image.new("RGB", (32, 24), (number * 25, 0, 0))
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode())


def upload(client: ApiClient, task_id: int, files: Any, **fields: Any) -> None:
    rq_id = upload_files(client, task_id, files, **fields)
    assert rq_id
    wait_for_request(client, rq_id, timeout=60)


def task_of_images(client: ApiClient, **fields: Any) -> int:
    """Five images, of which frame 1, 2, 3 and 4 count, in two jobs that share one; one is deleted."""
    body = {"name": "One", "labels": LABELS, "segment_size": 3, "overlap": 1, "subset": "Train"}
    if "project_id" in fields:
        del body["labels"]
    task_id = int(client.tasks_api.create(body | fields)[0].id)
    files = [(name, picture(number)) for number, name in enumerate(NAMES)]
    upload(client, task_id, files, start_frame=1, image_quality=80)
    client.tasks_api.partial_update_data_meta(
        task_id, patched_data_meta_write_request={"deleted_frames": [2]}
    )
    annotate(client, task_id)
    return task_id


def annotate(client: ApiClient, task_id: int) -> None:
    labels = {entry.name: entry for entry in client.labels_api.list(task_id=task_id)[0].results}
    car, dog = labels["car"], labels["dog"]
    color, parked = (spec.id for spec in car.attributes)
    parts = {part.name: part.id for part in dog.sublabels}
    box = {"type": "rectangle", "points": [1.5, 2, 9, 8]}
    document = {
        "tags": [
            {"frame": 0, "label_id": car.id, "attributes": [{"spec_id": color, "value": "blue"}]}
        ],
        "shapes": [
            {**box, "frame": 1, "label_id": car.id, "rotation": 15.5, "group": 1, "z_order": 2},
            {"type": "mask", "points": [0, 4, 1, 1, 2, 2], "frame": 3, "label_id": car.id},
            {
                "type": "skeleton",
                "frame": 1,
                "label_id": dog.id,
                "elements": [
                    {"type": "points", "frame": 1, "label_id": parts["nose"], "points": [1, 2]},
                    {
                        "type": "points",
                        "frame": 1,
                        "label_id": parts["tail"],
                        "points": [3, 4],
                        "outside": True,
                    },
                ],
            },
        ],
        "tracks": [
            {
                "frame": 0,
                "label_id": car.id,
                "attributes": [{"spec_id": color, "value": "blue"}],
                "shapes": [
                    {**box, "frame": 0, "attributes": [{"spec_id": parked, "value": "true"}]},
                    {**box, "frame": 3, "points": [3, 4, 9, 8]},
                ],
            }
        ],
    }
    client.tasks_api.update_annotations(task_id, labeled_data_request=document)


def named(client: ApiClient, task_id: int) -> Any:
    """The annotations with names in place of ids, in an order of their own."""
    labels = client.labels_api.list(task_id=task_id)[0].results
    every = [*labels, *(part for label in labels for part in label.sublabels)]
    names = {entry.id: entry.name for entry in every}
    specs = {spec.id: spec.name for entry in labels for spec in entry.attributes}

    def named_in(value: Any) -> Any:
        if isinstance(value, list):
            return sorted(map(named_in, value), key=json.dumps)
        if not isinstance(value, dict):
            return value
        found = {
            key: named_in(entry) for key, entry in value.items() if key not in ("id", "points")
        }
        if "points" in value:
            found["points"] = value["points"]
        if "label_id" in found:
            found["label_id"] = names[found["label_id"]]
        if "spec_id" in found:
            found["spec_id"] = specs[found["spec_id"]]
        return found

    document = client.tasks_api.retrieve_annotations(task_id)[0].to_dict()
    return named_in({kind: document[kind] for kind in ("tags", "shapes", "tracks")})


def state(client: ApiClient, task_id: int) -> Json:
    """What a restored task has in common with its original."""
    task = client.tasks_api.retrieve(task_id)[0].to_dict()
    meta = client.tasks_api.retrieve_data_meta(task_id)[0].to_dict()
    labels = client.labels_api.list(task_id=task_id)[0].results
    jobs = client.jobs_api.list(task_id=task_id, sort="id")[0].results
    kept = ("name", "mode", "bug_tracker", "subset", "size", "segment_size", "overlap", "status")
    pixels = []
    for number in range(task["size"]):
        _, response = client.tasks_api.retrieve_data(
            task_id, type="frame", number=number, quality="original"
        )
        with Image.open(io.BytesIO(response.data)) as image:
            pixels.append(image.convert("RGB").getpixel((0, 0)))
    return {
        **{key: task[key] for key in (*kept, "data_compressed_chunk_type", "image_quality")},
        "meta": {key: value for key, value in meta.items() if key != "chunks_updated_date"},
        "jobs": [(job.start_frame, job.stop_frame, str(job.status), str(job.type)) for job in jobs],
        "labels": {
            label.name: (label.color, str(label.type), [part.name for part in label.sublabels])
            for label in labels
        },
        "annotations": named(client, task_id),
        "pixels": pixels,
    }


def test_a_task_comes_back_as_it_was(client: ApiClient, tmp_path: Path) -> None:
    task_id = task_of_images(client)
    job = client.jobs_api.list(task_id=task_id, sort="id")[0].results[0]
    client.jobs_api.partial_update(
        job.id, patched_job_write_request={"stage": "validation", "state": "completed"}
    )
    path = export_backup(client.tasks_api, task_id, tmp_path / "a.zip", timeout=60)
    assert path
    made = restore_backup(client.tasks_api, path, timeout=60)
    assert made != task_id
    assert state(client, made) == state(client, task_id)
    task = client.tasks_api.retrieve(made)[0]
    assert task.owner.username == "admin"
    assert task.assignee is None


def test_what_an_archive_holds(client: ApiClient, tmp_path: Path) -> None:
    path = export_backup(client.tasks_api, task_of_images(client), tmp_path, timeout=60)
    assert path
    assert path.name.startswith("task_one_backup_")
    with zipfile.ZipFile(path) as archive:
        assert set(archive.namelist()) == {
            *("task.json", "annotations.json", "data/manifest.jsonl"),
            *(f"data/{name}" for name in NAMES),
        }
        task = json.loads(archive.read("task.json"))
        documents = json.loads(archive.read("annotations.json"))
        lines = archive.read("data/manifest.jsonl").decode().splitlines()
    assert sorted(task) == sorted(
        ["name", "bug_tracker", "status", "subset", "labels", "version", "data", "jobs"]
    )
    assert task["version"] == "1.0"
    assert task["data"]["start_frame"] == 1
    assert task["data"]["deleted_frames"] == [2]
    assert task["jobs"] == [
        {"status": "annotation", "type": "annotation", "start_frame": 0, "stop_frame": 2},
        {"status": "annotation", "type": "annotation", "start_frame": 2, "stop_frame": 3},
    ]
    assert task["labels"][1]["svg"].count('data-label-name="nose"') == 1
    assert len(documents) == 2
    (tag,) = documents[0]["tags"]
    assert tag["label"] == "car"
    assert {"value": "blue", "name": "color"} in tag["attributes"]
    assert '"id"' not in json.dumps(documents[0]["shapes"])
    names = [json.loads(line) for line in lines[2:]]
    assert [entry["name"] + entry["extension"] for entry in names] == NAMES
    assert names[0]["width"] == 16


def test_a_video_comes_back(client: ApiClient, tmp_path: Path) -> None:
    write_video(tmp_path / "v.mp4", frames=9)
    task_id = int(client.tasks_api.create({"name": "Film", "labels": LABELS})[0].id)
    upload(client, task_id, [tmp_path / "v.mp4"], start_frame=2, frame_filter="step=2")
    annotate(client, task_id)
    path = export_backup(client.tasks_api, task_id, tmp_path / "a.zip", timeout=60)
    assert path
    made = restore_backup(client.tasks_api, path, timeout=60)
    assert state(client, made) == state(client, task_id)
    with zipfile.ZipFile(path) as archive:
        lines = [json.loads(line) for line in archive.read("data/manifest.jsonl").splitlines()]
    assert lines[2]["properties"]["length"] == 9


def test_images_of_an_archive_come_back(client: ApiClient, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        for number, name in enumerate(["b/2.png", *NAMES, "b/1.png"]):
            archive.writestr(name, picture(number % 6).getvalue())
    task_id = int(client.tasks_api.create({"name": "Zip", "labels": LABELS})[0].id)
    upload(client, task_id, [tmp_path / "images.zip"], sorting_method="lexicographical")
    path = export_backup(client.tasks_api, task_id, tmp_path / "a.zip", timeout=60)
    assert path
    assert state(client, restore_backup(client.tasks_api, path, timeout=60)) == state(
        client, task_id
    )


def test_a_project_comes_back_with_its_tasks(client: ApiClient, tmp_path: Path) -> None:
    body = {"name": "All", "labels": LABELS, "bug_tracker": "http://bugs"}
    project_id = int(client.projects_api.create(body)[0].id)
    first = task_of_images(client, project_id=project_id)
    client.tasks_api.create({"name": "Empty", "project_id": project_id})
    second = task_of_images(client, project_id=project_id, name="Two", subset="")
    path = export_backup(client.projects_api, project_id, tmp_path / "a.zip", timeout=60)
    assert path
    with zipfile.ZipFile(path) as archive:
        folders = {name.partition("/")[0] for name in archive.namelist()}
    assert folders == {"project.json", "task_0", "task_2"}
    made = restore_backup(client.projects_api, path, timeout=60)
    project = client.projects_api.retrieve(made)[0]
    assert (project.name, project.bug_tracker) == ("All", "http://bugs")
    tasks = client.tasks_api.list(project_id=made, sort="id")[0].results
    assert len(tasks) == 2
    for original, restored in zip((first, second), tasks, strict=True):
        assert state(client, restored.id) == state(client, original)


def guided(client: ApiClient, **target: int) -> str:
    """Write a guide that shows a picture; its text."""
    guide = client.guides_api.create(annotation_guide_write_request=target)[0].id
    asset = client.assets_api.create(guide, picture(3))[0]
    text = f"Like this: ![a](/api/assets/{asset.uuid})"
    client.guides_api.partial_update(
        guide, patched_annotation_guide_write_request={"markdown": text}
    )
    return text


def test_guides_come_back_with_what_they_show(client: ApiClient, tmp_path: Path) -> None:
    project_id = int(client.projects_api.create({"name": "Guided", "labels": LABELS})[0].id)
    task_id = task_of_images(client, project_id=project_id)
    texts = [guided(client, project_id=project_id), guided(client, task_id=task_id)]
    path = export_backup(client.projects_api, project_id, tmp_path / "a.zip", timeout=60)
    assert path
    with zipfile.ZipFile(path) as archive:
        for place, text in zip(("", "task_0/"), texts, strict=True):
            assert archive.read(f"{place}annotation_guide.md").decode() == text
            (asset,) = (name for name in archive.namelist() if name.startswith(f"{place}assets/"))
            assert archive.read(asset) == picture(3).getvalue()
    made = restore_backup(client.projects_api, path, timeout=60)
    (task,) = client.tasks_api.list(project_id=made)[0].results
    for target, text in zip((client.projects_api.retrieve(made)[0], task), texts, strict=True):
        restored = client.guides_api.retrieve(target.guide_id)[0].markdown
        start = len("Like this: ![a](/api/assets/")
        assert (restored[:start], restored != text) == (text[:start], True)
        _, response = client.assets_api.retrieve(restored[start : start + 36])
        assert response.data == picture(3).getvalue()


@pytest.mark.parametrize(
    ("name", "content"), [("u/a.html", b"x"), ("u/a.png", b"x"), ("u/a.pdf", b""), ("a.pdf", b"x")]
)
def test_what_no_guide_shows_is_not_restored(
    client: ApiClient, tmp_path: Path, name: str, content: bytes
) -> None:
    path = export_backup(client.tasks_api, task_of_images(client), tmp_path / "a.zip", timeout=60)
    assert path
    before = client.tasks_api.list()[0].count
    files = {"annotation_guide.md": b"text", f"assets/{name}": content}
    with pytest.raises(BackgroundRequestException):
        restore_backup(
            client.tasks_api, changed(path, lambda members: members.update(files)), timeout=60
        )
    assert client.tasks_api.list()[0].count == before


def test_a_task_without_data_has_no_backup(client: ApiClient, tmp_path: Path) -> None:
    task_id = int(client.tasks_api.create({"name": "Empty"})[0].id)
    with pytest.raises(ApiException, match="without data") as caught:
        export_backup(client.tasks_api, task_id, tmp_path / "a.zip")
    assert caught.value.status == 400


def test_a_file_has_to_come(api: Api) -> None:
    for kind in ("task", "project"):
        response = api().post(f"/api/{kind}s/backup/", fields={"other": ("a.zip", b"x")})
        assert response.status == 400
        assert response.json() == {f"{kind}_file": ["No file was submitted."]}


def changed(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """A copy of an archive with other members."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def edit(name: str, change: Callable[[Any], object]) -> Callable[[dict[str, bytes]], object]:
    def edited(members: dict[str, bytes]) -> None:
        content = json.loads(members[name])
        change(content)
        members[name] = json.dumps(content).encode()

    return edited


BROKEN: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "no task": (lambda members: members.pop("task.json"), "no item named 'task.json'"),
    "no annotations": (lambda members: members.pop("annotations.json"), "'annotations.json'"),
    "version": (edit("task.json", lambda task: task.update(version="2.0")), "2.0 version is not"),
    "no labels": (edit("task.json", lambda task: task.pop("labels")), "KeyError: 'labels'"),
    "no json": (lambda members: members.update({"task.json": b"{"}), "task.json is no JSON"),
    "no image": (lambda members: members.pop("data/c.png"), "mapping to manifest content"),
    "damaged image": (lambda members: members.update({"data/c.png": b"x"}), "c.png"),
    "out of the folder": (lambda members: members.update({"data/../../x.png": b"x"}), "leads out"),
    "label": (
        edit("annotations.json", lambda documents: documents[0]["tags"][0].update(label="cat")),
        "a label that there is not: 'cat'",
    ),
    "attribute": (
        edit(
            "annotations.json",
            lambda documents: documents[0]["tags"][0].update(
                attributes=[{"name": "x", "value": "y"}]
            ),
        ),
        "has no attribute 'x'",
    ),
    "points": (
        edit("annotations.json", lambda documents: documents[0]["shapes"][0].update(points=[1])),
        "annotations cannot be stored",
    ),
    "job": (edit("task.json", lambda task: task["jobs"][1].update(stop_frame=9)), "2 to 9 of 4"),
    "no jobs": (edit("task.json", lambda task: task.update(jobs=[])), "lists no jobs"),
    "quality": (
        edit("task.json", lambda task: task["data"].update(image_quality=900)),
        "data of the backup cannot be read",
    ),
    "two labels of a name": (
        edit("task.json", lambda task: task["labels"].append(task["labels"][0])),
        "labels cannot be used",
    ),
}


@pytest.fixture(scope="module")
def archive(client: ApiClient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    path = export_backup(client.tasks_api, task_of_images(client), folder / "a.zip", timeout=60)
    assert path
    return path


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_backup_leaves_nothing(
    client: ApiClient, server: LocalServer, archive: Path, kind: str
) -> None:
    change, message = BROKEN[kind]
    root = server.application.files.root
    tasks = client.tasks_api.list()[0].count
    before = {
        path
        for path in root.rglob("*")
        if "results" not in path.parts and "sqlite" not in path.name
    }
    with pytest.raises(BackgroundRequestException, match=message):
        restore_backup(client.tasks_api, changed(archive, change), timeout=60)
    assert client.tasks_api.list()[0].count == tasks
    after = {
        path
        for path in root.rglob("*")
        if "results" not in path.parts and "sqlite" not in path.name
    }
    assert {path for path in after - before if path.is_file()} == set()


def test_no_archive_is_no_backup(client: ApiClient, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"x" * 1000)
    with pytest.raises(BackgroundRequestException, match="File is not a zip file"):
        restore_backup(client.tasks_api, tmp_path / "a.zip", timeout=60)


def test_a_backup_of_a_task_is_none_of_a_project(client: ApiClient, archive: Path) -> None:
    with pytest.raises(BackgroundRequestException, match=r"no item named 'project.json'"):
        restore_backup(client.projects_api, archive, timeout=60)


def test_a_backup_without_a_manifest_is_restored(client: ApiClient, archive: Path) -> None:
    path = changed(archive, lambda members: members.pop("data/manifest.jsonl"))
    made = restore_backup(client.tasks_api, path, timeout=60)
    assert client.tasks_api.retrieve(made)[0].size == 4
