"""Operations on comments."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.filters import Listing
from cvat_local.resources.comments import access, serialize
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Comment, Issue
from cvat_local.storage.types import utc_now

handlers = Handlers("comments")

LISTING = Listing(
    {
        "id": Comment.id,
        "issue_id": Comment.issue_id,
        "frame_id": select(Issue.frame)
        .where(Issue.id == Comment.issue_id)
        .correlate(Comment)
        .scalar_subquery(),
        "job_id": select(Issue.job_id)
        .where(Issue.id == Comment.issue_id)
        .correlate(Comment)
        .scalar_subquery(),
        "owner": username_of(Comment.owner_id),
    },
    search=("owner",),
    simple=("owner", "issue_id", "frame_id", "job_id"),
)


@handlers("list")
def list_(call: Call) -> Response:
    """Comments of the caller and of issues that the caller may see."""
    statement = select(Comment).where(*access.visible(call)).options(joinedload(Comment.owner))
    return call.page(LISTING.apply(call, statement), lambda item: serialize.comment(call, item))


@handlers("create")
def create(call: Call) -> Response:
    """Comment on an issue."""
    values = call.input("CommentWriteRequest")
    issue = access.issue_for(call, values["issue"])
    comment = Comment(issue_id=issue.id, owner_id=call.user.id, message=values.get("message", ""))
    call.db.add(comment)
    call.db.flush()
    return outputs.json(serialize.comment(call, comment), 201)


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One comment."""
    return outputs.json(serialize.comment(call, access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change the text of a comment."""
    comment = access.find(call, access.may_edit)
    values = call.input("PatchedCommentWriteRequest", partial=True)
    comment.message = values.get("message", comment.message)
    comment.updated_date = utc_now()
    return outputs.json(serialize.comment(call, comment))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete a comment."""
    comment = access.find(call, access.may_edit)
    call.db.execute(delete(Comment).where(Comment.id == comment.id))
    return outputs.empty()
