"""Text of a description inside the reference pages: the one place where it is made harmless.

A template of a page takes `Markdown` only. Descriptions are Markdown themselves; of that, code and emphasis
stay, and nothing else: no HTML, no links, no pictures, no tables, no headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Code between single backticks; whatever else there is.
_PARTS = re.compile(r"(?<!`)(`[^`]+`)(?!`)")
_SIGNS = re.compile(r"[\\<>\[\]|&]")
# At the start of a block these begin a heading, a list, a rule or a quotation.
_BLOCK = re.compile(r"^(?=[#+=~-])|^(?=\* )|(?<=^\d)(?=[.)])")


class Markdown(str):
    """Text that may stand in a page as it is."""

    __slots__ = ()


def inline(text: str) -> Markdown:
    """A text as a single line."""
    line = " ".join(text.split())
    parts = _PARTS.split(line)
    harmless = "".join(
        _escaped(part) if index % 2 == 0 else code(part[1:-1]) for index, part in enumerate(parts)
    )
    return Markdown(_BLOCK.sub(r"\\", harmless))


def code(text: str) -> Markdown:
    """A text as code, also inside of a table."""
    line = _printable(" ".join(text.split()))
    if "\\|" in line or not line:
        # A table would be cut at this bar, and what is behind it would be no code any more.
        entities = (sign if sign.isalnum() else f"&#{ord(sign)};" for sign in line)
        return Markdown(f"<code>{''.join(entities)}</code>")
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    margin = " " if longest else ""
    # Tables are cut at bars before code is recognised.
    return Markdown(f"{fence}{margin}{line}{margin}{fence}".replace("|", "\\|"))


def bold(text: Markdown) -> Markdown:
    """A text in bold letters."""
    return Markdown(f"**{text}**")


def joined(separator: str, parts: Iterable[Markdown]) -> Markdown:
    """Texts, put together by a separator of the generator's own."""
    return Markdown(separator.join(parts))


def row(cells: Iterable[Markdown]) -> Markdown:
    """A line of a table."""
    return Markdown(f"| {joined(' | ', cells)} |")


def note(text: str) -> Markdown:
    """A comment, which does not show."""
    line = re.sub("-{2,}", "-", " ".join(text.split())).replace(">", "")
    return Markdown(f"<!-- {_printable(line)} -->")


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", _printable(text)).replace("`", "\\`")


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
