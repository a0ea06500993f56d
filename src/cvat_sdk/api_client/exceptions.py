"""Errors of the low-level API.

::

    OpenApiException
    ├── ApiTypeError            also TypeError: a value of the wrong type
    ├── ApiValueError           also ValueError: a value of the right type that is not allowed
    ├── ApiAttributeError       also AttributeError: a field that is not there or not writable
    ├── ApiKeyError             also KeyError: the same, asked for as an item
    └── ApiException            the server answered, and not with success
        ├── UnauthorizedException   401
        ├── ForbiddenException      403
        ├── NotFoundException       404
        └── ServiceException        5xx

Trouble below HTTP (no connection, time-out, broken TLS) is not wrapped: `urllib3.exceptions` reach the caller, each
with a first line that says what was tried and what may be wrong.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cvat_sdk.api_client.runtime import types

__all__ = [
    "ApiAttributeError",
    "ApiException",
    "ApiKeyError",
    "ApiTypeError",
    "ApiValueError",
    "ForbiddenException",
    "NotFoundException",
    "OpenApiException",
    "ServiceException",
    "UnauthorizedException",
    "UnknownFieldWarning",
    "VersionSkewWarning",
    "render_path",
]


def render_path(path: Sequence[str | int]) -> str:
    """Write a path to an item the way Python code would: ``labels[0].attributes[2].name``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier():
            text += f".{part}" if text else part
        else:
            text += f"[{part!r}]"
    return text


class OpenApiException(Exception):
    """Base of every error that this package raises on purpose."""


class _ItemError(OpenApiException):
    """An error at one place of a value; the place is shown after the message."""

    def __init__(self, msg: str, path_to_item: Sequence[str | int] | None = None) -> None:
        self.msg = msg
        self.path_to_item: list[str | int] | None = (
            list(path_to_item) if path_to_item is not None else None
        )
        super().__init__(f"{msg} at {render_path(path_to_item)}" if path_to_item else msg)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.msg, self.path_to_item))


class ApiTypeError(_ItemError, TypeError):
    """A value is of a type that its place does not allow.

    Args:
        msg: What is wrong.
        path_to_item: Keys and indexes that lead to the value from the outermost one.
        valid_classes: Types that the place allows.
        key_type: True when a key of a mapping is meant rather than a value.
    """

    def __init__(
        self,
        msg: str,
        path_to_item: Sequence[str | int] | None = None,
        valid_classes: tuple[Any, ...] | None = None,
        key_type: bool | None = None,
    ) -> None:
        super().__init__(msg, path_to_item)
        self.valid_classes = valid_classes
        self.key_type = key_type

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.msg, self.path_to_item, self.valid_classes, self.key_type))


class ApiValueError(_ItemError, ValueError):
    """A value is of an allowed type but outside what its place allows."""


class ApiAttributeError(_ItemError, AttributeError):
    """A field is not set, or may not be set by the caller."""


class ApiKeyError(_ItemError, KeyError):
    """A field that was asked for as an item is not set."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would show the repr of the message


class UnsetItemError(ApiAttributeError, ApiKeyError):
    """A field that is not set was asked for as an item."""


class UnknownFieldWarning(UserWarning):
    """A model was given a field that the API description does not know; it is sent all the same."""


class VersionSkewWarning(UserWarning):
    """A server's answer differs from the API description; what came is kept. One warning a kind of it and client.

    ``Configuration(response_validation="silent")`` turns it off, ``"strict"`` makes it an error.
    """


# Once for each field of a model, wherever it is given; the filters of the application stand before this one.
warnings.simplefilter("once", UnknownFieldWarning, append=True)
# Each client tells what it meets, also where another one has done so.
warnings.simplefilter("always", VersionSkewWarning, append=True)


class ApiException(OpenApiException):
    """The server's answer to a request was not a success.

    Its text begins with one line for people: what was asked of whom, what came back, and for 401 and 403
    what the request was sent with. Status, reason, headers and body follow, a line each.

    Attributes:
        status: HTTP status code; 0 when the request could not be built.
        reason: Reason phrase.
        body: Body of the answer: str from operations, bytes from `ApiClient.request`.
        headers: Headers of the answer.
        request_method: HTTP method of the request; None when it is not known.
        request_url: Address of the request without what is secret in it; None when it is not known.
    """

    # Of the class: an exception that is made by hand has just the four that its arguments give.
    request_method: str | None = None
    request_url: str | None = None
    _trail = ""
    _hint = ""

    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        http_resp: types.BaseHTTPResponse | None = None,
    ) -> None:
        self.status: int | None
        self.reason: str | None
        self.body: str | bytes | None
        self.headers: Mapping[str, str] | None
        if http_resp is not None:
            self.status = http_resp.status
            self.reason = http_resp.reason
            self.body = http_resp.data
            self.headers = http_resp.headers
            from cvat_sdk.api_client.runtime import explain

            trail = explain.trail(http_resp)
            if trail:
                self._trail = trail
        else:
            self.status = status
            self.reason = reason
            self.body = None
            self.headers = None

    @property
    def request_id(self) -> str | None:
        """The id that the server gave the request, such as in X-Request-ID; None without one."""
        from cvat_sdk.api_client.runtime import explain

        return explain.request_id(self.headers)

    def set_request(
        self, method: str, url: str, headers: Mapping[str, Any], secret: Collection[str] = ()
    ) -> None:
        """Say which request was answered.

        Args:
            method: HTTP method.
            url: Address; what is secret in it is not kept.
            headers: What was sent; nothing of it is kept.
            secret: Names of query parameters, headers and cookies that carried credentials.
        """
        from cvat_sdk.api_client.runtime import explain, refusals

        self.request_method = method.upper()
        self.request_url = explain.address(url, secret=secret)
        if self.status in (401, 403):
            body = self.body if isinstance(self.body, str) else ""
            page = explain.looks_like_html(body)
            # Django's page about CSRF has a title that does not say so.
            detail = body if page and "csrf" in body.lower() else explain.server_detail(self.body)
            self._hint = refusals.hint(self.status, method, url, headers, detail, secret, page=page)

    def _first_line(self) -> str:
        from cvat_sdk.api_client.runtime import explain

        request = " ".join(filter(None, (self.request_method, self.request_url)))
        reason = explain.one_line(str(self.reason or ""), 300)
        if not self.status:
            return f"{request}: {reason}" if request else ""
        answer = f"{self.status} {reason}".rstrip()
        text = f"{request}{self._trail} answered {answer}" if request else answer
        location = next((v for n, v in (self.headers or {}).items() if n.lower() == "location"), "")
        if location and 300 <= self.status <= 399 and self.status != 304:
            text += f", a redirect to {explain.address(location, query=False)}"
        detail = explain.server_detail(self.body)
        if detail:
            text += f": {detail}"
        if self._hint:
            text += f"{'' if text.endswith(('.', '!', '?')) else '.'} {self._hint}"
        return text + (f" [request id {self.request_id}]" if self.request_id else "")

    def __str__(self) -> str:
        lines = [f"Status Code: {self.status}", f"Reason: {self.reason}"]
        if self.headers:
            shown = {name: _shown(name, value) for name, value in self.headers.items()}
            lines.append(f"HTTP response headers: {shown}")
        if self.body:
            body = self.body
            if isinstance(body, bytes):
                body = body.decode("utf-8", "replace")
            if len(body) > _LONG_BODY:
                left_out = len(body) - _LONG_BODY
                body = f"{body[:_LONG_BODY]}… ({left_out:,} more characters in .body)"
            lines.append(f"HTTP response body: {body}")
        first = self._first_line() if self.request_url or self.headers is not None else ""
        return "\n".join([first, *lines] if first else lines) + "\n"

    def __reduce__(self) -> str | tuple[Any, ...]:
        # Not that of the next class: a subclass may also be one of urllib3's errors.
        return Exception.__reduce__(self)


_LONG_BODY = 10_000
# An answer to a login carries the session in its headers; a traceback must not.
_SECRET_HEADERS = frozenset({"set-cookie", "set-cookie2", "authorization", "cookie"})


def _shown(name: str, value: str) -> str:
    from cvat_sdk.api_client.runtime import explain

    if name.lower() in _SECRET_HEADERS:
        return explain.HIDDEN
    if name.lower() in ("location", "content-location"):
        return explain.address(
            value, query=False
        )  # any part of a query may be a secret of another server
    return value


class UnauthorizedException(ApiException):
    """401: no credentials, or credentials that the server does not accept."""


class ForbiddenException(ApiException):
    """403: the caller is known but may not do this."""


class NotFoundException(ApiException):
    """404: no such object, or none that the caller may know of."""


class ServiceException(ApiException):
    """5xx: the server failed."""


def exception_class(status: int) -> type[ApiException]:
    """Class of the error for an HTTP status code."""
    if status == 401:
        return UnauthorizedException
    if status == 403:
        return ForbiddenException
    if status == 404:
        return NotFoundException
    if 500 <= status <= 599:
        return ServiceException
    return ApiException
