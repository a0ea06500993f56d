"""Global roles of an account, from the strongest to the weakest: admin, user, worker, none.

Rules of the resources ask these questions; what belongs to whom they look up themselves.
"""

from __future__ import annotations

from cvat_local.storage.tables import User

GROUPS = ("admin", "user", "worker")
"""Names of the groups that exist on every server, the strongest first."""


def _in(user: User, *names: str) -> bool:
    return any(group.name in names for group in user.groups)


def is_admin(user: User) -> bool:
    """Everything is allowed."""
    return user.is_superuser or _in(user, "admin")


def is_user(user: User) -> bool:
    """May create things: group ``user`` or stronger."""
    return is_admin(user) or _in(user, "user")


def is_worker(user: User) -> bool:
    """May work on what others gave: any group at all."""
    return is_user(user) or _in(user, "worker")
