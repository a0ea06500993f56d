"""Creating data while something goes wrong: other requests, cancellation, deletion, a dying server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select
from tests.local.conftest import Client
from tests.local.media_samples import (
    attach,
    created,
    finish,
    names_of,
    new_task,
    numbered,
    picture,
    zipped,
)

from cvat_local.background.work import WorkContext
from cvat_local.embedded import LocalServer
from cvat_local.resources.data.folder import TaskFolder
from cvat_local.resources.data.parameters import Parameters
from cvat_local.resources.data.work import create_task_data
from cvat_local.settings import Settings
from cvat_local.storage.engine import reading
from cvat_local.storage.tables import Frame, Job


def log_in(server: LocalServer) -> Client:
    client = Client(server.url, None, None)
    answer = client.post(
        "/api/auth/login", json={"username": server.username, "password": server.password}
    )
    return Client(server.url, None, answer.json()["key"])


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[LocalServer]:
    """A server that does its background work only when a test says so."""
    with LocalServer(settings=Settings(data_dir=tmp_path, workers=0)) as server:
        yield server


def counts(server: LocalServer) -> tuple[int, int]:
    """Numbers of all frames and jobs."""
    with reading(server.application.engine) as db:
        return len(db.scalars(select(Frame)).all()), len(db.scalars(select(Job)).all())


def test_while_frames_are_being_made_nothing_can_be_sent(idle: LocalServer) -> None:
    client = log_in(idle)
    task = new_task(client)
    accepted = attach(client, task, numbered(2))
    assert accepted[0] == 202
    for headers in ({}, {"Upload-Start": ""}, {"Upload-Multiple": ""}, {"Upload-Finish": ""}):
        assert attach(client, task, numbered(1), headers) == (409, accepted[1])
    assert client.get(f"/api/tasks/{task}").json()["size"] == 0

    idle.application.queue.run_next()

    created(client, accepted)
    assert names_of(client, task) == ["00.jpg", "01.jpg"]


def test_a_cancelled_request_leaves_the_task_open(idle: LocalServer) -> None:
    client = log_in(idle)
    task = new_task(client)
    _, body = attach(client, task, numbered(2))
    path = f"/api/requests/{quote(body['rq_id'], safe='')}"
    assert client.post(f"{path}/cancel").status == 200
    assert client.get(path).status == 404
    idle.application.queue.run_next()
    assert client.get(f"/api/tasks/{task}").json()["size"] == 0

    accepted = finish(client, task)
    idle.application.queue.run_next()
    created(client, accepted)
    assert len(names_of(client, task)) == 2


def test_a_task_that_is_deleted_in_the_meantime(idle: LocalServer) -> None:
    client = log_in(idle)
    task = new_task(client)
    attach(client, task, numbered(2))
    assert client.delete(f"/api/tasks/{task}").status == 204
    idle.application.queue.run_next()
    assert counts(idle) == (0, 0)
    assert not idle.application.files.task_folder(task).exists()


def test_work_that_is_done_twice(idle: LocalServer, tmp_path: Path) -> None:
    client = log_in(idle)
    task = new_task(client, segment_size=1)
    accepted = attach(client, task, [("imgs.zip", zipped(numbered(3)))])
    folder = TaskFolder(idle.application.files, task)
    # A first attempt was killed in the middle of unpacking.
    (folder.media / "unpacked").mkdir(parents=True)
    (folder.media / "unpacked" / "left-over.jpg").write_bytes(b"half a fi")
    idle.application.queue.run_next()
    created(client, accepted)
    assert names_of(client, task) == ["00.jpg", "01.jpg", "02.jpg"]
    assert counts(idle) == (3, 3)
    before = {path: path.read_bytes() for path in folder.root.rglob("*") if path.is_file()}

    # A second attempt after the server died between the commit and its noting.
    create_task_data(
        WorkContext(
            settings=idle.application.settings,
            engine=idle.application.engine,
            files=idle.application.files,
            request_id="again",
            params=Parameters().to_json(),
            user_id=None,
            project_id=None,
            task_id=task,
            job_id=None,
            format=None,
            result_folder=tmp_path,
            report=lambda fraction, message: None,
        )
    )
    assert counts(idle) == (3, 3)
    assert {path: path.read_bytes() for path in folder.root.rglob("*") if path.is_file()} == before


def test_only_what_is_needed_is_kept(idle: LocalServer) -> None:
    client = log_in(idle)
    task = new_task(client)
    attach(client, task, [("imgs.zip", zipped(numbered(2)))])
    idle.application.queue.run_next()
    root = TaskFolder(idle.application.files, task).root
    kept = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    assert kept == ["media/unpacked/00.jpg", "media/unpacked/01.jpg"]


def test_a_failure_removes_what_it_had_unpacked(idle: LocalServer) -> None:
    client = log_in(idle)
    task = new_task(client)
    attach(client, task, [("imgs.zip", zipped([("a.jpg", picture()), ("b.jpg", b"broken")]))])
    idle.application.queue.run_next()
    folder = TaskFolder(idle.application.files, task)
    assert not folder.media.exists()
    assert folder.names() == ["imgs.zip"]


def test_a_server_that_starts_again_goes_on(tmp_path: Path) -> None:
    with LocalServer(settings=Settings(data_dir=tmp_path, workers=0)) as first:
        client = log_in(first)
        task, half = new_task(client), new_task(client)
        attach(client, task, numbered(3))
        attach(client, half, numbered(1), {"Upload-Multiple": ""})
    with LocalServer(settings=Settings(data_dir=tmp_path)) as second:
        client = log_in(second)
        request_id = f"action=create&target=task&target_id={task}"
        created(client, (202, {"rq_id": request_id}))
        assert names_of(client, task) == ["00.jpg", "01.jpg", "02.jpg"]
        # An upload that was begun with the old server is finished with the new one.
        created(client, finish(client, half))
        assert names_of(client, half) == ["00.jpg"]
    with LocalServer(settings=Settings(data_dir=tmp_path)) as third:
        client = log_in(third)
        frame = client.get(
            f"/api/tasks/{task}/data", query={"type": "frame", "number": 2, "quality": "original"}
        )
        assert frame.data == numbered(3)[2][1]


def test_a_file_received_just_before_the_server_died(idle: LocalServer) -> None:
    client = log_in(idle)
    task = new_task(client)
    attach(client, task, numbered(1), {"Upload-Multiple": ""})
    uploads = TaskFolder(idle.application.files, task).tus
    received = uploads.create(1, len(picture()), {"filename": "sub/z.jpg"})
    received.path.write_bytes(picture())
    head = client.request("HEAD", f"/api/tasks/{task}/data/{received.file_id}")
    assert head.headers["Upload-Offset"] == head.headers["Upload-Length"]
    accepted = finish(client, task)
    idle.application.queue.run_next()
    created(client, accepted)
    assert names_of(client, task) == ["00.jpg", "sub/z.jpg"]


def test_a_frame_that_got_lost_is_named(idle: LocalServer) -> None:
    client = log_in(idle)
    task = new_task(client)
    attach(client, task, numbered(2))
    idle.application.queue.run_next()
    (TaskFolder(idle.application.files, task).uploads / "01.jpg").unlink()
    for query in ({"type": "chunk", "number": 0}, {"type": "frame", "number": 1}):
        answer = client.get(f"/api/tasks/{task}/data", query=query)
        assert answer.status == 500
        assert "'01.jpg': the file is missing" in answer.json()["detail"]
    original = {"type": "frame", "number": 1, "quality": "original"}
    answer = client.get(f"/api/tasks/{task}/data", query=original)
    assert answer.status == 500
    assert "'01.jpg' is missing" in answer.json()["detail"]
