"""Errors that a handler raises to answer a request, in the body shapes that CVAT clients read.

========================  =====================================================
`field_errors`            400 ``{"field": ["text"]}``, nested like the input
`list_error`              400 ``["text"]``: a rule that is not about one field
`string_error`            any status, a JSON string
`text_error`              any status, plain text
`detail`                  any status, ``{"detail": "text"}``
========================  =====================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NON_FIELD_ERRORS = "non_field_errors"
"""Key of the errors that concern an object as a whole."""


class ApiError(Exception):
    """An answer with an error status.

    Args:
        status: HTTP status, 400 or higher.
        body: What is written as JSON; with ``as_text`` a string that is written as it is.
        headers: Additional response headers.
        as_text: Write ``body`` as plain text.
    """

    def __init__(
        self,
        status: int,
        body: Any,
        headers: Mapping[str, str] | None = None,
        *,
        as_text: bool = False,
    ) -> None:
        super().__init__(f"{status}: {body!r}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})
        self.as_text = as_text


class FieldErrors(ApiError):
    """400 because of the values of an object; ``errors`` mirrors the input."""

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(400, dict(errors))
        self.errors: dict[str, Any] = self.body


def field_errors(errors: Mapping[str, Any]) -> FieldErrors:
    """400 ``{"field": [...]}``. A bare text is put into a list: ``{"name": "Too long."}`` is fine."""
    return FieldErrors(
        {key: [value] if isinstance(value, str) else value for key, value in errors.items()}
    )


def non_field_error(text: str) -> FieldErrors:
    """400 ``{"non_field_errors": [text]}``."""
    return FieldErrors({NON_FIELD_ERRORS: [text]})


def list_error(text: str, *more: str) -> ApiError:
    """400 ``[text]``: a broken rule that does not belong to one field."""
    return ApiError(400, [text, *more])


def string_error(status: int, text: str) -> ApiError:
    """An error whose body is a JSON string."""
    return ApiError(status, text)


def text_error(status: int, text: str) -> ApiError:
    """An error whose body is plain text."""
    return ApiError(status, text, as_text=True)


def detail(status: int, text: str, headers: Mapping[str, str] | None = None) -> ApiError:
    """An error with the body ``{"detail": text}``."""
    return ApiError(status, {"detail": text}, headers)


def not_authenticated(
    text: str = "Authentication is required for this operation.", scheme: str = "Token"
) -> ApiError:
    """401 with the scheme to sign in by."""
    return detail(401, text, {"WWW-Authenticate": scheme})


def forbidden(text: str = "You may not do this with this object.") -> ApiError:
    """403: the caller is known but lacks the right."""
    return detail(403, text)


def not_found(text: str = "Nothing found at this address.") -> ApiError:
    """404: there is no such object."""
    return detail(404, text)
