"""Operations on labels."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import (
    forbidden,
    list_error,
    non_field_error,
    not_found,
)
from cvat_local.http.filters import Listing
from cvat_local.resources.jobs import access as jobs
from cvat_local.resources.labels import serialize
from cvat_local.resources.projects import access as projects
from cvat_local.resources.shared.labels import editing as rules
from cvat_local.resources.tasks import access as tasks
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries import labels as queries
from cvat_local.storage.tables import Job, Label, Project, Task

handlers = Handlers("labels")

_parent = aliased(Label)

LISTING = Listing(
    {
        "id": Label.id,
        "name": Label.name,
        "parent": select(_parent.name)
        .where(_parent.id == Label.parent_id)
        .correlate_except(_parent)
        .scalar_subquery(),
        "parent_id": Label.parent_id,
        "type": Label.type,
        "color": Label.color,
    },
    search=("name", "parent"),
    simple=("name", "parent", "parent_id", "type", "color"),
    order="id",
)

_OBJECTS = ("job_id", "task_id", "project_id")


@handlers("list")
def list_(call: Call) -> Response:
    """Labels of one project, task or job, or all that the caller may see; never sublabels."""
    statement = queries.top_level().where(*_conditions(call))
    return call.page(LISTING.apply(call, statement), serialize.label)


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One label or sublabel."""
    return outputs.json(serialize.label(_find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change a top-level label and its attributes."""
    values = call.input("PatchedLabelRequest", partial=True)
    label = _find(call, edit=True)
    if values.get("deleted"):
        raise non_field_error("A label is removed by DELETE.")
    rules.change(call.db, label, values)
    rules.touch(call.db, _owner(label))
    return outputs.json(serialize.label(label))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Remove a top-level label and the objects that have it."""
    label = _find(call, edit=True)
    owner = _owner(label)
    rules.remove(call.db, label)
    rules.touch(call.db, owner)
    return outputs.empty()


def _conditions(call: Call) -> list[ColumnElement[bool]]:
    given = [name for name in _OBJECTS if call.query.get(name)]
    if len(given) > 1:
        raise list_error(f"Only one of {', '.join(_OBJECTS)} can be given.")
    if not given:
        return queries.visible(call)
    text = call.query[given[0]]
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise list_error(f"{given[0]}: {text!r} is not a whole number.")
    return [_usable_in(call, given[0], int(text))]


def _usable_in(call: Call, name: str, number: int) -> ColumnElement[bool]:
    """Condition for the labels of the object that a query parameter names."""
    if name == "project_id":
        project = call.db.get(Project, number)
        if project is None:
            raise not_found(f"There is no project {number}.")
        if not projects.may_view(call.user, project):
            raise forbidden()
        return queries.belongs_to(project)
    if name == "task_id":
        task = call.db.get(Task, number)
        if task is None:
            raise not_found(f"There is no task {number}.")
        if not tasks.may_view(call.user, task):
            raise forbidden()
        return queries.usable_in(task)
    job = call.db.get(Job, number)
    if job is None:
        raise not_found(f"There is no job {number}.")
    if not jobs.may_view(call.user, job):
        raise forbidden()
    return queries.usable_in(job.task)


def _find(call: Call, *, edit: bool = False) -> Label:
    label = call.db.get(Label, call.path["id"], options=queries.WHOLE)
    if label is None:
        raise not_found(f"There is no label {call.path['id']}.")
    owner = _owner(label)
    if isinstance(owner, Project):
        allowed = (projects.may_edit if edit else projects.may_view)(call.user, owner)
    else:
        allowed = (tasks.may_edit if edit else tasks.may_view)(call.user, owner)
    if not allowed:
        raise forbidden()
    if edit and label.parent_id is not None:
        raise list_error("Parts of a skeleton are changed together with it, not one by one.")
    return label


def _owner(label: Label) -> Project | Task:
    owner = label.project or label.task
    if owner is None:
        raise LookupError(f"label {label.id} belongs to nothing")
    return owner
