"""Answers as people and programs read them: tables, JSON, JSON lines, files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Literal

Form = Literal["table", "json", "jsonl"]

# Columns of a table where no --fields are given: those of these that there are.
_USUAL = ("id", "slug", "name", "username", "display_name", "status", "stage", "state", "type")
_USUAL_LATER = ("size", "project_id", "task_id", "created_date")
_MOST_COLUMNS = 8
_PAGE = 100
_ENDLESS = 100_000


def pick(value: Any, fields: Sequence[str]) -> Any:
    """Some fields of an object; None for those that it does not have."""
    return {name: _at(value, name) for name in fields} if isinstance(value, dict) else value


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def entries(
    rows: Iterator[Any], form: Form, fields: Sequence[str], out: IO[str] | None = None
) -> None:
    """Write the entries of a list as they come."""
    out = out or sys.stdout
    shown = (pick(row, fields) for row in rows) if fields and form != "table" else rows
    if form == "jsonl":
        for row in shown:
            print(_line(row), file=out, flush=True)
    elif form == "json":
        opening = "[\n"
        for row in shown:
            text = json.dumps(row, indent=2, ensure_ascii=False).replace("\n", "\n  ")
            out.write(f"{opening}  {text}")
            opening = ",\n"
        print("\n]" if opening == ",\n" else "[]", file=out)
    else:
        _table(rows, fields, out)


def single(value: Any, form: Form, fields: Sequence[str], out: IO[str] | None = None) -> None:
    """Write one answer."""
    out = out or sys.stdout
    if isinstance(value, list):
        entries(iter(value), form, fields, out)
    elif form == "table" and isinstance(value, dict):
        picked = pick(value, fields) if fields else value
        pairs = ({"field": name, "value": entry} for name, entry in picked.items())
        _table(pairs, ("field", "value"), out)
    else:
        value = pick(value, fields) if fields else value
        print(
            _line(value) if form == "jsonl" else json.dumps(value, indent=2, ensure_ascii=False),
            file=out,
        )


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _table(rows: Iterable[Any], fields: Sequence[str], out: IO[str]) -> None:
    """Page by page; the columns are as wide as the first page needs them."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    remaining = iter(rows)
    first = list(islice(remaining, _PAGE))
    if not first:
        return
    columns = list(fields) or _columns(first[0])
    is_screen = out.isatty()
    console = Console(file=out, width=None if is_screen else _ENDLESS, highlight=False)
    widths: list[int] = []
    fits = True
    page, is_first = first, True
    while page:
        cells = [[_cell(row, name) for name in columns] for row in page]
        if is_first:
            widths = [max(map(cell_len, column)) for column in zip(columns, *cells, strict=True)]
            fits = sum(widths) + 2 * len(widths) <= console.width
        table = Table(box=None, show_header=is_first, pad_edge=False, header_style="bold")
        for name, width in zip(columns, widths, strict=True):
            table.add_column(name, min_width=width if fits else None, overflow="fold")
        for row_cells in cells:
            table.add_row(*map(Text, row_cells))
        console.print(table)
        page, is_first = list(islice(remaining, _PAGE)), False


def _columns(row: Any) -> list[str]:
    if not isinstance(row, dict):
        return ["value"]
    usual = [name for name in chain(_USUAL, _USUAL_LATER) if name in row]
    plain = [name for name, value in row.items() if not isinstance(value, (dict, list))]
    return (usual if len(usual) > 1 else plain)[:_MOST_COLUMNS] or list(row)[:_MOST_COLUMNS]


def _cell(row: Any, name: str) -> str:
    value = _at(row, name) if isinstance(row, dict) else row
    if value is None:
        return ""
    text = value if isinstance(value, str) else _line(value)
    # A name that somebody gave to a task must not steer the terminal.
    return "".join(letter if letter.isprintable() else " " for letter in text)


def json_of(answer: Any) -> Any:
    """The body of an answer that has to be JSON.

    Raises:
        CvatSdkException: It is something else, such as the page of a proxy.
    """
    try:
        return json.loads(answer.data)
    except ValueError:
        from cvat_sdk.core.exceptions import CvatSdkException

        media_type = answer.headers.get("Content-Type") or "of no type"
        raise CvatSdkException(
            f"the answer ({media_type}) is not JSON; is this the address of a CVAT server?"
        ) from None


def response(answer: Any, form: Form, fields: Sequence[str], target: Path | None) -> None:
    """Write an answer of the server: JSON in a form, anything else as it comes.

    Raises:
        OSError: The file cannot be written.
        UsageError: A file for a terminal.
    """
    from cvat_sdk.cli.failures import UsageError

    media_type = (answer.headers.get("Content-Type") or "").partition(";")[0].lower()
    try:
        if target is not None and str(target) != "-":
            from cvat_sdk.core.utils import atomic_writer

            with atomic_writer(target, "wb") as file:
                for piece in answer.stream(1024 * 1024):
                    file.write(piece)
        elif media_type.endswith("json"):
            if answer.data:
                single(json_of(answer), form, fields)
        elif not media_type or answer.status == 204:
            answer.drain_conn()
        elif target is None and not media_type.startswith("text/") and sys.stdout.isatty():
            raise UsageError(f"the answer is a file ({media_type}); name it with -o FILE")
        else:
            sys.stdout.flush()
            for piece in answer.stream(1024 * 1024):
                sys.stdout.buffer.write(piece)
    finally:
        answer.release_conn()
