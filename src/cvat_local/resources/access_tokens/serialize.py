"""How access tokens are written: never with what they are signed in with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cvat_local.resources.users import basic_user
from cvat_local.storage.tables import AccessToken

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def access_token(call: Call, token: AccessToken) -> dict[str, Any]:
    """One token (``AccessTokenRead``)."""
    return {
        "id": token.id,
        "name": token.name,
        "created_date": token.created_date,
        "updated_date": token.updated_date,
        "expiry_date": token.expiry_date,
        "last_used_date": token.last_used_date,
        "read_only": token.read_only,
        "owner": basic_user(call, token.owner),
    }
