"""Operations on jobs themselves; those on their media and annotations are elsewhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, case, select
from sqlalchemy.orm import QueryableAttribute
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.filters import Listing
from cvat_local.resources.jobs import access, rules, serialize
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.resources.tasks import MEDIA_TYPES
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Job, Project, Task

handlers = Handlers("jobs")


def _of_task(column: QueryableAttribute[Any]) -> ScalarSelect[Any]:
    return select(column).where(Task.id == Job.task_id).correlate(Job).scalar_subquery()


LISTING = Listing(
    {
        "id": Job.id,
        "task_id": Job.task_id,
        "task_name": _of_task(Task.name),
        "project_id": _of_task(Task.project_id),
        "project_name": select(Project.name)
        .where(Project.id == Task.project_id, Task.id == Job.task_id)
        .correlate(Job)
        .scalar_subquery(),
        "assignee": username_of(Job.assignee_id),
        "state": Job.state,
        "stage": Job.stage,
        "status": Job.status,
        "type": Job.type,
        "parent_job_id": Job.parent_job_id,
        "dimension": _of_task(Task.dimension),
        "mode": _of_task(Task.mode),
        "media_type": select(case(MEDIA_TYPES, value=Task.dimension))
        .where(Task.id == Job.task_id)
        .correlate(Job)
        .scalar_subquery(),
        "updated_date": Job.updated_date,
    },
    search=("task_name", "project_name", "assignee", "state", "stage"),
    simple=(
        "task_name",
        "project_name",
        "assignee",
        "state",
        "stage",
        "task_id",
        "project_id",
        "dimension",
        "type",
        "parent_job_id",
        "mode",
        "media_type",
    ),
)


@handlers("list")
def list_(call: Call) -> Response:
    """Jobs assigned to the caller or of a task of theirs; all of them for whoever oversees them."""
    statement = select(Job).where(*access.visible(call)).options(*serialize.SHOWN)
    return call.page_many(LISTING.apply(call, statement), lambda items: serialize.jobs(call, items))


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One job."""
    return outputs.json(serialize.job(call, access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change assignee, stage and state of a job."""
    fields = sent_fields(call)
    job = access.find(call)
    rules.check_rights(call.user, job, fields)
    rules.update(call, job, call.input("PatchedJobWriteRequest", partial=True))
    return outputs.json(serialize.job(call, job))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete a ground truth job."""
    rules.destroy(call, access.find(call, access.may_manage))
    return outputs.empty()
