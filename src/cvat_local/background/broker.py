"""The line in which requests wait for a worker, kept by huey, and the worker threads.

What huey stores is only the order; whether there is something to do is decided by the request's row.
The threads are ours: huey's own consumer is a program that handles signals and polls with pauses of
up to seconds, and several of ours live quietly in somebody's test.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from huey import RedisHuey, SqliteHuey
from huey.api import Huey
from huey.registry import Message
from huey.serializer import Serializer

logger = logging.getLogger(__name__)

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
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

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
        stopping = self._stopping = threading.Event()
        # Daemons, so that work that does not end cannot keep the program from ending.
        self._threads = [
            threading.Thread(
                target=self._work, args=(stopping,), name=f"worker-{number + 1}", daemon=True
            )
            for number in range(workers)
        ]
        self._threads.append(
            threading.Thread(
                target=self._keep_house, args=(stopping,), name="housekeeping", daemon=True
            )
        )
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float) -> None:
        """End the worker threads; those still busy after ``timeout`` seconds are left behind."""
        self._stopping.set()
        self._entries.release(max(1, len(self._threads)))
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._threads = []
        self._huey.storage.close()

    def _work(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                idle = not self.run_next()
            except Exception:
                logger.exception("the queue of background work cannot be read; trying again")
                idle = True
            if idle:
                self._entries.acquire(timeout=_POLL)

    def _keep_house(self, stopping: threading.Event) -> None:
        while not stopping.wait(_HOUSEKEEPING):
            try:
                self._housekeeping()
            except Exception:
                logger.exception("housekeeping failed; it is tried again later")


def _open(path: Path, url: str | None) -> Huey:
    common = {"results": False, "serializer": _JsonSerializer()}
    if url is not None:
        if importlib.util.find_spec("redis") is None:
            raise ImportError("A queue in Redis needs the package redis: pip install redis")
        return RedisHuey("cvat-local", url=url, **common)
    # Losing the line in a power cut is harmless: it is made anew from the requests at start.
    return SqliteHuey("cvat-local", filename=str(path), fsync=False, timeout=30, **common)


class _JsonSerializer(Serializer):  # type: ignore[misc]  # huey has no type annotations
    """Messages as JSON: reading pickles would run whatever someone else put into the line."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))
