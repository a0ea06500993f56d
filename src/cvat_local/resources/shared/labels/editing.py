"""Creating, changing and removing the labels of a project or task.

The input is what a checked request model gives: a list of dicts as in the ``labels`` of a project.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cvat_local.http.errors import field_errors, list_error, non_field_error, not_found
from cvat_local.resources.shared.labels import values
from cvat_local.resources.shared.labels.colors import automatic_color
from cvat_local.resources.shared.labels.skeletons import names_to_ids
from cvat_local.storage.queries.labels import belongs_to
from cvat_local.storage.tables import AttributeSpec, Job, Label, Project, Task
from cvat_local.storage.types import utc_now

Item = Mapping[str, Any]

_COLOR_LENGTH = 8
_VALUES_LENGTH = 4096
_NEEDED_BY_ATTRIBUTES = ("name", "mutable", "input_type", "values")


def create(db: Session, parent: Project | Task, items: Sequence[Item]) -> None:
    """Give a new project or task its labels.

    Raises:
        ApiError: 400, as fields when a label is not complete, as a list when names repeat.
    """
    errors = [{} if "name" in item else {"name": ["This field is required."]} for item in items]
    if any(errors):
        raise field_errors({"labels": errors})
    edit(db, parent, items)


def edit(db: Session, parent: Project | Task, items: Sequence[Item]) -> bool:
    """Add, change (``id``) and remove (``id`` and ``deleted``) labels; the others stay.

    Returns:
        Whether there was anything to do.

    Raises:
        ApiError: 404 for an id that is none of the parent's labels, 400 for anything else.
    """
    _check_colors(items)
    errors = [_item_error(item) for item in items]
    if any(errors):
        raise field_errors({"labels": errors})
    siblings: _Siblings | None = None
    for item in items:
        if "id" not in item:
            siblings = siblings or _Siblings.of(db, _new_label(parent, item))
            _add(db, parent, item, siblings)
            continue
        siblings = None
        if item.get("deleted"):
            remove(db, _own_label(db, parent, item["id"]))
        else:
            change(db, _own_label(db, parent, item["id"]), item)
    return bool(items)


def change(db: Session, label: Label, item: Item) -> None:
    """Change one label. What ``item`` does not name stays; a skeleton keeps its parts for good.

    Raises:
        ApiError: 400 or 404, as `edit`.
    """
    _check_color(item)
    name = item.get("name", label.name)
    siblings = _Siblings.of(db, label)
    siblings.check_name(name)
    label.name = name
    if item.get("color"):
        label.color = item["color"]
    elif "color" in item:
        label.color = automatic_color(name, siblings.colors)
    if "skeleton" not in (label.type, item.get("type", "skeleton")):
        label.type = item["type"]
    for entry in item.get("attributes", ()):
        _edit_attribute(db, label, entry)
    db.flush()


def remove(db: Session, label: Label) -> None:
    """Remove a label and all objects that have it."""
    db.flush()
    db.execute(delete(Label).where(Label.id == label.id))
    db.expunge(label)


def touch(db: Session, parent: Project | Task) -> None:
    """Note that the labels changed: on the project or task, and on all tasks and jobs that use them."""
    now = utc_now()
    parent.updated_date = now
    tasks = select(Task.id).where(
        Task.project_id == parent.id if isinstance(parent, Project) else Task.id == parent.id
    )
    db.execute(update(Task).where(Task.id.in_(tasks)).values(updated_date=now))
    db.execute(update(Job).where(Job.task_id.in_(tasks)).values(updated_date=now))


# --- one label -------------------------------------------------------------------------------------


@dataclasses.dataclass
class _Siblings:
    """The names and colours of the labels beside one; read once for all labels that are added."""

    names: set[str] = dataclasses.field(default_factory=set)
    colors: list[str] = dataclasses.field(default_factory=list)

    @classmethod
    def of(cls, db: Session, label: Label) -> _Siblings:
        """Those that there are beside a label, which may be a new one."""
        statement = select(Label.name, Label.color).where(
            Label.project_id.is_not_distinct_from(label.project_id),
            Label.task_id.is_not_distinct_from(label.task_id),
            Label.parent_id.is_not_distinct_from(label.parent_id),
            Label.id.is_distinct_from(label.id),
        )
        found = db.execute(statement).all()
        return cls({name for name, _ in found}, [color for _, color in found])

    def check_name(self, name: str) -> None:
        if not name:
            raise list_error("A new label needs a name.")
        if name in self.names:
            raise list_error(f"There is already a label {name!r}; names of labels must differ.")


def _new_label(parent: Project | Task, item: Item, skeleton: Label | None = None) -> Label:
    return Label(
        project_id=parent.id if isinstance(parent, Project) else None,
        task_id=parent.id if isinstance(parent, Task) else None,
        parent_id=None if skeleton is None else skeleton.id,
        name=item.get("name", ""),
        type=item.get("type", "any"),
        svg="",
    )


def _add(
    db: Session,
    parent: Project | Task,
    item: Item,
    siblings: _Siblings,
    skeleton: Label | None = None,
) -> Label:
    label = _new_label(parent, item, skeleton)
    siblings.check_name(label.name)
    label.color = item.get("color") or automatic_color(label.name, siblings.colors)
    siblings.names.add(label.name)
    siblings.colors.append(label.color)
    db.add(label)
    db.flush()
    specs: list[AttributeSpec] = []
    for entry in item.get("attributes", ()):
        specs.append(_add_attribute(db, label, entry, specs))
    parts = _Siblings()
    ids = {
        part["name"]: _add(db, parent, part, parts, skeleton=label).id
        for part in item.get("sublabels", ())
    }
    if label.type == "skeleton":
        label.svg = names_to_ids(item.get("svg", ""), ids)
    db.flush()
    return label


def _own_label(db: Session, parent: Project | Task, label_id: int) -> Label:
    statement = select(Label).where(
        Label.id == label_id, belongs_to(parent), Label.parent_id.is_(None)
    )
    label = db.scalars(statement).one_or_none()
    if label is None:
        raise not_found(f"There is no label {label_id} here.")
    return label


def _item_error(item: Item) -> dict[str, Any]:
    if item.get("deleted") and "id" not in item:
        return non_field_error("Only a label with an id can be deleted.").errors
    return {}


def _check_colors(items: Sequence[Item]) -> None:
    errors = [_color_errors(item) for item in items]
    if any(errors):
        raise field_errors({"labels": errors})


def _check_color(item: Item) -> None:
    errors = _color_errors(item)
    if errors:
        raise field_errors(errors)


def _color_errors(item: Item) -> dict[str, Any]:
    text = f"No more than {_COLOR_LENGTH} characters are allowed."
    own = {"color": [text]} if len(item.get("color", "")) > _COLOR_LENGTH else {}
    parts = [
        {"color": [text]} if len(part.get("color", "")) > _COLOR_LENGTH else {}
        for part in item.get("sublabels", ())
    ]
    return own | ({"sublabels": parts} if any(parts) else {})


# --- attributes ------------------------------------------------------------------------------------


def _edit_attribute(db: Session, label: Label, entry: Item) -> None:
    """Change the attribute with the entry's id or name, remove it (``deleted``), or add one."""
    specs = db.scalars(select(AttributeSpec).where(AttributeSpec.label_id == label.id)).all()
    if "id" in entry:
        spec = next((spec for spec in specs if spec.id == entry["id"]), None)
        if spec is None:
            raise not_found(f"The label {label.name!r} has no attribute {entry['id']}.")
    else:
        spec = next((spec for spec in specs if spec.name == entry.get("name")), None)
    if spec is None:
        _add_attribute(db, label, entry, specs)
    elif entry.get("deleted"):
        values.forget(db, spec)
        db.delete(spec)
    else:
        others = [other for other in specs if other is not spec]
        _set_attribute(spec, entry, others)
    db.flush()
    db.expire(label, ["attributes"])


def _add_attribute(
    db: Session, label: Label, entry: Item, siblings: Sequence[AttributeSpec]
) -> AttributeSpec:
    missing = [field for field in _NEEDED_BY_ATTRIBUTES if field not in entry]
    if missing:
        raise list_error(f"A new attribute of {label.name!r} needs {', '.join(missing)}.")
    spec = AttributeSpec(label_id=label.id)
    _set_attribute(spec, entry, siblings)
    db.add(spec)
    return spec


def _set_attribute(spec: AttributeSpec, entry: Item, others: Sequence[AttributeSpec]) -> None:
    for field in ("name", "mutable", "input_type", "default_value"):
        if field in entry:
            setattr(spec, field, entry[field])
    if "values" in entry:
        # Clients know them as the lines of one text, of which the empty one has one empty line.
        text = "\n".join(entry["values"])
        if len(text) > _VALUES_LENGTH:
            raise list_error(f"The values of {spec.name!r} exceed {_VALUES_LENGTH} characters.")
        spec.values = text.split("\n")
    if any(other.name == spec.name for other in others):
        raise list_error(f"There is already an attribute {spec.name!r}; their names must differ.")
