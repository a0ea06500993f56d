"""Operations on labels."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import list_error, non_field_error
from cvat_local.http.filters import Listing
from cvat_local.resources.labels import access, serialize
from cvat_local.resources.shared.labels import editing
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.labels import top_level
from cvat_local.storage.tables import Label

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

_USABLE = {
    "job_id": access.usable_in_job,
    "task_id": access.usable_in_task,
    "project_id": access.usable_in_project,
}
"""Parameters that name what the labels are used in."""


@handlers("list")
def list_(call: Call) -> Response:
    """Labels of one project, task or job, or all that the caller may see; never sublabels."""
    statement = top_level().where(_condition(call))
    return call.page(LISTING.apply(call, statement), serialize.label)


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One label or sublabel."""
    return outputs.json(serialize.label(access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change a top-level label and its attributes."""
    values = call.input("PatchedLabelRequest", partial=True)
    label = access.find_to_edit(call)
    if values.get("deleted"):
        raise non_field_error("A label is removed by DELETE.")
    editing.change(call.db, label, values)
    editing.touch(call.db, access.owner_of(label))
    return outputs.json(serialize.label(label))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Remove a top-level label and the objects that have it."""
    label = access.find_to_edit(call)
    owner = access.owner_of(label)
    editing.remove(call.db, label)
    editing.touch(call.db, owner)
    return outputs.empty()


def _condition(call: Call) -> ColumnElement[bool]:
    given = [name for name in _USABLE if call.query.get(name)]
    if len(given) > 1:
        raise list_error(f"Only one of {', '.join(_USABLE)} can be given.")
    if not given:
        return access.visible(call)
    return _USABLE[given[0]](call, call.parameter(given[0]))
