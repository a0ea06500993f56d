"""Filters of lists, as JSON Logic: ``F.owner == "me"``, ``(F.id > 5) & ~F.name.contains("test")``, ``name__contains="a"``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from cvat_sdk.api_client.exceptions import ApiValueError

__all__ = [
    "Condition",
    "F",
    "Field",
    "Filter",
    "JsonLogicExpression",
    "all_",
    "any_",
    "not_",
]

JsonLogicExpression: TypeAlias = dict[str, Any]
"""An expression of JSON Logic."""


class Filter:
    """A condition on the entries of a list.

    Args:
        expr: The condition in JSON Logic.
    """

    def __init__(self, expr: Mapping[str, Any]) -> None:
        self._expr = dict(expr)

    def to_json_logic(self) -> JsonLogicExpression:
        """The condition in JSON Logic."""
        return dict(self._expr)

    def __and__(self, other: Condition) -> Filter:
        return _joined("and", self, other)

    def __rand__(self, other: Condition) -> Filter:
        return _joined("and", other, self)

    def __or__(self, other: Condition) -> Filter:
        return _joined("or", self, other)

    def __ror__(self, other: Condition) -> Filter:
        return _joined("or", other, self)

    def __invert__(self) -> Filter:
        return not_(self)

    def __bool__(self) -> bool:
        # ``a and b`` would be b alone, without a word.
        raise TypeError(
            "a filter is neither true nor false: join filters with & and |, not with `and` and `or`"
        )

    def __repr__(self) -> str:
        return f"Filter({self._expr!r})"


Condition: TypeAlias = Filter | Mapping[str, Any] | str
"""A filter, JSON Logic, or the text of it."""


class Field:
    """A field of the entries of a list; comparing it gives a `Filter`."""

    def __init__(self, name: str) -> None:
        self._variable = {"var": name}

    # The name is what the expression is about; two fields are not compared with each other.
    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # the standard way to say "unhashable"

    def __eq__(self, value: Any) -> Filter:  # type: ignore[override]  # a condition, not an answer
        return Filter({"==": [self._variable, value]})

    def __ne__(self, value: Any) -> Filter:  # type: ignore[override]  # likewise
        return Filter({"!": {"==": [self._variable, value]}})

    def __lt__(self, value: Any) -> Filter:
        return Filter({"<": [self._variable, value]})

    def __le__(self, value: Any) -> Filter:
        return Filter({"<=": [self._variable, value]})

    def __gt__(self, value: Any) -> Filter:
        return Filter({">": [self._variable, value]})

    def __ge__(self, value: Any) -> Filter:
        return Filter({">=": [self._variable, value]})

    def one_of(self, values: Sequence[Any]) -> Filter:
        """Whether it is one of some values."""
        return Filter({"in": [self._variable, list(values)]})

    def contains(self, substring: str) -> Filter:
        """Whether a text is a part of it."""
        return Filter({"in": [substring, self._variable]})

    def between(self, low: Any, high: Any) -> Filter:
        """Whether it lies between two values, or is one of them."""
        return Filter({"<=": [low, self._variable, high]})

    def is_set(self) -> Filter:
        """Whether it has a value."""
        return Filter(self._variable)


class _Fields:
    """``F.name`` or ``F["name"]`` is a field."""

    def __getattr__(self, name: str) -> Field:
        if name.startswith("_"):
            raise AttributeError(name)
        return Field(name)

    def __getitem__(self, name: str) -> Field:
        return Field(name)


F: _Fields = _Fields()
"""``F.name`` is the field ``name``."""


def all_(*conditions: Condition) -> Filter:
    """All of some conditions.

    Raises:
        ValueError: There are none.
    """
    return _several("and", conditions)


def any_(*conditions: Condition) -> Filter:
    """Any of some conditions.

    Raises:
        ValueError: There are none.
    """
    return _several("or", conditions)


def not_(condition: Condition) -> Filter:
    """The opposite of a condition."""
    return Filter({"!": _expression(condition)})


def _several(operator: str, conditions: Sequence[Condition]) -> Filter:
    if not conditions:
        raise ValueError("Expected at least one condition")
    expressions = [_expression(condition) for condition in conditions]
    return Filter(expressions[0] if len(expressions) == 1 else {operator: expressions})


def _joined(operator: str, *conditions: Condition) -> Filter:
    """Two conditions under one operator, those that have it already taken apart."""
    found: list[Any] = []
    for expression in map(_expression, conditions):
        inner = expression.get(operator) if len(expression) == 1 else None
        found.extend(inner if isinstance(inner, list) else [expression])
    return Filter({operator: found})


def _expression(condition: Condition) -> JsonLogicExpression:
    if isinstance(condition, Filter):
        return condition.to_json_logic()
    if isinstance(condition, Mapping):
        return dict(condition)
    if isinstance(condition, str):
        read = json.loads(condition)
        if isinstance(read, dict):
            return read
    raise TypeError(
        f"Expected a Filter, a mapping or the JSON text of one, got a value of type {type(condition).__name__}"
    )


LOOKUPS: tuple[str, ...] = ("in", "contains", "lt", "lte", "gt", "gte", "ne", "between", "isset")
"""What may follow two underscores in a keyword, such as ``name__contains``."""


def pop_lookup_conditions(kwargs: dict[str, Any]) -> list[Filter]:
    """Take the conditions ``field__lookup=value`` out of keywords, in their order."""
    found = []
    for keyword in list(kwargs):
        name, separator, lookup = keyword.rpartition("__")
        if separator and name and lookup in LOOKUPS:
            found.append(_look_up(Field(name), lookup, kwargs.pop(keyword), keyword))
    return found


def _look_up(field: Field, lookup: str, value: Any, keyword: str) -> Filter:
    if lookup == "between":
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise ApiValueError("Expected two values, the lowest and the highest", (keyword,))
        return field.between(*value)
    if lookup == "isset":
        return field.is_set() if value else not_(field.is_set())
    if lookup == "in":
        return field.one_of(value)
    if lookup == "contains":
        return field.contains(value)
    return {
        "lt": field.__lt__,
        "lte": field.__le__,
        "gt": field.__gt__,
        "gte": field.__ge__,
        "ne": field.__ne__,
    }[lookup](value)


def build_filter_param(
    filter_value: Condition | None, lookup_conditions: Sequence[Filter]
) -> str | None:
    """The parameter ``filter`` of a list operation; None where there are no conditions.

    Args:
        filter_value: What was given as ``filter``; a text alone is sent as it is.
        lookup_conditions: Conditions of keywords.
    """
    if isinstance(filter_value, str) and not lookup_conditions:
        return filter_value or None
    conditions: list[Condition] = [*lookup_conditions]
    if filter_value is not None and filter_value != "":
        conditions.append(filter_value)
    return json.dumps(all_(*conditions).to_json_logic()) if conditions else None
