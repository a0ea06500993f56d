"""Threads for several calls at a time, which neither hold up the end of a program nor outlive what they are for."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from cvat_sdk.api_client.runtime.calling_off import Calls

Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")

_Work = tuple[Future[Any], Callable[[], Any]]

# Seconds for calls that are broken off to end. What takes longer does something else than to wait for a server.
_PATIENCE = 0.5


class Workers(Executor):
    """An executor of threads whose calls can be broken off.

    The threads of `concurrent.futures.ThreadPoolExecutor` are waited for when a program ends, by Ctrl-C as well,
    and each may wait for a server for minutes.

    Args:
        most: Threads at most; they are started as they are needed.
        name: Beginning of their names.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._calls = Calls()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._left = 0
        """Of what was submitted, what has not ended."""
        self._is_shut = False

    def submit(
        self, fn: Callable[Arguments, Value], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Value]:
        """`concurrent.futures.Executor.submit`."""
        future: Future[Value] = Future()
        with self._lock:
            if self._is_shut:
                raise RuntimeError("no calls can be submitted after a shutdown")
            self._left += 1
            if len(self._threads) < min(self._left, self._most):
                name = f"{self._name}_{len(self._threads)}"
                thread = threading.Thread(target=self._run, name=name, daemon=True)
                thread.start()
                self._threads.append(thread)
            self._queue.put((future, lambda: fn(*args, **kwargs)))
        return future

    def _run(self) -> None:
        with self._calls.made_here():
            while (work := self._queue.get()) is not None:
                future, call = work
                if future.set_running_or_notify_cancel():
                    try:
                        future.set_result(call())
                    except BaseException as error:  # for who asks for the result
                        future.set_exception(error)
                with self._lock:
                    self._left -= 1
                del future, call, work  # what they hold is not to stay until there is more work
        self._queue.put(None)  # for the next one

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """`concurrent.futures.Executor.shutdown`."""
        with self._lock:
            if not self._is_shut:
                self._is_shut = True
                self._queue.put(None)
        if cancel_futures:
            self._cancel_waiting()
        if wait:
            for thread in self._threads:
                thread.join()

    def stop(self) -> None:
        """Break off the calls that wait for a server, cancel those that have not begun, and take no more."""
        self.shutdown(wait=False)
        self._cancel_waiting()
        self._calls.call_off()
        end = time.monotonic() + _PATIENCE
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, end - time.monotonic()))

    def _cancel_waiting(self) -> None:
        with contextlib.suppress(Empty):
            while (work := self._queue.get_nowait()) is not None:
                work[0].cancel()
        self._queue.put(None)  # this is called after a shutdown
