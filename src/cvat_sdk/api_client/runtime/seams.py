"""Methods that programs and their tests replace: in a subclass, on an object, or by a mock.

A call made in one stride goes round such methods, which it may only while nobody has put something in their
place. A call that finds one replaced is made step by step, each step by the method of that name.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any


def unless_replaced(cls: type, *names: str) -> Callable[[Any], bool]:
    """A question to ask of objects: whether they have these methods as their class does now.

    The answer is no for an object of another kind.

    Args:
        cls: The class, which has just been defined.
        names: Its methods; no class methods, which each access makes anew.
    """
    of_class = operator.attrgetter(*names)
    originals = of_class(cls)
    own = frozenset(names)

    def untouched(obj: Any) -> bool:
        try:
            return of_class(type(obj)) == originals and own.isdisjoint(obj.__dict__)
        except AttributeError:
            return False

    return untouched
