"""What may be done with an access token, beyond what its owner may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cvat_local.http.errors import forbidden, not_authenticated

if TYPE_CHECKING:
    from cvat_local.storage.tables import AccessToken
    from cvat_sdk.api_client.runtime.operation import Operation

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGN_IN = "accessTokenAuth"

_ONLY = {
    "users": frozenset({"list", "retrieve", "retrieve_self"}),
    "events": frozenset({"list", "create_export"}),
}
"""Tags of which a token may do nothing else, writable or not."""

_TOKENS = frozenset({"list_access_tokens", "retrieve_access_tokens", "retrieve_access_tokens_self"})

_EXPORTS = frozenset({"create_dataset_export", "create_backup_export"})
"""They change nothing but in a cloud storage, though their method is POST."""


def check_use(
    token: AccessToken, operation: Operation | None, method: str, query: Mapping[str, str]
) -> None:
    """Refuse what a token is not good for.

    Args:
        token: The token that the request is signed with.
        operation: What is asked for; None for a route outside the API description.
        method: HTTP method.
        query: Query parameters.

    Raises:
        ApiError: 401 for operations that tokens cannot sign in to, 403 for others.
    """
    if operation is not None:
        if _SIGN_IN not in operation.auth:
            raise not_authenticated("Access tokens are not accepted here; sign in by password.")
        allowed = _ONLY.get(operation.tag)
        if operation.name.endswith(("_access_tokens", "_access_tokens_self")):
            allowed = _TOKENS
        if allowed is not None:
            if operation.name not in allowed:
                raise forbidden("Nothing is changed here by means of an access token.")
            return
        if operation.name in _EXPORTS and query.get("location") != "cloud_storage":
            return
    if token.read_only and method not in _READING:
        raise forbidden("This access token is for reading only.")
