"""Results as documents: docs/performance.md, its charts, and the table in the README."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks import charts, table
from benchmarks.case import OURS, PUBLISHED, Result, Row

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "performance.md"
_CHARTS = _ROOT / "docs" / "performance"
_README = _ROOT / "README.md"
_MARKS = ("<!-- performance -->", "<!-- /performance -->")

# Group: heading, and what to know before reading its figures.
_GROUPS = {
    "decode": (
        "Annotations to models",
        "`ApiClient.deserialize` with the default settings; the peer is `orjson.loads`, which gives "
        "dicts. msgspec is the floor: plain structs without enumerations, limits or lenience.",
    ),
    "drift": (
        "Annotations of a server of another version",
        "Every shape has an unknown field, one in a hundred an unknown type and one in a hundred a null "
        "where none is allowed. Before measuring, the models are checked to hold all of it.",
    ),
    "pages": (
        "Pages of tasks",
        "With owners, jobs, labels, addresses and dates, which are parsed.",
    ),
    "tables": (
        "Annotations to tables",
        "With names of columns as `cvat_sdk.tables` has them. The peer is a loop over `json.loads` that makes a dict of "
        "each shape, with its attributes and its box, and `pandas.DataFrame` of these; it knows neither areas nor tracks.",
    ),
    "encode": (
        "Annotations to a request",
        "From plain dicts: checked, built and written. From models: written. The peer is "
        "`orjson.dumps` of the dicts, which checks nothing.",
    ),
    "memory": ("Memory", "What `tracemalloc` counts while the result is held."),
    "calls": (
        "Calls",
        "To a server on the loopback that answers at once, over kept-alive connections.",
    ),
    "imports": (
        "Imports",
        "New processes, so the start of Python is part of every figure. The model is parsed from a body "
        "that did not come through urllib3, which nothing needs before the first call; the row of the "
        "first call has it.",
    ),
    "upload": (
        "Uploads",
        "Multipart to a sink on the loopback. Peak growth is of the resident memory of the process.",
    ),
    "download": ("Downloads", "To a file in memory, so that the disk has no part in it."),
    "entities": (
        "The client with entities",
        "The same calls with the same settings, beside the published package. Annotations come from a stub that "
        "serves prepared bytes, everything else goes to `cvat-local` on the loopback.",
    ),
    "latency": (
        "Many calls to a distant server",
        "A proxy on the loopback makes the server 30 ms away, there and back. The peers are one call after the "
        "other; the published package has a loop over pages, and an uploader that puts images into one request.",
    ),
}

# What the README shows: group, case, and how it is called there.
_SUMMARY = (
    ("decode", "10,000 shapes", "annotations to models, 10,000 shapes"),
    ("drift", "10,000 shapes", "the same from a server of another version"),
    ("encode", "10,000 shapes, from dicts", "10,000 shapes from dicts, checked, to a request"),
    ("pages", "page of 100 tasks", "page of 100 tasks to models"),
    ("memory", "20,000 shapes held", "memory of 20,000 shapes"),
    ("calls", "tasks_api.retrieve", "`tasks_api.retrieve` on the loopback"),
    (
        "imports",
        "import cvat_sdk.api_client",
        "`import cvat_sdk.api_client`, with the start of Python",
    ),
    (
        "imports",
        "first client, tasks_api, one model parsed",
        "first client, one model parsed without a call, likewise",
    ),
    ("upload", "1 GiB in 1,000 files", "upload of 1 GiB in 1,000 files"),
    ("upload", "1 GiB in 1,000 files, peak growth", "memory for that"),
    ("download", "1 GiB as the result of an operation", "1 GiB as the result of an operation"),
    ("download", "1 GiB as the result of an operation, peak growth", "memory for that"),
    (
        "entities",
        "task.get_annotations(), 100,000 shapes",
        "`task.get_annotations()`, 100,000 shapes",
    ),
    (
        "entities",
        "create_from_data() of 1,000 images",
        "`create_from_data()` of 1,000 images",
    ),
    (
        "latency",
        "iterate() over 100 pages of 20 tasks",
        "100 pages of a server 30 ms away, beside one after the other",
    ),
    (
        "latency",
        "upload_files() of 200 images of 50 kB",
        "200 images to a server 30 ms away, beside one after the other",
    ),
)


def write(result: Result) -> None:
    """Write the page, its charts, and the table between the marks of the README."""
    _CHARTS.mkdir(parents=True, exist_ok=True)
    groups = table.by_group(result.rows)
    parts = [_introduction(result)]
    for group, (heading, text) in _GROUPS.items():
        if group in groups:
            parts.append(_section(group, heading, text, groups[group]))
    if "growth" in groups:
        parts.append(_growth(groups))
    _PAGE.write_text("\n".join(parts), encoding="utf-8")
    readme = _README.read_text(encoding="utf-8")
    section = f"{_MARKS[0]}\n\n{_summary(result)}\n\n{_MARKS[1]}"
    before, _, rest = readme.partition(_MARKS[0])
    _, _, after = rest.partition(_MARKS[1])
    _README.write_text(before + section + after, encoding="utf-8")


def _summary(result: Result) -> str:
    rows = {(row.group, row.case): row for row in result.rows}
    lines = []
    for group, case, text in _SUMMARY:
        if row := rows.get((group, case)):
            ours, theirs = row.figures[OURS], row.figures.get(PUBLISHED)
            compared = f"{table.number(row.ratio[OURS].median)}x of {row.peer}" if row.peer else ""
            published = table.amount(theirs, row.unit) if theirs else table.published(row)
            lines.append((text, table.amount(ours, row.unit), published, compared))
    facts = result.machine
    place = f"{facts['processor']}, Python {facts['python']}"
    return f"Medians of one `make bench`: {place}.\n\n" + _markdown(
        ("", "cvat-sdk", PUBLISHED, "ratio"), lines
    )


def _introduction(result: Result) -> str:
    facts = "\n".join(f"- {name}: {value}" for name, value in result.machine.items())
    return f"""# Performance

Written by `python -m benchmarks --docs`; do not edit. `make bench` prints the same figures.

All sides of a row are measured in turns in one run, on the same data. A ratio is the median of the ratios
of the rounds; the range after it holds the middle half of them and shows the noise. A target says what the
ratio, or our own figure, has to keep. Times include the garbage collection that a call leaves due.

{facts}
"""


def _section(group: str, heading: str, text: str, rows: Sequence[Row]) -> str:
    parts = [f"## {heading}", text, _markdown(table.HEADINGS, [table.cells(row) for row in rows])]
    compared = [row for row in rows if len(row.ratio) > 1]
    if compared:
        charts.bars(heading, compared, _CHARTS / f"{group}.svg")
        parts.append(f"![Ratios of all sides](performance/{group}.svg)")
    return "\n\n".join(parts) + "\n"


def _growth(groups: dict[str, list[Row]]) -> str:
    series = {}
    for name, group, side in (
        ("decoded", "growth", OURS),
        ("orjson.loads", "growth", "orjson"),
        ("drifted, decoded", "growth, drifted", OURS),
        ("dicts, sent", "growth, sent", OURS),
    ):
        if group in groups:
            series[name] = [(_size(row), row.figures[side].median * 1000) for row in groups[group]]
    charts.lines("Annotations", series, "shapes", "milliseconds", _CHARTS / "growth.svg")
    pages = "growth, pages"
    tables = [groups[group] for group in groups if group.startswith("growth") and group != pages]
    parts = [
        "## Growth",
        "Both axes are logarithmic: a straight line of slope one is growth in proportion. The samples of "
        "the largest sizes are few.",
        "![Time by number of shapes](performance/growth.svg)",
    ]
    for rows in tables:
        parts += [
            f"{rows[0].group.capitalize()}:",
            _markdown(table.HEADINGS[:4], [table.cells(row)[:4] for row in rows]),
        ]
    if pages in groups:
        parts += [
            "`get_paginated_collection`, which keeps its time for a page however many there are:",
            _markdown(table.HEADINGS[:2], [table.cells(row)[:2] for row in groups[pages]]),
        ]
    return "\n\n".join(parts) + "\n"


def _size(row: Row) -> float:
    return float(row.case.partition(" ")[0].replace(",", ""))


def _markdown(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [headings, ["---"] * len(headings), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
