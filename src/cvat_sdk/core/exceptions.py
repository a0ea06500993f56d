"""Errors of the layer above single calls. Those of the API are in `cvat_sdk.api_client.exceptions`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = [
    "AuthStoreError",
    "BackgroundRequestException",
    "CvatSdkException",
    "IncompatibleVersionException",
    "InvalidHostException",
    "RequestTimeout",
    "UploadException",
]


class CvatSdkException(Exception):
    """Base of the errors of this layer."""


class InvalidHostException(CvatSdkException):
    """An address that is none, or of a scheme other than http and https."""


class IncompatibleVersionException(CvatSdkException):
    """A server whose version this package does not know, where only known ones are wanted."""


class AuthStoreError(CvatSdkException):
    """The file of profiles cannot be used, or has no such profile."""


class BackgroundRequestException(CvatSdkException):
    """Work of the server in the background has failed.

    Attributes:
        request: The `models.Request` as the server gave it last; None where it is not known.
    """

    def __init__(self, message: str = "", request: Any = None) -> None:
        super().__init__(message)
        self.request: Any = request

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (*self.args, self.request)


class RequestTimeout(CvatSdkException, TimeoutError):
    """Work of the server in the background did not end in the time that was given to it; it goes on there.

    Attributes:
        request: The `models.Request` as the server gave it last; None when it gave none.
    """

    def __init__(self, message: str = "", request: Any = None) -> None:
        super().__init__(message)
        self.request: Any = request

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (*self.args, self.request)


class UploadException(CvatSdkException):
    """Some files of an upload were not sent; the cause is the error of the first one.

    Attributes:
        files: Names of the files that the server does not have.
    """

    def __init__(self, message: str = "", files: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.files: list[str] = list(files)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (*self.args, self.files)
