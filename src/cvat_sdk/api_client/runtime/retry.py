"""Retries: what a pool repeats, what a redirect may carry along, and the error when all of it was in vain."""

from __future__ import annotations

from typing import Any

from urllib3 import HTTPResponse, Retry
from urllib3.exceptions import MaxRetryError, ResponseError

from cvat_sdk.api_client.exceptions import ServiceException

# What a redirect to another host must not carry along.
SECRET_REQUEST_HEADERS = frozenset(
    {"authorization", "cookie", "origin", "proxy-authorization", "x-csrftoken"}
)


def default_retries() -> Retry:
    """Three retries of idempotent requests with growing pauses, also after 502, 503 and 504."""
    return Retry(
        total=3,
        backoff_factor=0.5,
        status_forcelist=(502, 503, 504),
        remove_headers_on_redirect=SECRET_REQUEST_HEADERS,
    )


def pool_retries(configured: Retry | int | bool | None) -> Retry:
    """The retries of a pool: as configured, but the last answer is handed over instead of lost."""
    retries = Retry.from_int(configured, default=Retry.DEFAULT)
    return retries.new(
        raise_on_status=False,
        remove_headers_on_redirect=retries.remove_headers_on_redirect | SECRET_REQUEST_HEADERS,
    )


class RetriedServiceException(ServiceException, MaxRetryError):  # type: ignore[misc]  # both have a reason
    """5xx, also after all retries: `ServiceException` and `urllib3.exceptions.MaxRetryError` in one."""

    def __init__(
        self,
        status: int | None = None,
        reason: Any = None,
        http_resp: Any = None,
        *,
        url: str = "",
    ) -> None:
        ServiceException.__init__(self, status, reason, http_resp)
        self.url = url


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
    if response.status < 500:
        raise MaxRetryError(None, url, cause)  # type: ignore[arg-type]  # the pool is only shown
    raise RetriedServiceException(http_resp=response, url=url) from cause
