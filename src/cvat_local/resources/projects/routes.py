"""Operations on projects themselves."""

from __future__ import annotations

from sqlalchemy import select
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.filters import Listing
from cvat_local.resources.projects import access, rules, serialize
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.resources.shared.workspaces import check_creator
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Project

handlers = Handlers("projects")

LISTING = Listing(
    {
        "id": Project.id,
        "name": Project.name,
        "owner": username_of(Project.owner_id),
        "assignee": username_of(Project.assignee_id),
        "status": Project.status,
        "updated_date": Project.updated_date,
    },
    search=("name", "owner", "assignee", "status"),
    simple=("name", "owner", "assignee", "status"),
)


@handlers("list")
def list_(call: Call) -> Response:
    """Projects that the caller owns or is assigned to; all of them for whoever oversees them."""
    statement = select(Project).where(*access.visible(call)).options(*serialize.SHOWN)
    return call.page_many(
        LISTING.apply(call, statement), lambda items: serialize.projects(call, items)
    )


@handlers("create")
def create(call: Call) -> Response:
    """Make a project."""
    check_creator(call, "Projects")
    project = rules.create(call, call.input("ProjectWriteRequest"))
    written = serialize.project(call, project)
    return outputs.created(written, written["url"])


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One project."""
    return outputs.json(serialize.project(call, access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change a project."""
    fields = sent_fields(call)
    project = access.find(call)
    rules.check_rights(call.user, project, fields)
    rules.update(call, project, call.input("PatchedProjectWriteRequest", partial=True))
    return outputs.json(serialize.project(call, project))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete a project with everything in it."""
    rules.destroy(call, access.find(call, access.may_manage))
    return outputs.empty()
