"""Finding the object that a request is about, with the check whether the caller may have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.orm.interfaces import ORMOption

from cvat_local.http.errors import forbidden, not_found
from cvat_local.storage.base import Base
from cvat_local.storage.tables import User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

Row = TypeVar("Row", bound=Base)

_REFUSAL = "You may not do this with this object."


def find(
    call: Call,
    table: type[Row],
    number: int | str,
    allowed: Callable[[User, Row], bool],
    *,
    options: Sequence[ORMOption] = (),
    refusal: str = _REFUSAL,
) -> Row:
    """The row with an id.

    Args:
        call: The request.
        table: What is looked for.
        number: Its id.
        allowed: Whether a user may have it; a function of the resource's ``access.py``.
        options: What to load along.
        refusal: What to tell whom it is not allowed.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    row = call.db.get(table, number, options=options)
    if row is None:
        raise not_found(f"There is no {table.__tablename__.replace('_', ' ')} {number}.")
    if not allowed(call.user, row):
        raise forbidden(refusal)
    return row
