"""Pools of connections that find the pool of a known host at once.

urllib3's own manager takes an address apart and makes a key of all settings with every request, which is a
twelfth of the time that a small request takes.
"""

from __future__ import annotations

import functools
from typing import Any
from weakref import ReferenceType

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, PoolManager, ProxyManager
from urllib3.util import parse_url

_MEMORY = 16


class Pools(PoolManager):
    """A `urllib3.PoolManager` that remembers the pool of a scheme, host and port."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Weakly: a pool that urllib3 gives up is closed when nobody holds it any more.
        self._known: dict[str, tuple[ReferenceType[HTTPConnectionPool], dict[str, Any]]] = {}

    def urlopen(  # type: ignore[override]  # urllib3 declares it like this
        self, method: str, url: str, redirect: bool = True, **options: Any
    ) -> BaseHTTPResponse:
        """`urllib3.PoolManager.urlopen`."""
        if not _is_of_urllib3(PoolManager.urlopen):
            given = options if redirect else {"redirect": redirect, **options}
            return super().urlopen(method, url, **given)
        end = url.find("/", len("https://"))
        # Only the long way takes out segments of dots and fragments.
        if end < 0 or "/." in url or "#" in url:
            return super().urlopen(method, url, redirect, **options)
        pool = self._pool(url[:end])
        options.setdefault("headers", self.headers)
        options["assert_same_host"] = False
        response = pool.urlopen(method, url[end:], redirect=False, **options)
        if not redirect or not response.get_redirect_location():
            return response
        following: Any = _Following(self, _Answered(pool, response))
        return PoolManager.urlopen(following, method, url, **options)

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


def are_untouched(pools: Any) -> bool:
    """Whether nobody has put anything in the place of the pools, or of urllib3's methods for requests."""
    return (
        type(pools) in (Pools, ProxyManager)
        and not ("request" in pools.__dict__ or "urlopen" in pools.__dict__)
        and _are_of_urllib3(
            PoolManager.request,
            PoolManager.urlopen,
            ProxyManager.urlopen,
            HTTPConnectionPool.urlopen,
        )
    )


@functools.lru_cache(maxsize=1)
def _are_of_urllib3(*methods: Any) -> bool:
    return all(map(_is_of_urllib3, methods))


def _is_of_urllib3(method: Any) -> bool:
    # Told by its home, not by being the one that was there first: this module may be imported in the middle
    # of a test that has replaced the method.
    home = getattr(method, "__globals__", {}).get("__name__", "")
    return bool(home.startswith("urllib3."))


class _Following:
    """Stands for the pools in urllib3's `urlopen`, which thereby finds the answer of the first request.

    What a redirect repeats, and what it does not carry along, is left to that function.
    """

    def __init__(self, pools: Pools, answered: _Answered) -> None:
        self._pools = pools
        self._answered = answered
        self.urlopen = pools.urlopen

    def connection_from_host(self, *address: Any, **options: Any) -> _Answered:
        """The pool of the request that has been answered."""
        return self._answered

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pools, name)


class _Answered:
    """A pool whose request has been answered."""

    def __init__(self, pool: HTTPConnectionPool, response: BaseHTTPResponse) -> None:
        self._pool = pool
        self._response = response

    def urlopen(self, *request: Any, **options: Any) -> BaseHTTPResponse:
        """The answer."""
        return self._response

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)
