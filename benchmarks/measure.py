"""Timing that stands up on a shared machine: sides alternate, ratios are taken round by round."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Sample = Callable[[], float]
"""Measures once and returns the figure: seconds, bytes per second, MiB..."""


@dataclass(frozen=True)
class Figure:
    """Median and quartiles of several samples."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, samples: Sequence[float]) -> Figure:
        """The figure of at least one sample."""
        middle = statistics.median(samples)
        if len(samples) < 4:
            return cls(middle, min(samples), max(samples), len(samples))
        low, _, high = statistics.quantiles(samples, n=4, method="inclusive")
        return cls(middle, low, high, len(samples))

    @property
    def spread(self) -> float:
        """Distance of the quartiles as a share of the median; the noise of the measurement."""
        return (self.high - self.low) / self.median if self.median else 0.0


def timed(function: Callable[[], Any], calls: int = 1) -> Sample:
    """A side that measures the seconds of one call.

    Two lists are made inside the measured time: a garbage collection that the call has left due is thereby
    part of its time. The result is dropped after the clock has stopped.

    Args:
        function: What to measure.
        calls: Calls for one sample; more of them for what takes microseconds.
    """

    def sample() -> float:
        gc.collect()
        kept: Any = None
        start = time.perf_counter()
        for _ in range(calls):
            kept = function()
        due = [[], []]  # type: ignore[var-annotated]  # never read
        seconds = time.perf_counter() - start
        del kept, due
        return seconds / calls

    return sample


def alternate(
    sides: Mapping[str, Sample], rounds: int, *, few: Mapping[str, int] | None = None
) -> dict[str, list[float]]:
    """Samples of all sides, taken in turns after one round that does not count.

    Args:
        sides: What to measure, by name.
        rounds: Samples for each side.
        few: Smaller numbers for sides that take long; those have no round that does not count.
    """
    limits = {name: min(rounds, (few or {}).get(name, rounds)) for name in sides}
    samples: dict[str, list[float]] = {name: [] for name in sides}
    for name, side in sides.items():
        if limits[name] == rounds:
            side()
    for number in range(rounds):
        for name, side in sides.items():
            if number < limits[name]:
                samples[name].append(side())
    return samples


def ratios(samples: Sequence[float], base: Sequence[float]) -> list[float]:
    """Ratio of each sample to the one of the same round."""
    return [one / other for one, other in zip(samples, base, strict=False)]
