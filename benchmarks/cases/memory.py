"""Memory that annotations occupy as long as a script holds them."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence

import msgspec
import orjson

from benchmarks import client, data, floor
from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row

SHAPES = 20_000


def _run(session: Session) -> Sequence[Row]:
    body = orjson.dumps(data.task_annotations(SHAPES))
    floor_decoder = msgspec.json.Decoder(floor.Annotations)
    samples = {
        OURS: [client.held_by(client.decoder(body, "LabeledData"))],
        "dicts of orjson": [client.held_by(lambda: orjson.loads(body))],
        "dicts of json": [client.held_by(lambda: json.loads(body))],
        "msgspec": [client.held_by(functools.partial(floor_decoder.decode, body))],
    }
    if session.published:
        path = session.folder / "annotations.json"
        path.write_bytes(body)
        samples[PUBLISHED] = [session.published.ask("held", path=str(path), model="LabeledData")]
    target = Target(20.0, of="ours")
    name = f"{SHAPES:,} shapes held"
    peer = "dicts of orjson"
    return [row("memory", name, samples, unit="MiB", peer=peer, target=target)]


CASES = (Case("memory", "held", _run, True),)
