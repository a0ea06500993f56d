"""Command line of the benchmarks.

::

    python -m benchmarks                    everything, in about ten minutes
    python -m benchmarks --quick            a rough answer in about a minute, without the published package
    python -m benchmarks --only 'encode/*'  some cases; --list shows their names
    python -m benchmarks --json FILE        also saves all figures
    python -m benchmarks --docs             also writes docs/performance.md, its charts and the README's table
    python -m benchmarks --load FILE --docs the same from saved figures
"""

from __future__ import annotations

import argparse
import importlib.metadata
import subprocess
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec
from tests import published

from benchmarks import machine, table
from benchmarks.case import Case, Result, Row
from benchmarks.cases import CASES


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; the result is the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure the client against its peers."
    )
    parser.add_argument("--quick", action="store_true", help="few samples, fast cases only")
    parser.add_argument(
        "--only", action="append", metavar="PATTERN", help="cases by name, with * and ?"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="save the figures")
    parser.add_argument("--load", type=Path, metavar="FILE", help="do not measure, read figures")
    parser.add_argument("--docs", action="store_true", help="write docs/performance.md and charts")
    parser.add_argument("--no-published", action="store_true", help="without the published package")
    parser.add_argument("--list", action="store_true", help="show the names of the cases")
    arguments = parser.parse_args(argv)

    cases = [case for case in CASES if not arguments.only or _matches(case, arguments.only)]
    if arguments.quick and not arguments.only:
        cases = [case for case in cases if case.quick]
    if arguments.list:
        print("\n".join(case.id for case in cases))
        return 0
    if arguments.load:
        result = msgspec.json.decode(arguments.load.read_bytes(), type=Result)
    else:
        result = _measure(cases, arguments.quick, arguments.quick or arguments.no_published)
    print(table.render(result))
    if arguments.json:
        arguments.json.write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    if arguments.docs:
        from benchmarks import report  # which loads the drawing library

        report.write(result)
    return 1 if result.failed and not arguments.quick else 0


def _matches(case: Case, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(case.id, pattern) for pattern in patterns)


def _measure(cases: Sequence[Case], quick: bool, alone: bool) -> Result:
    options = ["--quick"] if quick else []
    if not alone:
        # Both sides get the same urllib3: its own changes are none of ours.
        urllib3 = importlib.metadata.version("urllib3")
        options += ["--published", published.python(f"urllib3=={urllib3}")]
    result = Result(machine.describe())
    for number, case in enumerate(cases, 1):
        print(f"[{number}/{len(cases)}] {case.id}", file=sys.stderr, flush=True)
        # In a process of its own: no case inherits the heap or the caches of another.
        command = [sys.executable, "-m", "benchmarks.run_case", case.id, *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            result.failed[case.id] = f"exit code {done.returncode}, see above"
        else:
            result.rows += msgspec.json.decode(done.stdout, type=list[Row])
    result.machine["load at the end"] = machine.load()
    return result


if __name__ == "__main__":
    sys.exit(main())
