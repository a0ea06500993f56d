"""The time that a whole call may take: with its pauses, repetitions and redirects, to the last byte of its answer.

A socket knows a limit for each wait, and begins anew with every byte that arrives. So the sockets of calls that have
a limit for all are looked at while they last, and each may wait for as long as its call has left, and no longer.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any
from weakref import ReferenceType, ref

import urllib3
from urllib3 import Timeout, connection

from cvat_sdk.api_client.runtime import forking, heads, sizes
from cvat_sdk.api_client.runtime.calling_off import Calls, calls_of_this_thread

# Parts of a limit after which a socket is looked at: a call may take so much longer than it should.
_STEPS = 20
# Seconds that nobody waits for: an operation that would have to wait fails.
_AT_ONCE = 1e-6
_LINGERING = 1.0


class _Current(threading.local):
    deadline: Deadline | None = None
    most: int | None = None


current: _Current = _Current()
"""What the request is held to that this thread sends: its end, and the bytes of its answer that may be in memory."""


class Deadline(Timeout):
    """A `urllib3.Timeout` of which each copy has what is left of it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(total=seconds)
        self.seconds: float = seconds
        self.end: float = time.monotonic() + seconds
        self._connection: ReferenceType[Any] | None = None
        self.socket: Any = None
        """Of the answer: a connection that serves no other one has given it up by then."""

    @property
    def left(self) -> float:
        """Seconds until it is over, or a little when it is."""
        return max(self.end - time.monotonic(), _AT_ONCE)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return time.monotonic() >= self.end

    def clone(self) -> Timeout:
        """The limit of one request."""
        return Timeout(total=self.left)

    @contextlib.contextmanager
    def watched(self, *, until_read: bool) -> Iterator[None]:
        """Hold a request to it.

        Args:
            until_read: The answer is read within; otherwise it is for a reader later, who is held to it as well.
        """
        current.deadline = self
        try:
            yield
        except BaseException:
            self._connection = None
            raise
        finally:
            current.deadline = None
        if until_read:
            self._connection = None

    def take(self, used: Any) -> None:
        """Watch over a connection, which is about to be used."""
        is_new = self._connection is None
        self._connection = ref(used)
        if is_new:
            _watch.add(self)

    def limit(self) -> bool:
        """Let the socket wait for as long as there is left; False when there is nothing to watch over any more."""
        used = self._connection() if self._connection is not None else None
        if used is None or used.deadline is not self:
            self.socket = None
            return False
        socket = used.sock or self.socket
        if socket is not None:
            with contextlib.suppress(OSError):  # closed meanwhile
                socket.settimeout(self.left)
        return not self.is_over


class HTTPConnection(connection.HTTPConnection):
    """A connection that knows whose request it carries. It is named as urllib3's, for texts of errors show it."""

    response_class: Any = heads.HTTPResponse
    deadline: Deadline | None = None
    calls: Calls | None = None
    socket_of_answer: Any = None
    """A connection that serves no other answer has given it up while that is read."""
    _most: int | None = None
    """Bytes that the body of the answer may have; None: it is read by somebody else."""

    def connect(self) -> None:
        self._begin()
        super().connect()

    def request(self, *args: Any, **options: Any) -> None:
        self._begin()
        self._most = current.most if options.get("preload_content") else None
        if self._most is not None:
            options["preload_content"] = False
        super().request(*args, **options)

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # urllib3 declares it like this
        if self.deadline is not None:
            self.deadline.socket = self.sock
        if self.calls is not None:
            self.socket_of_answer = self.sock
        response = super().getresponse()
        if self._most is not None:
            sizes.load(response, self._most)
        return response

    def _begin(self) -> None:
        self.deadline = current.deadline
        if self.deadline is not None:
            self.deadline.take(self)
        self.calls, self.socket_of_answer = calls_of_this_thread(), None
        if self.calls is not None:
            self.calls.take(self)


class HTTPSConnection(HTTPConnection, connection.HTTPSConnection):
    """The same with TLS."""


class _Pool(urllib3.HTTPConnectionPool):
    def _put_conn(self, conn: Any) -> None:
        if conn is not None and conn.calls is not None:
            conn.calls.give_back(conn)
            conn.calls = None
        super()._put_conn(conn)


class HTTPConnectionPool(_Pool):
    """A pool of such connections."""

    ConnectionCls = HTTPConnection


class HTTPSConnectionPool(_Pool, urllib3.HTTPSConnectionPool):
    """The same with TLS."""

    ConnectionCls = HTTPSConnection


POOLS = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}
"""Pools by scheme, as `urllib3.PoolManager.pool_classes_by_scheme` has them."""


class _Watch:
    """The thread that looks at the sockets; it is there while there are any."""

    def __init__(self) -> None:
        forking.renew_after_fork(self)
        self.renew_after_fork()

    def renew_after_fork(self) -> None:
        self._waiting: list[tuple[float, int, Deadline]] = []
        self._changed = threading.Condition()
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    def add(self, deadline: Deadline) -> None:
        with self._changed:
            self._push(deadline)
            if self._thread is None:
                name = "cvat-sdk-time-limits"
                self._thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._thread.start()
            else:
                self._changed.notify()

    def _push(self, deadline: Deadline) -> None:
        due = time.monotonic() + min(deadline.seconds / _STEPS, deadline.left)
        heapq.heappush(self._waiting, (due, next(self._numbers), deadline))

    def _run(self) -> None:
        with self._changed:
            while True:
                if not self._waiting:
                    self._changed.wait(_LINGERING)
                    if not self._waiting:
                        self._thread = None
                        return
                pause = self._waiting[0][0] - time.monotonic()
                if pause > 0:
                    self._changed.wait(pause)
                    continue
                _, _, deadline = heapq.heappop(self._waiting)
                if deadline.limit():
                    self._push(deadline)


_watch = _Watch()
