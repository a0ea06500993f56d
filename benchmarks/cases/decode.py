"""Annotations from JSON to models."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence

import msgspec
import orjson

from benchmarks import client, data, floor
from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.measure import alternate, timed

# Shapes: samples, samples of the published package, limit.
SIZES = {1_000: (40, 5, 0.9), 10_000: (20, 3, 0.7), 100_000: (9, 1, 0.5)}


def _run(session: Session, shapes: int) -> Sequence[Row]:
    rounds, slow_rounds, limit = SIZES[shapes]
    body = orjson.dumps(data.task_annotations(shapes))
    sides = {
        OURS: timed(client.decoder(body, "LabeledData")),
        "orjson": timed(lambda: orjson.loads(body)),
        "msgspec": timed(functools.partial(msgspec.json.Decoder(floor.Annotations).decode, body)),
        "json": timed(lambda: json.loads(body)),
    }
    if session.published:
        path = session.folder / "annotations.json"
        path.write_bytes(body)
        sides[PUBLISHED] = functools.partial(
            session.published.ask, "seconds_to_decode", path=str(path), model="LabeledData"
        )
    samples = alternate(sides, session.rounds(rounds), few={PUBLISHED: slow_rounds})
    return [row("decode", f"{shapes:,} shapes", samples, peer="orjson", target=Target(limit))]


CASES = tuple(
    Case("decode", f"{shapes // 1000}k", functools.partial(_run, shapes=shapes), shapes <= 10_000)
    for shapes in SIZES
)
