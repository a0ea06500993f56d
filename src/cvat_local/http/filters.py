"""Search, filter, sort and simple field filters of lists, from one declaration a resource.

::

    LISTING = Listing(
        {"id": Task.id, "name": Task.name, "owner": username_of(Task.owner_id)},
        search=("name", "owner"),
        simple=("name", "owner"),
    )
    return call.page(LISTING.apply(call, select(Task)), serialize)
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ColumnElement, Select, false, or_
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.types import TypeDecorator

from cvat_local.http import jsonlogic
from cvat_local.http.errors import field_errors, list_error
from cvat_local.http.values import NOT_STORABLE, parse_datetime

if TYPE_CHECKING:
    from cvat_sdk.api_client.runtime.operation import Operation

_TERMS = re.compile(r'"([^"]*)"|([^\s,"]+)')
_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}


class ListRequest(Protocol):
    """What a list needs of a request; `cvat_local.serving.call.Call` is one."""

    @property
    def query(self) -> Mapping[str, str]:
        """Query parameters."""
        ...

    @property
    def operation(self) -> Operation | None:
        """The operation, whose parameters say which values there are to choose from."""
        ...


class Listing:
    """What a list of a resource can be searched, filtered and sorted by.

    Args:
        fields: Name in the API -> column, or a scalar subquery for what lies in another table.
        search: Names that ``search`` looks into.
        simple: Names that are query parameters of their own (exact match).
        order: Default order, a name with ``-`` in front for descending. It also decides between
            items that are equal in the order asked for, so that pages never overlap.
    """

    def __init__(
        self,
        fields: Mapping[str, ColumnElement[Any] | QueryableAttribute[Any]],
        *,
        search: tuple[str, ...] = (),
        simple: tuple[str, ...] = (),
        order: str = "-id",
    ) -> None:
        self.fields: dict[str, ColumnElement[Any]] = {
            name: field.expression if isinstance(field, QueryableAttribute) else field
            for name, field in fields.items()
        }
        self.search = search
        self.simple = simple
        self.order = order

    def apply(self, call: ListRequest, statement: Select[Any]) -> Select[Any]:
        """``statement`` narrowed and ordered as the query parameters of ``call`` say.

        Raises:
            ApiError: 400 for a filter, a search or a value that cannot be understood.
        """
        query = call.query
        conditions = [
            *self._simple_conditions(call),
            *self._search_conditions(query.get("search", "")),
            *self._filter_conditions(query.get("filter", "")),
        ]
        return statement.where(*conditions).order_by(*self._order(query.get("sort", "")))

    def _simple_conditions(self, call: ListRequest) -> list[ColumnElement[bool]]:
        choices = (
            {p.wire: p.choices for p in call.operation.parameters if p.location == "query"}
            if call.operation
            else {}
        )
        conditions: list[ColumnElement[bool]] = []
        for name in self.simple:
            text = call.query.get(name, "")
            if text == "":
                continue
            if choices.get(name) and text not in choices[name]:
                raise field_errors({name: f"{text!r} is not one of {', '.join(choices[name])}."})
            column = self.fields[name]
            if python_type(column) is bool:
                if text in _BOOLEANS:
                    conditions.append(column.is_(_BOOLEANS[text]))
                continue
            try:
                conditions.append(column == convert(column, text))
            except ValueError as error:
                raise field_errors({name: str(error)}) from None
        return conditions

    def _search_conditions(self, text: str) -> list[ColumnElement[bool]]:
        if "\x00" in text:
            raise list_error("The search text must not contain the NUL character.")
        terms = [quoted or word for quoted, word in _TERMS.findall(text)]
        columns = [self.fields[name] for name in self.search]
        return [
            or_(false(), *(column.icontains(term, autoescape=True) for column in columns))
            for term in terms
            if columns
        ]

    def _filter_conditions(self, text: str) -> list[ColumnElement[bool]]:
        if text == "":
            return []
        try:
            rule = json.loads(text)
        except (ValueError, RecursionError):
            raise list_error("The filter is not valid JSON.") from None
        try:
            return [jsonlogic.condition(rule, self.fields, convert)]
        except jsonlogic.RuleError as error:
            raise list_error(f"The filter cannot be used: {error}") from None

    def _order(self, text: str) -> list[ColumnElement[Any]]:
        names = [name.strip() for name in text.split(",")]
        known = [name for name in names if name.removeprefix("-") in self.fields]
        if self.order not in known and self.order.removeprefix("-") in self.fields:
            known.append(self.order)
        return [self._ordered(name) for name in known]

    def _ordered(self, name: str) -> ColumnElement[Any]:
        # Where absent values go differs between databases; this is the order of PostgreSQL.
        column = self.fields[name.removeprefix("-")]
        if name.startswith("-"):
            return column.desc().nulls_first()
        return column.asc().nulls_last()


def python_type(column: ColumnElement[Any]) -> type:
    """The type of the column's values in Python."""
    kind = column.type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return kind.python_type


def convert(column: ColumnElement[Any], value: Any) -> Any:
    """``value`` of a query as a value of the column's type.

    Raises:
        ValueError: It is no such value; the message says what is expected.
    """
    expected = python_type(column)
    if issubclass(expected, bool):
        if isinstance(value, bool):
            return value
        raise ValueError(f"{value!r} is neither true nor false.")
    if isinstance(value, bool | dict | list):
        raise ValueError(f"{value!r} cannot be compared with this field.")
    if issubclass(expected, int):
        return _integer(value)
    if issubclass(expected, float):
        return float(value)
    if issubclass(expected, datetime):
        return parse_datetime(str(value))
    text = str(value)
    if NOT_STORABLE.search(text):
        raise ValueError("The text has characters that no stored text has.")
    return text


def _integer(value: Any) -> int:
    if isinstance(value, float):
        # 3.0 is an integer for a client that has one number type.
        if not value.is_integer():
            raise ValueError(f"{value!r} is not a whole number.")
        value = int(value)
    if not re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", str(value)):
        raise ValueError(f"{value!r} is not a whole number.")
    return int(value)
