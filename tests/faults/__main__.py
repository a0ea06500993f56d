"""Print the whole matrix of faults and calls as a table: ``python -m tests.faults``."""

from __future__ import annotations

import logging
import sys
import tempfile
import textwrap
from pathlib import Path

from tests.faults import matrix
from tests.faults.bench import running
from tests.faults.calls import CALLS
from tests.faults.faults import FAULTS

LEGEND = """\
once      the result is right, and the server did it exactly once, at whichever attempt
error     the error names method and URL, and the server did nothing or it cannot be seen
error*    the same, and the server did it once: the answer is what got lost
as sent   a file with other content, of which the answer says nothing
stopped   a file without an end, which the caller has stopped: only what is in memory has a limit
WRONG     none of that; below is what
"""


def main() -> int:
    """Run all cells; 1 when one is wrong."""
    logging.getLogger("cvat_sdk").setLevel(logging.ERROR)  # it tells of each attempt
    wrong: list[str] = []
    cells = matrix.cells()
    first = max(len(f"{cell.fault}, {cell.mode}") for cell in cells)
    print(f"{'':{first}}", *(f"{name:>17}" for name in CALLS))
    with tempfile.TemporaryDirectory() as temporary, running(Path(temporary)) as bench:
        number = 0
        for fault in FAULTS.values():
            for mode in fault.modes:
                print(f"{f'{fault.name}, {mode}':{first}}", end="", flush=True)
                for call in CALLS:
                    cell = matrix.Cell(fault.name, call, mode)
                    folder = Path(temporary) / f"cell-{number}"
                    folder.mkdir()
                    number += 1
                    outcome = matrix.run(cell, bench, folder)
                    wrong += [f"{cell}: {what}" for what in outcome.faults]
                    verdict = "WRONG" if outcome.faults else outcome.verdict
                    if verdict == "error" and outcome.effects:
                        verdict = "error*"
                    print(f" {verdict:>17}", end="", flush=True)
                print()
    print(f"\n{LEGEND}\n{_without_limits()}\n{number} cells, {len(wrong)} wrong")
    print("".join(f"  {line}\n" for line in wrong), end="")
    return bool(wrong)


def _without_limits() -> str:
    names = ", ".join(fault.name for fault in FAULTS.values() if not fault.ends)
    return textwrap.fill(
        f"Seconds of a limit in the table: {matrix.LIMIT:g} where no answer comes to its end. Without a limit "
        "(`_request_timeout` is None, and neither Configuration.timeout nor CVAT_TIMEOUT is set) single calls "
        f"(all but TUS upload, export + download, wait) wait, as documented, for a server that lives: {names}. "
        "Of these, headers and informational answers end by their number, and bodies in memory by "
        "Configuration.max_response_bytes. The others have limits of their own: 10 s for a connection and 300 s "
        "without a byte. A peer that is gone is noticed by TCP keep-alive: see tests/faults/test_dead_peer.py.",
        110,
    )


if __name__ == "__main__":
    sys.exit(main())
