"""The threads of asynchronous calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from multiprocessing import pool
from multiprocessing.pool import AsyncResult
from typing import Any
from weakref import WeakSet


class ThreadPool(pool.ThreadPool):
    """A pool of threads that can be waited for with a limit."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        # Weakly: the pool itself holds the handles of calls that have not ended.
        self._handles: WeakSet[AsyncResult[Any]] = WeakSet()

    def apply_async(
        self,
        func: Callable[..., Any],
        args: Iterable[Any] = (),
        kwds: Mapping[str, Any] | None = None,
        callback: Callable[[Any], object] | None = None,
        error_callback: Callable[[BaseException], object] | None = None,
    ) -> AsyncResult[Any]:
        """`multiprocessing.pool.ThreadPool.apply_async`."""
        handle = super().apply_async(func, args, kwds or {}, callback, error_callback)
        self._handles.add(handle)
        return handle

    def finish(self, timeout: float | None) -> int:
        """Take no more calls, and wait for those that are under way.

        Args:
            timeout: Seconds to wait; None waits without limit.

        Returns:
            How many calls have not ended. They go on in the background.
        """
        self.close()
        end = None if timeout is None else time.monotonic() + timeout
        for handle in list(self._handles):
            handle.wait(None if end is None else max(0, end - time.monotonic()))
        left = sum(not handle.ready() for handle in list(self._handles))
        if not left:
            self.join()
        return left
