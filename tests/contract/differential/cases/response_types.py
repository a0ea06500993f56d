"""Types of responses that callers put together, the last response, and what debugging shows."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

from cvat_sdk.api_client import models
from differential.answers import answer
from differential.case import Side, case

_ABOUT = {"name": "n", "description": "d", "version": "2", "logo_url": "u", "subtitle": "s"}
_BASIC = {"url": "u", "id": 1, "username": "a"}
_NONE = type(None)


class OwnAbout(models.About):
    """A subclass of a caller's."""


_TYPES: dict[str, tuple[Any, Any]] = {
    "first of two": (_ABOUT, (models.About, models.BasicUser)),
    "first of two, other": (_BASIC, (models.BasicUser, models.About)),
    "fits both": ({**_ABOUT, "rq_id": "x"}, (models.RqId, models.About)),
    "second of two": (_BASIC, (models.About, models.BasicUser)),
    "none of two": ({"other": 1}, (models.About, models.BasicUser)),
    "model or null": (_ABOUT, (models.About, _NONE)),
    "null": (None, (models.About, _NONE)),
    "own class": (_ABOUT, (OwnAbout,)),
    "list of own class": ([_ABOUT], ([OwnAbout],)),
    "dict of own class": ({"a": _ABOUT}, ({str: (OwnAbout,)},)),
    "int or str": (5, (int, str)),
    "str or int": ("text", (int, str)),
    "int or float": (5, (int, float)),
    "bool or int": (True, (bool, int)),
    "str or dict": ({"a": 1}, (str, dict)),
    "enumeration or str": ("completed", (str, models.ShapeType)),
    "enumeration or str, known": ("rectangle", (str, models.ShapeType)),
    "model or str": ("text", (models.About, str)),
}


@case(
    each=_TYPES,
    answering=lambda given: [answer(body=json.dumps(given[0]), content_type="application/json")],
)
def several(side: Side, given: Any) -> Any:
    data, _ = side.client().call_api(
        "/api/things", "GET", response_schema=given[1], _check_type=True
    )
    return data


@case(answer(json=_ABOUT))
def last_response(side: Side) -> Any:
    client = side.client()
    _, unparsed = client.server_api.retrieve_about(_parse_response=False)
    found = [client.last_response is unparsed]
    _, own = client.call_api("/api/things", "GET", _parse_response=False)
    return [*found, client.last_response is own]


@case(answer(json=_ABOUT))
def debugging(side: Side) -> Any:
    """Whether requests are shown, and secrets."""
    client = side.client(username="ann", password="secret")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        client.configuration.debug = True
        try:
            client.server_api.retrieve_about()
        finally:
            client.configuration.debug = False
        client.server_api.retrieve_about()
    text = printed.getvalue()
    return [text.count("/api/server/about"), "200" in text, "YW5uOnNlY3JldA" in text]
