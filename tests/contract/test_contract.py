"""The same scripts under the published package and under ours; see `differential`."""

from __future__ import annotations

import pytest
from differential import differences, document, run

from cvat_sdk.api_client import operations

_LEAST_CASES = 400
_LEAST_OF_HIGH_LEVEL = 300
_SHOWN = 40
_WIDTH = 500


def test_both_packages_do_the_same_but_for_what_is_meant() -> None:
    report = run.run()
    print(report.summary())
    problems = [
        *(f"not run to its end: {case}" for case in report.broken),
        *(f"unexpected: {difference}"[:_WIDTH] for difference in report.unexpected),
        *(f"listed, but no longer there: {entry}" for entry in report.stale),
    ]
    if problems:
        pytest.fail("\n".join([report.summary(), *problems[:_SHOWN]]), pytrace=False)


def test_every_operation_is_called_plainly_and_with_all_parameters() -> None:
    cases = {case.id for case in run.all_cases()}
    assert len(cases) >= _LEAST_CASES
    wanted = {
        f"operations.call#{operation.id} {how}"
        for operation in operations.all_operations()
        for how in ("plain", "all parameters")
    }
    assert wanted <= cases
    assert sum(case.startswith("high_") for case in cases) >= _LEAST_OF_HIGH_LEVEL


def test_entries_of_the_table_are_complete() -> None:
    entries = differences.load()
    titles = [entry.title for entry in entries]
    assert len(titles) == len(set(titles))
    for entry in entries:
        assert all([entry.section, entry.published, entry.ours, entry.reason]), entry.title
        assert entry.cases and entry.fields, entry.title


def test_document_is_current() -> None:
    assert document.PATH.read_text(encoding="utf-8") == document.text(), "run: make differences"
