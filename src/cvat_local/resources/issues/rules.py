"""What may be written to an issue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cvat_local.http.errors import field_errors
from cvat_local.storage.tables import Comment, Issue, Job, User
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_CHANGEABLE = ("position", "resolved")


def create(call: Call, job: Job, values: Mapping[str, Any]) -> Issue:
    """Open an issue by checked input (``IssueWriteRequest``), with its first comment."""
    _check(call, values)
    issue = Issue(
        job_id=job.id,
        frame=values["frame"],
        position=values["position"],
        owner_id=call.user.id,
        assignee_id=values.get("assignee"),
        resolved=values.get("resolved", False),
    )
    call.db.add(issue)
    call.db.flush()
    call.db.add(Comment(issue_id=issue.id, owner_id=call.user.id, message=values["message"]))
    call.db.flush()
    return issue


def update(call: Call, issue: Issue, values: Mapping[str, Any]) -> None:
    """Change an issue by checked input (``PatchedIssueWriteRequest``)."""
    _check(call, values)
    for name in _CHANGEABLE:
        if name in values:
            setattr(issue, name, values[name])
    if "assignee" in values:
        issue.assignee_id = values["assignee"]
    issue.updated_date = utc_now()
    call.db.flush()
    # The assignee that was loaded before may be another now.
    call.db.expire(issue, ["assignee"])


def _check(call: Call, values: Mapping[str, Any]) -> None:
    if "position" in values and not values["position"]:
        raise field_errors({"position": "Expected at least one number."})
    assignee = values.get("assignee")
    if assignee is not None and call.db.get(User, assignee) is None:
        raise field_errors({"assignee": f"There is no user {assignee}."})
