"""What a benchmark is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from benchmarks.measure import Figure, ratios
from benchmarks.remote import Worker

OURS = "cvat-sdk"
PUBLISHED = "published 2.80.0"

Unit = Literal["s", "MiB", "MiB/s", "calls/s", "modules"]


@dataclass(frozen=True)
class Session:
    """What a run offers to its cases."""

    folder: Path
    """A folder for files, removed at the end."""
    quick: bool = False
    """Fewer samples, for a rough answer in about a minute."""
    published: Worker | None = None
    """The published package in a process of its own; None to leave it out."""

    def rounds(self, wanted: int) -> int:
        """Number of samples for a side."""
        return max(3, wanted // 4) if self.quick else wanted


@dataclass(frozen=True)
class Target:
    """What a row has to keep."""

    limit: float
    sense: Literal["at most", "at least"] = "at most"
    of: Literal["ratio", "ours"] = "ratio"
    """The ratio to the peer, or our own figure in its unit."""


@dataclass(frozen=True)
class Row:
    """One line of the result."""

    group: str
    case: str
    unit: Unit
    peer: str
    """What ours is compared with; empty when nothing is."""
    figures: dict[str, Figure]
    """Figures by side, ours and the peer among them."""
    ratio: dict[str, Figure]
    """Ratios to the peer by side; empty without a peer."""
    target: Target | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is kept; None without a target."""
        if self.target is None:
            return None
        figure = self.ratio[OURS] if self.target.of == "ratio" else self.figures[OURS]
        if self.target.sense == "at most":
            return figure.median <= self.target.limit
        return figure.median >= self.target.limit


def row(
    group: str,
    case: str,
    samples: Mapping[str, Sequence[float]],
    *,
    unit: Unit = "s",
    peer: str = "",
    target: Target | None = None,
    note: str = "",
) -> Row:
    """A row from the samples of its sides."""
    figures = {name: Figure.of(values) for name, values in samples.items() if values}
    ratio = {}
    if peer:
        ratio = {name: Figure.of(ratios(samples[name], samples[peer])) for name in figures}
    return Row(group, case, unit, peer, figures, ratio, target, note)


@dataclass(frozen=True)
class Case:
    """A benchmark: run in a process of its own, it gives one or more rows."""

    group: str
    name: str
    run: Callable[[Session], Sequence[Row]]
    quick: bool = False
    """Whether it belongs to a quick run."""

    @property
    def id(self) -> str:
        """Name to choose it by, such as ``decode/1k``."""
        return f"{self.group}/{self.name}"


@dataclass
class Result:
    """All rows of a run, and where they come from."""

    machine: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    """Cases that could not be measured, with the reason."""
