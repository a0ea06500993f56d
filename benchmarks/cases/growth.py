"""Whether time grows in proportion: annotations up to a million shapes, lists up to 1,000 pages."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import orjson

from benchmarks import client, data
from benchmarks.case import OURS, Case, Row, Session, row
from benchmarks.loopback import stub_server
from benchmarks.measure import alternate, timed
from benchmarks.stub_server import PAGE_SIZE

_SHAPES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
_PAGES = (10, 30, 100, 300, 1000)


def _decode(session: Session, drifted: bool) -> Sequence[Row]:
    group = "growth, drifted" if drifted else "growth"
    return [_decode_one(session, shapes, group, drifted) for shapes in _SHAPES]


def _decode_one(session: Session, shapes: int, group: str, drifted: bool) -> Row:
    make = data.drifted_annotations if drifted else data.task_annotations
    body = orjson.dumps(make(shapes))
    sides = {
        OURS: timed(client.decoder(body, "LabeledData")),
        "orjson": timed(lambda: orjson.loads(body)),
    }
    samples = alternate(sides, 3 if shapes > 100_000 else session.rounds(9))
    return row(group, f"{shapes:,} shapes", samples, peer="orjson")


def _encode(session: Session) -> Sequence[Row]:
    rows = []
    for shapes in _SHAPES:
        values = data.annotations_to_send(shapes)
        sides = {
            OURS: timed(client.builder(values)),
            "orjson": timed(functools.partial(orjson.dumps, values)),
        }
        samples = alternate(sides, 3 if shapes > 100_000 else session.rounds(9))
        rows.append(row("growth, sent", f"{shapes:,} shapes", samples, peer="orjson"))
    return rows


def _pages(session: Session) -> Sequence[Row]:
    rows = []
    with stub_server() as host:
        for pages in _PAGES:

            def read(pages: int = pages) -> float:
                seconds, found = client.pages(host, PAGE_SIZE, pages)
                if found != pages * PAGE_SIZE:
                    raise AssertionError(f"{found} tasks on {pages} pages")
                return seconds / pages

            samples = alternate({OURS: read}, 3)
            name = f"{pages:,} pages of {PAGE_SIZE} tasks, each page"
            rows.append(row("growth, pages", name, samples))
    return rows


CASES = (
    Case("growth", "decode", functools.partial(_decode, drifted=False)),
    Case("growth", "drift", functools.partial(_decode, drifted=True)),
    Case("growth", "encode", _encode),
    Case("growth", "pages", _pages),
)
