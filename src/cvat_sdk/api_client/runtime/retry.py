"""Retries: what a pool repeats and what it does not, and the error when all of it was in vain."""

from __future__ import annotations

import ssl
from typing import Any

from urllib3 import BaseHTTPResponse, HTTPResponse, Retry
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.util.ssl_match_hostname import CertificateError

from cvat_sdk.api_client.exceptions import ApiException, ServiceException
from cvat_sdk.api_client.runtime.explain import address

LONGEST_WAIT = 600
"""Seconds of a Retry-After header that are waited for. When a server asks for more, its answer is the error."""


class PoolRetry(Retry):
    """Retries as they are configured, but no repetition that cannot help, and no failure that hides the answer."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds to wait by the Retry-After header; None without one that can be read."""
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> PoolRetry:
        """Count a repetition; `urllib3.exceptions.MaxRetryError` when there is to be none."""
        if error is not None and self.total is not False and _is_of_certificate(error):
            raise MaxRetryError(_pool, url, error) from error
        if (
            response is not None
            and not response.get_redirect_location()
            and self._is_long(response)
        ):
            raise MaxRetryError(_pool, url, ResponseError("the server asks for a long wait"))
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def _is_long(self, response: BaseHTTPResponse) -> bool:
        wait = self.get_retry_after(response) if self.respect_retry_after_header else None
        return wait is not None and wait > LONGEST_WAIT


def _is_of_certificate(error: BaseException) -> bool:
    """Whether a failure is a certificate that is not trusted; it will not be with the next attempt either."""
    inner = (error, *error.args, getattr(error, "original_error", None))
    return any(
        isinstance(entry, (ssl.CertificateError, CertificateError))
        or (entry is not error and isinstance(entry, BaseException) and _is_of_certificate(entry))
        for entry in inner
    )


def default_retries() -> Retry:
    """Three retries of idempotent requests with growing pauses, also after 502, 503 and 504."""
    return Retry(total=3, backoff_factor=0.5, status_forcelist=(502, 503, 504))


def pool_retries(configured: Retry | int | bool | None) -> Retry:
    """The retries of a pool: as configured, but the last answer is handed over instead of lost."""
    retries = Retry.from_int(configured, default=Retry.DEFAULT).new(raise_on_status=False)
    if type(retries) is Retry:  # a class of the caller's keeps what it does
        retries.__class__ = PoolRetry
    return retries


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
    if not retries.is_retry(method, response.status, "Retry-After" in response.headers):
        return
    cause = ResponseError(ResponseError.SPECIFIC_ERROR.format(status_code=response.status))
    kind = RetriedException if response.status < 500 else RetriedServiceException
    raise kind(http_resp=response, url=address(url, query=False)) from cause
