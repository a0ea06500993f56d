"""Lists of many pages: every entry once, whatever comes and goes meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiException, ApiTypeError, ApiValueError, Configuration
from cvat_sdk.core.helpers import get_paginated_collection
from cvat_sdk.core.paging import iterate


class Labels:
    """A list of labels as a server gives it, page by page."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids
        self.before: Callable[[int], object] = lambda number: None
        """Called with the number of each page before it is given."""
        self.asked: list[int] = []
        self.sorts: set[str | None] = set()

    def page(self, number: int, size: int, sort: str | None) -> dict[str, Any] | None:
        self.before(number)
        self.asked.append(number)
        self.sorts.add(sort)
        ids = sorted(self.ids) if sort == "id" else list(self.ids)
        first = (number - 1) * size
        if first >= len(ids) and number > 1:
            return None
        more = first + size < len(ids)
        return {
            "count": len(ids),
            "next": "http://x/?page=2" if more else None,
            "previous": None,
            "results": [
                {"id": i, "name": f"label {i}", "attributes": []} for i in ids[first : first + size]
            ],
        }


@pytest.fixture
def serve() -> Iterator[Callable[[Labels], ApiClient]]:
    servers: list[RecordingServer] = []
    clients: list[ApiClient] = []

    def start(labels: Labels) -> ApiClient:
        server = RecordingServer()
        servers.append(server)
        take = server.take
        # Pages are asked for at once; each is to get its own answer.
        lock = threading.Lock()

        def answer(request: Any) -> Any:
            query = dict(request.query)
            with lock:
                page = labels.page(
                    int(query["page"]), int(query.get("page_size", 10)), query.get("sort")
                )
                server.answer(
                    404 if page is None else 200,
                    page if page is not None else {"detail": "Invalid page."},
                )
                return take(request)

        server.take = answer  # type: ignore[method-assign]  # its answers depend on the question
        clients.append(ApiClient(Configuration(host=server.url)))
        return clients[-1]

    yield start
    for client in clients:
        client.close()
    for server in servers:
        server.close()


@pytest.mark.parametrize("prefetch", [0, 1, 3])
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 95])
def test_all_entries_in_order(serve: Any, count: int, prefetch: int) -> None:
    labels = Labels(list(range(1, count + 1)))
    entries = iterate(serve(labels).labels_api.list_endpoint, page_size=10, prefetch=prefetch)
    assert [entry.id for entry in entries] == labels.ids
    assert entries.total == count
    assert labels.sorts == {"id"}
    with pytest.raises(StopIteration):
        next(entries)


def test_the_total_is_known_before_the_first_entry(serve: Any) -> None:
    entries = iterate(serve(Labels(list(range(25)))).labels_api.list_endpoint, page_size=10)
    assert entries.total == 25
    assert len(list(entries)) == 25


@pytest.mark.parametrize("prefetch", [0, 1, 3])
def test_what_is_removed_meanwhile_hides_nothing(serve: Any, prefetch: int) -> None:
    labels = Labels(list(range(1, 101)))
    gone: set[int] = set()

    def remove(number: int) -> None:
        if number in (3, 6, 7) and len(gone) < 60:
            victims = [i for i in sorted(labels.ids) if i not in gone][:12]
            gone.update(victims)
            labels.ids = [i for i in labels.ids if i not in victims]

    labels.before = remove
    entries = [
        entry.id
        for entry in iterate(
            serve(labels).labels_api.list_endpoint, page_size=10, prefetch=prefetch
        )
    ]
    assert len(entries) == len(set(entries))
    assert set(labels.ids) <= set(entries)
    assert gone


@pytest.mark.parametrize("prefetch", [0, 1, 3])
def test_what_is_added_meanwhile_repeats_nothing(serve: Any, prefetch: int) -> None:
    labels = Labels(list(range(1, 51)))
    labels.before = lambda number: (
        labels.ids.insert(0, 1000 + len(labels.ids)) if number < 5 else None
    )
    entries = [
        entry.id
        for entry in iterate(
            serve(labels).labels_api.list_endpoint, page_size=10, prefetch=prefetch
        )
    ]
    assert len(entries) == len(set(entries))
    assert set(range(1, 51)) <= set(entries)


@pytest.mark.parametrize("prefetch", [0, 2])
def test_a_list_that_vanishes_ends(serve: Any, prefetch: int) -> None:
    labels = Labels(list(range(1, 51)))

    def clear(number: int) -> None:
        if number == 3:
            labels.ids = []

    labels.before = clear
    entries = [
        entry.id
        for entry in iterate(
            serve(labels).labels_api.list_endpoint, page_size=10, prefetch=prefetch
        )
    ]
    # Read ahead, the third page may be asked for before the second one.
    assert entries == list(range(1, 21)) or (prefetch and entries == list(range(1, 11)))


def test_an_order_of_the_callers_is_kept(serve: Any) -> None:
    labels = Labels([5, 3, 9, 1])
    entries = iterate(serve(labels).labels_api.list_endpoint, page_size=2, sort="-name")
    assert [entry.id for entry in entries] == [5, 3, 9, 1]
    assert labels.sorts == {"-name"}


def test_pages_are_read_ahead_and_no_further_than_asked(serve: Any) -> None:
    labels = Labels(list(range(100)))
    came = threading.Event()
    labels.before = lambda number: came.set() if number == 2 else None
    entries = iterate(serve(labels).labels_api.list_endpoint, page_size=10, prefetch=1)
    next(entries)
    assert came.wait(20)
    assert labels.asked in ([1], [1, 2])
    entries.close()
    assert list(entries) == []


def test_no_thread_is_left(serve: Any) -> None:
    entries = iterate(serve(Labels(list(range(100)))).labels_api.list_endpoint, page_size=10)
    next(entries)
    entries.close()
    for thread in threading.enumerate():
        if thread.name.startswith("cvat-sdk-pages"):
            thread.join(20)
            assert not thread.is_alive()


def test_an_error_comes_where_the_entry_is_asked_for(serve: Any) -> None:
    labels = Labels(list(range(30)))

    def refuse(number: int) -> None:
        if number == 2:
            labels.ids = []

    client = serve(labels)
    labels.page = lambda *args: None  # type: ignore[method-assign]  # every page is lost
    entries = iterate(client.labels_api.list_endpoint)
    with pytest.raises(ApiException):
        next(entries)
    assert list(entries) == []


def test_wrong_arguments(serve: Any) -> None:
    endpoint = serve(Labels([])).labels_api.list_endpoint
    with pytest.raises(ApiTypeError, match="page"):
        iterate(endpoint, page=2)
    with pytest.raises(ApiTypeError, match="endpoint"):
        iterate("labels")  # type: ignore[arg-type]  # what is tried
    for wrong in ({"page_size": 0}, {"page_size": 501}, {"prefetch": -1}):
        with pytest.raises(ApiValueError):
            iterate(endpoint, **wrong)  # type: ignore[arg-type]  # what is tried


def test_a_page_that_vanishes_ends_a_collection(serve: Any) -> None:
    labels = Labels(list(range(1, 31)))

    def shrink(number: int) -> None:
        if number == 3:
            labels.ids = labels.ids[:15]

    labels.before = shrink
    found = get_paginated_collection(serve(labels).labels_api.list_endpoint)
    assert [entry.id for entry in found] == list(range(1, 21))


@pytest.mark.parametrize("prefetch", [1, 3])
def test_the_connections_serve_the_calls_that_follow(prefetch: int) -> None:
    server = RecordingServer()
    labels = [{"id": i, "name": f"label {i}", "attributes": []} for i in range(3)]
    page = {"count": 2, "next": "http://x/?page=2", "previous": None, "results": labels[:1]}
    with ApiClient(Configuration(host=server.url)) as client:
        for _ in range(20):
            server.answer(200, page)
            server.answer(200, page | {"next": None, "results": labels[1:2]})
            assert len(list(iterate(client.labels_api.list_endpoint, page_size=1))) == 2
            opened = server.connections
            server.answer(200, labels[2])
            client.labels_api.retrieve(2)
            assert server.connections == opened
    server.close()
