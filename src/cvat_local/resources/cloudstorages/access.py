"""Who may do what with a cloud storage. Admins may do everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement

from cvat_local.auth.organization_roles import is_member, oversees, supervises
from cvat_local.auth.roles import is_admin, is_user, is_worker
from cvat_local.http.errors import forbidden, list_error
from cvat_local.resources.shared import objects
from cvat_local.resources.shared.workspaces import check_member
from cvat_local.storage.tables import CloudStorage, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def may_view(user: User, storage: CloudStorage) -> bool:
    """See it and what is in it, and use it for imports and exports."""
    return (
        is_admin(user)
        or _owns(user, storage)
        or (storage.organization_id is not None and supervises(user, storage.organization_id))
    )


def may_edit(user: User, storage: CloudStorage) -> bool:
    """Change and delete it."""
    return (
        is_admin(user)
        or (is_worker(user) and _owns(user, storage))
        or (storage.organization_id is not None and oversees(user, storage.organization_id))
    )


def check_creator(call: Call) -> None:
    """Make sure that the caller may attach storages in the request's workspace.

    Raises:
        ApiError: 403.
    """
    organization_id = call.workspace.organization_id
    if organization_id is None:
        allowed = is_user(call.user)
    else:
        allowed = oversees(call.user, organization_id)
    if not allowed:
        raise forbidden(
            "Cloud storages are attached by accounts of the group user, and in an organization by its"
            " maintainers and owner."
        )


def visible(call: Call) -> list[ColumnElement[bool]]:
    """Conditions for the storages that a list shows.

    Raises:
        ApiError: 403 for an organization that the caller is no member of.
    """
    check_member(call)
    workspace = call.workspace
    conditions: list[ColumnElement[bool]] = []
    if workspace.given:
        conditions.append(CloudStorage.organization_id == workspace.organization_id)
    in_organization = workspace.organization_id is not None
    if not (
        is_admin(call.user)
        or (in_organization and supervises(call.user, workspace.organization_id))
    ):
        conditions.append(CloudStorage.owner_id == call.user.id)
    return conditions


def find(call: Call, allowed: Callable[[User, CloudStorage], bool] = may_view) -> CloudStorage:
    """The storage that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when it is not ``allowed`` to the caller.
    """
    return objects.find(call, CloudStorage, call.path["id"], allowed)


def find_referenced(call: Call, storage_id: int) -> CloudStorage:
    """The storage that a field or parameter of another resource names.

    Raises:
        ApiError: 400 ``[text]`` when there is none, 403 when the caller may not see it.
    """
    storage = call.db.get(CloudStorage, storage_id)
    if storage is None:
        raise list_error(f"There is no cloud storage {storage_id}.")
    if not may_view(call.user, storage):
        raise forbidden(f"You may not use the cloud storage {storage_id}.")
    return storage


def _owns(user: User, storage: CloudStorage) -> bool:
    return user.id == storage.owner_id and is_member(user, storage.organization_id)
