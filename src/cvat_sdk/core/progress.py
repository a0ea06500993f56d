"""How long work tells how far it has come.

A reporter is told the total, then each advance, then the end::

    with reporter.task(total=size, desc="Uploading", unit="B", unit_scale=True):
        reporter.advance(1024)
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable
from typing import Any, TypeVar

__all__ = ["BaseProgressReporter", "NullProgressReporter", "ProgressReporter"]

T = TypeVar("T")


class ProgressReporter:
    """What a reporter can be told. Derive from it, or from `BaseProgressReporter`, for one of your own."""

    @contextlib.contextmanager
    def task(self, **kwargs: Any) -> Generator[None, None, None]:
        """`start2` with the same keywords on entry, `finish` on exit, also after an error."""
        self.start2(**kwargs)
        try:
            yield
        finally:
            self.finish()

    def start(self, total: int, *, desc: str | None = None) -> None:
        """The older form of `start2`, for reporters that only know these arguments."""
        raise NotImplementedError

    def start2(
        self,
        total: int,
        *,
        desc: str | None = None,
        unit: str = "it",
        unit_scale: bool = False,
        unit_divisor: int = 1000,
        **kwargs: Any,
    ) -> None:
        """Begin a piece of work.

        Args:
            total: Number of units to do.
            desc: What is done, in a few words.
            unit: Name of a unit.
            unit_scale: Whether large numbers are shown with a prefix such as k or M.
            unit_divisor: What one prefix is more than the next: 1000 or 1024.
            **kwargs: Further keywords, for reporters that know them.
        """
        self.start(total=total, desc=desc)

    def report_status(self, progress: int) -> None:
        """Set the number of units done so far."""
        raise NotImplementedError

    def advance(self, delta: int) -> None:
        """Add to the number of units done; a negative number takes back."""
        raise NotImplementedError

    def finish(self) -> None:
        """End the piece of work."""
        raise NotImplementedError

    def iter(self, iterable: Iterable[T]) -> Iterable[T]:
        """The items of an iterable, advancing by one after each."""
        for item in iterable:
            yield item
            self.advance(1)


class BaseProgressReporter(ProgressReporter):
    """A reporter that shows nothing and only sees to it that the calls come in order."""

    def __init__(self) -> None:
        self._in_progress = False

    def start2(
        self,
        total: int,
        *,
        desc: str | None = None,
        unit: str = "it",
        unit_scale: bool = False,
        unit_divisor: int = 1000,
        **kwargs: Any,
    ) -> None:
        """Begin a piece of work; the one before must have ended."""
        if self._in_progress:
            raise AssertionError("start2() was called before finish() of the task before")
        self._in_progress = True

    def report_status(self, progress: int) -> None:
        """Set the number of units done so far; a task must have begun."""
        self._require_task("report_status")

    def advance(self, delta: int) -> None:
        """Add to the number of units done; a task must have begun."""
        self._require_task("advance")

    def finish(self) -> None:
        """End the piece of work; one must have begun."""
        self._require_task("finish")
        self._in_progress = False

    def _require_task(self, method: str) -> None:
        if not self._in_progress:
            raise AssertionError(f"{method}() was called without start2() before it")


class NullProgressReporter(BaseProgressReporter):
    """A reporter for work that nobody watches."""
