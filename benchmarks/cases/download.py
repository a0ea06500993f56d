"""Downloads of a large file from the loopback, beside ``curl -o``."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence

from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.client import MEBIBYTE
from benchmarks.loopback import curl, stub_server
from benchmarks.measure import Sample, alternate
from benchmarks.remote import Worker

_SIZE = 1024 * MEBIBYTE
_SMALL = 1000
_DOCUMENTED_CHUNK = 8192


def _run(session: Session, parsed: bool) -> Sequence[Row]:
    target_file = session.folder / "export.zip"
    peaks: dict[str, list[float]] = {OURS: [], PUBLISHED: []}

    def receive(worker: Worker, name: str, ask: Callable[[int], tuple[float, float]]) -> float:
        target_file.unlink(missing_ok=True)
        ask(_SMALL)  # what is loaded once is no part of it
        seconds, peak = ask(_SIZE)
        peaks[name].append(peak)
        return _SIZE / MEBIBYTE / seconds

    def by_hand(worker: Worker, chunk: int) -> Callable[[int], tuple[float, float]]:
        return lambda size: worker.ask(
            "download", host=host, size=size, path=str(target_file), chunk=chunk
        )

    def by_operation(worker: Worker) -> Callable[[int], tuple[float, float]]:
        return lambda size: worker.ask(
            "download_parsed", host=host, size=size, folder=str(session.folder)
        )

    def by_curl() -> float:
        target_file.unlink(missing_ok=True)
        return _SIZE / MEBIBYTE / curl("--output", str(target_file), f"{host}/file/{_SIZE}")

    with stub_server() as host, Worker(sys.executable) as ours:
        way = by_operation(ours) if parsed else by_hand(ours, MEBIBYTE)
        sides: dict[str, Sample] = {
            OURS: functools.partial(receive, ours, OURS, way),
            "curl -o": by_curl,
        }
        if session.published:
            theirs = session.published
            way = by_operation(theirs) if parsed else by_hand(theirs, _DOCUMENTED_CHUNK)
            sides[PUBLISHED] = functools.partial(receive, theirs, PUBLISHED, way)
        samples = alternate(sides, session.rounds(9), few={PUBLISHED: 2})
    name = "1 GiB as the file of an operation" if parsed else "1 GiB read in pieces"
    peak = {side: values for side, values in peaks.items() if values}
    target = Target(0.9, "at least")
    return [
        row("download", name, samples, unit="MiB/s", peer="curl -o", target=target),
        row("download", f"{name}, peak growth", peak, unit="MiB", target=Target(16, of="ours")),
    ]


CASES = (
    Case("download", "pieces", functools.partial(_run, parsed=False)),
    Case("download", "operation", functools.partial(_run, parsed=True)),
)
