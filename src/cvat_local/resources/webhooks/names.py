"""Names of the events that webhooks tell of, and which of them a type of webhook can have."""

from __future__ import annotations

from typing import Any

_ALL_ACTIONS = ("create", "update", "delete")
_GROUPS: dict[str, tuple[str, ...]] = {
    "Project": tuple(f"{action}:project" for action in _ALL_ACTIONS),
    "Task": tuple(f"{action}:task" for action in _ALL_ACTIONS),
    "Job": tuple(f"{action}:job" for action in _ALL_ACTIONS),
    "Issue": tuple(f"{action}:issue" for action in _ALL_ACTIONS),
    "Comment": tuple(f"{action}:comment" for action in _ALL_ACTIONS),
    "Organization": tuple(f"{action}:organization" for action in _ALL_ACTIONS),
    "Invitation": ("create:invitation", "delete:invitation"),
    "Membership": tuple(f"{action}:membership" for action in _ALL_ACTIONS),
    "User": tuple(f"{action}:user" for action in _ALL_ACTIONS),
    "Dataset export": (
        "completed:request[export:annotations]",
        "completed:request[export:dataset]",
    ),
    "Backup export": ("completed:request[export:backup]",),
    "Task data creation": ("completed:request[create:task]",),
    "Consensus merge": ("completed:request[merge:task]", "completed:request[merge:job]"),
    "Quality report creation": ("completed:request[calculate:quality]",),
}
_GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names}
_ALL = frozenset(_GROUP_OF)
SERVER_ONLY = frozenset({"create:organization", *_GROUPS["User"]})
"""What happens outside of any organization."""
_OF_ORGANIZATION = frozenset(
    {"create:project", *_GROUPS["Organization"], *_GROUPS["Invitation"], *_GROUPS["Membership"]}
)

ALLOWED: dict[str, frozenset[str]] = {
    "project": _ALL - SERVER_ONLY - _OF_ORGANIZATION,
    "organization": _ALL - SERVER_ONLY,
    "server": _ALL,
}
"""Events by type of webhook."""


def described(webhook_type: str) -> list[dict[str, Any]]:
    """The events of a type of webhook, of all types for ``all``, with their groups; sorted."""
    return [
        {"key": name, "group": {"display_name": _GROUP_OF[name]}}
        for name in sorted(ALLOWED.get(webhook_type, _ALL))
    ]
