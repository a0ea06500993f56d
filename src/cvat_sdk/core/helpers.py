"""Small tools for calls of the low-level API: pages, statuses, headers, progress of streams."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable
from typing import IO, Any, Literal, Protocol, TypeVar, overload

from cvat_sdk.api_client.exceptions import ApiException, ApiTypeError, NotFoundException
from cvat_sdk.api_client.runtime import types
from cvat_sdk.core.progress import BaseProgressReporter, ProgressReporter

__all__ = [
    "DeferredTqdmProgressReporter",
    "Page",
    "StreamWithProgress",
    "TqdmProgressReporter",
    "expect_status",
    "get_paginated_collection",
    "make_request_headers",
]

T = TypeVar("T")

# Tells an organization that is not named from None, which names the personal workspace.
_UNSET: Any = object()


class Page(Protocol[T]):
    """What a list operation answers."""

    @property
    def results(self) -> list[T]:
        """The entries of the page."""
        ...


@overload
def get_paginated_collection(
    endpoint: types.Endpoint[Page[T]],
    *,
    return_json: Literal[False] = ...,
    org_id: int | None = ...,
    **kwargs: Any,
) -> list[T]: ...


@overload
def get_paginated_collection(
    endpoint: types.Endpoint[Any],
    *,
    return_json: Literal[True],
    org_id: int | None = ...,
    **kwargs: Any,
) -> list[dict[str, Any]]: ...


@overload
def get_paginated_collection(
    endpoint: types.Endpoint[Page[T]],
    *,
    return_json: bool,
    org_id: int | None = ...,
    **kwargs: Any,
) -> list[T] | list[dict[str, Any]]: ...


def get_paginated_collection(
    endpoint: types.Endpoint[Any],
    *,
    return_json: bool = False,
    org_id: int | None = _UNSET,
    **kwargs: Any,
) -> list[Any]:
    """Read all pages of a list operation.

    Args:
        endpoint: A list operation, such as ``api_client.tasks_api.list_endpoint``.
        return_json: Give the entries as plain dicts rather than as models.
        org_id: Organization to work in; None for the personal workspace. Default: what the client is
            set to.
        **kwargs: Arguments of the operation, such as filters and ``page_size``; not ``page``.

    Returns:
        The entries of all pages, in order.

    Raises:
        ApiTypeError: ``page`` was given, or something that is not an endpoint.
        ApiException: A page came with another status than 200.
    """
    if "page" in kwargs:
        raise ApiTypeError("get_paginated_collection() counts the pages itself", ("page",))
    if not hasattr(endpoint, "call_with_http_info"):
        raise ApiTypeError(
            "Expected an endpoint such as tasks_api.list_endpoint, "
            f"got a value of type {type(endpoint).__name__}",
            ("endpoint",),
        )
    if org_id is not _UNSET:
        kwargs.update({"org": ""} if org_id is None else {"org_id": org_id})
        if "x_organization" in endpoint.attribute_map:
            kwargs["x_organization"] = None
    if return_json:
        kwargs["_parse_response"] = False

    entries: list[Any] = []
    page_number = 1
    while True:
        try:
            page, response = endpoint.call_with_http_info(**kwargs, page=page_number)
        except NotFoundException:
            if page_number == 1:
                raise
            return entries  # the page has vanished meanwhile: its entries were removed
        expect_status(200, response)
        if return_json:
            page = json.loads(response.data)
            entries += page["results"]
        else:
            entries += page.results
        if not page.get("next"):
            return entries
        page_number += 1


def expect_status(codes: int | Iterable[int], response: types.HTTPResponse) -> None:
    """Check the status of a response.

    Raises:
        ApiException: The status is none of `codes`.
    """
    if response.status not in ([codes] if isinstance(codes, int) else codes):
        raise ApiException(http_resp=response)


def make_request_headers(api_client: types.ApiClient, **kwargs: Any) -> dict[str, str]:
    """Headers for a request of your own: default headers, cookies and credentials of a client.

    Args:
        api_client: The client.
        **kwargs: Passed to `ApiClient.update_params_for_auth`.
    """
    headers = api_client.get_common_headers()
    kwargs.setdefault("queries", [])
    api_client.update_params_for_auth(headers=headers, **kwargs)
    return headers


class StreamWithProgress:
    """A stream that tells a reporter how far it has been read.

    Args:
        stream: The stream to read.
        pbar: A reporter whose task has begun, in bytes.
    """

    def __init__(self, stream: IO[bytes], pbar: ProgressReporter) -> None:
        self.stream = stream
        self.pbar = pbar

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, or all that are left."""
        chunk = self.stream.read(size)
        self.pbar.advance(len(chunk))
        return chunk

    def seek(self, pos: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position; the reporter follows, also backwards."""
        before = self.stream.tell()
        after = self.stream.seek(pos, whence)
        self.pbar.advance(after - before)
        return after

    def tell(self) -> int:
        """Position in the stream."""
        return self.stream.tell()


class _BaseTqdmProgressReporter(BaseProgressReporter):
    tqdm: Any  # a bar of tqdm, or None; the package need not be there

    def report_status(self, progress: int) -> None:
        """Set the number of units done so far."""
        super().report_status(progress)
        if self.tqdm is not None:
            self.tqdm.update(progress - self.tqdm.n)

    def advance(self, delta: int) -> None:
        """Add to the number of units done."""
        super().advance(delta)
        if self.tqdm is not None:
            self.tqdm.update(delta)


class TqdmProgressReporter(_BaseTqdmProgressReporter):
    """Shows progress on a tqdm bar that already exists. Deprecated: use `DeferredTqdmProgressReporter`."""

    def __init__(self, instance: Any) -> None:
        super().__init__()
        warnings.warn(
            "TqdmProgressReporter shows its bar before there is work; "
            "use DeferredTqdmProgressReporter",
            DeprecationWarning,
            stacklevel=2,
        )
        self.tqdm: Any = instance

    def start2(self, total: int, *, desc: str | None = None, **kwargs: Any) -> None:
        """Begin a piece of work on the bar."""
        super().start2(total, desc=desc, **kwargs)
        if self.tqdm is not None:
            self.tqdm.reset(total)
            self.tqdm.set_description_str(desc)

    def finish(self) -> None:
        """End the piece of work; the bar stays."""
        if self.tqdm is not None:
            self.tqdm.refresh()
        super().finish()


class DeferredTqdmProgressReporter(_BaseTqdmProgressReporter):
    """Shows progress on a tqdm bar that is made when the work begins and closed when it ends.

    Needs the package tqdm (``pip install tqdm``).

    Args:
        tqdm_args: Keywords for the bar, such as ``file`` or ``leave``.
    """

    def __init__(self, tqdm_args: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.tqdm_args: dict[str, Any] = tqdm_args or {}
        self.tqdm: Any = None

    def start2(
        self,
        total: int,
        *,
        desc: str | None = None,
        unit: str = "it",
        unit_scale: bool = False,
        unit_divisor: int = 1000,
        **kwargs: Any,
    ) -> None:
        """Begin a piece of work on a new bar."""
        # Only who shows a bar needs tqdm.
        from tqdm import tqdm

        super().start2(total, desc=desc)
        options = {"unit": unit, "unit_scale": unit_scale, "unit_divisor": unit_divisor}
        self.tqdm = tqdm(**{**self.tqdm_args, "total": total, "desc": desc, **options, **kwargs})

    def finish(self) -> None:
        """End the piece of work and close the bar."""
        super().finish()
        if self.tqdm is not None:
            self.tqdm.close()
            self.tqdm = None
