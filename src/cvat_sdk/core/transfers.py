"""What uploads and downloads have in common: failures that may pass, pauses, addresses of the server."""

from __future__ import annotations

import json
import random
import threading
import urllib.parse
from collections.abc import Iterable
from concurrent.futures import CancelledError

from urllib3.exceptions import HTTPError

from cvat_sdk.api_client.exceptions import ApiException
from cvat_sdk.api_client.runtime import calling_off, types
from cvat_sdk.core.helpers import expect_status

PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses of a server, or of a proxy before it, that may be another one soon."""
MOST_FAILURES = 8
"""Attempts in a row that bring nothing, the last of which is the error: about a minute."""
_LONGEST_PAUSE = 20.0


def may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed a little later."""
    return isinstance(error, HTTPError) or getattr(error, "status", None) in PASSING


def check(cancel: threading.Event | None, what: str) -> None:
    """Stop where somebody has asked for it.

    Raises:
        concurrent.futures.CancelledError: `cancel` is set.
    """
    if cancel is not None and cancel.is_set():
        raise CancelledError(f"{what} was given up")


def pause(failures: int, cancel: threading.Event | None, what: str) -> None:
    """Wait before the next attempt, longer with each failure, and not the same for everybody.

    Raises:
        concurrent.futures.CancelledError: `cancel` is set meanwhile.
    """
    seconds = min(0.25 * 2**failures, _LONGEST_PAUSE) * (0.5 + random.random() / 2)  # noqa: S311 - no secret
    if cancel is None:
        calling_off.sleep(seconds)
    elif cancel.wait(seconds):
        check(cancel, what)


def shown(url: str) -> str:
    """An address without its query, for messages."""
    return url.partition("?")[0]


def first_line(error: BaseException) -> str:
    """The first line of an error's text."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def is_of_server(client: types.ApiClient, url: str) -> bool:
    """Whether an address is one of the server of a client: of its scheme, name and port."""
    ours, given = (urllib.parse.urlsplit(text) for text in (client.configuration.host, url))
    return (ours.scheme, ours.hostname, ours.port) == (given.scheme, given.hostname, given.port)


def expect(codes: int | Iterable[int], response: types.HTTPResponse, method: str, url: str) -> None:
    """Check the status of a response.

    Raises:
        ApiException: The status is none of `codes`; its text begins with what was asked of whom.
    """
    try:
        expect_status(codes, response)
    except ApiException as error:
        error.set_request(method, shown(url), {})
        raise


def request_id_of(response: types.HTTPResponse) -> str:
    """The id of the background request that an answer names.

    Raises:
        ApiException: It names none.
    """
    try:
        rq_id = json.loads(response.data)["rq_id"]
    except (ValueError, KeyError, TypeError):
        raise ApiException(http_resp=response) from None
    if not isinstance(rq_id, str) or not rq_id:
        raise ApiException(http_resp=response)
    return rq_id
