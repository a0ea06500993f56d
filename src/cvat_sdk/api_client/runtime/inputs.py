"""Types of arguments that the standard library has no name for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, SupportsIndex, overload


class Strings(Protocol):
    """A sequence of strings that is not itself a string.

    A string is a sequence of strings too, so ``Sequence[str]`` takes ``"a.jpg"`` where ``["a.jpg"]`` is meant.
    """

    # The one method in which a string differs: it takes strings only.
    def __contains__(self, value: object, /) -> bool: ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[str]: ...

    @overload
    def __getitem__(self, index: SupportsIndex, /) -> str: ...

    @overload
    def __getitem__(self, index: slice, /) -> Any: ...
