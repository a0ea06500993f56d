"""The benchmarks, one module for each group."""

from __future__ import annotations

from benchmarks.case import Case
from benchmarks.cases import (
    calls,
    decode,
    download,
    drift,
    encode,
    entities,
    growth,
    imports,
    latency,
    memory,
    pages,
    tables,
    upload,
)

CASES: tuple[Case, ...] = (
    *decode.CASES,
    *drift.CASES,
    *pages.CASES,
    *tables.CASES,
    *encode.CASES,
    *memory.CASES,
    *calls.CASES,
    *imports.CASES,
    *upload.CASES,
    *download.CASES,
    *latency.CASES,
    *entities.CASES,
    *growth.CASES,
)
