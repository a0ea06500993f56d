"""Layout of the emitted text: docstrings, and lists that are broken over lines."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from cvat_codegen.source import Source, code, escaped, joined, quoted

WIDTH = 100
# Starts a line that is not a part of the text before it.
_OWN_LINE = re.compile(r"\s|[*-] |\d+\.")
RUNTIME = Source("cvat_sdk.api_client.runtime")
"""Package of the hand-written code that the generated modules use."""


def docstring(text: str, indent: int, entries: Iterable[str] = ()) -> Source:
    """A docstring without the indentation of its first line.

    Args:
        text: Paragraphs, with blank lines between them; items of a list begin with ``*`` or ``-``.
        indent: Indentation of the docstring, in columns.
        entries: Lines that follow the text in a block of their own.
    """
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", textwrap.dedent(text).strip())]
    lines: list[str] = []
    for block in blocks:
        lines += ["", *_paragraph(block, indent)] if lines else _paragraph(block, indent)
    for number, entry in enumerate(entries):
        lines += [""] if number == 0 else []
        lines += _wrap(escaped(entry), indent, hang="    ")
    lines = lines or [""]
    margin = " " * indent
    if len(lines) == 1 and indent + len(lines[0]) + 6 <= WIDTH:
        return Source(f'"""{_guarded(lines[0])}"""')
    return Source(
        "\n".join(
            [
                f'"""{lines[0]}',
                *(margin + line if line else "" for line in lines[1:]),
                f'{margin}"""',
            ]
        )
    )


def _paragraph(lines: list[str], indent: int) -> list[str]:
    """Lines of a paragraph, filled up again; items of a list and indented lines stay apart."""
    items: list[str] = []
    for line in lines:
        if items and not _OWN_LINE.match(line):
            items[-1] += f" {line.strip()}"
        else:
            items.append(line.rstrip())
    filled = []
    for item in items:
        text = item.lstrip()
        margin = " " * len(item[: len(item) - len(text)].expandtabs())
        hang = "  " if text.startswith(("* ", "- ")) else ""
        filled += [margin + line for line in _wrap(escaped(text), indent + len(margin), hang)]
    return filled


def _wrap(text: str, indent: int, hang: str) -> list[str]:
    # The first line of a docstring is shorter by its quotes; all lines are, for the sake of their looks.
    return textwrap.wrap(
        text,
        max(WIDTH - indent - 3, WIDTH // 4),
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _guarded(text: str) -> str:
    """Escaped text that may stand right before the closing quotes."""
    is_open = text.endswith('"') and not text.endswith('\\"')
    return f'{text[:-1]}\\"' if is_open else text


def bracketed(head: Source, items: Iterable[Source], tail: str, indent: int) -> Source:
    """``head`` + items + ``tail`` in one line, or with the items on lines of their own, filled up.

    The first line comes without its indentation. `head` ends with the opening bracket, `tail` begins with
    the closing one.
    """
    parts = list(items)
    line = code("{}{}{}", head, joined(", ", parts), Source(tail))
    if len(line) + indent <= WIDTH or not parts:
        return line
    margin = " " * indent
    # Each line ends with a comma already; in one line, a tuple of one item has it in its tail.
    end = Source(margin + tail.removeprefix(","))
    return code("{}\n{}\n{}", head, filled(parts, indent + 4), end)


def import_line(module: Source, names: Iterable[Source], indent: int = 0) -> Source:
    """``from module import names``, laid out as an import sorter would."""
    parts = sorted(names, key=lambda name: (not name.isupper(), name))
    line = code("from {} import {}", module, joined(", ", parts))
    if len(line) + indent <= WIDTH:
        return line
    margin = " " * indent
    rows = joined("", (code(margin + "    {},\n", part) for part in parts))
    return code("from {} import (\n{}{})", module, rows, Source(margin))


def import_order(line: str) -> str:
    """Key to sort import lines by."""
    return line.split()[1]


def filled(parts: Iterable[Source], indent: int) -> Source:
    """Items with a comma after each, as many in a line as it holds."""
    margin = " " * indent
    lines: list[Source] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 2 <= WIDTH:
            lines[-1] = code("{} {},", lines[-1], part)
        else:
            lines.append(code(margin + "{},", part))
    return joined("\n", lines)


def string_tuple(values: Iterable[str]) -> Source:
    """A tuple of string literals in one line."""
    parts = [quoted(value) for value in values]
    return code("({}{})", joined(", ", parts), Source("," if len(parts) == 1 else ""))
