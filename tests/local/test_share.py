"""The file share: looked into, and tasks made of its files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.local.conftest import Client, account_with_key
from tests.local.media_samples import picture, refused

from cvat_local.embedded import LocalServer
from cvat_local.resources.shared.share import NotShared, Share
from cvat_local.settings import Settings
from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.core.requests import wait_for_request

Json = dict[str, Any]
FILES = (
    "b.jpg",
    "notes.txt",
    "day/1.jpg",
    "day/2.jpg",
    "day/late/10.jpg",
    "night/3.jpg",
    "[a].jpg",
)


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("share")
    for name in FILES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture())
    with zipfile.ZipFile(root / "images.zip", "w") as archive:
        archive.writestr("in.jpg", picture())
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.jpg").write_bytes(picture())
    (root / "night" / "out.jpg").symlink_to(outside / "secret.jpg")
    (root / "leaving").symlink_to(outside)
    (root / "nowhere.jpg").symlink_to(root / "missing")
    (root / "circle").symlink_to(root / "circle")
    (root / "night" / "again.jpg").symlink_to(root / "b.jpg")
    return root


@pytest.fixture(scope="module")
def server(share: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), share_dir=share)
    with LocalServer(settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def ann(server: LocalServer) -> Client:
    return Client(server.url, *account_with_key(server, "ann", ("user",)))


@pytest.fixture(scope="module")
def sdk(server: LocalServer) -> Iterator[ApiClient]:
    configuration = Configuration(
        host=server.url, username=server.username, password=server.password
    )
    with ApiClient(configuration) as client:
        yield client


def listing(client: Client, **query: str) -> list[tuple[str, str, str]]:
    answer = client.get("/api/server/share", query=query)
    assert answer.status == 200, answer.data
    return [(entry["name"], entry["type"], entry["mime_type"]) for entry in answer.json()]


def test_folders_come_first(ann: Client) -> None:
    everything = [
        ("day", "DIR", "DIR"),
        ("night", "DIR", "DIR"),
        ("[a].jpg", "REG", "image"),
        ("b.jpg", "REG", "image"),
        ("images.zip", "REG", "archive"),
        ("notes.txt", "REG", "unknown"),
    ]
    for directory in ("", "/"):
        assert listing(ann, directory=directory) == everything
    assert listing(ann) == everything
    for directory in ("/day/", "day", "/day"):
        assert [name for name, _, _ in listing(ann, directory=directory)] == [
            "late",
            "1.jpg",
            "2.jpg",
        ]
    assert listing(ann, search="n") == [everything[1], everything[5]]
    assert listing(ann, search="N") == []


@pytest.mark.parametrize(
    "directory",
    ["nope", "../", "day/../..", "/etc/", "leaving", "leaving/", "b.jpg", "a\0b", "circle"],
)
def test_what_is_not_in_the_share(ann: Client, directory: str) -> None:
    answer = ann.get("/api/server/share", query={"directory": directory})
    assert (answer.status, type(answer.json())) == (400, str)


def test_links_that_lead_out_are_not_seen(ann: Client) -> None:
    assert [name for name, _, _ in listing(ann, directory="night")] == ["3.jpg", "again.jpg"]


def test_who_may_look(server: LocalServer) -> None:
    worker = Client(server.url, *account_with_key(server, "worker", ("worker",)))
    assert worker.get("/api/server/share").status == 403
    assert Client(server.url, None, None).get("/api/server/share").status == 401


def make(sdk: ApiClient, files: list[str], **fields: Any) -> tuple[Json, list[str]]:
    """A task made of files of the share, and the names of its frames."""
    task_id = int(sdk.tasks_api.create({"name": "shared", "labels": [{"name": "a"}]})[0].id)
    body = {"image_quality": 70, "server_files": files, **fields}
    rq_id = sdk.tasks_api.create_data(task_id, data_request=body)[0].rq_id
    wait_for_request(sdk, rq_id, timeout=60)
    meta = sdk.tasks_api.retrieve_data_meta(task_id)[0].to_dict()
    assert sdk.tasks_api.retrieve_data(task_id, type="frame", number=0)[1].status == 200
    return meta, [frame["name"] for frame in meta["frames"]]


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"server_files": ["b.jpg"]}, ["b.jpg"]),
        ({"server_files": ["/day/2.jpg", "b.jpg", "b.jpg"]}, ["b.jpg", "day/2.jpg"]),
        ({"server_files": ["day/"]}, ["day/1.jpg", "day/2.jpg", "day/late/10.jpg"]),
        (
            {"server_files": ["day"], "server_files_exclude": ["day/late/"]},
            ["day/1.jpg", "day/2.jpg"],
        ),
        (
            {
                "server_files": ["day/", "day/1.jpg"],
                "server_files_exclude": ["day/1.jpg", "day/late"],
            },
            ["day/2.jpg"],
        ),
        ({"server_files": ["day/?.jpg"]}, ["day/1.jpg", "day/2.jpg"]),
        ({"server_files": ["*/3.*"]}, ["night/3.jpg"]),
        ({"server_files": ["[a].jpg"]}, ["[a].jpg"]),
        ({"server_files": ["/"], "filename_pattern": "*/late/*"}, ["day/late/10.jpg"]),
        ({"server_files": ["night/"]}, ["night/3.jpg", "night/again.jpg"]),
        (
            {"server_files": ["day/2.jpg", "day/1.jpg"], "sorting_method": "predefined"},
            ["day/2.jpg", "day/1.jpg"],
        ),
    ],
)
def test_a_task_is_made_of_the_files_that_are_meant(
    sdk: ApiClient, fields: Json, names: list[str]
) -> None:
    meta, found = make(sdk, fields.pop("server_files"), use_cache=True, **fields)
    assert (found, meta["storage"]) == (names, "share")


def test_a_task_can_have_copies_or_an_archive(sdk: ApiClient) -> None:
    assert make(sdk, ["b.jpg"], copy_data=True)[0]["storage"] == "local"
    assert make(sdk, ["images.zip"])[1] == ["in.jpg"]


def test_a_task_keeps_its_frames_when_the_file_goes(sdk: ApiClient, share: Path) -> None:
    (share / "gone.jpg").write_bytes(picture())
    task_id = int(sdk.tasks_api.create({"name": "a", "labels": []})[0].id)
    body = {"image_quality": 70, "server_files": ["gone.jpg"]}
    wait_for_request(sdk, sdk.tasks_api.create_data(task_id, data_request=body)[0].rq_id)
    (share / "gone.jpg").unlink()
    answer = sdk.tasks_api.retrieve_data(task_id, type="frame", number=0, quality="original")[1]
    assert answer.data == picture()


@pytest.mark.parametrize(
    "name",
    [
        "nope.jpg",
        "../etc/passwd",
        "/etc/passwd",
        "leaving/secret.jpg",
        "night/out.jpg",
        "day/*.png",
    ],
)
def test_what_the_share_has_not_makes_no_task(ann: Client, name: str) -> None:
    task = ann.post("/api/tasks", json={"name": "n", "labels": []}).json()["id"]
    body = {"image_quality": 70, "server_files": [name]}
    answer = ann.post(f"/api/tasks/{task}/data", json=body)
    assert "The share has no" in refused(ann, (answer.status, answer.json()))
    assert ann.get(f"/api/tasks/{task}").json()["size"] == 0


def test_files_of_both_sides_are_refused(ann: Client) -> None:
    task = ann.post("/api/tasks", json={"name": "n", "labels": []}).json()["id"]
    fields = [
        ("image_quality", "70"),
        ("server_files[0]", "b.jpg"),
        ("client_files[0]", ("a.jpg", picture())),
    ]
    answer = ann.post(f"/api/tasks/{task}/data", fields=fields)
    assert (answer.status, type(answer.json())) == (400, list)
    answer = ann.post(f"/api/tasks/{task}/data", json={"filename_pattern": "*"})
    assert (answer.status, list(answer.json())) == (400, ["filename_pattern"])


def test_a_server_without_a_share_has_an_empty_one(tmp_path: Path) -> None:
    with LocalServer(tmp_path) as bare:
        client = Client(bare.url, *account_with_key(bare, "ann", ("user",)))
        assert listing(client) == listing(client, directory="/") == []
        assert client.get("/api/server/share", query={"directory": "a"}).status == 400


def test_walking_does_not_follow_links_to_folders(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.jpg").touch()
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    assert list(Share(tmp_path).walk()) == ["a/1.jpg"]
    with pytest.raises(NotShared):
        list(Share(tmp_path).walk("b"))
