"""Who may do what with a label: whoever may with its project or task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from cvat_local.http.errors import list_error
from cvat_local.resources import jobs, projects, tasks
from cvat_local.resources.shared import objects
from cvat_local.storage.queries import labels
from cvat_local.storage.tables import Job, Label, Project, Task, User

if TYPE_CHECKING:
    from cvat_local.serving.call import Call


def owner_of(label: Label) -> Project | Task:
    """The project or task that a label belongs to."""
    owner = label.project or label.task
    if owner is None:
        raise LookupError(f"label {label.id} belongs to nothing")
    return owner


def may_view(user: User, label: Label) -> bool:
    """See it."""
    owner = owner_of(label)
    if isinstance(owner, Project):
        return projects.may_view(user, owner)
    return tasks.may_view(user, owner)


def may_edit(user: User, label: Label) -> bool:
    """Change and remove it."""
    owner = owner_of(label)
    if isinstance(owner, Project):
        return projects.may_edit(user, owner)
    return tasks.may_edit(user, owner)


def find(call: Call) -> Label:
    """The label that the path names.

    Raises:
        ApiError: 404 when there is none, 403 when the caller may not see it.
    """
    return objects.find(call, Label, call.path["id"], may_view, options=labels.WHOLE)


def find_to_edit(call: Call) -> Label:
    """The label that the path names, to be changed or removed.

    Raises:
        ApiError: As `find`; also 400 for a part of a skeleton.
    """
    label = objects.find(call, Label, call.path["id"], may_edit, options=labels.WHOLE)
    if label.parent_id is not None:
        raise list_error("Parts of a skeleton are changed together with it, not one by one.")
    return label


def visible(call: Call) -> ColumnElement[bool]:
    """Condition for the labels that a list shows when it is not about one object."""
    own_projects = select(Project.id).where(*projects.visible(call))
    own_tasks = select(Task.id).where(*tasks.visible(call))
    return or_(Label.project_id.in_(own_projects), Label.task_id.in_(own_tasks))


def usable_in_project(call: Call, number: int) -> ColumnElement[bool]:
    """Condition for the labels of a project.

    Raises:
        ApiError: 404 when there is none, 403 when the caller may not see it.
    """
    return labels.belongs_to(objects.find(call, Project, number, projects.may_view))


def usable_in_task(call: Call, number: int) -> ColumnElement[bool]:
    """Condition for the labels that a task uses; raises like `usable_in_project`."""
    return labels.usable_in(objects.find(call, Task, number, tasks.may_view))


def usable_in_job(call: Call, number: int) -> ColumnElement[bool]:
    """Condition for the labels that a job uses; raises like `usable_in_project`."""
    return labels.usable_in(objects.find(call, Job, number, jobs.may_view).task)
