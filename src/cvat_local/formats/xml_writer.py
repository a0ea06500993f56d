"""XML written piece by piece, indented as CVAT does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO
from xml.sax.saxutils import escape, quoteattr

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that an XML document cannot hold, not even escaped."""


class XmlWriter:
    """Writes elements to a binary file in UTF-8."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._depth = 0
        self._file.write(b'<?xml version="1.0" encoding="utf-8"?>\n')

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """An element with other elements in it, those written inside the block."""
        self._line(f"<{name}{_attributes(attributes)}>")
        self._depth += 1
        yield
        self._depth -= 1
        self._line(f"</{name}>")

    def leaf(
        self, name: str, content: str = "", attributes: Mapping[str, str] | None = None
    ) -> None:
        """An element with text only."""
        self._line(f"<{name}{_attributes(attributes)}>{escape(_clean(content))}</{name}>")

    def _line(self, text: str) -> None:
        self._file.write(f"{'  ' * self._depth}{text}\n".encode())


def _attributes(attributes: Mapping[str, str] | None) -> str:
    if not attributes:
        return ""
    return "".join(f" {name}={quoteattr(_clean(value))}" for name, value in attributes.items())


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
