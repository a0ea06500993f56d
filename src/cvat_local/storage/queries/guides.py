"""Finding guides and their assets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cvat_local.storage.tables import Asset, Guide, Project, Task


def guide_of(db: Session, target: Project | Task) -> Guide | None:
    """The guide of a project or task, if it has one of its own."""
    column = Guide.project_id if isinstance(target, Project) else Guide.task_id
    return db.scalars(select(Guide).where(column == target.id)).one_or_none()


def guides_of_projects(db: Session, ids: Iterable[int | None]) -> dict[int | None, int]:
    """Ids of guides by ids of projects, for those that have one."""
    statement = select(Guide.project_id, Guide.id).where(Guide.project_id.in_(list(ids)))
    return {project_id: guide_id for project_id, guide_id in db.execute(statement)}


def guides_of_tasks(db: Session, ids: Iterable[int | None]) -> dict[int | None, int]:
    """Ids of guides by ids of tasks, for those that have one of their own."""
    statement = select(Guide.task_id, Guide.id).where(Guide.task_id.in_(list(ids)))
    return {task_id: guide_id for task_id, guide_id in db.execute(statement)}


def assets_of(db: Session, guides: ColumnElement[bool]) -> Sequence[str]:
    """Ids of the assets of those guides for which the condition holds."""
    return db.scalars(select(Asset.uuid).join(Asset.guide).where(guides)).all()
