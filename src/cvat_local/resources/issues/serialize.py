"""How issues are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cvat_local.resources.users import basic_user
from cvat_local.storage.tables import Comment, Issue

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader

SHOWN = (joinedload(Issue.owner), joinedload(Issue.assignee))
"""Loader options for issues that are written."""


def issue(call: Reader, item: Issue) -> dict[str, Any]:
    """One issue (``IssueRead``)."""
    return issues(call, [item])[0]


def issues(call: Reader, items: Sequence[Issue]) -> list[dict[str, Any]]:
    """Several issues, with one query for the numbers of their comments."""
    statement = (
        select(Comment.issue_id, func.count())
        .where(Comment.issue_id.in_([item.id for item in items]))
        .group_by(Comment.issue_id)
    )
    counts = {issue_id: count for issue_id, count in call.db.execute(statement)}
    return [_issue(call, item, counts.get(item.id, 0)) for item in items]


def _issue(call: Reader, item: Issue, comments: int) -> dict[str, Any]:
    return {
        "id": item.id,
        "frame": item.frame,
        "position": item.position,
        "job": item.job_id,
        "owner": basic_user(call, item.owner),
        "assignee": basic_user(call, item.assignee),
        "created_date": item.created_date,
        "updated_date": item.updated_date,
        "resolved": item.resolved,
        "comments": {"count": comments, "url": call.url(f"/api/comments?issue_id={item.id}")},
    }
