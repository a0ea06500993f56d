"""Which workspace a request is made in: ``org``, ``org_id`` or the header ``X-Organization``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from cvat_local.http.errors import list_error, not_found
from cvat_local.storage.engine import reading
from cvat_local.storage.queries import organizations

_HEADER = "x-organization"


@dataclass(frozen=True)
class Workspace:
    """The workspace that a request is about, as far as it says so.

    Attributes:
        given: The request names one; otherwise its lists go through all workspaces of the caller, and
            what it creates is personal.
        organization_id: The organization that is named; None stands for the personal workspace.
    """

    given: bool = False
    organization_id: int | None = None


ANY = Workspace()
"""No workspace is named."""


def find_workspace(
    engine: Engine, query: Mapping[str, str], headers: Mapping[str, str]
) -> Workspace:
    """The workspace that a request names; an empty name is the personal one.

    Whether the caller may work there is not decided here: what they ask about may be elsewhere.

    Args:
        engine: Where to look for the organization.
        query: Query parameters.
        headers: Request headers, by names in any case.

    Raises:
        ApiError: 400 for contradicting or malformed parameters, 404 for an unknown organization.
    """
    slugs = [text for text in (query.get("org"), headers.get(_HEADER)) if text is not None]
    number = query.get("org_id")
    if number is not None and slugs:
        raise list_error("Give either org_id or org (or X-Organization), not both.")
    if len(set(slugs)) > 1:
        raise list_error("The parameter org and the header X-Organization differ.")
    if number is None and not slugs:
        return ANY
    name = slugs[0] if number is None else number
    if not name:
        return Workspace(given=True)
    if number is not None and not re.fullmatch("[0-9]{1,18}", number):
        raise list_error(f"org_id must be a number, not {number[:50]!r}.")
    with reading(engine) as db:
        if number is None:
            found = organizations.id_of_slug(db, name)
        else:
            found = organizations.existing_id(db, int(number))
    if found is None:
        raise not_found(f"There is no organization {name[:50]!r}.")
    return Workspace(given=True, organization_id=found)
