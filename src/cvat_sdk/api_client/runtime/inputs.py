"""Types of arguments that the standard library has no name for."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from typing import IO, Any, Protocol, SupportsIndex, TypeAlias, overload

FileInput: TypeAlias = IO[bytes] | PathLike[str] | tuple[str, IO[bytes]]
"""An open file, the path of one, or a file with the name that it is to be sent under."""


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
