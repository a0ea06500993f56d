"""A pause of the garbage collector while many objects are made at once.

Decoding a large body makes hundreds of thousands of objects, none of which is garbage. The collector does
not know that and looks through all of them again and again: half of the time of a large decode.
"""

from __future__ import annotations

import gc
import threading

from cvat_sdk.api_client.runtime import forking

# Collections of the youngest generation start after this many new objects: never. It is a number that
# nobody else would choose, and thereby tells whether the threshold is still ours.
_NEVER = 2_000_000_311


class CollectorPause:
    """A context manager within which no garbage collection starts by itself.

    It raises the threshold instead of switching the collector off, so that `gc.disable` and `gc.enable`
    of other code, before or meanwhile, keep their effect: what was off stays off. A threshold that other
    code sets meanwhile is left alone. Pauses may nest and may overlap in several threads; the last one to
    end puts the threshold back.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._depth = 0
        self._threshold: tuple[int, ...] | None = None
        # A child that is forked within a pause has no thread left that would end it.
        forking.renew_after_fork(self)

    def __enter__(self) -> None:
        with self._lock:
            self._depth += 1
            if self._depth == 1 and gc.isenabled():
                self._threshold = gc.get_threshold()
                gc.set_threshold(_NEVER, *self._threshold[1:])

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth == 0:
                self._restore()

    def _restore(self) -> None:
        if self._threshold is not None and gc.get_threshold()[0] == _NEVER:
            gc.set_threshold(*self._threshold)
        self._threshold = None

    def renew_after_fork(self) -> None:
        """Start anew in a child process."""
        self._lock = threading.Lock()
        self._depth = 0
        self._restore()


# One for the process, because there is one collector.
PAUSE = CollectorPause()
