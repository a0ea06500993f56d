"""Downloads of a large file from the loopback, beside ``curl -o``."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.client import MEBIBYTE
from benchmarks.loopback import curl, stub_server
from benchmarks.measure import Sample, alternate
from benchmarks.remote import Worker

_SIZE = 1024 * MEBIBYTE
_SMALL = 1000
# What the documentation of the published package reads at a time.
_DOCUMENTED = 8192
_OURS_AS_DOCUMENTED = "8 KiB at a time"


def _run(session: Session) -> Sequence[Row]:
    path = session.folder / "export.zip"
    peaks: dict[str, list[float]] = {OURS: [], _OURS_AS_DOCUMENTED: [], PUBLISHED: []}

    def receive(worker: Worker, side: str, chunk: int) -> float:
        ask = functools.partial(worker.ask, "download", host=host, path=str(path), chunk=chunk)
        ask(size=_SMALL)  # what is loaded once is no part of it
        path.unlink()
        seconds, peak = ask(size=_SIZE)
        path.unlink()
        peaks[side].append(peak)
        return float(_SIZE / MEBIBYTE / seconds)

    with stub_server() as host, Worker(sys.executable) as ours:
        sides: dict[str, Sample] = {
            OURS: functools.partial(receive, ours, OURS, MEBIBYTE),
            "curl -o": functools.partial(_by_curl, host, session.folder / "by-curl.zip"),
            _OURS_AS_DOCUMENTED: functools.partial(receive, ours, _OURS_AS_DOCUMENTED, _DOCUMENTED),
        }
        if session.published:
            sides[PUBLISHED] = functools.partial(receive, session.published, PUBLISHED, _DOCUMENTED)
        samples = alternate(sides, session.rounds(9), few={PUBLISHED: 3})
    return _rows("1 GiB to a file", samples, peaks)


def _run_operation(session: Session) -> Sequence[Row]:
    path = session.folder / "by-curl.zip"
    peaks: dict[str, list[float]] = {OURS: [], PUBLISHED: []}

    def receive(worker: Worker, side: str) -> float:
        folder = session.folder / side
        folder.mkdir(exist_ok=True)
        ask = functools.partial(worker.ask, "download_as_result", host=host, folder=str(folder))
        ask(size=_SMALL)  # what is loaded once is no part of it
        seconds, peak = ask(size=_SIZE)
        peaks[side].append(peak)
        return float(_SIZE / MEBIBYTE / seconds)

    with stub_server() as host, Worker(sys.executable) as ours:
        sides: dict[str, Sample] = {
            OURS: functools.partial(receive, ours, OURS),
            "curl -o": functools.partial(_by_curl, host, path),
        }
        if session.published:
            sides[PUBLISHED] = functools.partial(receive, session.published, PUBLISHED)
        samples = alternate(sides, session.rounds(9), few={PUBLISHED: 3})
    name = "1 GiB as the result of an operation"
    return _rows(name, samples, peaks)


def _by_curl(host: str, path: Path) -> float:
    seconds = curl("--output", str(path), f"{host}/file/{_SIZE}")
    path.unlink()
    return _SIZE / MEBIBYTE / seconds


def _rows(
    name: str, samples: Mapping[str, Sequence[float]], peaks: Mapping[str, Sequence[float]]
) -> Sequence[Row]:
    peak = {side: values for side, values in peaks.items() if values}
    target = Target(0.9, "at least")
    return [
        row("download", name, samples, unit="MiB/s", peer="curl -o", target=target),
        row("download", f"{name}, peak growth", peak, unit="MiB", target=Target(16, of="ours")),
    ]


CASES = (Case("download", "pieces", _run), Case("download", "operation", _run_operation))
