"""Moving projects and tasks between organizations and personal workspaces.

Who moves something becomes its owner; nobody stays assigned, as other people may not be members there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select, update

from cvat_local.auth.organization_roles import supervises
from cvat_local.background import states
from cvat_local.http.errors import forbidden, list_error
from cvat_local.resources.shared.changes import set_assignee
from cvat_local.storage.tables import (
    CloudStorage,
    Data,
    Job,
    Organization,
    Project,
    Request,
    Storage,
    Task,
)
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def transfer_project(call: Call, project: Project, organization_id: int | None) -> None:
    """Move a project with its tasks. Nothing happens when it is there already.

    Args:
        call: The request; whether its user may take the project away is checked before.
        project: The project.
        organization_id: Where it goes, None for the caller's personal workspace.

    Raises:
        ApiError: 400 for an unknown organization, while background work is under way, or for cloud
            storages that belong elsewhere; 403 when the caller may not create projects there.
    """
    if project.organization_id == organization_id:
        return
    tasks = select(Task.id).where(Task.project_id == project.id)
    requests = or_(Request.project_id == project.id, Request.task_id.in_(tasks))
    _check_target(call, organization_id)
    _check_quiet(call, requests)
    _check_storages(
        call,
        organization_id,
        storage=or_(Storage.project_id == project.id, Storage.task_id.in_(tasks)),
        data=Data.task_id.in_(tasks),
    )
    _take_over(call, project, organization_id)
    call.db.execute(
        update(Task)
        .where(Task.project_id == project.id)
        .values(
            organization_id=organization_id,
            owner_id=call.user.id,
            updated_date=project.updated_date,
        )
    )
    _unassign(call, Task, Task.project_id == project.id)
    _unassign(call, Job, Job.task_id.in_(tasks))
    call.db.execute(update(Request).where(requests).values(organization_id=organization_id))


def transfer_task(call: Call, task: Task, organization_id: int | None) -> bool:
    """Move a task that is in no project; False when it is there already.

    Raises:
        ApiError: As `transfer_project`; also 400 for a task in a project, which moves with that only.
    """
    if task.organization_id == organization_id:
        return False
    if task.project_id is not None:
        raise list_error("A task moves together with its project, not alone.")
    _check_target(call, organization_id)
    requests = Request.task_id == task.id
    _check_quiet(call, requests)
    _check_storages(
        call, organization_id, storage=Storage.task_id == task.id, data=Data.task_id == task.id
    )
    _take_over(call, task, organization_id)
    _unassign(call, Job, Job.task_id == task.id)
    call.db.execute(update(Request).where(requests).values(organization_id=organization_id))
    return True


def _check_target(call: Call, organization_id: int | None) -> None:
    if organization_id is not None and call.db.get(Organization, organization_id) is None:
        raise list_error(f"There is no organization {organization_id}.")
    if not supervises(call.user, organization_id):
        raise forbidden("You may not create anything in this organization.")


def _check_quiet(call: Call, of_target: ColumnElement[bool]) -> None:
    running = select(Request.id).where(of_target, Request.status.in_(states.UNDER_WAY)).limit(1)
    request_id = call.db.scalar(running)
    if request_id is not None:
        raise list_error(f"The background request {request_id!r} has to finish first.")


def _check_storages(
    call: Call,
    organization_id: int | None,
    *,
    storage: ColumnElement[bool],
    data: ColumnElement[bool],
) -> None:
    """Cloud storages do not move along: members there could not see them."""
    used = or_(
        CloudStorage.id.in_(select(Storage.cloud_storage_id).where(storage)),
        CloudStorage.id.in_(select(Data.cloud_storage_id).where(data)),
    )
    elsewhere = CloudStorage.organization_id.is_distinct_from(organization_id)
    name = call.db.scalar(select(CloudStorage.display_name).where(used, elsewhere).limit(1))
    if name is not None:
        raise list_error(
            f"The cloud storage {name!r} is in use and not in that workspace; replace it first."
        )


def _take_over(call: Call, item: Project | Task, organization_id: int | None) -> None:
    item.organization_id = organization_id
    item.owner_id = call.user.id
    set_assignee(item, None)
    item.updated_date = utc_now()
    call.db.flush()
    call.db.expire(item, ["owner", "assignee"])


def _unassign(call: Call, kind: type[Task | Job], which: ColumnElement[bool]) -> None:
    assigned = update(kind).where(which, kind.assignee_id.is_not(None))
    call.db.execute(assigned.values(assignee_id=None, assignee_updated_date=utc_now()))
