"""Which organization a request is made in: ``org``, ``org_id`` or the header ``X-Organization``.

This server has personal workspaces only. An organization that is named cannot exist, and saying so is
better than answering as if it had not been asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

from cvat_local.http.errors import list_error, not_found


def check_organization(query: Mapping[str, str], headers: Mapping[str, str]) -> None:
    """Refuse a request for an organization.

    Args:
        query: Query parameters.
        headers: Request headers, by names in any case.

    Raises:
        ApiError: 400 for contradicting or malformed parameters, 404 for an organization.
    """
    slugs = [text for text in (query.get("org"), headers.get("x-organization")) if text is not None]
    number = query.get("org_id")
    if number is not None and slugs:
        raise list_error("Give either org_id or org (or X-Organization), not both.")
    if len(set(slugs)) > 1:
        raise list_error("The parameter org and the header X-Organization differ.")
    if number and not number.isdecimal():
        raise list_error(f"org_id must be a number, not {number[:50]!r}.")
    for name in (number, *slugs):
        if name:
            raise not_found(f"There is no organization {name[:50]!r} on this server.")
