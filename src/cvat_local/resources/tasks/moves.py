"""Moving a task into a project: its objects get the project's labels of the same names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from cvat_local.http.errors import list_error, non_field_error
from cvat_local.storage.queries.labels import labels_of_project, labels_of_task
from cvat_local.storage.tables import (
    AttributeSpec,
    Job,
    Label,
    Project,
    Request,
    Shape,
    Tag,
    Task,
    Track,
)

_Items = TypeVar("_Items", list[dict[str, Any]], list[dict[str, Any]] | None)


class _Mapping(NamedTuple):
    """Old id -> new id."""

    labels: dict[int, int]
    attributes: dict[int, int]


def move_to_project(
    db: Session, task: Task, project: Project, renames: Iterable[Mapping[str, Any]]
) -> None:
    """Put a task into a project, from outside or from another project.

    Args:
        db: Session of both.
        task: The task.
        project: Where it goes.
        renames: ``{"id", "name"}``: name of the project's label that one of the task's becomes.

    Raises:
        ApiError: 400 when the project has no label for one of the task's, or one with other
            attributes, or media of another dimension.
    """
    first = db.scalar(select(func.min(Task.id)).where(Task.project_id == project.id))
    if first is not None and db.get_one(Task, first).dimension != task.dimension:
        raise list_error("All tasks of a project have media of the same dimension.")
    names = {item["id"]: item["name"] for item in renames if "id" in item and "name" in item}
    mapping = _match(labels_of_task(db, task), labels_of_project(db, project), names)
    _relabel(db, task, mapping)
    db.execute(delete(Label).where(Label.task_id == task.id))
    task.project = project
    db.execute(update(Request).where(Request.task_id == task.id).values(project_id=project.id))
    db.flush()


# --- labels ----------------------------------------------------------------------------------------


def _match(old: Sequence[Label], new: Sequence[Label], names: Mapping[int, str]) -> _Mapping:
    mapping = _Mapping({}, {})
    by_name = {label.name: label for label in new}
    for label in old:
        name = names.get(label.id, label.name)
        target = by_name.get(name)
        if target is None:
            raise non_field_error(f"The project has no label {name!r}.")
        mapping.labels[label.id] = target.id
        mapping.attributes.update(_match_attributes(label, target))
        parts = _match(label.sublabels, target.sublabels, names)
        mapping.labels.update(parts.labels)
        mapping.attributes.update(parts.attributes)
    return mapping


def _match_attributes(old: Label, new: Label) -> dict[int, int]:
    by_name = {spec.name: spec for spec in new.attributes}
    matched = {}
    for spec in old.attributes:
        target = by_name.get(spec.name)
        if target is None or not _same(spec, target):
            raise non_field_error(
                f"The project's label {new.name!r} has no attribute {spec.name!r} of the same kind."
            )
        matched[spec.id] = target.id
    return matched


def _same(one: AttributeSpec, other: AttributeSpec) -> bool:
    return (one.input_type, one.values) == (other.input_type, other.values)


# --- objects ---------------------------------------------------------------------------------------


def _relabel(db: Session, task: Task, mapping: _Mapping) -> None:
    jobs = select(Job.id).where(Job.task_id == task.id)
    for tag in db.scalars(select(Tag).where(Tag.job_id.in_(jobs))):
        _relabel_row(tag, mapping)
    for shape in db.scalars(select(Shape).where(Shape.job_id.in_(jobs))):
        _relabel_row(shape, mapping)
        shape.elements = _objects(shape.elements, mapping)
    for track in db.scalars(select(Track).where(Track.job_id.in_(jobs))):
        _relabel_row(track, mapping)
        track.shapes = _objects(track.shapes, mapping)
        track.elements = _objects(track.elements, mapping)
    db.flush()


def _relabel_row(row: Tag | Shape | Track, mapping: _Mapping) -> None:
    row.label_id = mapping.labels.get(row.label_id, row.label_id)
    row.attributes = _attributes(row.attributes, mapping)


def _objects(items: _Items, mapping: _Mapping) -> _Items:
    return items if items is None else [_object(item, mapping) for item in items]


def _object(item: Mapping[str, Any], mapping: _Mapping) -> dict[str, Any]:
    """An element of a skeleton, or a keyframe of a track, as it is kept in JSON."""
    changed = dict(item)
    if "label_id" in item:
        changed["label_id"] = mapping.labels.get(item["label_id"], item["label_id"])
    if "attributes" in item:
        changed["attributes"] = _attributes(item["attributes"], mapping)
    if "shapes" in item:
        changed["shapes"] = [_object(shape, mapping) for shape in item["shapes"]]
    return changed


def _attributes(values: Iterable[Mapping[str, Any]], mapping: _Mapping) -> list[dict[str, Any]]:
    return [
        {**value, "spec_id": mapping.attributes.get(value["spec_id"], value["spec_id"])}
        for value in values
    ]
