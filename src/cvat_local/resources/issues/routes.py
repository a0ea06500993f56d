"""Operations on issues."""

from __future__ import annotations

from sqlalchemy import delete, select
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.filters import Listing
from cvat_local.resources.issues import access, rules, serialize
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Issue, Job

handlers = Handlers("issues")

LISTING = Listing(
    {
        "id": Issue.id,
        "job_id": Issue.job_id,
        "task_id": select(Job.task_id)
        .where(Job.id == Issue.job_id)
        .correlate(Issue)
        .scalar_subquery(),
        "frame_id": Issue.frame,
        "resolved": Issue.resolved,
        "owner": username_of(Issue.owner_id),
        "assignee": username_of(Issue.assignee_id),
    },
    search=("owner", "assignee"),
    simple=("owner", "assignee", "job_id", "task_id", "resolved", "frame_id"),
)


@handlers("list")
def list_(call: Call) -> Response:
    """Issues of the caller and of jobs that the caller may see."""
    statement = select(Issue).where(*access.visible(call)).options(*serialize.SHOWN)
    return call.page_many(
        LISTING.apply(call, statement), lambda items: serialize.issues(call, items)
    )


@handlers("create")
def create(call: Call) -> Response:
    """Open an issue."""
    values = call.input("IssueWriteRequest")
    issue = rules.create(call, access.job_for(call, values["job"]), values)
    return outputs.json(serialize.issue(call, issue), 201)


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One issue."""
    return outputs.json(serialize.issue(call, access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Move, assign or resolve an issue."""
    issue = access.find(call, access.may_edit)
    rules.update(call, issue, call.input("PatchedIssueWriteRequest", partial=True))
    return outputs.json(serialize.issue(call, issue))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete an issue and its comments."""
    issue = access.find(call, access.may_delete)
    call.db.execute(delete(Issue).where(Issue.id == issue.id))
    return outputs.empty()
