"""What may be written to a task, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from cvat_local.http.errors import field_errors, forbidden, list_error, non_field_error
from cvat_local.resources.cloudstorages import check_default_storages, write_default_storages
from cvat_local.resources.organizations import transfer_task
from cvat_local.resources.shared.changes import set_assignee, set_fields
from cvat_local.resources.shared.labels import editing as labels
from cvat_local.resources.shared.people import check_person
from cvat_local.resources.shared.workspaces import check_creator
from cvat_local.resources.tasks import access
from cvat_local.resources.tasks.moves import move_to_project
from cvat_local.storage.queries.guides import assets_of
from cvat_local.storage.tables import Guide, Project, Task, User
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_EDITED = {"name", "labels", "bug_tracker", "subset"}
_MANAGED = {
    "owner_id",
    "assignee_id",
    "project_id",
    "organization_id",
    "source_storage",
    "target_storage",
}
_MOST_REPLICAS = 11


def create(call: Call, values: Mapping[str, Any]) -> Task:
    """Make a task without data of checked input (``TaskWriteRequest``)."""
    organization_id = call.workspace.organization_id
    project = _target_project(call, values, organization_id)
    if project is None:
        check_creator(call, "Tasks")
    elif values.get("labels"):
        raise list_error("The labels of a task in a project are those of the project.")
    for field in ("owner_id", "assignee_id"):
        check_person(call, values, field, organization_id)
    check_default_storages(call, values)
    task = Task(
        name=values["name"],
        bug_tracker=values.get("bug_tracker", ""),
        subset=values.get("subset", ""),
        overlap=values.get("overlap"),
        segment_size=values.get("segment_size", 0),
        consensus_replicas=_replicas(values),
        owner_id=call.user.id,
        organization_id=organization_id,
        project=project,
    )
    set_assignee(task, values.get("assignee_id"))
    write_default_storages(task, values)
    call.db.add(task)
    call.db.flush()
    if project is None:
        labels.create(call.db, task, values.get("labels", ()))
    else:
        project.updated_date = task.updated_date
    return task


def check_rights(user: User, task: Task, fields: set[str]) -> None:
    """Make sure that the user may change these fields.

    Raises:
        ApiError: 403, also for a field that nobody can change.
    """
    fixed = fields - _EDITED - _MANAGED
    if fixed:
        raise forbidden(f"These fields cannot be changed: {', '.join(sorted(fixed))}.")
    allowed = (
        access.may_view(user, task)
        and (not fields & _EDITED or access.may_edit(user, task))
        and (not fields & _MANAGED or access.may_manage(user, task))
    )
    if not allowed:
        raise forbidden()


def update(call: Call, task: Task, values: Mapping[str, Any]) -> None:
    """Change a task by checked input (``PatchedTaskWriteRequest``).

    A move to another organization or project is a change of its own: other fields that come with it
    are left alone, but for the storages, which may have to be other ones there.
    """
    if "organization_id" in values:
        if "project_id" in values:
            raise non_field_error("project_id and organization_id cannot go together.")
        check_default_storages(call, values)
        write_default_storages(task, values)
        if transfer_task(call, task, values["organization_id"]):
            return
    elif "project_id" in values:
        project = _target_project(call, values, task.organization_id)
        if project is None:
            raise field_errors({"project_id": "A task cannot be taken out of its project."})
        if project.id != task.project_id:
            move_to_project(call.db, task, project, values.get("labels", ()))
            task.updated_date = project.updated_date = utc_now()
            return
    _update_fields(call, task, values)


def destroy(call: Call, task: Task) -> None:
    """Delete a task with everything in it, its files included."""
    if task.project is not None:
        task.project.updated_date = utc_now()
    files = call.app.files
    assets = map(files.asset, assets_of(call.db, Guide.task_id == task.id))
    files.discard_after_commit(call.db, [files.task_folder(task.id), *assets])
    call.app.queue.discard_after_commit(call.db)
    call.db.execute(delete(Task).where(Task.id == task.id))


def _update_fields(call: Call, task: Task, values: Mapping[str, Any]) -> None:
    for field in ("owner_id", "assignee_id"):
        check_person(call, values, field, task.organization_id)
    check_default_storages(call, values)
    changed = set_fields(task, values, ("name", "bug_tracker", "subset", "owner_id"))
    if "assignee_id" in values:
        changed |= set_assignee(task, values["assignee_id"])
    if changed:
        task.updated_date = utc_now()
    write_default_storages(task, values)
    # Those of a task in a project are the project's: only there they can be changed.
    if task.project_id is None and labels.edit(call.db, task, values.get("labels", ())):
        labels.touch(call.db, task)
    call.db.flush()
    # The owner and assignee that were loaded before may be others now.
    call.db.expire(task, ["owner", "assignee"])


def _target_project(
    call: Call, values: Mapping[str, Any], organization_id: int | None
) -> Project | None:
    project_id = values.get("project_id")
    if project_id is None:
        return None
    project = call.db.get(Project, project_id)
    if project is None:
        raise list_error(f"There is no project {project_id}.")
    if not access.may_add_to(call.user, project):
        raise forbidden("You may not add tasks to this project.")
    if project.organization_id != organization_id:
        raise list_error("A task is in the same organization as its project.")
    return project


def _replicas(values: Mapping[str, Any]) -> int:
    """Replicas of each job, under their name of today or the one of earlier servers."""
    for name in ("initial_replicas", "consensus_replicas"):
        number = int(values.get(name) or 0)
        if number == 1 or number > _MOST_REPLICAS:
            raise field_errors({name: f"Choose 0 or from 2 to {_MOST_REPLICAS} replicas."})
        if number:
            return number
    return 0
