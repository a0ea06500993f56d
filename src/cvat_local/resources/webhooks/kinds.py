"""What webhooks tell of: how it is written, where it belongs, and what is deleted along with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Row, select
from sqlalchemy.orm import QueryableAttribute, Session

from cvat_local.resources import (
    comments,
    invitations,
    issues,
    jobs,
    memberships,
    organizations,
    projects,
    requests,
    tasks,
    users,
)
from cvat_local.serving.reader import Reader
from cvat_local.storage.base import Base
from cvat_local.storage.tables import (
    AttributeSpec,
    Comment,
    Invitation,
    Issue,
    Job,
    Label,
    Membership,
    Organization,
    Project,
    Request,
    Storage,
    Task,
    User,
    Webhook,
    WebhookSending,
)


class Place(NamedTuple):
    """The project and the organization that something happened in."""

    project_id: int | None = None
    organization_id: int | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of objects that webhooks tell of."""

    name: str
    """Under which an object is in the body."""
    write: Callable[[Reader, Any], dict[str, Any]]
    """Writes it as the API does."""
    place: Callable[[Any], Place]
    parts: tuple[QueryableAttribute[Any], ...] = ()
    """Columns of other tables that point to it and whose rows are deleted along."""
    untold: frozenset[str] = frozenset()
    """Columns whose change is no news, or nobody's business."""


def _of_task(task: Task) -> Place:
    return Place(task.project_id, task.organization_id)


KINDS: dict[type[Base], Kind] = {
    Project: Kind(
        "project",
        projects.project,
        lambda item: Place(item.id, item.organization_id),
        parts=(Task.project_id,),
    ),
    Task: Kind("task", tasks.task, _of_task, parts=(Job.task_id,)),
    Job: Kind(
        "job",
        jobs.job,
        lambda item: _of_task(item.task),
        parts=(Issue.job_id, Job.parent_job_id),
    ),
    Issue: Kind(
        "issue",
        issues.issue,
        lambda item: _of_task(item.job.task),
        parts=(Comment.issue_id,),
    ),
    Comment: Kind("comment", comments.comment, lambda item: _of_task(item.issue.job.task)),
    Organization: Kind(
        "organization",
        organizations.organization,
        lambda item: Place(None, item.id),
        parts=(Membership.organization_id,),
    ),
    Membership: Kind(
        "membership",
        memberships.membership,
        lambda item: Place(None, item.organization_id),
        parts=(Invitation.membership_id,),
    ),
    Invitation: Kind(
        "invitation",
        invitations.invitation,
        lambda item: Place(None, item.membership.organization_id),
    ),
    User: Kind(
        "user",
        users.full_user,
        lambda item: Place(),
        parts=(Membership.user_id,),
        untold=frozenset({"password_hash", "last_login"}),
    ),
}

REQUEST = Kind(
    "request", requests.request, lambda item: Place(item.project_id, item.organization_id)
)
"""Background requests, of which only the end is told."""

Detail: TypeAlias = Label | AttributeSpec | Storage
DETAILS = (Label, AttributeSpec, Storage)
"""Rows that are no objects of their own to a webhook, but details of a project or task."""


def whole_of(db: Session, detail: Detail) -> Project | Task | None:
    """The project or task that a detail belongs to; None when it is gone."""
    if isinstance(detail, AttributeSpec):
        label = db.get(Label, detail.label_id)
        return None if label is None else whole_of(db, label)
    if detail.project_id is not None:
        return db.get(Project, detail.project_id)
    return db.get(Task, detail.task_id)


def with_parts(db: Session, items: list[Any]) -> Iterator[Any]:
    """Objects and all that is deleted along with them, the parts before the whole."""
    for item in items:
        for column in KINDS[type(item)].parts:
            found = db.scalars(select(column.class_).where(column == item.id))
            yield from with_parts(db, list(found))
        yield item


def is_about(request: Request) -> str:
    """What the event of a finished request is called."""
    return f"completed:request[{request.action}:{request.subresource or request.target}]"


def sending(
    webhook: Webhook | Row[Any], event: str, body: dict[str, Any], *, changed_fields: str = ""
) -> WebhookSending:
    """What a webhook has to send, not stored yet."""
    return WebhookSending(
        webhook_id=webhook.id,
        target_url=webhook.target_url,
        secret=webhook.secret,
        enable_ssl=webhook.enable_ssl,
        event=event,
        body=body,
        changed_fields=changed_fields,
        redelivery=False,
        attempt=1,
    )
