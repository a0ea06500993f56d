"""Runs one case in this process and prints its rows as JSON; `benchmarks.__main__` starts it."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

import msgspec

from benchmarks.case import Session
from benchmarks.cases import CASES
from benchmarks.remote import Worker


def main() -> None:
    """Measure the case that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run_case")
    parser.add_argument("case")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--published", metavar="PYTHON")
    arguments = parser.parse_args()
    case = next(case for case in CASES if case.id == arguments.case)
    with (
        tempfile.TemporaryDirectory(prefix="cvat-bench-", dir=_fast_folder()) as folder,
        Worker(arguments.published) if arguments.published else contextlib.nullcontext() as worker,
    ):
        rows = case.run(Session(Path(folder), arguments.quick, worker))
    sys.stdout.buffer.write(msgspec.json.encode(rows))


def _fast_folder() -> str | None:
    """A place in memory when there is room for large files: what is measured is not the disk."""
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > 4 << 30:
        return str(memory)
    return None


if __name__ == "__main__":
    main()
