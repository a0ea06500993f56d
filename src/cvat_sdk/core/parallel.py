"""The same call for many items at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import Generic, NamedTuple, TypeVar

from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.core.workers import Workers

__all__ = ["Outcome", "map_calls"]

Item = TypeVar("Item")
Value = TypeVar("Value")

_THREADS = 8


class Outcome(NamedTuple, Generic[Item, Value]):
    """What came of one item."""

    item: Item
    value: Value | None
    """What the function has returned; None after an error."""
    error: Exception | None
    """What it has raised; None where all went well."""

    def get(self) -> Value:
        """The value; raises the error where there is one."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # there is one where there is no error


def map_calls(
    function: Callable[[Item], Value],
    items: Iterable[Item],
    *,
    executor: Executor | None = None,
    in_flight: int | None = None,
) -> Iterator[Outcome[Item, Value]]:
    """Call a function with each item, several at a time.

    One item that fails leaves the others alone: its error is in its outcome. Stopping early, also by Ctrl-C, calls off
    what has not begun.

    Args:
        function: What is called. With an executor of other processes it has to be picklable, as
            ``functools.partial(work, client)`` is: a client is sent without its connections, and each process
            opens its own.
        items: What it is called with; they are taken as they are needed.
        executor: Where it is called: an executor of `concurrent.futures`, of Dask (``Client.get_executor()``) or Ray,
            which stays open. Default: eight threads.
        in_flight: Calls that are under way or wait for their turn, at most. Default: 16.

    Yields:
        The outcome of each item, in the order of the items.

    Raises:
        ApiValueError: `in_flight` is below 1.
    """
    most = 2 * _THREADS if in_flight is None else in_flight
    if most < 1:
        raise ApiValueError(f"Expected a number from 1, got {most!r}", ("in_flight",))
    return _outcomes(function, items, executor, most)


def _outcomes(
    function: Callable[[Item], Value], items: Iterable[Item], executor: Executor | None, most: int
) -> Iterator[Outcome[Item, Value]]:
    own = None if executor is not None else Workers(min(_THREADS, most), "cvat-sdk-calls")
    pool: Executor = own or executor  # type: ignore[assignment]  # one of them is there
    waiting: deque[tuple[Item, Future[Value]]] = deque()
    source = iter(items)
    try:
        while True:
            while len(waiting) < most:
                try:
                    item = next(source)
                except StopIteration:
                    break
                waiting.append((item, pool.submit(function, item)))
            if not waiting:
                return
            item, future = waiting[0]
            try:
                outcome = Outcome[Item, Value](item, future.result(), None)
            except Exception as error:
                outcome = Outcome[Item, Value](item, None, error)
            waiting.popleft()
            yield outcome
    finally:
        for _, future in waiting:
            future.cancel()
        if own is not None:
            own.stop()
