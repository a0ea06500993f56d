"""Time and modules that the package costs before it has done anything."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.measure import Sample, alternate

_IMPORT = "import cvat_sdk.api_client"
_YARDSTICK = "import urllib3, json, dateutil"
_USE = """
from cvat_sdk.api_client import ApiClient, Configuration, models
import urllib3
client = ApiClient(Configuration(host="http://localhost"))
client.tasks_api
body = b'{"url": "http://localhost/api/users/1", "id": 1, "username": "ada", "first_name": "", "last_name": ""}'
response = urllib3.HTTPResponse(body=body, headers={}, preload_content=False)
client.deserialize(response, (models.BasicUser,), _check_type=True)
"""
_COUNT = "; import sys; print(len(sys.modules), 'urllib3' in sys.modules)"


def _run(python: str, code: str) -> str:
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout


def _seconds(python: str, code: str) -> Sample:
    def sample() -> float:
        start = time.perf_counter()
        _run(python, code)
        return time.perf_counter() - start

    return sample


def _import(session: Session) -> Sequence[Row]:
    sides = {
        OURS: _seconds(sys.executable, _IMPORT),
        "urllib3, json, dateutil": _seconds(sys.executable, _YARDSTICK),
        "python alone": _seconds(sys.executable, "pass"),
    }
    if session.published:
        sides[PUBLISHED] = _seconds(session.published.python, _IMPORT)
    samples = alternate(sides, session.rounds(21))
    target = Target(0.6)
    peer = "urllib3, json, dateutil"
    return [row("imports", _IMPORT, samples, peer=peer, target=target)]


def _modules(session: Session) -> Sequence[Row]:
    samples = {}
    count, has_urllib3 = _run(sys.executable, _IMPORT + _COUNT).split()
    samples[OURS] = [float(count)]
    # Names are imported on use; this is what remains of the import when all of them have been.
    names = "from cvat_sdk.api_client import *; from cvat_sdk.api_client import apis, models"
    samples["with all names"] = [float(_run(sys.executable, names + _COUNT).split()[0])]
    samples["python alone"] = [float(_run(sys.executable, "pass" + _COUNT).split()[0])]
    if session.published:
        samples[PUBLISHED] = [float(_run(session.published.python, _IMPORT + _COUNT).split()[0])]
    if has_urllib3 == "True":
        raise AssertionError("urllib3 was imported before the first client")
    target = Target(130, of="ours")
    name = "modules after the import"
    return [row("imports", name, samples, unit="modules", target=target, note="no urllib3")]


def _use(session: Session) -> Sequence[Row]:
    sides = {OURS: _seconds(sys.executable, _USE)}
    peer, target = "", None
    if session.published:
        sides[PUBLISHED] = _seconds(session.published.python, _USE)
        peer, target = PUBLISHED, Target(0.5)
    samples = alternate(sides, session.rounds(21))
    name = "first client, tasks_api, one model parsed"
    return [row("imports", name, samples, peer=peer, target=target)]


CASES = (
    Case("imports", "import", _import, True),
    Case("imports", "modules", _modules, True),
    Case("imports", "use", _use, True),
)
