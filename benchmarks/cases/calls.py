"""Calls over kept-alive loopback connections: one after the other, and from many threads."""

from __future__ import annotations

import functools
import http.client
import urllib.parse
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import urllib3

from benchmarks import client
from benchmarks.case import OURS, PUBLISHED, Case, Row, Session, Target, row
from benchmarks.loopback import stub_server
from benchmarks.measure import Sample, alternate, timed
from cvat_sdk.api_client import ApiClient, Configuration

_CALLS = 200
_THREADS = 16
_CONCURRENT = 64
_HEADERS = {
    "Accept": "application/vnd.cvat+json",
    "Authorization": "Bearer measured",
    "User-Agent": "benchmark",
}


def _bare(host: str, threads: int = 1) -> Callable[[], Any]:
    pool = urllib3.PoolManager(maxsize=threads)
    url = f"{host}/api/tasks/7"
    return lambda: orjson.loads(pool.request("GET", url, headers=_HEADERS).data)


def _http_client(host: str) -> Callable[[], Any]:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(host).netloc)

    def call() -> Any:
        connection.request("GET", "/api/tasks/7", headers=_HEADERS)
        return orjson.loads(connection.getresponse().read())

    return call


def _retrieve(session: Session) -> Sequence[Row]:
    with stub_server() as host:
        api = client.client_of(host).tasks_api
        sides: dict[str, Sample] = {
            OURS: timed(lambda: api.retrieve(7), _CALLS),
            "urllib3 + orjson": timed(_bare(host), _CALLS),
            "http.client + orjson": timed(_http_client(host), _CALLS),
            "not parsed": timed(lambda: api.retrieve(7, _parse_response=False)[1].data, _CALLS),
            "top level only": timed(lambda: api.retrieve(7, _validate_outputs=False), _CALLS),
        }
        if session.published:
            ask = functools.partial(session.published.ask, "retrieve", host=host, calls=_CALLS)
            sides[PUBLISHED] = ask
        samples = alternate(sides, session.rounds(25), few={PUBLISHED: 5})
    peer = "urllib3 + orjson"
    return [row("calls", "tasks_api.retrieve", samples, peer=peer, target=Target(1.25))]


def _burst(executor: ThreadPoolExecutor, call: Callable[[], Any]) -> Callable[[], None]:
    def burst() -> None:
        futures = [executor.submit(call) for _ in range(_CONCURRENT)]
        for future in futures:
            future.result()

    return burst


def _rate(sample: Sample) -> Sample:
    return lambda: _CONCURRENT / sample()


def _concurrent(session: Session) -> Sequence[Row]:
    with stub_server() as host, ThreadPoolExecutor(_THREADS) as executor:
        configuration = Configuration(host=host, access_token="measured")
        configuration.connection_pool_maxsize = _THREADS
        api = ApiClient(configuration).tasks_api
        sides = {
            OURS: _rate(timed(_burst(executor, lambda: api.retrieve(7)), 5)),
            "urllib3 + orjson": _rate(timed(_burst(executor, _bare(host, _THREADS)), 5)),
        }
        samples = alternate(sides, session.rounds(25))
    name = f"{_CONCURRENT} calls from {_THREADS} threads"
    target = Target(0.8, "at least")
    peer = "urllib3 + orjson"
    return [row("calls", name, samples, unit="calls/s", peer=peer, target=target)]


CASES = (
    Case("calls", "retrieve", _retrieve, True),
    Case("calls", "concurrent", _concurrent, True),
)
