"""The server inside a process."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import urllib3
from tests.local.conftest import Client, account_with_key
from tests.local.media_samples import picture, task_of

from cvat_local.embedded import LocalServer, listener_url, open_listener


def account(server: LocalServer) -> dict[str, object]:
    headers = urllib3.make_headers(basic_auth=f"{server.username}:{server.password}")
    response = urllib3.request("GET", f"{server.url}/api/users/self", headers=headers)
    assert response.status == 200, response.data
    body: dict[str, object] = response.json()
    return body


def administrator(server: LocalServer) -> Client:
    return Client(server.url, *account_with_key(server, server.username, ()))


def test_a_temporary_folder_is_removed_and_the_port_is_free_again() -> None:
    server = LocalServer()
    with server:
        folder = server.application.settings.data_dir
        assert folder.is_dir()
        assert account(server)["is_superuser"] is True
        port = int(server.url.rpartition(":")[2])
    assert not folder.exists()
    open_listener("127.0.0.1", port).close()
    with pytest.raises(RuntimeError):
        _ = server.url


def test_a_given_folder_is_kept_and_used_again(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with LocalServer(folder, admin=("root", "first password")) as server:
        first = account(server)
    with LocalServer(folder, admin=("root", "other password")) as server:
        assert account(server)["id"] == first["id"]


@pytest.mark.parametrize(
    "name",
    ["50%41 %(here)s %d", "why?mode=memory", "a#b", 'it\'s "mine"', "naïve 日本 é", "a;b&c+d"],
)
def test_everything_is_kept_in_the_folder_that_was_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "data"
    with LocalServer(folder) as server:
        client = administrator(server)
        task = task_of(client, [("a.jpg", picture())])
        before = account(server)
        assert client.get(f"/api/tasks/{task}/data?type=frame&number=0&quality=original").data
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert {path.name for path in folder.glob("*.sqlite3")} == {"cvat.sqlite3", "queue.sqlite3"}
    with closing(sqlite3.connect(folder / "cvat.sqlite3")) as database:
        assert database.execute("SELECT id FROM task").fetchall() == [(task,)]
    with closing(sqlite3.connect(folder / "queue.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM task").fetchone() == (0,)
    with LocalServer(folder) as server:
        assert account(server)["id"] == before["id"]
        assert administrator(server).get(f"/api/tasks/{task}").status == 200


def test_several_servers_do_not_know_each_other() -> None:
    with LocalServer() as one, LocalServer() as other:
        assert one.url != other.url
        assert one.password != other.password
        headers = urllib3.make_headers(basic_auth=f"admin:{one.password}")
        response = urllib3.request("GET", f"{other.url}/api/users/self", headers=headers)
        assert response.status == 401


def test_as_an_async_context_manager() -> None:
    async def use() -> str:
        async with LocalServer() as server:
            return str((await asyncio.to_thread(account, server))["username"])

    assert asyncio.run(use()) == "admin"


def test_it_can_be_started_again_and_leaves_no_threads() -> None:
    threads = threading.active_count()
    server = LocalServer()
    for _ in range(2):
        server.start()
        assert account(server)["username"] == "admin"
        with pytest.raises(RuntimeError):
            server.start()
        server.stop()
        server.stop()
    assert threading.active_count() <= threads


def test_a_port_that_is_taken() -> None:
    with open_listener("127.0.0.1", 0) as taken, pytest.raises(OSError):
        LocalServer(port=taken.getsockname()[1]).start()


def test_a_start_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with LocalServer(tmp_path), pytest.raises(RuntimeError, match="Another server"):
        LocalServer(tmp_path).start()
    with pytest.raises(ValueError, match="allowed"):
        LocalServer(tmp_path, admin=("not a name", "x")).start()
    with LocalServer(tmp_path) as server:
        assert account(server)


def test_the_url_of_a_server_for_all_addresses() -> None:
    with open_listener("0.0.0.0", 0) as listener:
        assert listener_url(listener).startswith("http://127.0.0.1:")


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
