"""Background work of one server: submitting, working, progress, recovery, cleaning up."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cvat_local.background import states
from cvat_local.background.broker import Broker
from cvat_local.background.ids import RequestId
from cvat_local.background.work import (
    Abandoned,
    WorkContext,
    WorkFailed,
    WorkFunction,
    WorkName,
    WorkResult,
    Works,
)
from cvat_local.http.errors import ApiError
from cvat_local.storage.engine import after_commit, reading, writing
from cvat_local.storage.files import DataFolder
from cvat_local.storage.full import MESSAGE as FULL
from cvat_local.storage.full import is_disk_full
from cvat_local.storage.tables import Request, Task, User
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cvat_local.settings import Settings

logger = logging.getLogger(__name__)

_LOOK_AGAIN = 1.0
"""Seconds between two looks of running work whether somebody still waits for it."""


class Queue:
    """The background work of one server.

    Args:
        settings: Choices for the server; ``queue_url`` is the Redis server to queue by, if there is one.
        engine: Database of the requests.
        files: Folder of the results and, without Redis, of the queue itself.
        works: Work functions of all modules.
        clock: The current time in UTC, for tests that cannot wait for requests to expire.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        files: DataFolder,
        works: Iterable[Works],
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._files = files
        self._works = list(works)
        self._functions: dict[WorkName, WorkFunction] = {}
        self._clock = clock
        self._stopping = threading.Event()
        self._progress: dict[str, tuple[float, str]] = {}
        self._broker = Broker(
            files.root / "queue.sqlite3",
            settings.queue_url,
            handle=self._handle,
            housekeeping=self.clean_up,
        )

    def now(self) -> datetime:
        """The time by which requests start and expire."""
        return self._clock()

    # --- for handlers -----------------------------------------------------------------------------

    def submit(
        self,
        db: Session,
        *,
        action: str,
        target: str,
        user: User,
        target_id: int | None = None,
        subresource: str | None = None,
        format: str | None = None,
        params: dict[str, Any] | None = None,
        project_id: int | None = None,
        task_id: int | None = None,
        job_id: int | None = None,
        organization_id: int | None = None,
        lightweight: bool = False,
    ) -> Request:
        """Ask for work; it begins after ``db`` has been committed.

        The ids of the projects, tasks and jobs that the work is about are all given, down from the
        project: the request disappears with any of them. Without ``target_id`` the target does not
        exist yet, and the request gets a made-up id.

        Raises:
            ApiError: 409 ``{"rq_id"}`` when the same work is waiting or under way.
        """
        # Each user's export is a file of their own; other work is the same whoever asks for it.
        private = action == "export"
        request_id = str(
            RequestId(
                action=action,
                target=target,
                target_id=target_id,
                id=str(uuid.uuid4()) if target_id is None else None,
                user_id=user.id if private else None,
                format=format,
                lightweight=lightweight,
                subresource=subresource,
            )
        )
        conflict = ApiError(409, {"rq_id": request_id})
        previous = db.get(Request, request_id, with_for_update=True)
        if previous is not None:
            if previous.status in states.UNDER_WAY:
                raise conflict
            db.delete(previous)
            db.flush()
        request = Request(
            id=request_id,
            run=uuid.uuid4().hex,
            status=states.QUEUED,
            action=action,
            target=target,
            subresource=subresource,
            format=format,
            params=params or {},
            user_id=user.id,
            private=private,
            lightweight=lightweight,
            organization_id=organization_id,
            project_id=project_id,
            task_id=task_id,
            job_id=job_id,
            created_date=self._clock(),
        )
        try:
            with db.begin_nested():
                db.add(request)
        except IntegrityError:
            # Somebody else asked at the same moment (with a database that has several writers).
            raise conflict from None
        after_commit(db, partial(self._broker.put, request.id, request.run))
        return request

    def progress(self, request: Request) -> tuple[float, str]:
        """How far a request is, from 0 to 1, and what it is doing or why it failed."""
        live = self._progress.get(request.run)
        if request.status == states.STARTED and live is not None:
            return live
        return request.progress, request.message

    # --- life -------------------------------------------------------------------------------------

    def start(self, workers: int) -> None:
        """Pick up what an earlier server left, and start the worker threads.

        Args:
            workers: Number of threads; 0: work is done by `run_next` alone.
        """
        for module in self._works:
            self._functions.update(module.functions)
        self._stopping.clear()
        self._broker.clear()
        self.clean_up()
        with writing(self._engine) as db:
            for request in states.recover(db, self._clock()):
                # A thread of an earlier server in this process may still be busy with the old run.
                request.run = uuid.uuid4().hex
                after_commit(db, partial(self._broker.put, request.id, request.run))
        if workers:
            self._broker.start(workers)

    def stop(self, timeout: float = 5.0) -> None:
        """End the workers. Work under way is given up at its next report, and queued again."""
        self._stopping.set()
        self._broker.stop(timeout)

    def run_next(self) -> bool:
        """Do the next work in the calling thread; False when there is none."""
        return self._broker.run_next()

    def clean_up(self) -> None:
        """Remove expired requests, and result files that no request has."""
        with reading(self._engine) as db:
            expired = [(request.id, request.run) for request in states.expired(db, self._clock())]
        if expired:
            with writing(self._engine) as db:
                for request_id, run in expired:
                    db.execute(delete(Request).where(Request.id == request_id, Request.run == run))
        self._discard_orphans()

    def discard_after_commit(self, db: Session) -> None:
        """Remove the results of requests that the current transaction of ``db`` takes away.

        They go with the task, job or project that they are about.
        """
        after_commit(db, self._discard_orphans)

    def _discard_orphans(self) -> None:
        """Remove result files that no request has."""
        # Listed before the query: what is made in between belongs to a request that is in it.
        folders = list(self._files.results.iterdir())
        with reading(self._engine) as db:
            runs = set(db.scalars(select(Request.run)))
        for folder in folders:
            if folder.name not in runs:
                self._files.discard(folder)

    # --- working ----------------------------------------------------------------------------------

    def _handle(self, request_id: str, run: str) -> None:
        with writing(self._engine) as db:
            request = states.start(db, request_id, run, self._clock())
        if request is None:
            return
        try:
            result = self._function(request)(self._context(request))
        except Abandoned:
            with writing(self._engine) as db:
                states.put_back(db, request_id, run)
        except WorkFailed as error:
            self._fail(request, str(error))
        except Exception as error:
            logger.exception("request %s failed", request_id)
            text = FULL if is_disk_full(error) else f"{type(error).__name__}: {error}"
            self._fail(request, text)
        else:
            self._finish(request, result or WorkResult())
        finally:
            self._progress.pop(run, None)
            self._forget_deleted_task(request)

    def _function(self, request: Request) -> WorkFunction:
        name = WorkName(request.action, request.target, request.subresource)
        if name not in self._functions:
            raise WorkFailed(f"This server cannot do {request.action} of {request.target} yet.")
        return self._functions[name]

    def _context(self, request: Request) -> WorkContext:
        result_folder = self._files.results / request.run
        # What an interrupted first attempt left there is not part of the result.
        self._files.discard(result_folder)
        result_folder.mkdir(mode=0o700)
        return WorkContext(
            settings=self._settings,
            engine=self._engine,
            files=self._files,
            request_id=request.id,
            params=request.params,
            user_id=request.user_id,
            project_id=request.project_id,
            task_id=request.task_id,
            job_id=request.job_id,
            format=request.format,
            result_folder=result_folder,
            report=self._reporter(request),
        )

    def _reporter(self, request: Request) -> Callable[[float, str], None]:
        look_again = time.monotonic() + _LOOK_AGAIN

        def report(fraction: float, message: str) -> None:
            nonlocal look_again
            self._progress[request.run] = (min(max(fraction, 0.0), 1.0), message)
            if self._stopping.is_set():
                raise Abandoned
            if time.monotonic() >= look_again:
                look_again = time.monotonic() + _LOOK_AGAIN
                with reading(self._engine) as db:
                    if db.scalar(select(Request.run).where(Request.run == request.run)) is None:
                        raise Abandoned

        return report

    def _forget_deleted_task(self, request: Request) -> None:
        """Remove files that work wrote for a task after it had been deleted."""
        if request.task_id is None:
            return
        with reading(self._engine) as db:
            gone = db.get(Task, request.task_id) is None
        if gone:
            self._files.discard(self._files.task_folder(request.task_id))

    def _finish(self, request: Request, result: WorkResult) -> None:
        path = None if result.path is None else self._files.relative(result.path)
        with writing(self._engine) as db:
            states.finish(
                db,
                request.id,
                request.run,
                self._clock(),
                result_path=path,
                result_filename=result.filename,
                result_id=result.id,
            )

    def _fail(self, request: Request, message: str) -> None:
        with writing(self._engine) as db:
            states.fail(db, request.id, request.run, self._clock(), message)
