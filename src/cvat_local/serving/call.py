"""One request, as a handler sees it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from cvat_local.http import inputs, outputs, paging, parameters
from cvat_local.http.body import Body
from cvat_local.http.errors import ApiError, detail, list_error, not_authenticated
from cvat_local.http.multipart import Form, UploadedFile, parse_urlencoded, read_multipart
from cvat_local.http.urls import base_url

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session
    from starlette.requests import Request

    from cvat_local.auth.schemes import Identity
    from cvat_local.serving.context import Workspace
    from cvat_local.serving.parts import Parts
    from cvat_local.storage.tables import User
    from cvat_sdk.api_client.runtime.operation import Operation

__all__ = ["Call", "UploadedFile"]


class Call:
    """What a handler knows of its request, and the session it works in.

    The session is committed when the handler returns an answer below 400 and rolled back when it
    raises or answers with an error. For methods other than GET and HEAD its first query takes the
    write lock of the database; the body of an API operation has been received by then.

    Args:
        app: The server's parts.
        request: The request.
        body: Its body, not read yet.
        path: Values of the parameters in the path.
        operation: The operation, None for a route outside the API description.
        identity: Who calls and by which credentials.
        workspace: Where: in an organization, among what is personal, or anywhere.
        db: The session.
        request_id: Value of ``X-Request-Id`` of the answer.
    """

    def __init__(
        self,
        *,
        app: Parts,
        request: Request,
        body: Body,
        path: dict[str, Any],
        operation: Operation | None,
        identity: Identity,
        workspace: Workspace,
        db: Session,
        request_id: str,
    ) -> None:
        self.app = app
        self.db = db
        self.path = path
        """Parameters of the path; ids are integers already."""
        self.operation = operation
        self.identity = identity
        self.workspace = workspace
        self.request_id = request_id
        self.method = request.method
        self.headers = request.headers
        self.cookies = request.cookies
        self.query: dict[str, str] = dict(request.query_params)
        """Query parameters as texts; the last one wins when a name is repeated. See `parameter`."""
        self._request = request
        self._body = body
        self._stack = ExitStack()

    # --- who ---------------------------------------------------------------------------------------

    @property
    def user(self) -> User:
        """The signed-in user.

        Raises:
            ApiError: 401, in a handler that lets anonymous callers in and got one.
        """
        if self.identity.user is None:
            raise not_authenticated()
        return self.identity.user

    @property
    def anonymous(self) -> bool:
        """Whether the caller sent no credentials."""
        return self.identity.user is None

    # --- what --------------------------------------------------------------------------------------

    def parameter(
        self,
        name: str,
        *,
        also: tuple[str, ...] = (),
        refuse: Callable[[str], ApiError] = list_error,
    ) -> Any:
        """A query parameter, checked and converted as the operation declares it.

        Args:
            name: Name of a parameter that the operation has.
            also: Values that are allowed beyond the declared choices.
            refuse: Makes the error of a text, for operations whose errors have another form.

        Returns:
            An int, a bool or a text; None when it is not given or empty.

        Raises:
            ApiError: 400, it is needed and missing, or not of its type.
        """
        if self.operation is None:
            raise LookupError("a route outside the API description declares no parameters")
        try:
            return parameters.read(self.operation, name, self.query.get(name), also=also)
        except parameters.BadParameter as error:
            raise refuse(str(error)) from None

    @property
    def has_body(self) -> bool:
        """Whether the request has a body that is not empty, as far as its headers tell."""
        return self._body.present

    @property
    def content_type(self) -> str:
        """Media type of the body in lower case, without parameters; empty when there is none."""
        return self._body.content_type

    @cached_property
    def body(self) -> bytes:
        """The whole body, for JSON and other data that fits into memory.

        Raises:
            ApiError: 413 when it is larger than the server's limit for such bodies.
        """
        return self._body.read(self.app.settings.max_json_bytes)

    @cached_property
    def json_body(self) -> Any:
        """The parsed JSON body, not checked against any model (an empty body is ``{}``).

        Raises:
            ApiError: 415 for another content type, 400 when it is not JSON, 413 when it is too large.
        """
        text = self.json_text
        if not text:
            return {}
        try:
            return json.loads(text.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise detail(400, f"The body is not valid JSON: {error}") from None

    @property
    def json_text(self) -> bytes:
        """The JSON body before it is parsed; empty when there is none.

        Raises:
            ApiError: 415 for another content type, 413 when it is too large.
        """
        if self.body and self.content_type != "application/json":
            raise detail(415, f"A body of type {self.content_type!r} is not JSON.")
        return self.body

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
        if self.content_type in _FORM_TYPES:
            data: Any = inputs.from_form(model_name, self.form, self.files)
        else:
            data = self.json_body
        return inputs.validate(model_name, data, partial=partial)

    @property
    def form(self) -> dict[str, str]:
        """Text fields of a multipart or urlencoded body; the last one wins."""
        return self._form.fields

    @property
    def files(self) -> list[UploadedFile]:
        """Files of a multipart body, in the order in which they came."""
        return self._form.files

    def stream(self) -> Iterator[bytes]:
        """The raw body, piece by piece, as it arrives. Either this or the parsed forms, not both."""
        return self._body.pieces(self.app.settings.max_upload_bytes)

    @cached_property
    def _form(self) -> Form:
        if not self.has_body:
            return Form()
        if self.content_type == "multipart/form-data":
            folder = self._stack.enter_context(self.app.files.temporary_folder())
            return read_multipart(self.stream(), self.headers["content-type"], folder)
        if self.content_type == "application/x-www-form-urlencoded":
            return parse_urlencoded(self.body)
        return Form()

    def receive(self) -> None:
        """Take in the whole body now, before a query holds the write lock for the time it takes."""
        if self.content_type in _FORM_TYPES:
            self._form  # noqa: B018  # kept by the property
        else:
            self.body  # noqa: B018  # kept by the property

    def close(self) -> None:
        """Remove the files that the handler left where they were received."""
        self._stack.close()

    # --- answers -----------------------------------------------------------------------------------

    @cached_property
    def base_url(self) -> str:
        """Scheme and host under which the caller reaches this server, without a slash at the end."""
        return base_url(self._request)

    @property
    def url_path(self) -> str:
        """Path of the request as the client wrote it, still percent-encoded, without the query."""
        raw: bytes = self._request.scope["raw_path"]
        return raw.decode("latin-1")

    @property
    def query_string(self) -> str:
        """Query of the request as it came, without the question mark."""
        raw: bytes = self._request.scope["query_string"]
        return raw.decode("latin-1")

    def url(self, path: str) -> str:
        """Absolute URL of ``path`` as the caller reaches this server (``X-Forwarded-*`` respected)."""
        return self.base_url + path

    def page(
        self, source: Select[Any] | Sequence[Any], serialize: Callable[[Any], Any]
    ) -> Response:
        """One page of a list: ``{"count", "next", "previous", "results"}``.

        Args:
            source: A select of one entity (with its order), or items at hand.
            serialize: Turns one item into what is written.
        """
        return self.page_many(source, lambda items: [serialize(item) for item in items])

    def page_many(
        self, source: Select[Any] | Sequence[Any], serialize: Callable[[Sequence[Any]], list[Any]]
    ) -> Response:
        """Like `page`; ``serialize`` gets all items of the page at once and can load what they share."""
        page = paging.paginate(source, self.db, self.query_string)
        address = self.base_url + self.url_path

        def absolute(query: str) -> str:
            return f"{address}?{query}" if query else address

        return outputs.json(paging.body(page, absolute, serialize(page.items)))


_FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
