"""The whole comparison, and its report."""

from __future__ import annotations

import importlib.metadata
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests import published

from differential import differences, generated
from differential.case import Case, load
from differential.compare import Difference, compare
from differential.sides import Runner


@dataclass
class Report:
    """What a comparison found."""

    outcomes: dict[str, tuple[Any, Any]]
    """By case: of the published package and of ours."""
    equal: list[str] = field(default_factory=list)
    intended: list[str] = field(default_factory=list)
    unexpected: list[Difference] = field(default_factory=list)
    table: list[differences.Intended] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Cases that could not be run to their end on some side."""
    seconds: float = 0

    @property
    def stale(self) -> list[str]:
        """Parts of the table that no difference fitted any more."""
        return [
            f"{entry.title}: {pattern}"
            for entry in self.table
            for pattern in (entry.stale if entry.count else ["never"])
        ]

    def sections(self) -> dict[str, int]:
        """Count of cases by section."""
        return dict(Counter(case.partition(".")[0] for case in self.outcomes))

    def summary(self) -> str:
        """The counts, in one line."""
        cases = {difference.case for difference in self.unexpected}
        return (
            f"{len(self.outcomes)} cases: {len(self.equal)} equal, "
            f"{len(self.intended)} with intended differences, "
            f"{len(cases)} with unexpected differences, {len(self.broken)} broken ({self.seconds:.1f} s)"
        )


def all_cases() -> list[Case]:
    """Written and generated cases."""
    written = load()
    own = [case for case in written.values() if not case.template]
    return own + list(generated.cases(written))


def run(pattern: str = "*") -> Report:
    """Run the cases whose id fits a pattern on both sides and compare them."""
    started = time.monotonic()
    cases = [case for case in all_cases() if fnmatchcase(case.id, pattern.replace("[", "[[]"))]
    # Both sides get the same urllib3: its own changes are none of ours.
    urllib3 = f"urllib3=={importlib.metadata.version('urllib3')}"
    with (
        Runner("published", published.python(urllib3, "numpy")) as left,
        Runner("ours", sys.executable) as right,
        ThreadPoolExecutor(2) as pool,
    ):
        futures = [pool.submit(runner.run_all, cases) for runner in (left, right)]
        theirs, ours = (future.result() for future in futures)
    report = Report({case.id: (theirs[case.id], ours[case.id]) for case in cases})
    report.broken = sorted({*left.broken, *right.broken})
    report.table = differences.load()
    for name, (one, other) in report.outcomes.items():
        found = compare(name, one, other)
        left_over = [entry for entry in found if not any(t.takes(entry) for t in report.table)]
        report.unexpected += left_over
        if not found:
            report.equal.append(name)
        elif not left_over:
            report.intended.append(name)
    report.seconds = time.monotonic() - started
    return report
