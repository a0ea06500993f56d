"""What a child process must not share with its parent after ``fork()``: connections, locks, threads.

The child starts with a copy of everything, open sockets included. Two processes that read from one connection get
each other's answers; a lock that another thread held stays locked for ever, for that thread is not in the child.
"""

from __future__ import annotations

import os
from typing import Any, Protocol
from weakref import WeakSet


class Forkable(Protocol):
    """An object that makes itself anew in a child process."""

    def renew_after_fork(self) -> None:
        """Give up what belongs to the parent."""


# A process has one list of things to do at a fork, and an entry cannot be taken back: hence one entry, which
# goes through the objects that are alive.
_ALIVE: WeakSet[Any] = WeakSet()


def renew_after_fork(forkable: Forkable) -> None:
    """Have an object make itself anew in every child process, for as long as it lives."""
    _ALIVE.add(forkable)


def _renew_all() -> None:
    failure: Exception | None = None
    for forkable in list(_ALIVE):
        try:
            forkable.renew_after_fork()
        except Exception as error:
            failure = error  # of one object: the others are renewed all the same
    if failure is not None:
        raise failure  # Python reports it, and the child runs on


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_renew_all)
