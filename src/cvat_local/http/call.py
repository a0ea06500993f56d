"""One request, as a handler sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session
    from starlette.datastructures import Headers

    from cvat_local.app import Application
    from cvat_local.storage.tables import User


@dataclass(frozen=True)
class UploadedFile:
    """A file of a multipart body, kept on disk while the request is handled.

    A handler that keeps the file moves ``path`` away (same file system as the data folder);
    what is still there afterwards is removed.
    """

    name: str
    """Name of the form field, such as ``client_files[0]``."""
    filename: str
    """Base name that the client gave; never a path."""
    content_type: str
    path: Path
    size: int
    """Bytes."""


class Call:
    """What a handler knows of its request, and the session it works in.

    The session is committed when the handler returns an answer below 400 and rolled back when it
    raises or answers with an error.
    """

    app: Application
    db: Session
    method: str
    path: dict[str, Any]
    """Parameters of the path; ids are integers already."""
    query: dict[str, str]
    """Query parameters; the last one wins when a name is repeated."""
    headers: Headers
    request_id: str
    """Value of ``X-Request-Id`` of the answer."""

    @property
    def user(self) -> User:
        """The signed-in user.

        Raises:
            ApiError: 401, in a handler that lets anonymous callers in and got one.
        """
        raise AttributeError

    @property
    def anonymous(self) -> bool:
        """Whether the caller sent no credentials."""
        raise AttributeError

    @property
    def json_body(self) -> Any:
        """The parsed JSON body, not checked against any model (an empty body is ``{}``).

        Raises:
            ApiError: 415 for another content type, 400 when it is not JSON, 413 when it is too large.
        """
        raise AttributeError

    def input(self, model_name: str, partial: bool = False) -> dict[str, Any]:
        """The JSON or form body, checked and converted as the model's fields say.

        Read-only and unknown keys are left out; absent optional keys stay absent.

        Args:
            model_name: A request model, such as ``TaskWriteRequest``.
            partial: No field is required (PATCH).

        Raises:
            FieldErrors: 400 with the errors of all fields.
            ApiError: as `json_body`.
        """
        raise AttributeError

    @property
    def form(self) -> dict[str, str]:
        """Text fields of a multipart or urlencoded body; the last one wins."""
        raise AttributeError

    @property
    def files(self) -> list[UploadedFile]:
        """Files of a multipart body, in the order in which they came."""
        raise AttributeError

    def stream(self) -> Iterator[bytes]:
        """The raw body, piece by piece, as it arrives. Either this or the parsed forms, not both."""
        raise AttributeError

    def url(self, path: str) -> str:
        """Absolute URL of ``path`` as the caller reaches this server (``X-Forwarded-*`` respected)."""
        raise AttributeError

    def page(
        self, source: Select[Any] | Sequence[Any], serialize: Callable[[Any], Any]
    ) -> Response:
        """One page of a list: ``{"count", "next", "previous", "results"}``.

        Args:
            source: A select of one entity (with its order), or items at hand.
            serialize: Turns one item into what is written.
        """
        raise AttributeError

    def page_many(
        self, source: Select[Any] | Sequence[Any], serialize: Callable[[Sequence[Any]], list[Any]]
    ) -> Response:
        """Like `page`; ``serialize`` gets all items of the page at once and can load what they share."""
        raise AttributeError
