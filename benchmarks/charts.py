"""Charts of the results as SVG: bars of ratios, and lines of growth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.case import OURS, PUBLISHED, Row
from benchmarks.table import number

# The same figures give the same bytes, and letters stay text.
mpl.rcParams.update({"svg.hashsalt": "benchmarks", "svg.fonttype": "none", "font.size": 9})

_COLOURS = {OURS: "#1f6feb", PUBLISHED: "#d1495b", "json": "#8d99ae", "msgspec": "#5a9e6f"}
_OTHER = "#b8a26a"


def bars(title: str, rows: Sequence[Row], path: Path) -> None:
    """Write ratios to the peer, one bar a side, from the peer at 1; a diamond marks our target."""
    entries: list[tuple[Row, str] | None] = []
    for row in rows:
        entries += [(row, side) for side in row.ratio if side != row.peer]
        entries.append(None)  # a gap
    entries.pop()
    figure = Figure(figsize=(8.6, 0.8 + 0.24 * len(entries)), layout="constrained")
    axes = figure.subplots()
    for place, entry in enumerate(entries):
        if entry is None:
            continue
        row, side = entry
        ratio = row.ratio[side].median
        axes.barh(place, ratio - 1, left=1, color=_COLOURS.get(side, _OTHER))
        ends = [ratio]
        if side == OURS and row.target and row.target.of == "ratio":
            axes.plot(row.target.limit, place, "D", color="#1b1f24", markersize=5)
            ends.append(row.target.limit)
        above = ratio >= 1
        axes.annotate(
            f"{number(ratio)}x",
            (max(ends) if above else min(ends), place),
            xytext=(6 if above else -6, 0),
            textcoords="offset points",
            ha="left" if above else "right",
            va="center",
        )
    axes.set_yticks(
        [place for place, entry in enumerate(entries) if entry],
        [f"{entry[0].case}: {entry[1]}" for entry in entries if entry],
    )
    axes.invert_yaxis()
    axes.axvline(1, color="#1b1f24", linewidth=1)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.margins(x=0.12)
    peers = dict.fromkeys(row.peer for row in rows)
    axes.set_xlabel(f"ratio to {' or '.join(peers)}; the diamond is the target")
    _save(figure, axes, title, path)


def lines(
    title: str, series: Mapping[str, Sequence[tuple[float, float]]], x: str, y: str, path: Path
) -> None:
    """Write lines over logarithmic axes; what grows in proportion is a straight line of slope one."""
    figure = Figure(figsize=(8.6, 4.6), layout="constrained")
    axes = figure.subplots()
    for name, points in series.items():
        axes.loglog(*zip(*points, strict=True), marker="o", markersize=4, label=name)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(color="#d0d7de")
    axes.legend(frameon=False)
    _save(figure, axes, title, path)


def _save(figure: Figure, axes: Any, title: str, path: Path) -> None:
    axes.set_title(title, loc="left", fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, format="svg", metadata={"Date": None})
