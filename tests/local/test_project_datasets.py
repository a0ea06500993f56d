"""Datasets, with their images, imported into projects."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.local.workplaces import Api

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, ApiException, Configuration
from cvat_sdk.core.exceptions import BackgroundRequestException
from cvat_sdk.core.requests import export_dataset, import_dataset, wait_for_request
from cvat_sdk.core.uploading import upload_files

Json = dict[str, Any]
COLOR: Json = {
    "name": "color",
    "mutable": False,
    "input_type": "select",
    "default_value": "red",
    "values": ["red", "blue"],
}
LABELS: list[Json] = [
    {"name": "car", "color": "#ff0000", "attributes": [COLOR]},
    {"name": "bus", "color": "#00ff00", "attributes": []},
]
EXPORTED = {
    "COCO 1.0": "COCO 1.0",
    "CVAT for images 1.1": "CVAT 1.1",
    "Datumaro 1.0": "Datumaro 1.0",
}


@pytest.fixture(scope="module")
def client(server: LocalServer) -> Iterator[ApiClient]:
    configuration = Configuration(
        host=server.url, username=server.username, password=server.password
    )
    with ApiClient(configuration) as connected:
        yield connected


def picture(colour: int) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (20, 15), (colour, 0, 0)).save(file, "png")
    file.seek(0)
    return file


def new_project(client: ApiClient, labels: list[Json]) -> int:
    return int(client.projects_api.create({"name": "p", "labels": labels})[0].id)


@pytest.fixture(scope="module")
def project(client: ApiClient) -> int:
    """Two tasks, of which the files have names in common; each frame has a car that is blue."""
    project_id = new_project(client, LABELS)
    car = next(
        label
        for label in client.labels_api.list(project_id=project_id)[0].results
        if label.name == "car"
    )
    for subset, start in (("Train", 0), ("val", 100)):
        body = {"name": subset, "subset": subset, "project_id": project_id}
        task_id = int(client.tasks_api.create(body)[0].id)
        files = [(f"{name}.png", picture(start + n * 40)) for n, name in enumerate("ab")]
        rq_id = upload_files(client, task_id, files)
        assert rq_id
        wait_for_request(client, rq_id, timeout=60)
        attributes = [{"spec_id": car.attributes[0].id, "value": "blue"}]
        boxes = [
            {
                "type": "rectangle",
                "frame": frame,
                "label_id": car.id,
                "points": [start / 20, 1, 9, 8 + frame],
                "attributes": attributes,
            }
            for frame in range(2)
        ]
        client.tasks_api.update_annotations(task_id, labeled_data_request={"shapes": boxes})
    return project_id


@pytest.fixture(scope="module")
def export(
    client: ApiClient, project: int, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    def exported(format: str) -> Path:
        folder = tmp_path_factory.mktemp("dataset")
        path = export_dataset(client.projects_api, project, format, folder / "a.zip", timeout=60)
        assert path
        return path

    return exported


def content(client: ApiClient, project_id: int) -> Json:
    """What the tasks of a project hold, by their subsets."""
    labels = client.labels_api.list(project_id=project_id)[0].results
    names = {label.id: label.name for label in labels}
    specs = {spec.id: spec.name for label in labels for spec in label.attributes}
    found = {}
    for task in client.tasks_api.list(project_id=project_id, sort="id")[0].results:
        frames = client.tasks_api.retrieve_data_meta(task.id)[0].frames
        shapes = client.tasks_api.retrieve_annotations(task.id)[0].shapes
        found[task.subset] = (
            [frame.name for frame in frames],
            sorted(
                (
                    s.frame,
                    names[s.label_id],
                    str(s.type),
                    [float(p) for p in s.points],
                    [(specs[a.spec_id], a.value) for a in s.attributes],
                )
                for s in shapes
            ),
        )
    return found


@pytest.mark.parametrize("format", EXPORTED)
@pytest.mark.parametrize("labels", [LABELS, []], ids=["labels", "no labels"])
def test_a_dataset_becomes_a_task_for_each_subset(
    client: ApiClient, project: int, export: Callable[[str], Path], format: str, labels: list[Json]
) -> None:
    made = new_project(client, labels)
    import_dataset(client.projects_api, made, EXPORTED[format], export(format), timeout=60)
    assert content(client, made) == content(client, project)
    names = {label.name for label in client.labels_api.list(project_id=made)[0].results}
    assert names == {"car", "bus"}
    task = client.tasks_api.list(project_id=made)[0].results[0]
    assert (task.name, task.image_quality, task.owner.username) == (task.subset, 70, "admin")


@pytest.mark.parametrize("format", ["YOLO 1.1"])
def test_images_in_folders_that_a_format_names(
    client: ApiClient, project: int, export: Callable[[str], Path], format: str
) -> None:
    made = new_project(client, LABELS)
    import_dataset(client.projects_api, made, format, export(format), timeout=60)

    def boxes(project_id: int) -> Json:
        return {
            subset: (frames, [shape[:4] for shape in shapes])
            for subset, (frames, shapes) in content(client, project_id).items()
        }

    assert boxes(made) == boxes(project)


def test_tasks_that_are_there_stay(
    client: ApiClient, project: int, export: Callable[[str], Path]
) -> None:
    made = new_project(client, LABELS)
    for _ in range(2):
        import_dataset(client.projects_api, made, "COCO 1.0", export("COCO 1.0"), timeout=60)
    assert client.tasks_api.list(project_id=made)[0].count == 4


def test_attributes_that_a_label_lacks_are_made(
    client: ApiClient, project: int, export: Callable[[str], Path]
) -> None:
    made = new_project(client, [{"name": "car"}, {"name": "bus"}])
    import_dataset(client.projects_api, made, "COCO 1.0", export("COCO 1.0"), timeout=60)
    assert content(client, made) == content(client, project)


def test_a_label_that_the_project_lacks(client: ApiClient, export: Callable[[str], Path]) -> None:
    made = new_project(client, [{"name": "bus"}])
    with pytest.raises(BackgroundRequestException, match='have label with name "car"'):
        import_dataset(client.projects_api, made, "COCO 1.0", export("COCO 1.0"), timeout=60)
    assert client.tasks_api.list(project_id=made)[0].count == 0


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, body in members.items():
            opened.writestr(name, body)
    return path


def coco(**more: Any) -> bytes:
    image = {"id": 1, "file_name": "a.png", "width": 20, "height": 15}
    box = {"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 0}
    return json.dumps(
        {"images": [image], "categories": [{"id": 1, "name": "car"}], "annotations": [box]} | more
    ).encode()


BROKEN: dict[str, tuple[dict[str, bytes], str]] = {
    "no images": ({"annotations/instances_Train.json": coco()}, "holds no images"),
    "no annotations": ({"images/a.png": picture(0).getvalue()}, "no annotations/instances_"),
    "no json": (
        {"annotations/instances_x.json": b"{", "images/a.png": picture(0).getvalue()},
        "is not a COCO file",
    ),
    "damaged image": (
        {"annotations/instances_x.json": coco(), "images/a.png": b"x"},
        "a.png",
    ),
    "image that is not there": (
        {"annotations/instances_x.json": coco(), "images/b.png": picture(0).getvalue()},
        "'a.png' matches no frame",
    ),
    "out of the folder": (
        {"annotations/instances_x.json": coco(), "images/../../b.png": picture(0).getvalue()},
        "leads out",
    ),
    "points": (
        {
            "annotations/instances_x.json": coco(
                annotations=[{"image_id": 1, "category_id": 1, "segmentation": [[1, 2]]}]
            ),
            "images/a.png": picture(0).getvalue(),
        },
        "polygon",
    ),
}


def kept(server: LocalServer) -> set[Path]:
    """Files of tasks, and of uploads that wait."""
    root = server.application.files.root
    paths = [*(root / "tasks").rglob("*"), *(root / "uploads").rglob("*")]
    return {path for path in paths if path.is_file()}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_dataset_leaves_nothing(
    client: ApiClient, server: LocalServer, tmp_path: Path, kind: str
) -> None:
    members, message = BROKEN[kind]
    made = new_project(client, [])
    before = kept(server)
    path = archive(tmp_path / "a.zip", members)
    with pytest.raises(BackgroundRequestException, match=message):
        import_dataset(client.projects_api, made, "COCO 1.0", path, timeout=60)
    assert client.tasks_api.list(project_id=made)[0].count == 0
    assert client.labels_api.list(project_id=made)[0].count == 0
    assert kept(server) == before


def test_a_file_that_is_no_archive(client: ApiClient, tmp_path: Path, api: Api) -> None:
    made = new_project(client, [])
    (tmp_path / "a.zip").write_bytes(coco())
    with pytest.raises(BackgroundRequestException, match="Please upload full dataset as a zip"):
        import_dataset(client.projects_api, made, "COCO 1.0", tmp_path / "a.zip", timeout=60)
    (tmp_path / "a.json").write_bytes(coco())
    with pytest.raises(ApiException, match="should be zip archive"):
        import_dataset(client.projects_api, made, "COCO 1.0", tmp_path / "a.json")
    path = f"/api/projects/{made}/dataset/"
    sent = api().post(path, query={"format": "COCO 1.0"}, fields={"dataset_file": ("a.json", b"x")})
    assert sent.json() == {"dataset_file": ["Dataset file should be zip archive"]}
    nothing = api().post(path, query={"format": "COCO 1.0"}, fields={"other": ("a.zip", b"x")})
    assert nothing.json() == {"dataset_file": ["No file was submitted."]}
    for format, status in (("NOPE 1.0", 400), ("KITTI 1.0", 405)):
        fields = {"dataset_file": ("a.zip", b"x")}
        assert api().post(path, query={"format": format}, fields=fields).status == status


def test_in_one_request(
    client: ApiClient, api: Api, project: int, export: Callable[[str], Path]
) -> None:
    made = new_project(client, LABELS)
    fields = {"dataset_file": ("a.zip", export("COCO 1.0").read_bytes())}
    answer = api().post(
        f"/api/projects/{made}/dataset/", query={"format": "COCO 1.0"}, fields=fields
    )
    assert answer.status == 202
    wait_for_request(client, answer.json()["rq_id"], timeout=60)
    assert content(client, made) == content(client, project)
