"""Which function answers which operation.

Each resource folder declares its functions in ``routes.py``::

    handlers = Handlers("tasks")

    @handlers("retrieve")
    def retrieve(call: Call) -> Response:
        ...

The paths and methods come from the operation table of the SDK, so a handler names only its operation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from starlette.responses import Response

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

Handler: TypeAlias = "Callable[[Call], Response]"
"""A function that answers a request; it runs in a worker thread and may block."""


class Registered(NamedTuple):
    """A handler and what the router has to know to call it."""

    handler: Handler
    anonymous: bool = False
    """Callers without credentials are let in."""


class ExtraRoute(NamedTuple):
    """A route that is not an operation of the API description, such as a download or TUS."""

    method: str
    path: str
    """Template; ``{name}`` matches one segment, ``{name:int}`` digits only."""
    name: str
    registered: Registered


class Handlers:
    """The handlers of one tag of the API.

    Args:
        tag: Tag of the operations, such as ``tasks``.
    """

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.operations: dict[str, Registered] = {}
        self.routes: list[ExtraRoute] = []

    def __call__(self, name: str, *, anonymous: bool = False) -> Callable[[Handler], Handler]:
        """Declare the function below as the handler of operation ``name`` of this tag."""

        def register(handler: Handler) -> Handler:
            if name in self.operations:
                raise ValueError(f"two handlers for {self.tag}.{name}")
            self.operations[name] = Registered(handler, anonymous)
            return handler

        return register

    def route(
        self, method: str, path: str, *, name: str, anonymous: bool = False
    ) -> Callable[[Handler], Handler]:
        """Declare a handler for a route outside the operation table.

        Args:
            method: HTTP method.
            path: Template such as ``/api/tasks/{id:int}/dataset/download``.
            name: What logs call it.
            anonymous: Callers without credentials are let in.
        """

        def register(handler: Handler) -> Handler:
            self.routes.append(ExtraRoute(method, path, name, Registered(handler, anonymous)))
            return handler

        return register
