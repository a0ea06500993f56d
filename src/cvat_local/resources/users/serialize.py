"""How accounts are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader
    from cvat_local.storage.tables import User


@overload
def basic_user(call: Reader, user: User) -> dict[str, Any]: ...
@overload
def basic_user(call: Reader, user: User | None) -> dict[str, Any] | None: ...
def basic_user(call: Reader, user: User | None) -> dict[str, Any] | None:
    """The short form that owners and assignees are written in (``BasicUser``); None stays None."""
    if user is None:
        return None
    return {
        "url": call.url(f"/api/users/{user.id}"),
        "id": user.id,
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
    }


def full_user(call: Reader, user: User) -> dict[str, Any]:
    """The form that staff and the user themself see (``User``)."""
    return {
        **basic_user(call, user),
        "email": user.email,
        "groups": sorted(group.name for group in user.groups),
        "is_staff": user.is_staff,
        "is_superuser": user.is_superuser,
        "is_active": user.is_active,
        "last_login": user.last_login,
        "date_joined": user.date_joined,
        "has_analytics_access": user.has_analytics_access,
        "cvat_usage_reason": user.cvat_usage_reason or "",
        "primary_role": user.primary_role,
        "planned_activities": user.planned_activities,
        "data_types": user.data_types,
        "discovery_source": user.discovery_source,
        "email_verified": user.email_verified,
        "created_via": user.created_via,
    }
