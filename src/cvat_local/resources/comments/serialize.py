"""How comments are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cvat_local.resources.users import basic_user
from cvat_local.storage.tables import Comment

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader


def comment(call: Reader, item: Comment) -> dict[str, Any]:
    """One comment (``CommentRead``)."""
    return {
        "id": item.id,
        "issue": item.issue_id,
        "owner": basic_user(call, item.owner),
        "message": item.message,
        "created_date": item.created_date,
        "updated_date": item.updated_date,
    }
