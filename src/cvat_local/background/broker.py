"""The line in which requests wait for a worker, and the worker threads: huey, embedded.

What huey stores is only the order; whether there is something to do is decided by the request's row.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import RedisHuey, SqliteHuey
from huey.api import Huey
from huey.consumer import Consumer, Scheduler, Worker
from huey.registry import Message
from huey.serializer import Serializer

_POLL = 1.0
"""Seconds between looks at the line for entries of other processes; own ones wake a worker."""
_HOUSEKEEPING = 60.0
"""Seconds between two rounds of housekeeping."""


class Broker:
    """A durable line of ``(request id, run)`` pairs with threads that take from it.

    Args:
        path: SQLite file of the line.
        url: URL of a Redis server to use in its place.
        handle: Called with each pair, in a worker thread; must not raise.
        housekeeping: Called about once a minute while workers run.
    """

    def __init__(
        self,
        path: Path,
        url: str | None,
        *,
        handle: Callable[[str, str], None],
        housekeeping: Callable[[], None],
    ) -> None:
        self._huey = _open(path, url)
        self._housekeeping = housekeeping
        self._entries = threading.Semaphore(0)
        self._consumer: _Consumer | None = None

        def work_on(request_id: str, run: str) -> None:
            handle(request_id, run)

        self._enter = self._huey.task(name="request")(work_on)

    def put(self, request_id: str, run: str) -> None:
        """Append a pair and wake a worker of this process."""
        self._enter(request_id, run)
        self._entries.release()

    def clear(self) -> None:
        """Forget all pairs."""
        self._huey.storage.flush_queue()

    def run_next(self) -> bool:
        """Work on the first pair in the calling thread; False when nobody waits."""
        entry = self._huey.dequeue()
        if entry is None:
            return False
        self._huey.execute(entry)
        return True

    def start(self, workers: int) -> None:
        """Start the worker threads."""
        self._consumer = _Consumer(self._huey, workers, self._entries, self._housekeeping)
        self._consumer.start()

    def stop(self, timeout: float) -> None:
        """End the worker threads; those still busy after ``timeout`` seconds are left behind."""
        if self._consumer is not None:
            self._consumer.shutdown_timeout = timeout
            self._consumer.stop_flag.set()
            self._entries.release(self._consumer.workers)
            self._consumer.stop(graceful=True)
            self._consumer = None
        self._huey.storage.close()


def _open(path: Path, url: str | None) -> Huey:
    common = {"results": False, "serializer": _JsonSerializer()}
    if url is not None:
        return RedisHuey("cvat-local", url=url, **common)
    # Losing the line in a power cut is harmless: it is made anew from the requests at start.
    return SqliteHuey("cvat-local", filename=str(path), fsync=False, timeout=30, **common)


class _JsonSerializer(Serializer):  # type: ignore[misc]  # huey has no type annotations
    """Messages as JSON: reading pickles would run whatever someone else put into the line."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no type annotations
    """A consumer that lives inside another program."""

    def __init__(
        self,
        huey: Huey,
        workers: int,
        entries: threading.Semaphore,
        housekeeping: Callable[[], None],
    ) -> None:
        self._entries = entries
        self._housekeeping = housekeeping
        super().__init__(huey, workers=workers, periodic=False, check_worker_health=False)

    def _set_signal_handlers(self) -> None:
        """Signals belong to the program around us."""

    def _create_worker(self) -> _Worker:
        worker = _Worker(self.huey, self.stop_flag, _POLL, _POLL, 1.0)
        worker.entries = self._entries
        return worker

    def _create_scheduler(self) -> _Housekeeper:
        housekeeper = _Housekeeper(self.huey, self.stop_flag, 1, False)
        housekeeper.action = self._housekeeping
        return housekeeper


class _Worker(Worker):  # type: ignore[misc]  # huey has no type annotations
    entries: threading.Semaphore

    def sleep(self) -> None:
        if not self.stop_flag.is_set():
            self.entries.acquire(timeout=self.delay)


class _Housekeeper(Scheduler):  # type: ignore[misc]  # huey has no type annotations
    """Takes the place of huey's scheduler: nothing is ever scheduled here."""

    action: Callable[[], None]

    def loop(self, now: Any = None) -> None:
        if not self.stop_flag.wait(_HOUSEKEEPING):
            try:
                self.action()
            except Exception:
                self._logger.exception("housekeeping failed; it is tried again later")
