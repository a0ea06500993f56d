"""Helpers of `cvat_sdk.core`: pages, statuses, headers, progress."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiException, ApiTypeError, models
from cvat_sdk.core import helpers
from cvat_sdk.core.helpers import get_paginated_collection
from cvat_sdk.core.progress import BaseProgressReporter, NullProgressReporter, ProgressReporter

Connect = Callable[..., ApiClient]


def answer_pages(server: RecordingServer, *pages: list[dict[str, Any]]) -> None:
    for number, results in enumerate(pages, 1):
        following = f"http://elsewhere/?page={number + 1}" if number < len(pages) else None
        server.answer(body={"count": 9, "next": following, "previous": None, "results": results})


def test_all_pages_in_order(server: RecordingServer, client: ApiClient) -> None:
    answer_pages(server, [{"name": "a"}, {"name": "b"}], [], [{"name": "c"}])
    labels = get_paginated_collection(client.labels_api.list_endpoint, page_size=2, task_id=4)
    assert [label.name for label in labels] == ["a", "b", "c"]
    assert all(isinstance(label, models.Label) for label in labels)
    assert [dict(request.query) for request in server.received] == [
        {"page_size": "2", "task_id": "4", "page": str(page)} for page in (1, 2, 3)
    ]


def test_pages_as_plain_data(server: RecordingServer, client: ApiClient) -> None:
    entry = {"name": "a", "id": 3, "when": "2024-01-05"}
    answer_pages(server, [entry], [entry])
    assert get_paginated_collection(client.labels_api.list_endpoint, return_json=True) == [
        entry,
        entry,
    ]
    answer_pages(server, [entry])
    assert get_paginated_collection(
        client.labels_api.list_endpoint, return_json=True, _parse_response=False
    ) == [entry]


def test_a_last_page_without_a_next_field(server: RecordingServer, client: ApiClient) -> None:
    server.answer(body={"results": [{"name": "a"}]})
    assert len(get_paginated_collection(client.labels_api.list_endpoint)) == 1


@pytest.mark.parametrize(
    ("organization", "query"),
    [({}, {}), ({"org_id": None}, {"org": ""}), ({"org_id": 3}, {"org_id": "3"})],
)
def test_organization_of_a_collection(
    server: RecordingServer, connect: Connect, organization: dict[str, Any], query: dict[str, str]
) -> None:
    client = connect(client={"headers": {"X-Organization": "default"}})
    answer_pages(server, [])
    get_paginated_collection(client.labels_api.list_endpoint, **organization)
    assert dict(server.last.query) == {**query, "page": "1"}
    assert server.last.header("X-Organization") == (None if organization else "default")


def test_every_page_must_succeed(server: RecordingServer, client: ApiClient) -> None:
    server.answer(body={"next": "x", "results": []})
    server.answer(403)
    with pytest.raises(ApiException):
        get_paginated_collection(client.labels_api.list_endpoint)
    server.answer(202, {"results": []})
    with pytest.raises(ApiException) as caught:
        get_paginated_collection(client.labels_api.list_endpoint, _check_status=False)
    assert caught.value.status == 202


def test_what_is_no_collection(client: ApiClient) -> None:
    with pytest.raises(TypeError):
        get_paginated_collection(client.labels_api.list_endpoint, page=2)
    with pytest.raises(ApiTypeError, match="list_endpoint"):
        get_paginated_collection(client.labels_api.list)


def test_expected_statuses(client: ApiClient, server: RecordingServer) -> None:
    server.answer(202, b"body")
    response = client.request("GET", f"{server.url}/x")
    helpers.expect_status(202, response)
    helpers.expect_status([200, 202], response)
    for codes in (200, (200, 201), iter([200])):
        with pytest.raises(ApiException) as caught:
            helpers.expect_status(codes, response)
        assert (caught.value.status, caught.value.body) == (202, b"body")


def test_request_headers(connect: Connect) -> None:
    client = connect(
        username="u", password="p", api_key={"csrfAuth": "c"}, client={"headers": {"X-A": "1"}}
    )
    headers = helpers.make_request_headers(client)
    assert headers["Authorization"] == "Basic dTpw"
    assert headers["X-A"] == "1"
    assert headers["X-CSRFToken"] == "c"
    assert "Authorization" not in helpers.make_request_headers(client, auth_settings=["csrfAuth"])


# -- progress ---------------------------------------------------------------------------------------


class Reporter(ProgressReporter):
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def start(self, total: int, *, desc: str | None = None) -> None:
        self.calls.append(("start", total, desc))

    def advance(self, delta: int) -> None:
        self.calls.append(("advance", delta))

    def finish(self) -> None:
        self.calls.append(("finish",))


def test_older_reporters_know_start_only() -> None:
    reporter = Reporter()
    with pytest.raises(KeyError), reporter.task(total=3, desc="d", unit="B"):
        reporter.advance(1)
        raise KeyError
    assert reporter.calls == [("start", 3, "d"), ("advance", 1), ("finish",)]
    assert list(reporter.iter("ab")) == ["a", "b"]
    assert reporter.calls[3:] == [("advance", 1), ("advance", 1)]


@pytest.mark.parametrize("reporter", [NullProgressReporter(), BaseProgressReporter()])
def test_reporters_are_told_in_order(reporter: ProgressReporter) -> None:
    for early in (lambda: reporter.advance(1), lambda: reporter.report_status(1), reporter.finish):
        with pytest.raises(AssertionError):
            early()
    with reporter.task(total=2):
        reporter.advance(1)
        reporter.report_status(2)
        with pytest.raises(AssertionError):
            reporter.start2(2)


def test_a_reporter_of_ones_own_must_say_how() -> None:
    with pytest.raises(NotImplementedError):
        ProgressReporter().start(1)


def test_a_stream_tells_how_far_it_was_read() -> None:
    reporter = Reporter()
    stream = helpers.StreamWithProgress(io.BytesIO(b"abcdefgh"), reporter)
    assert (stream.read(3), stream.tell(), stream.seek(1), stream.read()) == (
        b"abc",
        3,
        1,
        b"bcdefgh",
    )
    assert reporter.calls == [("advance", 3), ("advance", -2), ("advance", 7)]


def test_tqdm_reporters() -> None:
    tqdm = pytest.importorskip("tqdm").tqdm
    output = io.StringIO()
    reporter = helpers.DeferredTqdmProgressReporter(
        {"file": output, "mininterval": 0, "miniters": 1}
    )
    with reporter.task(total=4, desc="work", unit="B", unit_scale=True):
        reporter.advance(1)
        reporter.report_status(4)
    assert "work" in output.getvalue()
    assert "100%" in output.getvalue()
    assert reporter.tqdm is None

    output = io.StringIO()
    with tqdm(file=output) as bar:
        with pytest.deprecated_call():
            older = helpers.TqdmProgressReporter(bar)
        with older.task(total=4, desc="work"):
            older.advance(3)
        assert (bar.n, bar.total) == (3, 4)


def test_tqdm_is_loaded_by_a_bar_only() -> None:
    program = "import sys; from cvat_sdk.core import helpers; print('tqdm' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert result.stdout.strip() == "False"
