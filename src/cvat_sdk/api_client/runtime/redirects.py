r"""Redirects: where a request goes next, and what of it goes along.

There is one rule, for every request of a client. What a caller sends is meant for one server:

============  ==================================  =============================================
\             the same server                     another server
============  ==================================  =============================================
method        kept; GET after 303                 kept; GET after 303
headers       all                                 those of `_PUBLIC_HEADERS`, which say what answer is wanted
body          sent again; none after 303          never: `RedirectException`; none after 303
============  ==================================  =============================================

A server is a scheme, a host and a port. The step from http on port 80 to https on port 443 of the same host
counts as the same server: that is how a server asks for TLS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse, Retry
from urllib3.exceptions import HTTPError, LocationParseError, MaxRetryError
from urllib3.util import Url, parse_url

from cvat_sdk.api_client.exceptions import ApiException
from cvat_sdk.api_client.runtime.explain import address

_STATUSES = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}

# All that another server gets to see. Any other header may be a credential: which ones are, only its sender knows.
_PUBLIC_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "range",
        "user-agent",
    }
)
_BODY_HEADERS = frozenset(
    {
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-type",
        "digest",
        "last-modified",
        "transfer-encoding",
    }
)


class RedirectException(ApiException):
    """The answer is a redirect that is not followed; `message` says why."""

    message = ""

    def _first_line(self) -> str:
        return self.message


class TooManyRedirects(RedirectException, MaxRetryError):  # type: ignore[misc]  # both have a reason
    """The server redirects again and again; also a `urllib3.exceptions.MaxRetryError`."""

    url = ""
    pool: Any = None


def follow(
    send: Callable[..., BaseHTTPResponse],
    method: str,
    url: str,
    redirect: bool,
    options: dict[str, Any],
) -> BaseHTTPResponse:
    """Send a request, and on to where its answers point.

    Args:
        send: Sends one request; takes a method, an address, and options as keywords.
        method: HTTP method.
        url: Absolute address.
        redirect: False gives the first answer, whatever it is.
        options: Those of `urllib3.PoolManager.urlopen`, ``headers`` among them.

    Raises:
        RedirectException: The next address is none, or the body must not or cannot go there.
        TooManyRedirects: The retries of the pool allow no more redirects.
        urllib3.exceptions.HTTPError: As `send`; after a redirect with an attribute ``redirected_to``, the address
            that could not be reached.
    """
    start = _position(options.get("body"))
    response = send(method, url, **options)
    while redirect and response.status in _STATUSES:
        location = response.get_redirect_location()
        if not location:
            break
        options = dict(options)
        if response.status == 303:
            method = "GET"
            for name in ("body", "body_pos", "chunked"):
                options.pop(name, None)
            options["headers"] = _chosen(options["headers"], lambda name: name not in _BODY_HEADERS)
        retries = options.get("retries", response.retries)
        if not isinstance(retries, Retry):
            retries = Retry.from_int(retries, redirect=redirect)
        left = _counted(retries, method, url, response)
        if left is None:
            if not retries.raise_on_redirect:
                return response
            raise _too_many(response, retries, method, url)
        options["retries"] = left
        target = _target(response, method, url, location)
        body = options.get("body")
        if not _is_same_server(parse_url(url), target):
            if body is not None and body != b"":
                to = address(target.url, query=False)
                why = f"to another server, {to}: the body was not sent there"
                raise _refusal(response, method, url, why)
            allowed = _PUBLIC_HEADERS - retries.remove_headers_on_redirect
            options["headers"] = _chosen(options["headers"], allowed.__contains__)
        elif start is not None and body is not None:
            options["body_pos"] = start
        elif isinstance(body, Iterator):
            raise _refusal(response, method, url, "but the body cannot be sent a second time")
        response.drain_conn()
        url = target.url
        try:
            response = send(method, url, **options)
        except HTTPError as error:
            # Its text must blame the server that was asked last, which only this place knows.
            error.__dict__["redirected_to"] = address(url, query=False)
            raise
    return response


def _counted(retries: Retry, method: str, url: str, response: BaseHTTPResponse) -> Retry | None:
    """The retries that are left after a redirect; None when there have been too many."""
    try:
        return retries.increment(method, address(url, query=False), response=response)
    except MaxRetryError:
        return None


def _position(body: Any) -> int | None:
    """Where the body begins in its file; None when there is nothing to go back to."""
    if not hasattr(body, "tell"):
        return None
    try:
        return int(body.tell())
    except (OSError, ValueError):
        return None


def _chosen(headers: Mapping[str, str], wanted: Callable[[str], bool]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if wanted(name.lower())}


def _target(response: BaseHTTPResponse, method: str, url: str, location: str) -> Url:
    try:
        target = parse_url(urljoin(url, location))
    except (LocationParseError, ValueError):
        target = Url()
    if target.scheme not in _PORTS or not target.host:
        why = "to something that is not an http or https address"
        raise _refusal(response, method, url, why)
    return target


def _is_same_server(here: Url, there: Url) -> bool:
    before, after = (
        (address.scheme, address.port or _PORTS.get(address.scheme or ""))
        for address in (here, there)
    )
    is_upgrade = before == ("http", 80) and after == ("https", 443)
    return here.host == there.host and (before == after or is_upgrade)


def _refusal(response: BaseHTTPResponse, method: str, url: str, why: str) -> RedirectException:
    error = RedirectException(http_resp=response)
    asked = address(url, query=False)
    error.message = f"{method} {asked} is redirected (status {response.status}) {why}"
    return error


def _too_many(
    response: BaseHTTPResponse, retries: Retry, method: str, url: str
) -> TooManyRedirects:
    error = TooManyRedirects(http_resp=response)
    times = sum(bool(entry.redirect_location) for entry in retries.history)
    error.url = address(url, query=False)
    error.message = (
        f"{method} {error.url} is redirected (status {response.status}) once more after "
        f"{times} redirects: a loop, or Configuration.retries allows too few"
    )
    return error
