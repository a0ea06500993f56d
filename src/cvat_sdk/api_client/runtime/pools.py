"""Pools of connections that find the pool of a known host at once.

urllib3's own manager takes an address apart and makes a key of all settings with every request, which is a
twelfth of the time that a small request takes.
"""

from __future__ import annotations

import contextlib
import functools
import operator
import threading
from collections.abc import Callable
from queue import Empty, Full
from typing import Any
from weakref import ReferenceType

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, PoolManager, ProxyManager
from urllib3.util import parse_url

from cvat_sdk.api_client.runtime.deadlines import POOLS
from cvat_sdk.api_client.runtime.redirects import follow

_MEMORY = 16


class Pools(PoolManager):
    """A `urllib3.PoolManager` that remembers the pool of a scheme, host and port."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.pool_classes_by_scheme = POOLS
        # Weakly: a pool that urllib3 gives up is closed when nobody holds it any more.
        self._known: dict[str, tuple[ReferenceType[HTTPConnectionPool], dict[str, Any]]] = {}

    def urlopen(  # type: ignore[override]  # urllib3 declares it like this
        self, method: str, url: str, redirect: bool = True, **options: Any
    ) -> BaseHTTPResponse:
        """`urllib3.PoolManager.urlopen`."""
        if not _is_of_urllib3(PoolManager.urlopen):
            given = options if redirect else {"redirect": redirect, **options}
            return super().urlopen(method, url, **given)
        if not are_untouched(self):
            # A step of urllib3's that has been replaced is gone through with every request.
            options.setdefault("headers", self.headers)
            send = functools.partial(super().urlopen, redirect=False)
            return follow(send, method, url, redirect, options)
        return self.open(method, url, redirect, **options)

    def open(
        self, method: str, url: str, redirect: bool = True, **options: Any
    ) -> BaseHTTPResponse:
        """`urlopen` where it is known that nobody has replaced urllib3's (see `are_untouched`)."""
        options.setdefault("headers", self.headers)
        return follow(self._send, method, url, redirect, options)

    def _send(self, method: str, url: str, **options: Any) -> BaseHTTPResponse:
        end = url.find("/", len("https://"))
        # Only the long way takes out segments of dots and fragments.
        if end < 0 or "/." in url or "#" in url:
            return super().urlopen(method, url, redirect=False, **options)
        pool = self._pool(url[:end])
        options["assert_same_host"] = False
        return pool.urlopen(method, url[end:], redirect=False, **options)

    def _pool(self, origin: str) -> HTTPConnectionPool:
        known = self._known.get(origin)
        if known is not None:
            reference, settings = known
            found = reference()
            # A pool without its queue has been closed; new settings ask for a new pool.
            if found is not None and found.pool is not None and settings == self.connection_pool_kw:
                return found
        address = parse_url(origin)
        pool = self.connection_from_host(address.host, address.port, address.scheme)
        if len(self._known) >= _MEMORY:
            self._known.clear()
        self._known[origin] = ReferenceType(pool), dict(self.connection_pool_kw)
        return pool


class ProxyPools(ProxyManager):
    """A `urllib3.ProxyManager` with the rule of redirects."""

    def __init__(self, proxy_url: str, **options: Any) -> None:
        super().__init__(proxy_url, **options)
        self.pool_classes_by_scheme = POOLS

    def urlopen(  # type: ignore[override]  # urllib3 declares it like this
        self, method: str, url: str, redirect: bool = True, **options: Any
    ) -> BaseHTTPResponse:
        """`urllib3.ProxyManager.urlopen`."""
        options.setdefault("headers", self.headers)
        send = functools.partial(super().urlopen, redirect=False)
        return follow(send, method, url, redirect, options)


def close_idle(manager: PoolManager) -> None:
    """Close the connections that are not in use. Answers of earlier calls hold their pool: it has to be emptied.

    What is no manager of urllib3 is left alone.
    """
    if not issubclass(type(manager), PoolManager):  # a mock claims to be an instance
        return
    for key in manager.pools.keys():  # noqa: SIM118  # iterating the container itself is not supported
        pool = manager.pools.get(key)
        idle = pool.pool if pool is not None else None
        if idle is None:
            continue
        taken = []
        with contextlib.suppress(Empty):
            while True:
                taken.append(idle.get(block=False))
        for connection in taken:
            if connection is not None:
                connection.close()
            with contextlib.suppress(Full):
                idle.put(None, block=False)  # the place of a connection is free again
    manager.clear()
    if isinstance(manager, Pools):
        manager._known.clear()


def leave_to_parent(manager: PoolManager, num_pools: int) -> None:
    """Give a manager new pools in a forked child, and close the child's end of what it has inherited.

    The connections of the parent stay open: a descriptor is closed, nothing is sent. Locks that were held at the
    fork are replaced, not waited for. A single pool of urllib3 in the place of a manager leaves its connections
    likewise; anything else is left alone, for nothing is known of it.
    """
    if issubclass(type(manager), HTTPConnectionPool):
        _leave_connections(manager)
    if not issubclass(type(manager), PoolManager):  # a mock claims to be an instance
        return
    if isinstance(manager, Pools):
        manager._known.clear()
    inherited = manager.pools
    manager.pools = PoolManager(num_pools).pools
    inherited.lock = threading.RLock()
    for key in inherited.keys():  # noqa: SIM118  # iterating the container itself is not supported
        _leave_connections(inherited[key])


def _leave_connections(pool: Any) -> None:
    queue = pool.pool
    if queue is None:
        return
    connections = [connection for connection in queue.queue if connection is not None]
    type(queue).__init__(queue, queue.maxsize)
    for connection in connections:
        connection.close()
    for _ in range(queue.maxsize):
        queue.put(None, block=False)  # the place of a connection, as in a new pool


def sender_of(manager: PoolManager) -> Callable[..., BaseHTTPResponse]:
    """`urlopen` of untouched pools, with the rule of redirects also where they are plain ones of urllib3."""
    if isinstance(manager, Pools):
        return manager.open
    if isinstance(manager, ProxyPools):
        return manager.urlopen
    send = functools.partial(manager.urlopen, redirect=False)
    return lambda method, url, **options: follow(send, method, url, True, options)


def are_untouched(pools: Any) -> bool:
    """Whether nobody has put anything in the place of the pools, or of urllib3's methods for requests."""
    return (
        type(pools) in (Pools, ProxyPools, PoolManager, ProxyManager)
        and _STEPS.isdisjoint(pools.__dict__)
        and _are_of_urllib3(
            *_of_manager(PoolManager), ProxyManager.urlopen, HTTPConnectionPool.urlopen
        )
    )


# What urllib3's manager goes through with a request, and `Pools.open` does not.
_STEPS = frozenset(
    {
        "request",
        "request_encode_body",
        "request_encode_url",
        "urlopen",
        "connection_from_host",
        "connection_from_context",
        "connection_from_pool_key",
    }
)
_of_manager = operator.attrgetter(*_STEPS)


@functools.lru_cache(maxsize=1)
def _are_of_urllib3(*methods: Any) -> bool:
    return all(map(_is_of_urllib3, methods))


def _is_of_urllib3(method: Any) -> bool:
    # Told by its home, not by being the one that was there first: this module may be imported in the middle
    # of a test that has replaced the method.
    home = getattr(method, "__globals__", {}).get("__name__", "")
    return bool(home.startswith("urllib3."))
