"""The pools of a client do what urllib3's own manager does."""

from __future__ import annotations

import gc
import socket
import weakref
from collections.abc import Callable

import pytest
from tests.unit.recording import RecordingServer
from urllib3 import PoolManager, Retry

from cvat_sdk.api_client import ApiClient
from cvat_sdk.api_client.runtime.pools import Pools


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/a/b?c=d&e=%2f",
        "/a/../b/./c",
        "/a%2fb/ä b",
        "/a/..b/...",
        "/a#fragment",
        "/a?b=1#c/d",
        "?a=b",
        "",
        "//double//slashes/",
    ],
)
def test_targets(target: str, server: RecordingServer) -> None:
    seen = []
    for pools in (PoolManager(), Pools()):
        pools.urlopen("GET", server.url + target, headers={"A": "1"})
        seen.append(server.last.head)
        pools.clear()
    assert seen[0] == seen[1]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects(status: int, server: RecordingServer) -> None:
    seen = []
    for pools in (PoolManager(), Pools()):
        server.answer(status, headers=[("Location", "/b?c=d")])
        response = pools.request("POST", f"{server.url}/a", body=b"body", headers={"A": "1"})
        seen.append((response.status, response.retries, server.last.head, server.last.body))
        pools.clear()
    assert repr(seen[0]) == repr(seen[1])


def test_redirects_that_are_not_wanted(server: RecordingServer) -> None:
    pools = Pools()
    server.answer(302, headers=[("Location", "/b")])
    assert pools.request("GET", f"{server.url}/a", redirect=False).status == 302
    server.answer(302, headers=[("Location", "/b")])
    retries = Retry(redirect=0, raise_on_redirect=False)
    assert pools.request("GET", f"{server.url}/a", retries=retries).status == 302
    pools.clear()


def test_a_pool_is_kept_until_it_is_closed_or_set_otherwise(server: RecordingServer) -> None:
    pools = Pools()
    first = pools._pool(server.url)
    assert pools._pool(server.url) is first
    first.close()
    pools.clear()
    second = pools._pool(server.url)
    assert second is not first
    pools.connection_pool_kw["retries"] = Retry(9)
    third = pools._pool(server.url)
    assert third is not second
    assert third.retries.total == 9
    assert pools.request("GET", f"{server.url}/a").status == 200
    pools.clear()


def test_a_pool_that_is_given_up_is_closed(server: RecordingServer) -> None:
    pools = Pools()
    given_up = weakref.ref(pools._pool(server.url))
    pools.clear()
    gc.collect()
    assert given_up() is None


def test_many_hosts_are_forgotten() -> None:
    pools = Pools()
    for number in range(100):
        pools._pool(f"http://host-{number}")
    assert len(pools._known) < 20


def _socket_of(client: ApiClient) -> socket.socket:
    client.call_api("/x", "GET")
    pool = client.rest_client.pool_manager.connection_from_url(client.configuration.host)
    assert pool.pool is not None
    kept = next(connection for connection in pool.pool.queue if connection is not None)
    assert isinstance(kept.sock, socket.socket)
    return kept.sock


def test_connections_ask_whether_their_peer_is_still_there(
    connect: Callable[..., ApiClient],
) -> None:
    sock = _socket_of(connect())
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), "as urllib3 sets it"
    for name in ("TCP_KEEPIDLE", "TCP_KEEPALIVE", "TCP_KEEPINTVL"):
        if hasattr(socket, name):
            assert sock.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) <= 60


def test_own_options_of_sockets_are_all_there_are(connect: Callable[..., ApiClient]) -> None:
    client = connect()
    client.configuration.socket_options = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)]
    with ApiClient(client.configuration) as own:
        assert not _socket_of(own).getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
