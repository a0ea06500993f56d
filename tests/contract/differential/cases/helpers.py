"""``cvat_sdk.core.helpers``."""

from __future__ import annotations

import io
import warnings
from typing import Any

from differential import samples_of_server as samples
from differential.answers import Answer, answer
from differential.case import Side, case


def _page(*names: str, following: str | None = None) -> Answer:
    results = [{**samples.TASK, "name": name} for name in names]
    return answer(json={"count": 9, "next": following, "previous": None, "results": results})


_PAGES = (_page("a", "b", following="http://x?page=2"), _page("c", following="x"), _page("d"))

_PAGINGS: dict[str, Any] = {
    "models": {},
    "json": {"return_json": True},
    "json, unparsed": {"return_json": True, "_parse_response": False},
    "unparsed": {"_parse_response": False},
    "filter": {"project_id": 5, "search": "x y"},
    "page size": {"page_size": 2},
    "page": {"page": 2},
    "organization": {"org": "o"},
    "organization id": {"org_id": 5},
    "organization id, none": {"org_id": None},
    "organization header": {"x_organization": "o"},
    "organization header and id": {"x_organization": "o", "org_id": 5},
    "unchecked": {"_validate_outputs": False},
    "unknown": {"nothing": 1},
    "wrong type": {"project_id": "x"},
    "unchecked status": {"_check_status": False},
}


@case(*_PAGES, each=_PAGINGS)
def pages(side: Side, options: Any) -> Any:
    from cvat_sdk.core.helpers import get_paginated_collection

    client = side.client(headers={"X-Organization": "default"})
    found = get_paginated_collection(client.tasks_api.list_endpoint, **options)
    names = [task["name"] for task in found]
    return [type(found).__name__, type(found[0]).__name__, names]


@case(answer(json={"count": 0, "next": None, "previous": None, "results": []}))
def no_pages(side: Side) -> Any:
    from cvat_sdk.core.helpers import get_paginated_collection

    return get_paginated_collection(side.client().tasks_api.list_endpoint)


@case(_PAGES[0], answer(500, json={}))
def failing_page(side: Side) -> Any:
    from cvat_sdk.core.helpers import get_paginated_collection

    return get_paginated_collection(side.client().tasks_api.list_endpoint)


@case(_PAGES[0], answer(202, json={}), each={"models": False, "json": True})
def page_with_another_status(side: Side, as_json: bool) -> Any:
    from cvat_sdk.core.helpers import get_paginated_collection

    return get_paginated_collection(side.client().tasks_api.list_endpoint, return_json=as_json)


@case(_page("a"))
def pages_of_a_method(side: Side) -> Any:
    from cvat_sdk.core.helpers import get_paginated_collection

    return get_paginated_collection(side.client().tasks_api.list)


@case(
    answer(json={"count": 1, "next": None, "results": [{"id": 1, "username": "ann"}]}),
    each=("users", "jobs"),
)
def pages_of_another_operation(side: Side, tag: str) -> Any:
    from cvat_sdk.core.helpers import get_paginated_collection

    endpoint = getattr(side.client(), f"{tag}_api").list_endpoint
    found = get_paginated_collection(endpoint, return_json=True, org_id=None)
    return [entry["id"] for entry in found]


@case(
    answer(201, json={}),
    each={"fits": (201,), "one": 201, "among": [200, 201], "other": 200, "none of": [200, 202]},
)
def expected_status(side: Side, codes: Any) -> Any:
    from cvat_sdk.core.helpers import expect_status

    response = side.client().request("GET", f"{side.host}/x")
    return expect_status(codes, response)


@case(
    each={
        "nothing": {},
        "header": {"extra_headers": {"X-Mine": "1"}},
    }
)
def request_headers(side: Side, options: Any) -> Any:
    from cvat_sdk.core.helpers import make_request_headers

    client = side.client(
        username="ann", password="p", api_key={"sessionAuth": "s", "csrfAuth": "c"}
    )
    return side.attempt(make_request_headers, client, **options)


class _Reporter:
    """Keeps what it is told."""

    def __new__(cls) -> Any:
        from cvat_sdk.core.progress import ProgressReporter

        class Keeping(ProgressReporter):
            def __init__(self) -> None:
                self.told: list[Any] = []

            @property
            def period(self) -> float:
                return 0

            def start2(self, total: int, **options: Any) -> None:
                self.told.append(["start", total, sorted(options)])

            def report_status(self, progress: int) -> None:
                self.told.append(["status", progress])

            def advance(self, delta: int) -> None:
                self.told.append(["advance", delta])

            def finish(self) -> None:
                self.told.append(["finish"])

        return Keeping()


@case()
def stream_with_progress(side: Side) -> Any:
    from cvat_sdk.core.helpers import StreamWithProgress

    reporter = _Reporter()
    stream = StreamWithProgress(io.BytesIO(b"0123456789"), reporter)
    parts = [stream.read(4), stream.read(4), stream.read(), stream.read()]
    positions = [stream.seek(2), stream.tell(), stream.read(3), stream.tell()]
    return [parts, positions, reporter.told]


@case()
def progress_task(side: Side) -> Any:
    reporter = _Reporter()
    with reporter.task(total=5, desc="x", unit="B"):
        reporter.advance(2)
    return [reporter.told, list(reporter.iter([1, 2, 3]))]


@case()
def null_reporter(side: Side) -> Any:
    from cvat_sdk.core.progress import NullProgressReporter

    reporter = NullProgressReporter()
    with reporter.task(total=5, desc="x"):
        reporter.advance(1)
    return list(reporter.iter(range(3)))


@case()
def tqdm_reporter(side: Side) -> Any:
    from cvat_sdk.core.helpers import DeferredTqdmProgressReporter

    text = io.StringIO()
    reporter = DeferredTqdmProgressReporter({"file": text})
    with reporter.task(total=5, desc="Counting"):
        reporter.advance(2)
        reporter.report_status(5)
    return ["Counting" in text.getvalue(), "100%" in text.getvalue()]


@case()
def old_tqdm_reporter(side: Side) -> Any:
    from tqdm import tqdm

    from cvat_sdk.core.helpers import TqdmProgressReporter

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        reporter = TqdmProgressReporter(tqdm(total=5, file=io.StringIO()))
        reporter.advance(3)
        reporter.finish()
    return [warning.category.__name__ for warning in caught]
