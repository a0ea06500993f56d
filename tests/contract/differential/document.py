"""docs/differences.md, written from the table of intended differences."""

from __future__ import annotations

from tests.published import ROOT, VERSION

from differential import differences

PATH = ROOT / "docs" / "differences.md"

_INTRODUCTION = f"""\
<!-- Written by `make differences` from tests/contract/differences.toml. Do not edit. -->
# Differences from the published package

`cvat_sdk.api_client` is a drop-in for the low-level API of `cvat-sdk` {VERSION}. A suite runs the same
scripts under both packages against a server that records every byte (`make test-contract`), and compares
what was sent, returned and raised. This page lists every difference that is meant; any other one fails the
suite, and so does a listed one that no longer occurs. The wording of error messages is not compared.
"""


def text() -> str:
    """The document."""
    sections: dict[str, list[differences.Intended]] = {}
    for entry in differences.load():
        sections.setdefault(entry.section, []).append(entry)
    parts = [_INTRODUCTION]
    for section, entries in sections.items():
        parts.append(f"\n## {section}\n")
        for entry in entries:
            parts.append(
                f"\n### {entry.title}\n\n"
                f"- Published: {entry.published}\n"
                f"- Here: {entry.ours}\n"
                f"- Why: {entry.reason}\n"
            )
    return "".join(parts)
