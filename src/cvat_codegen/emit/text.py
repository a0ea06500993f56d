"""Layout of the emitted text: docstrings, and lists that are broken over lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

WIDTH = 100


def docstring(text: str, indent: int) -> str:
    """A docstring without the indentation of its first line."""
    text = text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if text.endswith('"'):
        text = text[:-1] + '\\"'
    room = WIDTH - indent
    lines = [line for paragraph in text.splitlines() for line in _wrap(paragraph, room)]
    if len(lines) == 1 and len(lines[0]) <= room - 6:
        return f'"""{lines[0]}"""'
    if lines and len(lines[0]) > room - 3:
        first, *rest = text.splitlines()
        opening = _wrap(first, room, initial="   ")
        opening[0] = opening[0][3:]
        lines = opening + [line for paragraph in rest for line in _wrap(paragraph, room)]
    margin = " " * indent
    body = "\n".join(margin + line if line else "" for line in lines[1:])
    return f'"""{lines[0]}\n{body}\n{margin}"""' if body else f'"""{lines[0]}\n{margin}"""'


def _wrap(line: str, width: int, initial: str = "") -> list[str]:
    bullet = line.lstrip().startswith(("* ", "- "))
    return textwrap.wrap(
        line,
        width,
        initial_indent=initial,
        subsequent_indent="  " if bullet else "",
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


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


def filled(parts: list[str], indent: int) -> str:
    """Items with a comma after each, as many in a line as it holds."""
    margin = " " * indent
    lines = [margin + parts[0] + ","]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) + 2 <= WIDTH:
            lines[-1] += f" {part},"
        else:
            lines.append(f"{margin}{part},")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """A string literal in double quotes."""
    escaped = repr(text)[1:-1].replace("\\'", "'").replace('"', '\\"')
    return f'"{escaped}"'


def string_tuple(values: Iterable[str]) -> str:
    """A tuple of string literals in one line."""
    parts = [quoted(value) for value in values]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
