"""The kinds of call that meet the faults, each with what it leaves on the server."""

from __future__ import annotations

import io
import itertools
import shutil
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from tests.e2e.work import image_file, upload, wait
from tests.faults.proxy import FaultProxy
from tests.processes import PASSWORD, ServerProcess

from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.core.progress import NullProgressReporter
from cvat_sdk.core.requests import export_dataset, wait_for_request
from cvat_sdk.core.uploading import upload_files

PATIENCE = 30
"""Seconds of limit where an answer comes to its end: only a machine that stands still runs into it."""
ACCOUNT = {"username": "admin", "password": PASSWORD}


class Bench:
    """A real server with a task of one image, the proxy before it, and a client that goes round the proxy.

    Args:
        server: The server.
        proxy: The proxy before it.
        certificates: Folder of ``expired.pem``, which clients are told to trust.
    """

    def __init__(self, server: ServerProcess, proxy: FaultProxy, certificates: Path) -> None:
        self.proxy = proxy
        self.certificates = certificates
        self._names = itertools.count()
        self.direct = ApiClient(Configuration(host=server.url))
        self.key: str = self.direct.auth_api.create_login(ACCOUNT)[0].key
        self.credentials = {"tokenAuth": f"Token {self.key}"}
        self.direct.configuration.api_key.update(self.credentials)
        task, _ = self.direct.tasks_api.create({"name": "base", "labels": [{"name": "car"}]})
        self.task: Any = upload(self.direct, task.id, ["one.jpg"])
        self.request_id: str = self.direct.requests_api.list(task_id=self.task.id)[0].results[0].id
        self.chunk = self._chunk()

    def new_name(self) -> str:
        """A name that nothing has yet."""
        return f"thing {next(self._names)}"

    def new_task(self) -> int:
        """The id of a task without data."""
        return int(self.direct.tasks_api.create({"name": self.new_name()})[0].id)

    def close(self) -> None:
        """Close the client that goes round the proxy."""
        self.direct.close()

    def _chunk(self) -> bytes:
        job = self.direct.jobs_api.list(task_id=self.task.id)[0].results[0]
        self.job_id: int = job.id
        _, answer = self.direct.jobs_api.retrieve_data(
            job.id, type="chunk", number=0, quality="original", _parse_response=False
        )
        return bytes(answer.read())


@dataclass
class Call:
    """One call, made once.

    A subclass is a kind of call: `make` makes it and fails when what it gives is wrong.
    """

    bench: Bench
    folder: Path
    """For files of its own."""

    name: ClassVar[str]
    on: ClassVar[str]
    """Regular expression for method and path of the requests that meet the fault."""
    once: ClassVar[str | None] = None
    """The same for those that the server must not get twice; None: repeating them changes nothing."""
    repeats: ClassVar[bool] = False
    """Whether a client may repeat those requests when it does not know what became of them."""
    saves: ClassVar[bool] = False
    """Whether its result is a file, of whatever content."""

    stopped: threading.Event = field(default_factory=threading.Event)
    """Set when the caller has given up."""

    def __post_init__(self) -> None:
        """Make what the call is about."""

    def make(self, client: ApiClient) -> None:
        """Make the call; AssertionError when its result is not what it has to be."""
        raise NotImplementedError

    def effects(self) -> int | None:
        """How often the server shows that it did it; None where there is nothing to see."""
        return None


class Read(Call):
    name = "read"
    repeats = True
    on = "^GET /api/tasks/"

    def make(self, client: ApiClient) -> None:
        task, _ = client.tasks_api.retrieve(self.bench.task.id)
        assert (task.id, task.name, task.size) == (self.bench.task.id, "base", 1)


class List(Call):
    name = "list"
    repeats = True
    on = r"^GET /api/tasks\?"

    def make(self, client: ApiClient) -> None:
        page, _ = client.tasks_api.list(name="base", page_size=10)
        assert [task.id for task in page.results] == [self.bench.task.id]
        assert page.count == 1


class Create(Call):
    name = "create"
    on = once = "^POST /api/tasks$"

    def __post_init__(self) -> None:
        self.called = self.bench.new_name()

    def make(self, client: ApiClient) -> None:
        task, _ = client.tasks_api.create({"name": self.called, "labels": [{"name": "car"}]})
        assert task.name == self.called
        assert task.id > self.bench.task.id

    def effects(self) -> int | None:
        return int(self.bench.direct.tasks_api.list(name=self.called)[0].count)


class Patch(Call):
    name = "patch"
    on = once = "^PATCH /api/tasks/"

    def __post_init__(self) -> None:
        self.task = self.bench.new_task()
        self.called = self.bench.new_name()

    def make(self, client: ApiClient) -> None:
        task, _ = client.tasks_api.partial_update(
            self.task, patched_task_write_request={"name": self.called}
        )
        assert (task.id, task.name) == (self.task, self.called)

    def effects(self) -> int | None:
        return int(self.bench.direct.tasks_api.retrieve(self.task)[0].name == self.called)


class MultipartUpload(Call):
    name = "multipart upload"
    on = once = "^POST /api/tasks/[0-9]+/data"

    def __post_init__(self) -> None:
        self.task = self.bench.new_task()

    def make(self, client: ApiClient) -> None:
        result, _ = client.tasks_api.create_data(
            self.task,
            data_request={"image_quality": 70, "client_files": [image_file("one.jpg")]},
            _content_type="multipart/form-data",
        )
        assert result.rq_id.endswith(f"id={self.task}") or str(self.task) in result.rq_id

    def effects(self) -> int | None:
        return int(self.bench.direct.requests_api.list(task_id=self.task)[0].count)


class TusUpload(Call):
    """A file that is too large for one request; its pieces meet the fault."""

    name = "TUS upload"
    repeats = True
    on = "^PATCH /api/tasks/[0-9]+/data/"

    def __post_init__(self) -> None:
        self.task = self.bench.new_task()

    def make(self, client: ApiClient) -> None:
        rq_id = upload_files(client, self.task, [image_file("one.jpg")], batch_bytes=100)
        assert rq_id is not None
        assert str(self.task) in rq_id
        wait(self.bench.direct, rq_id)
        frames, _ = self.bench.direct.tasks_api.retrieve_data_meta(self.task)
        assert [frame.name for frame in frames.frames] == ["one.jpg"]
        # Sent as it is, to the last byte.
        _, answer = self.bench.direct.tasks_api.retrieve_data(
            self.task, type="frame", number=0, quality="original", _parse_response=False
        )
        assert answer.read() == image_file("one.jpg").read()

    def effects(self) -> int | None:
        return int(self.bench.direct.requests_api.list(task_id=self.task)[0].count)


class Download(Call):
    name = "download"
    repeats = True
    on = "^GET /api/jobs/[0-9]+/data"
    saves = True

    def make(self, client: ApiClient) -> None:
        file, _ = client.jobs_api.retrieve_data(
            self.bench.job_id, type="chunk", number=0, quality="original"
        )
        with file:
            content = file.read()
        shutil.rmtree(Path(file.name).parent)  # it is the caller's
        assert content == self.bench.chunk


class _Patience(NullProgressReporter):
    """A caller who stops a download that is larger than it can be: files have no limit."""

    def __init__(self, stopped: threading.Event) -> None:
        super().__init__()
        self._stopped = stopped
        self._count = 0

    def advance(self, delta: int) -> None:
        self._count += delta
        if self._count > 1_000_000:
            self._stopped.set()


class Export(Call):
    """The download of what has been exported meets the fault."""

    name = "export + download"
    repeats = True
    on = "^GET /api/tasks/[0-9]+/dataset/download"
    once = "^POST /api/tasks/[0-9]+/dataset/export"
    saves = True

    def make(self, client: ApiClient) -> None:
        path = export_dataset(
            client.tasks_api,
            self.bench.task.id,
            "COCO 1.0",
            self.folder / "out.zip",
            pbar=_Patience(self.stopped),
            cancel=self.stopped,
        )
        assert path == self.folder / "out.zip"
        content = path.read_bytes()
        path.unlink()  # it is the caller's
        assert zipfile.is_zipfile(io.BytesIO(content)), content[:20]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            assert "images/default/one.jpg" in archive.namelist()


class StartExport(Call):
    name = "start of an export"
    on = once = "^POST /api/tasks/[0-9]+/dataset/export"

    def __post_init__(self) -> None:
        """While an export is under way, another one is refused."""
        page, _ = self.bench.direct.requests_api.list(task_id=self.bench.task.id, action="export")
        for request in page.results:
            wait(self.bench.direct, request.id)

    def make(self, client: ApiClient) -> None:
        result, _ = client.tasks_api.create_dataset_export(
            "COCO 1.0", self.bench.task.id, save_images=True
        )
        assert result.rq_id


class Login(Call):
    """The API description says that it may be repeated."""

    name = "login"
    repeats = True
    on = "^POST /api/auth/login"

    def make(self, client: ApiClient) -> None:
        client.configuration.api_key.clear()
        auth, _ = client.auth_api.create_login(ACCOUNT)
        assert len(auth.key) == 40
        assert client.cookies["sessionid"].value


class Wait(Call):
    """A background request that has ended already: what is tried is a poll that fails."""

    name = "wait"
    repeats = True
    on = "^GET /api/requests/"

    def make(self, client: ApiClient) -> None:
        found = wait_for_request(client, self.bench.request_id, timeout=PATIENCE)
        assert (found.id, str(found.status)) == (self.bench.request_id, "finished")


CALLS: dict[str, type[Call]] = {
    kind.name: kind
    for kind in (
        Read,
        List,
        Create,
        Patch,
        MultipartUpload,
        TusUpload,
        Download,
        StartExport,
        Export,
        Login,
        Wait,
    )
}
