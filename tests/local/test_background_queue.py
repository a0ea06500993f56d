"""Background work: each test drives a queue of its own, step by step where order matters."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select
from tests.lengths import short_and_long

from cvat_local.background.queue import Queue
from cvat_local.background.work import WorkContext, WorkFailed, WorkResult, Works
from cvat_local.http.errors import ApiError
from cvat_local.settings import Settings
from cvat_local.storage.engine import open_engine, reading, writing
from cvat_local.storage.files import DataFolder
from cvat_local.storage.migrate import upgrade
from cvat_local.storage.tables import Request, Task, User
from cvat_local.storage.types import utc_now


class Server:
    """A data folder with a queue, and a clock that only moves when it is told to."""

    def __init__(self, folder: Path, work: Works) -> None:
        self.files = DataFolder(folder)
        self.engine: Engine = open_engine(f"sqlite:///{folder}/test.sqlite3")
        upgrade(self.engine)
        self.time = datetime(2026, 1, 1, tzinfo=timezone.utc)
        with writing(self.engine) as db:
            if db.scalar(select(User)) is None:
                db.add(User(username="u"))
                db.add(Task(name="t"))
        settings = Settings(data_dir=folder)
        self.queue = Queue(settings, self.engine, self.files, [work], clock=lambda: self.time)

    def submit(self, **changes: Any) -> str:
        with writing(self.engine) as db:
            arguments: dict[str, Any] = {"action": "create", "target": "task", "target_id": 1}
            arguments.update(task_id=1, user=db.scalars(select(User)).one(), **changes)
            return self.queue.submit(db, **arguments).id

    def get(self, request_id: str) -> Request:
        with reading(self.engine) as db:
            return db.scalars(select(Request).where(Request.id == request_id)).one()

    def ids(self) -> list[str]:
        with reading(self.engine) as db:
            return list(db.scalars(select(Request.id)))


@pytest.fixture
def work() -> Works:
    return Works()


@pytest.fixture
def server(tmp_path: Path, work: Works) -> Iterator[Server]:
    server = Server(tmp_path / "data", work)
    yield server
    server.queue.stop()
    server.engine.dispose()


def test_a_request_is_queued_then_worked_on(server: Server, work: Works) -> None:
    seen: list[WorkContext] = []

    @work("create", "task")
    def create(context: WorkContext) -> None:
        seen.append(context)
        assert server.get(context.request_id).status == "started"

    server.queue.start(workers=0)
    request_id = server.submit(params={"files": ["a.png"]})
    assert server.get(request_id).status == "queued"
    server.time += timedelta(seconds=3)
    assert server.queue.run_next()
    assert not server.queue.run_next()
    request = server.get(request_id)
    assert (request.status, request.progress, request.message) == ("finished", 0.0, "")
    assert request.started_date == request.created_date + timedelta(seconds=3)
    assert request.expiry_date == server.time + timedelta(seconds=500)
    assert (seen[0].params, seen[0].task_id) == ({"files": ["a.png"]}, 1)


def test_worker_threads_take_what_is_submitted(tmp_path: Path, work: Works) -> None:
    done = threading.Event()

    @work("create", "task")
    def create(context: WorkContext) -> None:
        done.set()

    server = Server(tmp_path / "data", work)
    server.queue.start(workers=2)
    server.submit()
    assert done.wait(10)
    server.queue.stop()


def test_nothing_is_queued_by_a_rolled_back_session(server: Server) -> None:
    server.queue.start(workers=0)
    with pytest.raises(ZeroDivisionError), writing(server.engine) as db:
        user = db.scalars(select(User)).one()
        server.queue.submit(db, action="create", target="task", target_id=1, user=user)
        raise ZeroDivisionError
    assert not server.queue.run_next()


def test_the_same_work_is_not_queued_twice(server: Server, work: Works) -> None:
    @work("create", "task")
    def create(context: WorkContext) -> None:
        with pytest.raises(ApiError) as conflict:
            server.submit()
        assert conflict.value.status == 409

    server.queue.start(workers=0)
    request_id = server.submit()
    with pytest.raises(ApiError) as conflict:
        server.submit()
    assert (conflict.value.status, conflict.value.body) == (409, {"rq_id": request_id})
    server.queue.run_next()
    assert server.get(request_id).status == "finished"
    first_run = server.get(request_id).run
    assert server.submit() == request_id
    assert server.get(request_id).status == "queued"
    assert server.get(request_id).run != first_run


def test_exports_of_different_users_and_formats_are_different_work(server: Server) -> None:
    server.queue.start(workers=0)
    export = {"action": "export", "subresource": "dataset"}
    first = server.submit(**export, format="COCO 1.0")
    second = server.submit(**export, format="Datumaro 1.0")
    assert first.endswith("&user_id=1&format=COCO_1~0&subresource=dataset")
    assert sorted(server.ids()) == sorted([first, second])


def test_a_failure_has_a_message_for_the_user(server: Server, work: Works) -> None:
    @work("create", "task")
    def create(context: WorkContext) -> None:
        raise WorkFailed("There are no images in the archive.")

    @work("import", "task", "annotations")
    def load(context: WorkContext) -> None:
        raise KeyError("cat")

    server.queue.start(workers=0)
    expected = server.submit()
    unexpected = server.submit(action="import", subresource="annotations")
    while server.queue.run_next():
        pass
    failed = server.get(expected)
    assert (failed.status, failed.message) == ("failed", "There are no images in the archive.")
    assert failed.expiry_date == server.time + timedelta(days=365)
    assert server.get(unexpected).message == "KeyError: 'cat'"


def test_work_that_nobody_wrote_fails(server: Server) -> None:
    server.queue.start(workers=0)
    request_id = server.submit(action="export", subresource="backup")
    server.queue.run_next()
    assert server.get(request_id).status == "failed"


def test_progress_is_seen_while_the_work_goes_on(server: Server, work: Works) -> None:
    @work("create", "task")
    def create(context: WorkContext) -> None:
        context.progress(0.25, "Unpacking")
        request = server.get(context.request_id)
        assert server.queue.progress(request) == (0.25, "Unpacking")

    server.queue.start(workers=0)
    request_id = server.submit()
    server.queue.run_next()
    assert server.get(request_id).status == "finished"
    assert server.queue.progress(server.get(request_id)) == (0.0, "")


def test_a_result_file_is_kept_until_the_request_expires(server: Server, work: Works) -> None:
    @work("export", "task", "dataset")
    def export(context: WorkContext) -> WorkResult:
        path = context.result_folder / "out.zip"
        path.write_bytes(b"zip")
        return WorkResult(path=path, filename="task_1.zip")

    server.queue.start(workers=0)
    request_id = server.submit(action="export", subresource="dataset", format="COCO 1.0")
    server.queue.run_next()
    request = server.get(request_id)
    assert request.result_path is not None
    assert server.files.absolute(request.result_path).read_bytes() == b"zip"
    assert request.result_filename == "task_1.zip"
    server.time += timedelta(hours=23, minutes=59)
    server.queue.clean_up()
    assert server.files.absolute(request.result_path).exists()
    server.time += timedelta(minutes=1)
    server.queue.clean_up()
    assert server.ids() == []
    assert list(server.files.results.iterdir()) == []


def test_cancelled_work_is_not_begun(server: Server, work: Works) -> None:
    @work("create", "task")
    def create(context: WorkContext) -> None:
        raise AssertionError("was cancelled")

    server.queue.start(workers=0)
    server.submit()
    with writing(server.engine) as db:
        db.execute(delete(Request))
    assert server.queue.run_next()
    assert server.ids() == []


def test_a_stale_entry_does_not_begin_work_that_was_asked_for_anew(
    server: Server, work: Works
) -> None:
    runs: list[str] = []

    @work("create", "task")
    def create(context: WorkContext) -> None:
        runs.append(server.get(context.request_id).run)

    server.queue.start(workers=0)
    server.submit()
    with writing(server.engine) as db:
        db.execute(delete(Request))
    request_id = server.submit()
    while server.queue.run_next():
        pass
    assert runs == [server.get(request_id).run]


def test_work_for_a_deleted_task_leaves_nothing(server: Server, work: Works) -> None:
    @work("create", "task")
    def create(context: WorkContext) -> None:
        with context.session() as db:
            db.execute(delete(Task))
        (context.files.task(1) / "late.png").touch()

    server.queue.start(workers=0)
    server.submit()
    server.queue.run_next()
    assert server.ids() == []
    assert not server.files.task_folder(1).exists()


def test_stopping_gives_work_up_and_queues_it_again(tmp_path: Path, work: Works) -> None:
    begun = threading.Event()
    attempts: list[int] = []

    server = Server(tmp_path / "data", work)

    @work("create", "task")
    def create(context: WorkContext) -> None:
        attempts.append(server.get(context.request_id).attempts)
        begun.set()
        while len(attempts) == 1:
            context.progress(0.5)

    server.queue.start(workers=1)
    request_id = server.submit()
    assert begun.wait(10)
    server.queue.stop()
    assert server.get(request_id).status == "queued"

    server.queue.start(workers=0)
    assert server.queue.run_next()
    assert server.get(request_id).status == "finished"
    assert attempts == [1, 1]
    server.queue.stop()


def test_servers_in_one_process_do_not_share_work(tmp_path: Path) -> None:
    done: list[str] = []
    servers = []
    for name in ("first", "second"):
        work = Works()
        work("create", "task")(lambda context: done.append(context.files.root.name))
        servers.append(Server(tmp_path / name, work))
    for server in servers:
        server.queue.start(workers=0)
    servers[1].submit()
    assert not servers[0].queue.run_next()
    assert servers[1].queue.run_next()
    assert done == ["second"]


# --- crashes ---------------------------------------------------------------------------------------


def killed_while(folder: Path, line: str, *, times: int = 1, works: str = "slow") -> None:
    """Run a server in a process of its own and kill it when it has printed ``line`` so often."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.local.test_background_queue", str(folder), works],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        for _ in range(times):
            assert process.stdout.readline() == line + "\n"
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def slow_work(report: Callable[[str], None]) -> Works:
    work = Works()

    @work("create", "task")
    def create(context: WorkContext) -> None:
        (context.result_folder / "half").touch()
        report("working")
        threading.Event().wait()

    return work


def quick_work(report: Callable[[str], None]) -> Works:
    work = Works()

    @work("create", "task")
    def create(context: WorkContext) -> None:
        report("working")
        context.progress(0.5)

    return work


def test_work_of_a_killed_server_is_done_by_the_next_one(tmp_path: Path, work: Works) -> None:
    killed_while(tmp_path / "data", "working")

    @work("create", "task")
    def create(context: WorkContext) -> None:
        assert list(context.result_folder.iterdir()) == []

    server = Server(tmp_path / "data", work)
    assert {server.get(request_id).status for request_id in server.ids()} == {"started", "queued"}
    server.queue.start(workers=0)
    while server.queue.run_next():
        pass
    requests = [server.get(request_id) for request_id in server.ids()]
    assert [request.status for request in requests] == ["finished", "finished"]
    assert sorted(request.attempts for request in requests) == [1, 2]
    server.queue.stop()


def test_work_that_kills_the_server_twice_is_not_tried_again(tmp_path: Path, work: Works) -> None:
    killed_while(tmp_path / "data", "working")
    killed_while(tmp_path / "data", "working")
    server = Server(tmp_path / "data", work)
    server.queue.start(workers=0)
    failed = server.get("action=create&target=task&target_id=1")
    assert failed.status == "failed"
    assert "stopped 2 times" in failed.message
    server.queue.stop()


@pytest.mark.parametrize("times", short_and_long(3, 1, 2, *range(4, 21)))
def test_a_kill_at_any_moment_loses_no_request(tmp_path: Path, work: Works, times: int) -> None:
    killed_while(tmp_path / "data", "working", times=times, works="quick")

    @work("create", "task")
    def create(context: WorkContext) -> None:
        pass

    server = Server(tmp_path / "data", work)
    server.queue.start(workers=0)
    while server.queue.run_next():
        pass
    requests = [server.get(request_id) for request_id in server.ids()]
    assert [request.status for request in requests] == ["finished"] * QUICK
    assert sorted(request.attempts for request in requests)[:-1] == [1] * (QUICK - 1)
    server.queue.stop()


QUICK = 20
"""Requests in the process that does them quickly."""

if __name__ == "__main__":
    works = {"slow": slow_work, "quick": quick_work}[sys.argv[2]]
    process = Server(Path(sys.argv[1]), works(lambda line: print(line, flush=True)))
    process.time = utc_now()
    if not process.ids():
        for number in range(1, (2 if sys.argv[2] == "slow" else QUICK) + 1):
            process.submit(target_id=number)
            process.time += timedelta(seconds=1)
    process.queue.start(workers=1)
    threading.Event().wait()
