"""Work on many images at once: Pillow decodes and encodes outside of the interpreter lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_THREADS = min(4, os.cpu_count() or 1)
_BATCH = 16


def each(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results of ``function`` in the order of the items.

    Only a few results are kept ahead of the reader, and few calls are under way when one raises.
    """
    remaining = iter(items)
    with ThreadPoolExecutor(max_workers=_THREADS) as pool:
        while batch := list(islice(remaining, _BATCH)):
            yield from pool.map(function, batch)
