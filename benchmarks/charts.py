"""Charts of the results as SVG, written by hand: bars of ratios, and lines of growth."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.case import OURS, PUBLISHED, Row
from benchmarks.table import number

_COLOURS = {OURS: "#1f6feb", PUBLISHED: "#d1495b", "json": "#8d99ae", "msgspec": "#5a9e6f"}
_OTHER = "#b8a26a"
_TEXT = 'font-family="system-ui, sans-serif" font-size="12" fill="#1b1f24"'
_WIDTH = 860
_LABELS = 250
_BAR = 15


@dataclass(frozen=True)
class Axis:
    """A logarithmic scale from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Position of a value."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Powers of ten within the scale."""
        first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
        return [10.0**power for power in range(first, last + 1)]


def bars(title: str, rows: Sequence[Row]) -> str:
    """Ratios to the peer, one bar a side; the line at 1 is the peer, the mark on our bar the target."""
    rows = [row for row in rows if row.ratio]
    values = [figure.median for row in rows for figure in row.ratio.values()]
    limits = [row.target.limit for row in rows if row.target and row.target.of == "ratio"]
    low = min([*values, *limits, 1.0]) / 1.6
    axis = Axis(low, max([*values, *limits, 1.0]) * 1.3, _LABELS, _WIDTH - 60)
    shapes: list[str] = []
    y = 46.0
    for row in rows:
        shapes.append(_text(10, y + 12, f"{row.case}, peer: {row.peer}", weight="600"))
        y += 20
        for side, figure in row.ratio.items():
            if side == row.peer:
                continue
            x = axis.at(figure.median)
            colour = _COLOURS.get(side, _OTHER)
            shapes.append(_text(_LABELS - 8, y + 12, side, anchor="end"))
            shapes.append(
                f'<rect x="{_LABELS}" y="{y + 1:.1f}" width="{max(x - _LABELS, 1):.1f}" '
                f'height="{_BAR - 2}" fill="{colour}"/>'
            )
            shapes.append(_text(x + 6, y + 12, f"{number(figure.median)}x"))
            if side == OURS and row.target and row.target.of == "ratio":
                shapes.append(_line(axis.at(row.target.limit), y - 2, y + _BAR + 2, "#1b1f24", 2.5))
            y += _BAR + 3
        y += 8
    shapes.insert(0, _line(axis.at(1.0), 40, y, "#1b1f24", 1, dashes="3 3"))
    return _document(title, shapes, y + 10)


def lines(
    title: str, series: Mapping[str, Sequence[tuple[float, float]]], x_title: str, y_title: str
) -> str:
    """Lines over logarithmic axes; what grows in proportion is a straight line of slope one."""
    height = 420
    points = [point for values in series.values() for point in values]
    across = Axis(
        min(x for x, _ in points) / 1.3, max(x for x, _ in points) * 1.3, 80, _WIDTH - 190
    )
    up = Axis(min(y for _, y in points) / 1.6, max(y for _, y in points) * 1.6, height - 50, 46)
    shapes = [_text(across.start, height - 12, x_title), _text(10, 36, y_title)]
    for tick in across.ticks():
        shapes.append(_line(across.at(tick), 46, height - 50, "#d0d7de", 1))
        shapes.append(_text(across.at(tick), height - 32, f"{tick:,.0f}", anchor="middle"))
    for tick in up.ticks():
        y = up.at(tick)
        shapes.append(
            f'<line x1="80" x2="{across.end}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d0d7de"/>'
        )
        shapes.append(_text(74, y + 4, f"{tick:g}", anchor="end"))
    palette = ("#1f6feb", "#8d99ae", "#d1495b", "#5a9e6f", "#b8a26a")
    for (name, values), colour in zip(series.items(), palette, strict=False):
        path = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in values)
        shapes.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        shapes += [
            f'<circle cx="{across.at(x):.1f}" cy="{up.at(y):.1f}" r="3" fill="{colour}"/>'
            for x, y in values
        ]
        _, last = values[-1]
        shapes.append(_text(across.end + 8, up.at(last) + 4, name, colour=colour))
    return _document(title, shapes, height)


def _document(title: str, shapes: Iterable[str], height: float) -> str:
    inside = "\n".join(shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" role="img">\n'
        f"<title>{html.escape(title)}</title>\n"
        f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#ffffff"/>\n'
        f"{_text(10, 20, title, weight='700')}\n{inside}\n</svg>\n"
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", weight: str = "", colour: str = ""
) -> str:
    style = _TEXT.replace("#1b1f24", colour) if colour else _TEXT
    bold = f' font-weight="{weight}"' if weight else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {style}{bold}>'
        f"{html.escape(text)}</text>"
    )


def _line(x: float, top: float, bottom: float, colour: str, width: float, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{dashed}/>'
    )
