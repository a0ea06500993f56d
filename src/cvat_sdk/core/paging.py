"""Lists of many pages, one entry after the other."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from urllib3.exceptions import HTTPError

from cvat_sdk.api_client.exceptions import ApiException, ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import types
from cvat_sdk.core import transfers
from cvat_sdk.core.deadlines import waits_of
from cvat_sdk.core.helpers import Page
from cvat_sdk.core.workers import Workers

__all__ = ["Iteration", "iterate"]

T = TypeVar("T")

_LARGEST_PAGE = 500
# Times in a row that pages are read once more without a new entry.
_MOST_RETURNS = 20


def iterate(
    endpoint: types.Endpoint[Page[T]], *, page_size: int = 100, prefetch: int = 1, **filters: Any
) -> Iteration[T]:
    """The entries of a list, in order; the next page is read while the current one is used.

    Entries that are added or removed meanwhile do no harm: none is given twice, and none is left out that was there
    all the time. For that the list is read by ascending id, where the operation can sort and no ``sort`` is given.

    Args:
        endpoint: A list operation, such as ``client.tasks_api.list_endpoint``.
        page_size: Entries of a page, from 1 to 500.
        prefetch: Pages that are read ahead; 0 for none.
        filters: Arguments of the operation.

    Raises:
        ApiTypeError: ``page`` was given, or something that is not an endpoint.
        ApiValueError: A number out of its range.
        ApiException: The server refuses; raised when the entry is asked for.
        urllib3.exceptions.HTTPError: No connection, after several attempts; likewise.
    """
    if not hasattr(endpoint, "call_with_http_info"):
        raise ApiTypeError(
            "Expected an endpoint such as tasks_api.list_endpoint, "
            f"got a value of type {type(endpoint).__name__}",
            ("endpoint",),
        )
    if "page" in filters:
        raise ApiTypeError("iterate() counts the pages itself", ("page",))
    if not 1 <= page_size <= _LARGEST_PAGE:
        raise ApiValueError(
            f"Expected a number from 1 to {_LARGEST_PAGE}, got {page_size!r}", ("page_size",)
        )
    if prefetch < 0:
        raise ApiValueError(f"Expected a number from 0, got {prefetch!r}", ("prefetch",))
    return Iteration(endpoint, page_size, prefetch, filters)


class Iteration(Iterator[T], Generic[T]):
    """An iterator over the entries of a list; see `iterate`."""

    def __init__(
        self, endpoint: Any, page_size: int, prefetch: int, filters: dict[str, Any]
    ) -> None:
        self._endpoint = endpoint
        self._page_size = page_size
        self._prefetch = prefetch
        self._filters = dict(filters)
        self._filters.setdefault("_request_timeout", waits_of(endpoint.api_client))
        self._by_id = "sort" not in filters and _can_sort(endpoint)
        if self._by_id:
            self._filters["sort"] = "id"
        self._entries: deque[T] = deque()
        self._ahead: deque[tuple[int, Future[Any]]] = deque()
        self._executor: Workers | None = None
        self._next_page: int | None = 1
        self._total: int | None = None
        self._last_id = -1
        self._returns = 0
        # What is read ahead is given up with the iteration.
        self._closed = threading.Event()
        self._seen: set[Any] = set()

    @property
    def total(self) -> int | None:
        """Entries of the whole list, as the server counted them last; None when it does not say."""
        if self._total is None and self._next_page == 1:
            self._read()
        return self._total

    def __iter__(self) -> Iteration[T]:
        return self

    def __next__(self) -> T:
        while not self._entries:
            if self._next_page is None:
                self.close()
                raise StopIteration
            try:
                self._read()
            except BaseException:
                self.close()
                raise
        return self._entries.popleft()

    def close(self) -> None:
        """Stop reading ahead. An iteration that has come to its end has done so."""
        self._next_page = None
        self._closed.set()
        for _, future in self._ahead:
            future.cancel()
        self._ahead.clear()
        self._entries.clear()
        if self._executor is not None:
            self._executor.stop()
            self._executor = None

    def __del__(self) -> None:
        self.close()

    def _read(self) -> None:
        """Take in the next page."""
        number = self._next_page
        if number is None:
            return
        if self._total is not None:
            self._read_ahead(number, number + self._prefetch + 1)
        page = self._take(number)
        if page is None:  # it has vanished: what was on it is on the page before by now, or gone
            self._go_back(number - 1)
            return
        count = page.get("count")
        before, self._total = self._total, count if isinstance(count, int) else self._total
        if before is not None and isinstance(count, int) and count < before and number > 1:
            # Entries have been removed, so as many may have moved to pages that were read already.
            self._go_back(max(1, number - math.ceil((before - count) / self._page_size)))
            return
        new = [entry for entry in page.results if self._is_new(entry)]
        self._entries.extend(new)
        if new:
            self._returns = 0
        self._go_to(number + 1 if page.get("next") else None)

    def _go_back(self, number: int) -> None:
        self._returns += 1
        # A list that shrinks with every look at it has an end all the same.
        self._go_to(number if self._returns <= _MOST_RETURNS else None)

    def _is_new(self, entry: Any) -> bool:
        identity = entry.get("id")
        if identity is None:
            return True
        if self._by_id and isinstance(identity, int):
            is_new = identity > self._last_id
            self._last_id = max(self._last_id, identity)
            return is_new
        is_new = identity not in self._seen
        self._seen.add(identity)
        return is_new

    def _go_to(self, number: int | None) -> None:
        self._next_page = number
        if number is None:
            return
        if self._ahead and self._ahead[0][0] != number:
            for _, future in self._ahead:
                future.cancel()
            self._ahead.clear()
        # While the entries before are used; `_read` asks for as many again while it waits for this page.
        self._read_ahead(number, number + self._prefetch)

    def _read_ahead(self, number: int, end: int) -> None:
        """Ask for the pages from a number up to another one, as far as the list is known to go."""
        if not self._prefetch:
            return
        if self._executor is None:
            self._executor = Workers(self._prefetch + 1, "cvat-sdk-pages")
        first = self._ahead[-1][0] + 1 if self._ahead else number
        if self._total is not None:
            end = min(end, math.ceil(self._total / self._page_size) + 1)
        for ahead in range(first, end):
            self._ahead.append((ahead, self._executor.submit(self._ask, ahead)))

    def _take(self, number: int) -> Any:
        if self._ahead and self._ahead[0][0] == number:
            _, future = self._ahead.popleft()
            return future.result()
        return self._ask(number)

    def _ask(self, number: int) -> Any:
        """A page; None when there is none of that number."""
        failures = 0
        while True:
            try:
                page, _ = self._endpoint.call_with_http_info(
                    **self._filters, page=number, page_size=self._page_size
                )
                return page
            except (ApiException, HTTPError) as error:
                if getattr(error, "status", None) == 404 and number > 1:
                    return None
                failures += 1
                if failures >= transfers.MOST_FAILURES or not transfers.may_pass(error):
                    raise
                transfers.pause(failures, self._closed, "the list")


def _can_sort(endpoint: Any) -> bool:
    operation = getattr(endpoint, "operation", None)
    if operation is not None:
        return any(parameter.name == "sort" for parameter in operation.parameters)
    return "sort" in endpoint.params_map["all"]
