"""Users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvat_sdk.api_client import apis, models
from cvat_sdk.core.proxies.model_proxy import (
    ModelDeleteMixin,
    ModelListMixin,
    ModelRetrieveMixin,
    ModelUpdateMixin,
    build_model_bases,
)

__all__ = ["User", "UsersRepo"]

if TYPE_CHECKING:
    from cvat_sdk.core.proxies.model_proxy import Entity, Repo

    _UserEntityBase = Entity[models.User, apis.UsersApi]
    _UserRepoBase = Repo[models.User, apis.UsersApi]
else:
    _UserEntityBase, _UserRepoBase = build_model_bases(
        models.User, apis.UsersApi, api_member_name="users_api"
    )


class User(_UserEntityBase, models.IUser, ModelUpdateMixin, ModelDeleteMixin):
    """A user; its attributes are the fields of `models.User`."""

    _model_partial_update_arg = "patched_user_request"


class UsersRepo(_UserRepoBase, ModelListMixin[User], ModelRetrieveMixin[User]):
    """The users of a server."""

    _entity_type = User

    def retrieve_current_user(self) -> User:
        """The user whose credentials the client has."""
        return User(self._client, self.api.retrieve_self()[0])
