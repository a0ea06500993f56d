"""How labels are written."""

from __future__ import annotations

from typing import Any

from cvat_local.storage.tables import AttributeSpec, Label


def label(item: Label) -> dict[str, Any]:
    """A label or sublabel as an item of its own. Only the id of the parent it has is there."""
    parent = "project_id" if item.project_id is not None else "task_id"
    written = {
        "id": item.id,
        "name": item.name,
        "color": item.color,
        "attributes": [attribute(spec) for spec in item.attributes],
        "type": item.type,
        "sublabels": [sublabel(part) for part in item.sublabels],
        parent: getattr(item, parent),
        "parent_id": item.parent_id,
        "has_parent": item.parent_id is not None,
    }
    if item.type == "skeleton":
        written["svg"] = item.svg
    return written


def sublabel(item: Label) -> dict[str, Any]:
    """A part of a skeleton, inside its label."""
    return {
        "id": item.id,
        "name": item.name,
        "color": item.color,
        "attributes": [attribute(spec) for spec in item.attributes],
        "type": item.type,
        "has_parent": True,
    }


def attribute(spec: AttributeSpec) -> dict[str, Any]:
    """An attribute of a label."""
    return {
        "id": spec.id,
        "name": spec.name,
        "mutable": spec.mutable,
        "input_type": spec.input_type,
        "default_value": spec.default_value,
        "values": spec.values,
    }
