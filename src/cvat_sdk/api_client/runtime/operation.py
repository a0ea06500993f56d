"""What one API operation is: plain data that the client calls by and the local server routes by.

The generated modules of ``cvat_sdk.api_client.operations`` hold one `Operation` for each operation of
the API description. Types are written as text, so that a table can be imported without any model:

    ``int`` ``float`` ``str`` ``bool`` ``date`` ``datetime`` ``file`` ``any``,
    the name of a model, ``list[T]``, ``dict[str, T]`` and ``T | None``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

Location = Literal["path", "query", "header", "cookie", "form"]
Style = Literal[
    "", "deepObject", "form", "json", "label", "matrix", "pipeDelimited", "simple", "spaceDelimited"
]

NO_LIMITS: Mapping[str, Any] = MappingProxyType({})


class Parameter(NamedTuple):
    """One parameter of an operation that is not its JSON body."""

    name: str
    """Python name, as the caller writes it."""
    location: Location
    type: str
    wire: str
    """Name in the request."""
    required: bool = False
    choices: tuple[str, ...] = ()
    """Allowed values; empty when any value is allowed."""
    limits: Mapping[str, Any] = NO_LIMITS
    """JSON schema keywords: ``pattern``, ``minimum``, ``maxLength``..."""
    style: Style = ""
    """How a value is written, as OpenAPI calls it, or ``json``; empty: a single value, as Python writes it."""
    explode: bool = False
    """Whether each value of a list or an object is written on its own."""
    item_limits: Mapping[str, Any] = NO_LIMITS
    """The same as `limits`, for each value of a list."""


class Body(NamedTuple):
    """The body of a request, sent as JSON or as multipart."""

    name: str
    """Python name of the argument, as the caller writes it."""
    type: str
    required: bool
    content_types: tuple[str, ...]
    """Accepted media types, the default one first."""
    types: Mapping[str, str] = MappingProxyType({})
    """Its types by media type, where they differ; `type` is one of them then."""


class Part(NamedTuple):
    """How a value of a form is sent, where that is not as usual for its type."""

    content_type: str = ""
    """Media type of its part; several, with commas between them, for files of any of these."""
    headers: Mapping[str, str] = MappingProxyType({})
    """Headers of its part."""
    style: Style = "form"
    """How a list or an object is written into a form that is text."""
    explode: bool = True


class ServerVariable(NamedTuple):
    """A part of a server's address that callers choose."""

    name: str
    default: str
    choices: tuple[str, ...] = ()
    """Allowed values; empty when any value is allowed."""
    description: str = ""


class Server(NamedTuple):
    """A server that the API description names."""

    url: str
    """An address, or a path from the configured host; ``{name}`` stands for the value of a variable."""
    description: str = ""
    variables: tuple[ServerVariable, ...] = ()

    def settings(self) -> dict[str, Any]:
        """The same as `Configuration.get_host_settings` tells it."""
        found: dict[str, Any] = {"url": self.url, "description": self.description}
        if self.variables:
            found["variables"] = {
                variable.name: {
                    "description": variable.description,
                    "default_value": variable.default,
                    **({"enum_values": list(variable.choices)} if variable.choices else {}),
                }
                for variable in self.variables
            }
        return found


class Operation(NamedTuple):
    """One operation of the API."""

    tag: str
    name: str
    """Method name within the tag's class."""
    method: str
    path: str
    """Path template from the server root, such as ``/api/tasks/{id}``."""
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    form_content_types: tuple[str, ...] = ()
    """Media types of an operation whose body is made of ``form`` parameters."""
    responses: tuple[tuple[int, str | None], ...] = ()
    """Success status codes, each with its type (None: no body)."""
    response: str | None = None
    """Type that a successful body is decoded to (None: nothing is decoded)."""
    accept: tuple[str, ...] = ()
    """Media types of a success, the preferred one first; empty: no Accept header is sent."""
    auth: tuple[str, ...] = ()
    """Names of the security schemes that the operation accepts, alphabetically."""
    positional: tuple[str, ...] = ()
    """Required parameters, in the order in which they may be passed by position."""
    deprecated: bool = False
    summary: str = ""
    servers: tuple[Server, ...] = ()
    """Its own servers; empty: those of the API."""
    form_parts: Mapping[str, Part] | None = None
    """How the values of a form are sent, by their names in the request; None: as CVAT has forms."""
    repeatable: bool = False
    """Whether to do it twice is the same as to do it once, although its method does not say so."""

    @property
    def id(self) -> str:
        """Name that is unique in the API, such as ``tasks.create``."""
        return f"{self.tag}.{self.name}"


class Alias(NamedTuple):
    """A name of older versions for an operation."""

    tag: str
    name: str
    """Method name within the tag's class."""
    operation: str
    """Id of today's operation, such as ``tasks.list``."""
    message: str
    """Text of the warning."""
    positional: tuple[str, ...]
    """Required arguments, in the order in which they may be passed by position."""
    renamed: Mapping[str, str] = MappingProxyType({})
    """Arguments that have another name in the operation: theirs by that of the alias."""
    model: str | None = None
    """Model whose set fields are taken as the body, beside the body's own type."""
