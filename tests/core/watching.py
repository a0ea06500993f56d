"""A reporter that remembers what it was told, and of which thread."""

from __future__ import annotations

import threading
from typing import Any

from cvat_sdk.core.progress import BaseProgressReporter


class Watching(BaseProgressReporter):
    """What a progress bar would show."""

    def __init__(self) -> None:
        super().__init__()
        self.total: int | None = None
        self.done = 0
        self.most = 0
        self.threads: set[int] = set()

    def start2(self, total: int, **more: Any) -> None:
        super().start2(total, **more)
        self.total, self.done = total, 0

    def advance(self, delta: int) -> None:
        super().advance(delta)
        self.done += delta
        self.most = max(self.most, self.done)
        self.threads.add(threading.get_ident())
