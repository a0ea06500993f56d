"""Time and modules that the package costs before it has done anything."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.loopback import stub_server
from benchmarks.measure import Sample, alternate

_IMPORT = "import cvat_sdk.api_client"
_YARDSTICK = "import urllib3, json, dateutil"
_USE = """
from types import SimpleNamespace
from cvat_sdk.api_client import ApiClient, Configuration, models
client = ApiClient(Configuration(host="http://localhost"))
client.tasks_api
body = b'{"url": "http://localhost/api/users/1", "id": 1, "username": "ada", "first_name": "", "last_name": ""}'
response = SimpleNamespace(data=body, headers={})
user = client.deserialize(response, (models.BasicUser,), _check_type=True)
assert user.username == "ada"
"""
_CALL = """
import sys
from cvat_sdk.api_client import ApiClient, Configuration
client = ApiClient(Configuration(host=sys.argv[1]))
task, _ = client.tasks_api.retrieve(7)
assert task.id == 7
"""
_COUNT = "; import sys; print(len(sys.modules), 'urllib3' in sys.modules)"


def _run(python: str, code: str, *arguments: str) -> str:
    command = [python, "-c", code, *arguments]
    # Compiled modules are kept, as they are for users, whatever is set for this process.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


def _seconds(python: str, code: str, *arguments: str) -> Sample:
    def sample() -> float:
        start = time.perf_counter()
        _run(python, code, *arguments)
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


def _call(session: Session) -> Sequence[Row]:
    with stub_server() as host:
        sides = {OURS: _seconds(sys.executable, _CALL, host)}
        if session.published:
            sides[PUBLISHED] = _seconds(session.published.python, _CALL, host)
        samples = alternate(sides, session.rounds(21))
    peer = PUBLISHED if session.published else ""
    return [row("imports", "first call, from start to end of Python", samples, peer=peer)]


CASES = (
    Case("imports", "import", _import, True),
    Case("imports", "modules", _modules, True),
    Case("imports", "use", _use, True),
    Case("imports", "call", _call, True),
)
