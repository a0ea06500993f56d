"""The subset of JSON logic that CVAT's ``filter`` parameter understands, as SQL conditions.

A rule is an object with one operator: ``and``, ``or``, ``!``, ``!!``, ``var``, ``==``, ``<``, ``>``,
``<=``, ``>=`` and ``in``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, and_, false, func, not_, or_

Fields = Mapping[str, ColumnElement[Any]]
Convert = Callable[[ColumnElement[Any], Any], Any]

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
# Databases have limits of their own for how deep and how long a statement may be, and fail beyond them.
_MAX_DEPTH = 20
_MAX_RULES = 500
_MAX_VALUES = 10_000


class RuleError(Exception):
    """The rule cannot be understood; the text says why."""


def condition(rule: Any, fields: Fields, convert: Convert) -> ColumnElement[bool]:
    """The SQL condition of a rule.

    Args:
        rule: The parsed JSON.
        fields: Names that ``var`` may use.
        convert: Turns a JSON value into a value of a column, or raises ValueError.

    Raises:
        RuleError: The rule has an unknown operator, name or operand, or there are too many rules.
    """
    _check_size(rule)
    return _condition(rule, fields, convert)


def _check_size(rule: Any) -> None:
    level, rules = [rule], 0
    for _ in range(_MAX_DEPTH):
        found = [item for item in level if isinstance(item, dict) and "var" not in item]
        rules += len(found)
        if rules > _MAX_RULES:
            raise RuleError(f"more than {_MAX_RULES} rules")
        inner = [operand for item in found for operand in item.values()]
        level = [part for one in inner for part in (one if isinstance(one, list) else [one])]
        if not any(isinstance(part, dict) for part in level):
            return
    raise RuleError(f"more than {_MAX_DEPTH} rules inside each other")


def _condition(rule: Any, fields: Fields, convert: Convert) -> ColumnElement[bool]:
    if not isinstance(rule, dict) or not rule:
        raise RuleError("a rule is an object with one operator")
    word, operands = next(iter(rule.items()))

    def nested(inner: Any) -> ColumnElement[bool]:
        return _condition(inner, fields, convert)

    if word in ("and", "or"):
        if not isinstance(operands, list) or not operands:
            raise RuleError(f"{word!r} needs a list with at least one rule")
        combine = and_ if word == "and" else or_
        return combine(*(nested(inner) for inner in operands))
    if word == "!":
        # In SQL the negation of "unknown" is unknown again: an absent value is not equal to anything.
        return not_(func.coalesce(nested(operands), false()))
    if word == "!!":
        return nested(operands)
    if word == "var":
        return _column(rule, fields).is_not(None)
    if word in _COMPARISONS:
        return _comparison(word, operands, fields, convert)
    if word == "in":
        return _membership(operands, fields, convert)
    raise RuleError(f"unknown operator {word!r}")


def _comparison(word: str, operands: Any, fields: Fields, convert: Convert) -> ColumnElement[bool]:
    compare = _COMPARISONS[word]
    if not isinstance(operands, list):
        raise RuleError(f"{word!r} needs a list of operands")
    if word == "<=" and len(operands) == 3:
        low, var, high = operands
        column = _column(var, fields)
        return and_(column >= _value(column, low, convert), column <= _value(column, high, convert))
    if len(operands) != 2:
        raise RuleError(f"{word!r} needs a variable and a value")
    column = _column(operands[0], fields)
    if operands[1] is None:
        if word != "==":
            raise RuleError(f"null cannot be compared by {word!r}")
        return column.is_(None)
    result: ColumnElement[bool] = compare(column, _value(column, operands[1], convert))
    return result


def _membership(operands: Any, fields: Fields, convert: Convert) -> ColumnElement[bool]:
    if not isinstance(operands, list) or len(operands) != 2:
        raise RuleError("'in' needs two operands")
    first, second = operands
    if isinstance(first, str):
        column = _column(second, fields)
        if not isinstance(column.type, String):
            raise RuleError(f"only texts can be searched for {first!r}")
        if first == "":
            return column.is_not(None)
        # Taking the text out changes what contains it. Unlike LIKE this heeds the case in every database.
        return func.replace(column, first, "") != column
    if isinstance(second, str):
        # What CVAT makes of it: a text in the place of a list is the list of its characters.
        second = list(second)
    if not isinstance(second, list):
        raise RuleError("'in' needs a text and a variable, or a variable and a list")
    if len(second) > _MAX_VALUES:
        raise RuleError(f"more than {_MAX_VALUES} values in a list")
    column = _column(first, fields)
    found = column.in_([_value(column, item, convert) for item in second if item is not None])
    return or_(found, column.is_(None)) if None in second else found


def _column(var: Any, fields: Fields) -> ColumnElement[Any]:
    name = var.get("var") if isinstance(var, dict) else None
    if not isinstance(name, str):
        raise RuleError('expected {"var": "name of a field"}')
    if name not in fields:
        raise RuleError(f"unknown field {name!r}; known are {', '.join(sorted(fields))}")
    return fields[name]


def _value(column: ColumnElement[Any], value: Any, convert: Convert) -> Any:
    if value is None:
        raise RuleError("null can only be compared by '=='")
    try:
        return convert(column, value)
    except ValueError as error:
        raise RuleError(str(error)) from None
