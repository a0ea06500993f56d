"""Layout of the emitted text: docstrings, and lists that are broken over lines."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable

WIDTH = 100
# Starts a line that is not a part of the text before it.
_OWN_LINE = re.compile(r"\s|[*-] |\d+\.")
RUNTIME = "cvat_sdk.api_client.runtime"
"""Package of the hand-written code that the generated modules use."""


def docstring(text: str, indent: int, entries: Iterable[str] = ()) -> str:
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
        lines += _wrap(_escaped(entry), indent, hang="    ")
    margin = " " * indent
    if len(lines) == 1 and indent + len(lines[0]) + 6 <= WIDTH:
        return f'"""{_guarded(lines[0])}"""'
    return "\n".join(
        [f'"""{lines[0]}', *(margin + line if line else "" for line in lines[1:]), f'{margin}"""']
    )


def _paragraph(lines: list[str], indent: int) -> list[str]:
    """Lines of a paragraph, filled up again; items of a list and indented lines stay apart."""
    items: list[str] = []
    for line in map(_escaped, lines):
        if items and not _OWN_LINE.match(line):
            items[-1] += f" {line.strip()}"
        else:
            items.append(line.rstrip())
    filled = []
    for item in items:
        text = item.lstrip()
        margin = item[: len(item) - len(text)]
        hang = "  " if text.startswith(("* ", "- ")) else ""
        filled += [margin + line for line in _wrap(text, indent + len(margin), hang)]
    return filled


def _wrap(text: str, indent: int, hang: str) -> list[str]:
    # The first line of a docstring is shorter by its quotes; all lines are, for the sake of their looks.
    return textwrap.wrap(
        text,
        WIDTH - indent - 3,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _guarded(text: str) -> str:
    """Text that may stand right before the closing quotes."""
    return f'{text[:-1]}\\"' if text.endswith('"') else text


def bracketed(head: str, items: Iterable[str], tail: str, indent: int) -> str:
    """``head`` + items + ``tail`` in one line, or with the items on lines of their own, filled up.

    The first line comes without its indentation. `head` ends with the opening bracket, `tail` begins with
    the closing one.
    """
    parts = list(items)
    line = head + ", ".join(parts) + tail
    if len(line) + indent <= WIDTH or not parts:
        return line
    margin = " " * indent
    return f"{head}\n{filled(parts, indent + 4)}\n{margin}{tail}"


def import_line(module: str, names: Iterable[str], indent: int = 0) -> str:
    """``from module import names``, laid out as an import sorter would."""
    parts = sorted(names, key=lambda name: (not name.isupper(), name))
    line = f"from {module} import {', '.join(parts)}"
    if len(line) + indent <= WIDTH:
        return line
    margin = " " * indent
    rows = "".join(f"{margin}    {part},\n" for part in parts)
    return f"from {module} import (\n{rows}{margin})"


def import_order(line: str) -> str:
    """Key to sort import lines by."""
    return line.split()[1]


def filled(parts: list[str], indent: int) -> str:
    """Items with a comma after each, as many in a line as it holds."""
    margin = " " * indent
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 2 <= WIDTH:
            lines[-1] += f" {part},"
        else:
            lines.append(f"{margin}{part},")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """A string literal in double quotes: JSON's escapes mean the same in Python."""
    return json.dumps(text, ensure_ascii=False)


def string_tuple(values: Iterable[str]) -> str:
    """A tuple of string literals in one line."""
    parts = [quoted(value) for value in values]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
