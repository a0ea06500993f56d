"""Finding labels."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from cvat_local.storage.tables import Label, Project, Task

WHOLE = (
    selectinload(Label.attributes),
    selectinload(Label.sublabels).selectinload(Label.attributes),
)
"""Loader options for labels with their attributes and sublabels."""


def belongs_to(parent: Project | Task) -> ColumnElement[bool]:
    """Condition: a label of this project or task itself, top-level or not."""
    if isinstance(parent, Project):
        return Label.project_id == parent.id
    return Label.task_id == parent.id


def usable_in(task: Task) -> ColumnElement[bool]:
    """Condition: a label that objects of the task may have; in a project these are the project's."""
    if task.project_id is not None:
        return Label.project_id == task.project_id
    return Label.task_id == task.id


def labels_of_task(db: Session, task: Task) -> list[Label]:
    """Top-level labels that a task uses, with sublabels and attributes, by id."""
    return _whole(db, usable_in(task))


def labels_of_project(db: Session, project: Project) -> list[Label]:
    """Top-level labels of a project, with sublabels and attributes, by id."""
    return _whole(db, belongs_to(project))


def top_level() -> Select[Any]:
    """Select of labels that are no sublabels, whole."""
    return select(Label).where(Label.parent_id.is_(None)).options(*WHOLE)


def _whole(db: Session, condition: ColumnElement[bool]) -> list[Label]:
    statement = top_level().where(condition).order_by(Label.id)
    # Labels of this session may have been changed since their attributes were loaded.
    return list(db.scalars(statement, execution_options={"populate_existing": True}))
