"""The client with entities, beside that of the published package: the same calls, settings and server."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.loopback import stub_server
from benchmarks.measure import Sample, alternate
from benchmarks.remote import Worker
from cvat_local.embedded import LocalServer

_SHAPES = 100_000
_IMAGES = 1_000
_MAKE = "import sys, cvat_sdk; cvat_sdk.make_client(sys.argv[1])"


def _row(session: Session, name: str, samples: dict[str, Any], limit: float) -> Row:
    # Without the published package there is nothing to compare with.
    peer, target = (PUBLISHED, Target(limit)) if session.published else ("", None)
    return row("entities", name, samples, peer=peer, target=target)


def _make_client(session: Session) -> Sequence[Row]:
    def sample(python: str, host: str) -> float:
        command = [python, "-c", f"import time; start = time.perf_counter(); {_MAKE}; "]
        command[-1] += "print(time.perf_counter() - start)"
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
        done = subprocess.run(
            [*command, host], check=True, capture_output=True, text=True, env=environment
        )
        return float(done.stdout)

    with stub_server() as host:
        sides = {OURS: functools.partial(sample, sys.executable, host)}
        if session.published:
            sides[PUBLISHED] = functools.partial(sample, session.published.python, host)
        samples = alternate(sides, session.rounds(15))
    return [_row(session, "import cvat_sdk; make_client(...)", samples, 0.5)]


def _annotations(session: Session) -> Sequence[Row]:
    with stub_server() as host, Worker(sys.executable) as ours:
        sides: dict[str, Sample] = {
            OURS: functools.partial(ours.ask, "entity_annotations", host=host, shapes=_SHAPES)
        }
        if session.published:
            sides[PUBLISHED] = functools.partial(
                session.published.ask, "entity_annotations", host=host, shapes=_SHAPES
            )
        samples = alternate(sides, session.rounds(9), few={PUBLISHED: 2})
    return [_row(session, f"task.get_annotations(), {_SHAPES:,} shapes", samples, 0.03)]


def _images(folder: Path) -> list[str]:
    folder.mkdir()
    paths = [folder / f"frame_{number:06}.jpg" for number in range(_IMAGES)]
    Image.linear_gradient("L").resize((160, 120)).save(paths[0])
    for path in paths[1:]:
        shutil.copy(paths[0], path)
    return list(map(str, paths))


def _server(session: Session) -> Sequence[Row]:
    paths = _images(session.folder / "images")
    found: dict[str, dict[str, list[float]]] = {}
    with LocalServer() as server, Worker(sys.executable) as ours:
        account = {"host": server.url, "user": server.username, "password": server.password}
        workers = {OURS: ours} | ({PUBLISHED: session.published} if session.published else {})
        made = {
            side: worker.ask("entity_create", **account, paths=paths[:1])
            for side, worker in workers.items()  # what is loaded once is no part of it
        }
        for _ in range(session.rounds(3)):
            for side, worker in workers.items():
                seconds, task_id = worker.ask("entity_create", **account, paths=paths)
                found.setdefault("create", {}).setdefault(side, []).append(seconds)
                for what in ("export", "dataset"):
                    folder = str(session.folder / f"{what}-{side}")
                    seconds = worker.ask(
                        f"entity_{what}", **account, task_id=task_id, folder=folder
                    )
                    found.setdefault(what, {}).setdefault(side, []).append(seconds)
                    shutil.rmtree(folder, ignore_errors=True)
                worker.ask("entity_remove", **account, task_id=task_id)
        for side, worker in workers.items():
            worker.ask("entity_remove", **account, task_id=made[side][1])
    return [
        _row(session, f"create_from_data() of {_IMAGES:,} images", found["create"], 0.8),
        _row(session, f"export_dataset() of {_IMAGES:,} images", found["export"], 0.8),
        _row(session, f"TaskDataset of {_IMAGES:,} images, each read", found["dataset"], 0.8),
    ]


CASES = (
    Case("entities", "make_client", _make_client),
    Case("entities", "annotations", _annotations),
    Case("entities", "server", _server),
)
