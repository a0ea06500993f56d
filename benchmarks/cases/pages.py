"""Pages of tasks from JSON to models, with owners, labels, addresses and dates."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence

import msgspec
import orjson

from benchmarks import client, data, floor
from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.measure import alternate, timed


def _run(session: Session, tasks: int) -> Sequence[Row]:
    body = orjson.dumps(data.task_page(tasks))
    calls = 1000 // tasks
    sides = {
        OURS: timed(client.decoder(body, "PaginatedTaskReadList"), calls),
        "orjson": timed(lambda: orjson.loads(body), calls),
        "msgspec": timed(functools.partial(msgspec.json.Decoder(floor.Page).decode, body), calls),
        "json": timed(lambda: json.loads(body), calls),
    }
    if session.published:
        path = session.folder / "page.json"
        path.write_bytes(body)
        model = "PaginatedTaskReadList"
        sides[PUBLISHED] = functools.partial(
            session.published.ask, "seconds_to_decode", path=str(path), model=model
        )
    samples = alternate(sides, session.rounds(40), few={PUBLISHED: 5})
    return [row("pages", f"page of {tasks} tasks", samples, peer="orjson", target=Target(1.2))]


CASES = tuple(
    Case("pages", str(tasks), functools.partial(_run, tasks=tasks), True) for tasks in (100, 500)
)
