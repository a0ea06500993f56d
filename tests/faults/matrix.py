"""One cell of the matrix: a fault and a kind of call, and what became of it."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tests.faults.calls import CALLS, PATIENCE, Bench
from tests.faults.faults import FAULTS, Fault
from tests.faults.wire import Seen
from tests.processes import PASSWORD
from urllib3.exceptions import HTTPError

from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.api_client.exceptions import OpenApiException
from cvat_sdk.api_client.runtime.retry import default_retries
from cvat_sdk.core import requests, transfers
from cvat_sdk.core.exceptions import CvatSdkException

LIMIT = 0.5
"""Seconds that a call may take in all whose answer never ends."""
BOUND = 20
"""Seconds in which a call with a limit has to end, also on a machine that is busy."""
MEMORY = 1_000_000
"""Bytes of an answer that may be in memory."""


@dataclass(frozen=True)
class Cell:
    """A fault that a call meets, with its first request or with all."""

    fault: str
    call: str
    mode: str

    def __str__(self) -> str:
        return f"{self.fault}, {self.mode}: {self.call}"


@dataclass
class Outcome:
    """What became of a call.

    `verdict` is ``once`` (the result is right, and the server did it exactly once), ``error`` (it says what was
    asked of whom), ``as sent`` (a file with the content that the answer had) or ``stopped`` (an endless file, which the
    caller has given up).
    """

    verdict: str
    effects: int | None
    seconds: float
    text: str
    """Of the error."""
    faults: list[str]
    """What is wrong."""


def cells() -> list[Cell]:
    """The whole matrix."""
    return [
        Cell(fault.name, call, mode)
        for fault in FAULTS.values()
        for call in CALLS
        for mode in fault.modes
    ]


def a_tenth() -> list[Cell]:
    """Cells with every fault and every call among them."""
    whole = cells()
    rows = {fault: [cell for cell in whole if cell.fault == fault] for fault in FAULTS}
    return [cell for number, row in enumerate(rows.values()) for cell in row[number * 7 % 10 :: 10]]


def must_succeed(cell: Cell) -> bool:
    """Whether a call has to give its result."""
    harm = FAULTS[cell.fault].harm
    if harm == "none" or cell.mode == "always":
        return harm == "none"
    return harm == "undone" or (harm == "lost" and CALLS[cell.call].repeats)


def run(cell: Cell, bench: Bench, folder: Path) -> Outcome:
    """Make a call that meets a fault.

    Args:
        cell: Which.
        bench: Server and proxy.
        folder: An empty folder for temporary files; nothing may be left there.
    """
    fault = FAULTS[cell.fault]
    call = CALLS[cell.call](bench, folder)
    before = _held()
    if fault.play:
        bench.proxy.play(fault.name, call.on, 1 if cell.mode == "once" else None)
    client = _client(bench, fault, folder)
    error: Exception | None = None
    start = time.monotonic()
    try:
        with _shortened():
            call.make(client)
    except Exception as caught:  # what it is, is judged below
        error = caught
    seconds = time.monotonic() - start
    seen = bench.proxy.finish()
    outcome = _judged(error, fault, call, seconds)
    if outcome.verdict != "once" and must_succeed(cell):
        outcome.faults.append(f"a second attempt would have helped: {outcome.text[:300]}")
    outcome.faults += _met(cell, fault, seen)
    outcome.faults += _repeated(call, seen)
    outcome.effects = call.effects()
    if outcome.effects is not None and (
        outcome.effects > 1 or (outcome.verdict == "once" and outcome.effects == 0)
    ):
        outcome.faults.append(f"the server did it {outcome.effects} times")
    if fault.play:
        outcome.faults += _is_usable(client)
    client.close()
    error = None
    outcome.faults += _left(before, folder)
    return outcome


@contextlib.contextmanager
def _shortened() -> Iterator[None]:
    """Helpers with the pauses of a test; they have as many attempts by default, and minutes for them."""
    with (
        mock.patch.object(transfers, "MOST_FAILURES", 3),
        mock.patch.object(transfers, "_LONGEST_PAUSE", 0.01),
        mock.patch.object(requests, "_PATIENCE", 1.0),
        mock.patch.object(requests, "_FIRST_PAUSE", 0.01),
    ):
        yield


def _client(bench: Bench, fault: Fault, folder: Path) -> ApiClient:
    configuration = Configuration(
        host=bench.proxy.doors.get(fault.door, ""),
        api_key=dict(bench.credentials),
        timeout=PATIENCE if fault.ends else LIMIT,
        max_response_bytes=MEMORY,
    )
    configuration.temp_folder_path = str(folder)
    # As they are by default, with shorter pauses.
    configuration.retries = default_retries().new(backoff_factor=0.01, backoff_jitter=0.01)
    if fault.door == "tls expired":
        configuration.ssl_ca_cert = str(bench.certificates / "expired.pem")
    return ApiClient(configuration)


def _judged(error: Exception | None, fault: Fault, call: Any, seconds: float) -> Outcome:
    outcome = Outcome("once", None, seconds, "", [])
    if seconds > BOUND:
        outcome.faults.append(f"took {seconds:.1f} s")
    if error is None:
        return outcome
    outcome.text = str(error)
    if isinstance(error, AssertionError) and call.saves and fault.lies:
        outcome.verdict = "as sent"
        return outcome
    if isinstance(error, CancelledError) and call.stopped.is_set():
        outcome.verdict = "stopped"
        return outcome
    outcome.verdict = "error"
    if not isinstance(error, (OpenApiException, HTTPError, CvatSdkException)):
        outcome.faults.append(f"{type(error).__name__}: {error}")
    first = outcome.text.splitlines()[0] if outcome.text else ""
    if not re.search(r"\b(GET|POST|PATCH|PUT|HEAD|DELETE) https?://\S+/api/", first):
        outcome.faults.append(f"the first line of the error names no request: {first!r}")
    if call.bench.key in outcome.text or PASSWORD in outcome.text:
        outcome.faults.append("the error shows a credential")
    return outcome


def _met(cell: Cell, fault: Fault, seen: list[Seen]) -> list[str]:
    if fault.play and not any(entry.fault for entry in seen):
        return ["the call did not meet the fault"]
    leaks = {"authorization", "cookie", "x-csrftoken"}
    if any(entry.door == "other" and leaks.intersection(entry.headers) for entry in seen):
        return ["credentials went to another host"]
    return []


def _repeated(call: Any, seen: list[Seen]) -> list[str]:
    if call.once is None:
        return []
    got: dict[str, int] = {}
    for entry in seen:
        asked = f"{entry.method} {entry.target}"
        if entry.forwarded and re.search(call.once, asked):
            got[asked] = got.get(asked, 0) + 1
    return [f"the server got {asked} {count} times" for asked, count in got.items() if count > 1]


def _is_usable(client: ApiClient) -> list[str]:
    """A second call over the connections of the first: what is left of a bad answer must not be its answer."""
    client.configuration.timeout = PATIENCE
    try:
        about, _ = client.server_api.retrieve_about()
    except Exception as error:
        return [f"the next call fails: {type(error).__name__}: {error}"]
    return [] if about.version else ["the next call got the answer of the one before"]


def _held() -> tuple[set[str], set[threading.Thread]]:
    """Open descriptors and threads."""
    return _descriptors(), set(threading.enumerate())


def _descriptors() -> set[str]:
    folder = Path("/proc/self/fd")
    found = set()
    for entry in folder.iterdir() if folder.is_dir() else ():
        try:
            found.add(str(entry.readlink()))
        except OSError:
            continue  # the one that lists them
    return found


def _left(before: tuple[set[str], set[threading.Thread]], folder: Path) -> list[str]:
    faults = []
    descriptors, threads = before
    for thread in set(threading.enumerate()) - threads:
        # One of the process watches time limits, and waits a second for more of them.
        if thread.name != "cvat-sdk-time-limits":
            faults.append(f"a thread is left: {thread.name}")
    opened = _descriptors() - descriptors
    if opened:
        faults.append(f"left open: {sorted(opened)}")
    files = [str(path.relative_to(folder)) for path in folder.rglob("*")]
    if files:
        faults.append(f"files are left: {files}")
    return faults
