"""What takes several calls, to a server that is 30 ms away."""

from __future__ import annotations

import functools
import random
import sys
from collections.abc import Callable, Sequence

from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.client import MEBIBYTE
from benchmarks.loopback import distant, stub_server
from benchmarks.measure import Sample, alternate
from benchmarks.remote import Worker
from benchmarks.stub_server import PAGE_SIZE

_PAGES = 100
_IMAGES = 200
_IMAGE = 50_000


def _alternate(
    session: Session, sides: dict[str, Callable[[Worker, str], float]]
) -> dict[str, list[float]]:
    with stub_server() as server, distant(server) as host, Worker(sys.executable) as ours:
        samples: dict[str, Sample] = {
            name: functools.partial(side, ours, host)
            for name, side in sides.items()
            if name != PUBLISHED
        }
        if session.published:
            samples[PUBLISHED] = functools.partial(sides[PUBLISHED], session.published, host)
        return alternate(samples, session.rounds(9), few={PUBLISHED: 2})


def _list(session: Session) -> Sequence[Row]:
    def read(how: str) -> Callable[[Worker, str], float]:
        def sample(worker: Worker, host: str) -> float:
            seconds, found = worker.ask(how, host=host, page_size=PAGE_SIZE, count=_PAGES)
            assert found == _PAGES * PAGE_SIZE
            return float(seconds)

        return sample

    samples = _alternate(
        session,
        {
            OURS: read("pages_ahead"),
            "page after page": read("page_after_page"),
            PUBLISHED: read("pages"),
        },
    )
    name = f"iterate() over {_PAGES} pages of {PAGE_SIZE} tasks"
    return [row("latency", name, samples, peer="page after page", target=Target(0.6))]


def _upload(session: Session) -> Sequence[Row]:
    content = random.Random(1).randbytes(_IMAGE)
    paths = [session.folder / f"frame_{number:06}.jpg" for number in range(_IMAGES)]
    for path in paths:
        path.write_bytes(content)
    size = _IMAGES * _IMAGE / MEBIBYTE

    def send(how: str) -> Callable[[Worker, str], float]:
        def sample(worker: Worker, host: str) -> float:
            return float(size / worker.ask(how, host=host, paths=list(map(str, paths))))

        return sample

    samples = _alternate(
        session,
        {
            OURS: send("upload_at_once"),
            "image after image": send("upload_one_by_one"),
            PUBLISHED: send("upload_by_client"),
        },
    )
    name = f"upload_files() of {_IMAGES} images of {_IMAGE // 1000} kB"
    target = Target(2, "at least")
    return [row("latency", name, samples, unit="MiB/s", peer="image after image", target=target)]


CASES = (Case("latency", "list", _list), Case("latency", "upload", _upload))
