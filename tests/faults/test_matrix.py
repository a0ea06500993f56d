"""Every kind of fault on every kind of call: done exactly once, or a clear error and nothing half-done."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults import matrix
from tests.faults.calls import CALLS, Bench
from tests.faults.faults import FAULTS
from tests.lengths import short_and_long


@pytest.mark.parametrize("fault", short_and_long("a tenth of all", *FAULTS))
def test_a_fault_does_a_call_no_harm(bench: Bench, tmp_path: Path, fault: str) -> None:
    chosen = [cell for cell in matrix.cells() if cell.fault == fault] or matrix.a_tenth()
    wrong = []
    for number, cell in enumerate(chosen):
        folder = tmp_path / str(number)
        folder.mkdir()
        wrong += [f"{cell}: {what}" for what in matrix.run(cell, bench, folder).faults]
    assert not wrong, "\n".join(wrong)


def test_a_tenth_has_every_fault_and_every_call() -> None:
    chosen = matrix.a_tenth()
    assert {cell.fault for cell in chosen} == set(FAULTS)
    assert {cell.call for cell in chosen} == set(CALLS)
    assert {cell.mode for cell in chosen} == {"once", "always"}
    assert len(matrix.cells()) / 10 <= len(chosen) <= len(matrix.cells()) / 5
