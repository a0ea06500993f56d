"""Multipart uploads to a sink on the loopback, beside ``curl -F``."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.client import MEBIBYTE
from benchmarks.loopback import curl, stub_server
from benchmarks.measure import Sample, alternate
from benchmarks.remote import Worker

_TOTAL = 1024 * MEBIBYTE
_FILES = 1000


def _many(folder: Path) -> list[Path]:
    content = bytes(range(256)) * (_TOTAL // _FILES // 256 + 1)
    paths = [folder / f"frame_{number:06}.jpg" for number in range(_FILES)]
    for path in paths:
        path.write_bytes(content[: _TOTAL // _FILES])
    return paths


def _one(folder: Path) -> list[Path]:
    path = folder / "video.mp4"
    with path.open("wb") as file:
        file.truncate(_TOTAL)  # sparse: the disk has no part in it
    return [path]


def _run(session: Session, files: int) -> Sequence[Row]:
    paths = [str(path) for path in (_one if files == 1 else _many)(session.folder)]
    size = sum(Path(path).stat().st_size for path in paths) / MEBIBYTE
    small = session.folder / "small.jpg"
    small.write_bytes(bytes(1000))
    peaks: dict[str, list[float]] = {OURS: [], PUBLISHED: []}

    def send(worker: Worker, name: str, host: str) -> float:
        worker.ask("upload", host=host, paths=[str(small)])  # what is loaded once is no part of it
        seconds, peak = worker.ask("upload", host=host, paths=paths)
        peaks[name].append(peak)
        return float(size / seconds)

    fields = ["--header", "Expect:", "--output", "/dev/null"]  # without a round for "Expect"
    for number, path in enumerate(paths):
        fields += ["--form", f"client_files[{number}]=@{path}"]
    with stub_server() as host, Worker(sys.executable) as ours:
        url = f"{host}/api/tasks/1/data/"
        sides: dict[str, Sample] = {
            OURS: functools.partial(send, ours, OURS, host),
            "curl -F": lambda: size / curl(*fields, url),
        }
        if session.published:
            sides[PUBLISHED] = functools.partial(send, session.published, PUBLISHED, host)
        samples = alternate(sides, session.rounds(9), few={PUBLISHED: 2})
    name = "1 GiB in one file" if files == 1 else f"1 GiB in {files:,} files"
    peak = {side: values for side, values in peaks.items() if values}
    return [
        row("upload", name, samples, unit="MiB/s", peer="curl -F", target=Target(0.9, "at least")),
        row("upload", f"{name}, peak growth", peak, unit="MiB", target=Target(16, of="ours")),
    ]


CASES = (
    Case("upload", "many", functools.partial(_run, files=_FILES)),
    Case("upload", "one", functools.partial(_run, files=1)),
)
