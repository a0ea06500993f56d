"""Who may do what with a webhook. Admins may do everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from cvat_local.auth.organization_roles import is_member, role_in
from cvat_local.auth.roles import is_admin, is_user, is_worker
from cvat_local.http.errors import forbidden, list_error
from cvat_local.http.values import parse_id
from cvat_local.resources.shared import objects
from cvat_local.resources.shared.workspaces import listed
from cvat_local.storage.tables import Project, User, Webhook

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_project_of = select(Project).where(Project.id == Webhook.project_id).correlate(Webhook)
ORGANIZATION_ID = func.coalesce(
    Webhook.organization_id,
    _project_of.with_only_columns(Project.organization_id).scalar_subquery(),
)
"""Organization that a webhook belongs to."""


def organization_of(webhook: Webhook) -> int | None:
    """Id of the organization that a webhook belongs to, itself or by its project."""
    project = webhook.project
    return webhook.organization_id if project is None else project.organization_id


def may_manage(user: User, webhook: Webhook) -> bool:
    """See it, change it and what it sent: who made it, the owner of its project, who leads there."""
    organization_id = organization_of(webhook)
    owners = {webhook.owner_id, None if webhook.project is None else webhook.project.owner_id}
    own = user.id in owners and is_worker(user) and is_member(user, organization_id)
    return is_admin(user) or (own and webhook.type != "server") or _leads(user, organization_id)


def check_creator(call: Call, sent: dict[str, Any]) -> None:
    """Make sure that the caller may make the webhook that a body describes, which is not checked yet.

    Raises:
        ApiError: 403; 400 for a project that does not exist.
    """
    kind, project_id = sent.get("type"), sent.get("project_id")
    if kind == "project" and project_id is not None:
        allowed = _may_watch(call, check_project(call, project_id))
    elif kind == "organization":
        allowed = _leads(call.user, call.workspace.organization_id)
    else:
        allowed = False
    if not allowed and not is_admin(call.user):
        raise forbidden(
            "Webhooks are made by the owner of a project and by those who lead an organization."
        )


def check_project(call: Call, project_id: object) -> Project:
    """The project that a body names.

    Raises:
        ApiError: 400 when there is none.
    """
    text = str(project_id)
    number = parse_id(text)
    project = None if number is None else call.db.get(Project, number)
    if project is None:
        raise list_error(f"There is no project {text[:50]!r}.")
    return project


def check_sent_project(call: Call, sent: dict[str, Any]) -> None:
    """A change names a project, though it cannot move the webhook: only one of the caller's may be named.

    Raises:
        ApiError: 403; 400 for a project that does not exist.
    """
    if sent.get("project_id") is None:
        return
    if not _may_watch(call, check_project(call, sent["project_id"])) and not is_admin(call.user):
        raise forbidden()


def visible(call: Call) -> list[ColumnElement[bool]]:
    """Conditions for the webhooks that a list shows."""
    owner = _project_of.with_only_columns(Project.owner_id).scalar_subquery()
    own = or_(Webhook.owner_id == call.user.id, owner == call.user.id)
    return listed(call, ORGANIZATION_ID, own)


def find(call: Call) -> Webhook:
    """The webhook that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when the caller may not manage it.
    """
    return objects.find(call, Webhook, call.path["id"], may_manage)


def _may_watch(call: Call, project: Project) -> bool:
    """Have webhooks on a project, in the workspace that the request names."""
    user, organization_id = call.user, project.organization_id
    if call.workspace.given and call.workspace.organization_id != organization_id:
        return False
    works = is_user(user) if organization_id is None else is_worker(user)
    own = user.id == project.owner_id and works and is_member(user, organization_id)
    return own or _leads(user, organization_id)


def _leads(user: User, organization_id: int | None) -> bool:
    if organization_id is None:
        return False
    return is_worker(user) and role_in(user, organization_id) in ("maintainer", "owner")
