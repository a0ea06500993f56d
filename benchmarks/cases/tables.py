"""Annotations to tables of pandas: from models, and from the bytes of an answer beside a loop by hand."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from typing import Any

import orjson
import pandas

from benchmarks import client, data
from benchmarks.case import OURS, Case, Row, Session, Target, row
from benchmarks.measure import alternate, timed
from cvat_sdk.tables import annotation_table

SHAPES = 100_000
ROUNDS = 9
BY_HAND = "json and pandas"


def _by_hand(body: bytes) -> pandas.DataFrame:
    """What a script does: a dict a shape, with its attributes and its box; no areas, no tracks."""
    rows = []
    for shape in json.loads(body)["shapes"]:
        points = shape["points"]
        entry: dict[str, Any] = {name: shape[name] for name in _KEPT}
        if shape["type"] == "mask":
            entry["left"], entry["top"], right, bottom = points[-4:]
            entry["right"], entry["bottom"] = right + 1, bottom + 1
        elif shape["type"] == "ellipse":
            cx, cy, right, upper = points
            entry["left"], entry["top"], entry["right"] = 2 * cx - right, upper, right
            entry["bottom"] = 2 * cy - upper
        elif points:
            xs, ys = points[::2], points[1::2]
            entry["left"], entry["top"] = min(xs), min(ys)
            entry["right"], entry["bottom"] = max(xs), max(ys)
        for attribute in shape["attributes"]:
            entry[f"attributes.{attribute['spec_id']}"] = attribute["value"]
        rows.append(entry)
    return pandas.DataFrame(rows)


_KEPT = (
    *("id", "frame", "label_id", "type", "group", "source", "occluded", "outside"),
    *("z_order", "rotation", "points"),
)


def _run(session: Session) -> Sequence[Row]:
    annotations = data.task_annotations(SHAPES)
    annotations["tracks"] = []  # which would make a million rows more, that nobody makes by hand
    body = orjson.dumps(annotations)
    decode = client.decoder(body, "LabeledData")
    sides = {
        OURS: timed(lambda: annotation_table(decode()).to_pandas()),
        BY_HAND: timed(functools.partial(_by_hand, body)),
    }
    bytes_to_table = alternate(sides, session.rounds(ROUNDS))
    models = decode()
    table = alternate({OURS: timed(lambda: annotation_table(models))}, session.rounds(ROUNDS))
    pandas_table = alternate(
        {OURS: timed(lambda: annotation_table(models).to_pandas())}, session.rounds(ROUNDS)
    )
    second = Target(1, of="ours")
    return [
        row("tables", f"models to columns, {SHAPES:,} shapes", table, target=second),
        row("tables", f"models to pandas, {SHAPES:,} shapes", pandas_table, target=second),
        row("tables", f"bytes to pandas, {SHAPES:,} shapes", bytes_to_table, peer=BY_HAND),
    ]


CASES = (Case("tables", "100k", _run),)
