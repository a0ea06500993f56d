"""Types that msgspec does not know: one of several types, and one of some fixed values.

``OneOf[Cat, Dog, str]`` is what ``oneOf`` and ``anyOf`` say, ``Values[1, 2]`` what ``enum`` says of values that are not
all texts. Type checkers read them as ``Union`` and ``Literal``. Here they are classes that msgspec hands to the hook
of its decoder, which leaves the choice to `runtime.alternatives`.
"""

from __future__ import annotations

import functools
from typing import Any


class UnionMeta(type):
    """Metaclass of such a type."""

    options: tuple[Any, ...] = ()
    """Annotations of the types that a value may have."""
    values: tuple[Any, ...] = ()
    """What a value may be."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True  # msgspec asks for it after the hook, which keeps what does not fit

    def __repr__(cls) -> str:
        return f"{cls.__name__}{list(cls.options or cls.values)}"


class OneOf:
    """``OneOf[A, B]``: a value of one of several types."""

    def __class_getitem__(cls, options: Any) -> Any:
        return union_of(options if isinstance(options, tuple) else (options,))


class Values:
    """``Values[1, 2]``: one of some values."""

    def __class_getitem__(cls, values: Any) -> Any:
        return one_of_values(values if isinstance(values, tuple) else (values,))


@functools.cache
def union_of(options: tuple[Any, ...]) -> UnionMeta:
    """``OneOf`` of some annotations."""
    return UnionMeta("OneOf", (), {"options": options})


def one_of_values(values: tuple[Any, ...]) -> UnionMeta:
    """``Values`` of some values."""
    return _one_of_values(tuple((type(value), value) for value in values))


# By class as well: 1 and True are equal.
@functools.cache
def _one_of_values(values: tuple[tuple[type, Any], ...]) -> UnionMeta:
    return UnionMeta("Values", (), {"values": tuple(value for _, value in values)})
