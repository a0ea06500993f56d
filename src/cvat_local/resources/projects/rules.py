"""What may be written to a project, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select

from cvat_local.auth.organization_roles import oversees
from cvat_local.http.errors import forbidden, non_field_error
from cvat_local.resources.cloudstorages import (
    DEFAULT_STORAGES,
    check_default_storages,
    write_default_storages,
)
from cvat_local.resources.organizations import transfer_project
from cvat_local.resources.projects import access
from cvat_local.resources.shared.changes import set_assignee, set_fields
from cvat_local.resources.shared.labels import editing as labels
from cvat_local.resources.shared.people import check_person
from cvat_local.storage.queries.guides import assets_of
from cvat_local.storage.tables import Guide, Project, Task, User
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_EDITED = {"name", "labels", "bug_tracker"}
_MANAGED = {"assignee_id", "source_storage", "target_storage", "organization_id"}
_OWNED = {"owner_id"}


def create(call: Call, values: Mapping[str, Any]) -> Project:
    """Make a project of checked input (``ProjectWriteRequest``)."""
    organization_id = call.workspace.organization_id
    for field in ("owner_id", "assignee_id"):
        check_person(call, values, field, organization_id)
    check_default_storages(call, values)
    project = Project(
        name=values["name"],
        bug_tracker=values.get("bug_tracker", ""),
        owner_id=values.get("owner_id", call.user.id),
        organization_id=organization_id,
    )
    set_assignee(project, values.get("assignee_id"))
    write_default_storages(project, values)
    call.db.add(project)
    call.db.flush()
    labels.create(call.db, project, values.get("labels", ()))
    return project


def check_rights(user: User, project: Project, fields: set[str]) -> None:
    """Make sure that the user may change these fields.

    Raises:
        ApiError: 403, also for a field that nobody can change.
    """
    fixed = fields - _EDITED - _MANAGED - _OWNED
    if fixed:
        raise forbidden(f"These fields cannot be changed: {', '.join(sorted(fixed))}.")
    allowed = (
        access.may_view(user, project)
        and (not fields & _EDITED or access.may_edit(user, project))
        and (not fields & _MANAGED or access.may_manage(user, project))
        and (not fields & _OWNED or oversees(user, project.organization_id))
    )
    if not allowed:
        raise forbidden()


def update(call: Call, project: Project, values: Mapping[str, Any]) -> None:
    """Change a project by checked input (``PatchedProjectWriteRequest``)."""
    if "organization_id" in values:
        _check_transfer(values)
    for field in ("owner_id", "assignee_id"):
        check_person(call, values, field, project.organization_id)
    check_default_storages(call, values)
    changed = set_fields(project, values, ("name", "bug_tracker", "owner_id"))
    if "assignee_id" in values:
        changed |= set_assignee(project, values["assignee_id"])
    if changed:
        project.updated_date = utc_now()
    write_default_storages(project, values)
    if "organization_id" in values:
        transfer_project(call, project, values["organization_id"])
    if labels.edit(call.db, project, values.get("labels", ())):
        labels.touch(call.db, project)
    call.db.flush()
    # The owner and assignee that were loaded before may be others now.
    call.db.expire(project, ["owner", "assignee"])


def destroy(call: Call, project: Project) -> None:
    """Delete a project with its tasks and their files."""
    tasks = select(Task.id).where(Task.project_id == project.id)
    assets = assets_of(call.db, or_(Guide.project_id == project.id, Guide.task_id.in_(tasks)))
    files = call.app.files
    files.discard_after_commit(call.db, map(files.task_folder, call.db.scalars(tasks)))
    files.discard_after_commit(call.db, map(files.asset, assets))
    call.app.queue.discard_after_commit(call.db)
    call.db.execute(delete(Project).where(Project.id == project.id))


def _check_transfer(values: Mapping[str, Any]) -> None:
    others = sorted(values.keys() - {"organization_id", *DEFAULT_STORAGES})
    if others:
        raise non_field_error(f"{', '.join(others)} cannot go together with organization_id.")
