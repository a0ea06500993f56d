"""Annotations from plain dicts to the bytes of a request, and from models that are there already."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence

import msgspec
import orjson

from benchmarks import client, data, floor
from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.measure import alternate, timed

# Shapes: samples, samples of the published package.
_SIZES = {1_000: (40, 5), 10_000: (20, 3), 100_000: (9, 1)}


def _run(session: Session, shapes: int, kind: str) -> Sequence[Row]:
    rounds, slow_rounds = _SIZES[shapes]
    values = data.annotations_to_send(shapes)
    make = {"build": client.builder, "encode": client.encoder}[kind](values)
    if orjson.loads(make()) != values:
        raise AssertionError("the body does not hold what was given")
    plain = msgspec.convert(values, floor.Annotations)
    floors = {
        "build": lambda: msgspec.json.encode(msgspec.convert(values, floor.Annotations)),
        "encode": lambda: msgspec.json.encode(plain),
    }
    calls = max(1, 10_000 // shapes)
    sides = {
        OURS: timed(make, calls),
        "orjson": timed(lambda: orjson.dumps(values), calls),
        "msgspec": timed(floors[kind], calls),
        "json": timed(lambda: json.dumps(values), calls),
    }
    if session.published:
        # It makes the data for itself: to write them here would leave other freed memory to our side than a
        # run without the published package does, and page faults that come with it.
        ask = session.published.ask
        sides[PUBLISHED] = functools.partial(ask, "seconds_to_send", kind=kind, shapes=shapes)
    samples = alternate(sides, session.rounds(rounds), few={PUBLISHED: slow_rounds})
    title, limit = {"build": ("from dicts", 6.0), "encode": ("from models", 1.5)}[kind]
    name = f"{shapes:,} shapes, {title}"
    return [row("encode", name, samples, peer="orjson", target=Target(limit))]


CASES = tuple(
    Case(
        "encode",
        f"{kind}-{shapes // 1000}k",
        functools.partial(_run, shapes=shapes, kind=kind),
        shapes <= 10_000,
    )
    for kind in ("build", "encode")
    for shapes in _SIZES
)
