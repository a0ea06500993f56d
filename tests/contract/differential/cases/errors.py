"""Errors: the texts that people and scripts read."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client import exceptions, models
from differential.answers import answer
from differential.case import Side, case


def _heads(error: BaseException) -> list[str]:
    """What the lines of a text begin with; addresses differ from run to run."""
    return [line.partition(":")[0].partition(" http")[0] for line in str(error).splitlines()]


@case(answer(404, json={"detail": "no"}, headers=[("X-Mine", "1")]))
def lines_of_text(side: Side) -> Any:
    return _heads(side.attempt(side.client().call_api, "/x", "GET"))


@case(answer(404, json={"detail": "no"}, headers=[("X-Mine", "1")]))
def last_lines_of_text(side: Side) -> Any:
    return _heads(side.attempt(side.client().call_api, "/x", "GET"))[-4:]


@case(each={"nothing": (), "status": (404,), "status and reason": (404, "Not Found")})
def text_by_hand(side: Side, arguments: tuple[Any, ...]) -> Any:
    error = exceptions.ApiException(*arguments)
    return [str(error), repr(error), list(error.args)]


@case(answer(202, json={"rq_id": "x"}), each=("dict", "model"))
def path_as_file(side: Side, form: str) -> Any:
    path = side.folder() / "a.jpg"
    path.write_bytes(b"content")
    body: Any = {"image_quality": 70, "client_files": [path]}
    return side.client().tasks_api.create_data(
        1,
        data_request=models.DataRequest(**body) if form == "model" else body,
        _content_type="multipart/form-data",
    )
