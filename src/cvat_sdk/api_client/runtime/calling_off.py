"""Calls of other threads that can be called off: those that wait for a server come back at once.

A thread that waits in a socket cannot be told anything. So the connections of such calls are known, and are broken off.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import Any
from weakref import WeakSet


class _Current(threading.local):
    calls: Calls | None = None


_current: _Current = _Current()


class Calls:
    """The calls that some threads make, until they are called off."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._connections: WeakSet[Any] = WeakSet()
        # What is collected meanwhile may give a connection back.
        self._lock = threading.RLock()

    @contextlib.contextmanager
    def made_here(self) -> Iterator[None]:
        """What this thread calls inside is among them."""
        before, _current.calls = _current.calls, self
        try:
            yield
        finally:
            _current.calls = before

    def take(self, connection: Any) -> None:
        """A connection is about to be used.

        Raises:
            concurrent.futures.CancelledError: They have been called off.
        """
        with self._lock:
            self._connections.add(connection)
            if self._stopped.is_set():
                raise CancelledError("the call was called off")

    def give_back(self, connection: Any) -> None:
        """A connection has brought its answer, and waits for the next call, whoever makes it."""
        with self._lock:
            self._connections.discard(connection)

    def call_off(self) -> None:
        """Break off those that are under way, and let none follow."""
        with self._lock:
            self._stopped.set()
            for connection in list(self._connections):
                used = connection.sock or connection.socket_of_answer
                if used is not None:
                    with contextlib.suppress(OSError):  # closed meanwhile
                        # Past what a TLS socket does with it, which is not for two threads.
                        socket.socket.shutdown(used, socket.SHUT_RDWR)

    def sleep(self, seconds: float) -> None:
        """Wait, but not when they are called off."""
        self._stopped.wait(seconds)


def calls_of_this_thread() -> Calls | None:
    """Those that the calls of this thread are among."""
    return _current.calls


def sleep(seconds: float) -> None:
    """`time.sleep`, from which a thread comes back when its calls are called off."""
    if _current.calls is None:
        time.sleep(seconds)
    else:
        _current.calls.sleep(seconds)
