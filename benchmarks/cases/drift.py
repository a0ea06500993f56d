"""Annotations from a server of another version: nothing raises, nothing is lost."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import orjson

from benchmarks import client, data
from benchmarks.case import OURS, Case, Row, Session, Target, row
from benchmarks.measure import alternate, timed
from cvat_sdk.api_client import model_utils

_ROUNDS = {1_000: 40, 10_000: 20, 100_000: 9}


def _run(session: Session, shapes: int) -> Sequence[Row]:
    drifted = data.drifted_annotations(shapes)
    body = orjson.dumps(drifted)
    decode = client.decoder(body, "LabeledData")
    if model_utils.to_json(decode()) != drifted:
        raise AssertionError("the models do not hold what the server sent")
    sides = {OURS: timed(decode), "orjson": timed(lambda: orjson.loads(body))}
    samples = alternate(sides, session.rounds(_ROUNDS[shapes]))
    note = "the published package raises"
    return [
        row("drift", f"{shapes:,} shapes", samples, peer="orjson", target=Target(3.0), note=note)
    ]


CASES = tuple(
    Case("drift", f"{shapes // 1000}k", functools.partial(_run, shapes=shapes), shapes <= 10_000)
    for shapes in _ROUNDS
)
