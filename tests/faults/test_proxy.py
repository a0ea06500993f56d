"""The proxy does to a client what it says, and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest
import urllib3
from tests.faults.calls import Bench
from tests.faults.proxy import ROOT, FaultProxy
from urllib3.exceptions import HTTPError


def ask(url: str) -> int:
    return urllib3.request("GET", url, retries=False, timeout=20).status


def test_it_passes_on_what_meets_no_fault(bench: Bench) -> None:
    bench.proxy.play("500 as HTML", on="^GET /api/tasks")
    assert ask(f"{bench.proxy.doors['plain']}/api/server/about") == 200
    (seen,) = bench.proxy.finish()
    assert (seen.fault, seen.forwarded) == (None, True)


def test_the_first_requests_meet_it(bench: Bench) -> None:
    bench.proxy.play("500 as HTML", first=2)
    url = f"{bench.proxy.doors['plain']}/api/server/about"
    assert [ask(url) for _ in range(4)] == [500, 500, 200, 200]
    assert [bool(entry.fault) for entry in bench.proxy.finish()] == [True, True, False, False]


def test_nothing_is_left_of_a_fault_that_is_over(bench: Bench) -> None:
    bench.proxy.play("reset before headers")
    url = f"{bench.proxy.doors['plain']}/api/server/about"
    with pytest.raises(HTTPError):
        ask(url)
    bench.proxy.finish()
    assert ask(url) == 200


def test_it_ends_with_whoever_started_it(bench: Bench) -> None:
    """Also with one that is killed, and can tell nobody."""
    program = (
        "import os, sys; from pathlib import Path; from tests.faults.proxy import FaultProxy\n"
        f"print(FaultProxy('http://127.0.0.1:9', Path({str(bench.certificates)!r})).pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    # Both hold the other end of its standard error, which is at its end when both are gone.
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip().isdigit()


def test_an_unknown_fault_is_told(bench: Bench) -> None:
    with FaultProxy("http://127.0.0.1:9", bench.certificates) as proxy:
        with pytest.raises(KeyError):
            proxy.play("no such fault")
        proxy.finish()
