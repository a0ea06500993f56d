"""Results as a table on the terminal, and the words that all forms of it share."""

from __future__ import annotations

from benchmarks.case import OURS, PUBLISHED, Result, Row, Target
from benchmarks.measure import Figure

HEADINGS: tuple[str, ...] = ("case", "ours", "peer", "ratio", "target", "met", PUBLISHED)


def cells(row: Row) -> tuple[str, ...]:
    """The texts of one line, in the order of `HEADINGS`."""
    ours = row.figures[OURS]
    ratio = row.ratio.get(OURS)
    peer = f"{amount(row.figures[row.peer], row.unit)} {row.peer}" if row.peer else ""
    return (
        row.case,
        amount(ours, row.unit),
        peer,
        spread(ratio) if ratio else "",
        target(row.target, row.unit),
        {True: "yes", False: "NO", None: ""}[row.met],
        published(row),
    )


def amount(figure: Figure, unit: str) -> str:
    """A figure with its unit, in the size that reads best."""
    value = figure.median
    if unit == "s":
        for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
            if value * factor >= 1 or name == "µs":
                return f"{value * factor:.3g} {name}"
    if unit == "modules":
        return f"{value:.0f} modules"
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"


def spread(figure: Figure) -> str:
    """A ratio with the quartiles of its samples."""
    if figure.count == 1:
        return f"{number(figure.median)}x"
    return f"{number(figure.median)}x ({number(figure.low)}-{number(figure.high)})"


def number(value: float) -> str:
    """A ratio to three digits."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}"


def target(wanted: Target | None, unit: str) -> str:
    """What a row has to keep."""
    if wanted is None:
        return ""
    suffix = "x" if wanted.of == "ratio" else f" {unit}"
    return f"{wanted.sense} {wanted.limit:g}{suffix}"


def published(row: Row) -> str:
    """The published package's ratio, or its figure where there is no peer."""
    if PUBLISHED in row.ratio and row.peer != PUBLISHED and row.unit != "MiB":
        return f"{number(row.ratio[PUBLISHED].median)}x"
    if PUBLISHED in row.figures:
        return amount(row.figures[PUBLISHED], row.unit)
    return "raises" if "published package raises" in row.note else ""


def by_group(rows: list[Row]) -> dict[str, list[Row]]:
    """Rows by group, in the order in which they were measured."""
    groups: dict[str, list[Row]] = {}
    for entry in rows:
        groups.setdefault(entry.group, []).append(entry)
    return groups


def render(result: Result) -> str:
    """The whole table; a ratio stands with the quartiles of its samples."""
    lines = [HEADINGS]
    groups = by_group(result.rows)
    for rows in groups.values():
        lines += [cells(entry) for entry in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]

    def text(line: tuple[str, ...]) -> str:
        return "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))

    out = [", ".join(f"{key}: {value}" for key, value in result.machine.items()), ""]
    out += [text(HEADINGS), text(tuple("-" * width for width in widths))]
    for group, rows in groups.items():
        out += ["", f"[{group}]", *(text(cells(entry)).rstrip() for entry in rows)]
    out += ["", *(f"{case}: NOT MEASURED, {why}" for case, why in result.failed.items())]
    rated = [entry.met for entry in result.rows if entry.met is not None]
    out.append(f"{sum(rated)} of {len(rated)} targets met")
    return "\n".join(out)
