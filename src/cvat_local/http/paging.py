"""Pages of a list: ``page``, ``page_size`` and the links to the neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cvat_local.http.errors import not_found

DEFAULT_PAGE_SIZE = 10


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        items: The items of this page.
        count: Number of items on all pages.
        next: Query string of the next page, or None on the last one.
        previous: Query string of the page before, or None on the first one.
    """

    items: Sequence[Any]
    count: int
    next: str | None
    previous: str | None


def paginate(source: Select[Any] | Sequence[Any], db: Session, query_string: str) -> Page:
    """The page of ``source`` that the query asks for.

    Args:
        source: A select of one entity, with its order, or items at hand.
        db: Session that the select runs in.
        query_string: Query of the request, as it came.

    Raises:
        ApiError: 404 when there is no such page.
    """
    query = parse_qsl(query_string, keep_blank_values=True)
    values = dict(query)
    count = _count(source, db)
    size = _page_size(values.get("page_size", ""), count)
    number = _page_number(values.get("page", ""), last=max(1, -(-count // size)))
    start = (number - 1) * size
    items: Sequence[Any]
    if isinstance(source, Select):
        items = db.scalars(source.limit(size).offset(start)).unique().all()
    else:
        items = source[start : start + size]
    return Page(
        items,
        count,
        next=_link(query, number + 1) if start + size < count else None,
        previous=_link(query, number - 1) if number > 1 else None,
    )


def body(page: Page, absolute: Callable[[str], str], results: list[Any]) -> dict[str, Any]:
    """The JSON of a page.

    Args:
        page: What `paginate` gave.
        absolute: Makes the absolute URL of the list with a query string.
        results: The items as they are written.
    """
    return {
        "count": page.count,
        "next": None if page.next is None else absolute(page.next),
        "previous": None if page.previous is None else absolute(page.previous),
        "results": results,
    }


def _count(source: Select[Any] | Sequence[Any], db: Session) -> int:
    if isinstance(source, Select):
        counted = select(func.count()).select_from(source.order_by(None).subquery())
        return db.scalar(counted) or 0
    return len(source)


def _page_size(text: str, count: int) -> int:
    """Items a page; what cannot be a size counts as absent, as CVAT does it."""
    if text == "all":
        return max(1, count)
    if re.fullmatch(r"[0-9]{1,1000}", text) and int(text) > 0:
        # Larger numbers than there are items mean the same, and some do not fit into a statement.
        return min(int(text), max(DEFAULT_PAGE_SIZE, count))
    return DEFAULT_PAGE_SIZE


def _page_number(text: str, last: int) -> int:
    if text == "last":
        return last
    if text == "":
        return 1
    number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
    if not 1 <= number <= last:
        raise not_found(f"There is no page {text!r}; the last page is {last}.")
    return number


def _link(query: list[tuple[str, str]], number: int) -> str:
    """Query string of another page: keys in order, page 1 without its number."""
    others = [(key, value) for key, value in query if key != "page"]
    if number > 1:
        others.append(("page", str(number)))
    return urlencode(sorted(others, key=lambda item: item[0]))
