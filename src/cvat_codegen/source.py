"""Text of a description inside generated modules: the one place where it is made harmless.

A template takes `Source` only. There are four ways to it: a literal (`quoted`), a comment (`comment`), the text of
a docstring (`escaped`, laid out by `emit.text.docstring`), and a name (`Identifier`). `code` puts such parts
together and refuses any other text.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable

# PEP 263: in the first two lines, such a comment would say how the file is to be read.
_CODING = re.compile(r"(coding)(?=[:=])")


class Source(str):
    """Python source: text that may stand in a module as it is."""

    __slots__ = ()


class Identifier(Source):
    """A name in Python."""

    __slots__ = ()

    def __new__(cls, text: str) -> Identifier:
        if not is_identifier(text):
            raise ValueError(f"{text!r} is not a name in Python")
        return super().__new__(cls, text)


def is_identifier(text: object) -> bool:
    """Whether a text is a name in Python."""
    return isinstance(text, str) and text.isidentifier() and not keyword.iskeyword(text)


def code(pattern: str, *parts: Source) -> Source:
    """A pattern of `str.format`, written by the generator itself, with source in its gaps.

    Raises:
        TypeError: A part that is not known to be source.
    """
    for part in parts:
        if not isinstance(part, Source):
            raise TypeError(f"not known to be source: {part!r}")
    return Source(pattern.format(*parts))


def joined(separator: str, parts: Iterable[Source]) -> Source:
    """Source, put together by a separator of the generator's own."""
    return Source(separator.join(code("{}", part) for part in parts))


def quoted(text: str) -> Source:
    """A string literal in double quotes: JSON's escapes mean the same in Python."""
    return Source(printable(json.dumps(text, ensure_ascii=False)))


def raw(text: str) -> Source:
    """A string literal such as a pattern: a raw one where that can hold it."""
    plain = text.isprintable() and '"' not in text and not text.endswith("\\")
    return Source(f'r"{text}"') if plain else quoted(text)


def number(value: int | float) -> Source:
    """A number."""
    return Source(repr(value))


def comment(text: str) -> Source:
    """A comment of one line."""
    line = _CODING.sub(r"\1 ", " ".join(text.split()))
    return Source(f"# {printable(line)}")


def escaped(text: str) -> str:
    """Text as it may stand between triple quotes, but for a quote right before the closing ones."""
    return printable(text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"'))


def printable(text: str) -> str:
    """Characters that do not show, or that no file can hold, as escapes."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else _escape(ord(character)) for character in text
    )


def _escape(number: int) -> str:
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
