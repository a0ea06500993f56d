"""What a call of a generated client is, what it must send, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

BOUNDARY = b"boundary"
"""What stands for the line between the parts of a form."""


def form(*parts: str) -> bytes:
    """A form of several parts, each of headers, a blank line and its content."""
    lines = [f"--{BOUNDARY.decode()}\n{part}\n" for part in parts]
    return "".join([*lines, f"--{BOUNDARY.decode()}--\n"]).replace("\n", "\r\n").encode()


@dataclass(frozen=True)
class Request:
    """What a client sends. Headers are those that matter, by names in lower case; None: must not be sent."""

    method: str
    target: str
    """Path and query, byte for byte."""
    body: bytes = b""
    headers: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the server sends back."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"


@dataclass(frozen=True)
class Call:
    """A call of a client and what it must do."""

    make: Callable[[Any], Any]
    """Gets the client of the generated package."""
    sends: Request
    answer: Answer = Answer()
    gives: Any = None
    """The value that is read back, models as dicts."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the configuration beside the host."""
    shows: Callable[[Any], Any] | None = None
    """What of the value is compared with `gives`; None: all of it, as plain data."""


@dataclass(frozen=True)
class Refused:
    """A call that must fail before anything is sent."""

    make: Callable[[Any], Any]
    error: str
    """Name of the exception."""
    message: str
    """Part of its text."""


def shown(model: Any) -> tuple[str, Any]:
    """The class of the first value that a model holds, and the model as a dict."""
    first = next(iter(model.openapi_types))
    return type(model[first]).__name__, model.to_dict()
