"""Retries: what a pool repeats and what it does not, and the error when all of it was in vain."""

from __future__ import annotations

import logging
import ssl
from http.client import responses
from typing import Any

from urllib3 import BaseHTTPResponse, HTTPResponse, Retry
from urllib3.exceptions import (
    InvalidHeader,
    MaxRetryError,
    ProtocolError,
    ReadTimeoutError,
    ResponseError,
)
from urllib3.util.ssl_match_hostname import CertificateError

from cvat_sdk.api_client.exceptions import ApiException, ServiceException
from cvat_sdk.api_client.runtime import calling_off, types
from cvat_sdk.api_client.runtime.deadlines import Deadline
from cvat_sdk.api_client.runtime.explain import address, one_line

LONGEST_WAIT = 60
"""Seconds of a Retry-After header that are waited for. When a server asks for more, its answer is the error."""

_LOGGER = logging.getLogger("cvat_sdk.api_client")

_READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_REFUSABLE = frozenset({"POST", "PATCH"})

_BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)

# A proxy that answers so may have handed the request on.
_LOST = frozenset({502, 503, 504})


class PoolRetry(Retry):
    """Retries as they are configured, but no repetition that cannot help, and no failure that hides the answer."""

    _pause: float | None = None
    _deadline: Deadline | None = None
    _repeatable: bool = False

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds to wait by the Retry-After header; None without one that can be read."""
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None

    def within(self, deadline: Deadline) -> types.Self:
        """The same for one call that may take a certain time."""
        mine = self.new()
        mine._deadline = deadline
        return mine

    def new(self, **changed: Any) -> types.Self:
        """A copy with some settings changed."""
        copy = super().new(**changed)
        copy._deadline, copy._repeatable = self._deadline, self._repeatable
        return copy

    def get_backoff_time(self) -> float:
        """Seconds of the next pause: chosen once, so that the log says the one that is made."""
        if self._pause is None:
            self._pause = super().get_backoff_time()
        return self._pause

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait before the next attempt, as long as the server asks for, if it does."""
        asked = self.respect_retry_after_header and response and self.get_retry_after(response)
        if seconds := asked or self.get_backoff_time():
            calling_off.sleep(seconds)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> types.Self:
        """Count a repetition; `urllib3.exceptions.MaxRetryError` when there is to be none."""
        if error is not None and self.total is not False and _is_of_tls(error):
            raise MaxRetryError(_pool, url, error) from error
        if (
            response is not None
            and not response.get_redirect_location()
            and self._is_long(response)
        ):
            raise MaxRetryError(_pool, url, ResponseError("the server asks for a long wait"))
        left = super().increment(method, url, response, error, _pool, _stacktrace)
        if self._deadline is not None and left._pause_before(response) >= self._deadline.left:
            cause = error or ResponseError("the time limit ends before the next attempt")
            raise MaxRetryError(_pool, url, cause) from error
        if response is None or not response.get_redirect_location():
            left._log(method, url, response, error, _pool)
        return left

    def _log(
        self,
        method: str | None,
        url: str | None,
        response: BaseHTTPResponse | None,
        error: Exception | None,
        pool: Any,
    ) -> None:
        """Say what is repeated and why. Of a broken connection urllib3 warns already."""
        level = logging.INFO if response is None else logging.WARNING
        if not _LOGGER.isEnabledFor(level):
            return
        if response is not None:
            reason = f"{response.status} {responses.get(response.status, '')}".rstrip()
        else:
            reason = type(error).__name__
        pause = self._pause_before(response)
        origin = f"{pool.scheme}://{pool.host}:{pool.port}" if pool is not None else ""
        asked = address(f"{origin}{url}", query=False)
        _LOGGER.log(level, "%s %s: %s; again in %.1f s", method, asked, reason, pause)

    def _pause_before(self, response: BaseHTTPResponse | None) -> float:
        """Seconds until the next attempt."""
        if response is not None and response.get_redirect_location():
            return 0
        return (response and self.get_retry_after(response)) or self.get_backoff_time()

    def _is_long(self, response: BaseHTTPResponse) -> bool:
        wait = self.get_retry_after(response) if self.respect_retry_after_header else None
        return wait is not None and wait > LONGEST_WAIT


def _is_of_tls(error: BaseException) -> bool:
    """Whether a failure is a certificate that is not trusted, or a server that speaks no TLS: nothing changes that.

    A connection that breaks off in the handshake is one that is tried again.
    """
    inner = (error, *error.args, getattr(error, "original_error", None))
    return any(
        (isinstance(entry, (ssl.SSLError, CertificateError)) and not isinstance(entry, _BROKEN_OFF))
        or (entry is not error and isinstance(entry, BaseException) and _is_of_tls(entry))
        for entry in inner
    )


class DefaultRetry(PoolRetry):
    """What is repeated when the configuration leaves it to us: what cannot happen twice by it.

    A POST or PATCH is sent again only when the server has said that it did nothing (429, or 503 with a
    Retry-After), when it never left, or when the API description says that it may be (``x-repeatable``). A PUT or DELETE that was received whole and is not answered may be at work
    still: the silence is an error.
    """

    def for_repeatable(self) -> types.Self:
        """The same for a request that may be sent again, whatever its method."""
        mine = self.new()
        mine._repeatable = True
        return mine

    def _is_method_retryable(self, method: str) -> bool:
        return self._repeatable or super()._is_method_retryable(method)

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Whether an answer asks for a repetition."""
        if status_code < 400:
            return False
        if self._is_method_retryable(method):
            return super().is_retry(method, status_code, has_retry_after)
        is_refused = status_code == 429 or (status_code == 503 and has_retry_after)
        return bool(self.total) and is_refused and method.upper() in _REFUSABLE

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> types.Self:
        """`PoolRetry.increment`."""
        if isinstance(error, ReadTimeoutError) and (method or "").upper() not in _READING:
            raise error.with_traceback(_stacktrace)
        return super().increment(method, url, response, error, _pool, _stacktrace)


def default_retries() -> Retry:
    """Three retries with growing pauses, of dropped connections and of 429, 502, 503 and 504."""
    return DefaultRetry(
        total=3, backoff_factor=0.5, backoff_jitter=0.5, status_forcelist=(429, 502, 503, 504)
    )


def pool_retries(configured: Retry | int | bool | None) -> Retry:
    """The retries of a pool: as configured, but the last answer is handed over instead of lost."""
    retries = Retry.from_int(configured, default=Retry.DEFAULT).new(raise_on_status=False)
    if type(retries) is Retry:  # a class of the caller's keeps what it does
        retries.__class__ = PoolRetry
    return retries


def settle_delete(response: HTTPResponse, method: str) -> None:
    """Take the 404 of a repeated DELETE for what it is: the attempt before has deleted, and its answer got lost."""
    if method != "DELETE" or response.status != 404 or response.retries is None:
        return
    for attempt in response.retries.history:
        if attempt.status in _LOST or isinstance(attempt.error, ProtocolError):
            response.status, response.reason = 204, responses[204]


class RetriedException(ApiException, MaxRetryError):  # type: ignore[misc]  # both have a reason
    """An answer that the pool repeats requests for: `ApiException` and `urllib3.exceptions.MaxRetryError` in one."""

    def __init__(
        self,
        status: int | None = None,
        reason: Any = None,
        http_resp: Any = None,
        *,
        url: str = "",
    ) -> None:
        ApiException.__init__(self, status, reason, http_resp)
        self.url = url


class RetriedServiceException(RetriedException, ServiceException):  # type: ignore[misc]  # the same
    """5xx, also after all retries."""


def raise_when_exhausted(
    response: HTTPResponse, method: str, url: str, raise_on_status: bool
) -> None:
    """Raise when an answer is one that the pool would have asked for again, had it not given up.

    Args:
        response: The last answer.
        method: HTTP method.
        url: Address of the request.
        raise_on_status: What the configured retries say about such an answer.
    """
    retries = response.retries
    if retries is None or not raise_on_status:
        return
    # Every answer comes by here: the default ones repeat no success.
    if response.status < 400 and type(retries) is DefaultRetry:
        return
    if not retries.is_retry(method, response.status, "Retry-After" in response.headers):
        return
    cause = ResponseError(ResponseError.SPECIFIC_ERROR.format(status_code=response.status))
    kind = RetriedException if response.status < 500 else RetriedServiceException
    error = kind(http_resp=response, url=address(url, query=False))
    if isinstance(retries, PoolRetry) and retries._is_long(response):
        wait = one_line(response.headers["Retry-After"], 40)
        error._hint = f"It asks for a wait (Retry-After: {wait}); {LONGEST_WAIT} s are the longest that is waited for"
    raise error from cause
