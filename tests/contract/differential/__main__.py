"""``python -m differential``: compare, and print the counts and what is not expected."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from typing import Any

from differential import document, run
from differential.compare import Difference

_LONGEST = 300


def main() -> int:
    parser = argparse.ArgumentParser(prog="differential", description=__doc__)
    parser.add_argument("pattern", nargs="?", default="*", help="cases to run, such as 'models.*'")
    parser.add_argument("--show", action="store_true", help="print the outcomes of both sides")
    parser.add_argument("--write-document", action="store_true", help="write docs/differences.md")
    parser.add_argument("--group", action="store_true", help="print one of each kind of difference")
    parser.add_argument("--limit", type=int, default=100, help="differences to print")
    options = parser.parse_args()
    if options.write_document:
        document.PATH.write_text(document.text(), encoding="utf-8")
        return 0
    report = run.run(options.pattern)
    if options.show:
        for name, (published, ours) in report.outcomes.items():
            print(f"{name}\n  published: {json.dumps(published)}\n  ours:      {json.dumps(ours)}")
    counts = Counter(map(_kind, report.unexpected))
    shown = {_kind(d): d for d in reversed(report.unexpected)}.values()
    for difference in (
        [*shown][: options.limit] if options.group else report.unexpected[: options.limit]
    ):
        print(f"{difference.case}  (x {counts[_kind(difference)]})\n  {difference.field}")
        print(f"    published: {_short(difference.published)}")
        print(f"    ours:      {_short(difference.ours)}")
    for name in report.broken:
        print(f"could not be run to its end: {name}")
    failed = bool(report.unexpected or report.broken)
    if options.pattern == "*":
        for line in report.stale:
            print(f"no longer occurs: {line}")
        failed = failed or bool(report.stale)
        for section, count in sorted(report.sections().items()):
            print(f"  {section:16} {count:5}")
    print(report.summary())
    return int(failed)


def _kind(difference: Difference) -> tuple[str, ...]:
    values = (
        _short(side) if isinstance(side, str) else type(side).__name__ for side in difference[2:]
    )
    return (difference.case.partition("#")[0], re.sub(r"\d+", "0", difference.field), *values)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


if __name__ == "__main__":
    sys.exit(main())
