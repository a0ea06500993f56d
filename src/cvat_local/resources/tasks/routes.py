"""Operations on tasks themselves; those on their media and annotations are elsewhere."""

from __future__ import annotations

from sqlalchemy import case, select
from starlette.responses import Response

from cvat_local.background.ids import RequestId
from cvat_local.http import outputs
from cvat_local.http.filters import Listing
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.resources.tasks import access, rules, serialize
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Data, Project, Request, Task

handlers = Handlers("tasks")

LISTING = Listing(
    {
        "id": Task.id,
        "name": Task.name,
        "project_id": Task.project_id,
        "project_name": select(Project.name)
        .where(Project.id == Task.project_id)
        .correlate(Task)
        .scalar_subquery(),
        "owner": username_of(Task.owner_id),
        "assignee": username_of(Task.assignee_id),
        "status": Task.status,
        "subset": Task.subset,
        "mode": Task.mode,
        "dimension": Task.dimension,
        "media_type": case(serialize.MEDIA_TYPES, value=Task.dimension),
        "tracker_link": Task.bug_tracker,
        "validation_mode": select(Data.validation_mode)
        .where(Data.task_id == Task.id)
        .correlate(Task)
        .scalar_subquery(),
        "updated_date": Task.updated_date,
    },
    search=(
        "project_name",
        "name",
        "owner",
        "status",
        "assignee",
        "subset",
        "mode",
        "dimension",
        "tracker_link",
        "validation_mode",
    ),
    simple=(
        "project_name",
        "name",
        "owner",
        "status",
        "assignee",
        "subset",
        "mode",
        "dimension",
        "media_type",
        "tracker_link",
        "validation_mode",
        "project_id",
    ),
)


@handlers("list")
def list_(call: Call) -> Response:
    """Tasks that are the caller's, by themselves or by their project; more for whoever oversees them."""
    statement = select(Task).where(*access.visible(call)).options(*serialize.SHOWN)
    return call.page_many(
        LISTING.apply(call, statement), lambda items: serialize.tasks(call, items)
    )


@handlers("create")
def create(call: Call) -> Response:
    """Make a task, still without media."""
    access.check_creator(call)
    task = rules.create(call, call.input("TaskWriteRequest"))
    written = serialize.task(call, task)
    return outputs.created(written, written["url"])


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One task."""
    return outputs.json(serialize.task(call, access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change a task, or move it to another project."""
    fields = sent_fields(call)
    task = access.find(call)
    rules.check_rights(call.user, task, fields)
    rules.update(call, task, call.input("PatchedTaskWriteRequest", partial=True))
    return outputs.json(serialize.task(call, task))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete a task with everything in it."""
    rules.destroy(call, access.find(call, access.may_manage))
    return outputs.empty()


@handlers("retrieve_status")
def retrieve_status(call: Call) -> Response:
    """How far the task's media are processed, as clients asked before there were requests."""
    task = access.find(call)
    request = call.db.get(Request, str(RequestId("create", "task", task.id)))
    state, progress, message = "Finished", 0.0, ""
    if request is not None:
        state = request.status.capitalize()
        progress, message = call.app.queue.progress(request)
    written = {"state": state, "message": message, "progress": progress}
    return outputs.json(written)
