"""Methods that programs and their tests replace: in a subclass, on an object, or by a mock.

A call made in one stride goes round such methods, which it may only while nobody has put something in their
place. A call that finds one replaced is made step by step, each step by the method of that name.
"""

from __future__ import annotations

import operator
from typing import Any


class Seams:
    """Methods of a class as they were when it was defined.

    Args:
        cls: The class.
        names: Its methods that calls go round; no class methods, which each access makes anew.
    """

    def __init__(self, cls: type, *names: str) -> None:
        self._names = frozenset(names)
        self._of_class = operator.attrgetter(*names)
        self._originals = self._of_class(cls)

    def untouched(self, obj: Any) -> bool:
        """Whether an object still has all of these methods; False for an object of another kind."""
        try:
            same = self._of_class(type(obj)) == self._originals
            return bool(same and self._names.isdisjoint(obj.__dict__))
        except AttributeError:
            return False
