"""Values of attributes in annotations, which are kept inside the objects' rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.storage.tables import AttributeSpec, Shape, Tag, Track


def forget(db: Session, spec: AttributeSpec) -> None:
    """Remove the values of an attribute that goes away from all objects with its label.

    Parts of skeletons need no look: the attributes of sublabels are never changed.
    """
    for tag in db.scalars(select(Tag).where(Tag.label_id == spec.label_id)):
        tag.attributes = _without(spec.id, tag.attributes)
    for shape in db.scalars(select(Shape).where(Shape.label_id == spec.label_id)):
        shape.attributes = _without(spec.id, shape.attributes)
    for track in db.scalars(select(Track).where(Track.label_id == spec.label_id)):
        track.attributes = _without(spec.id, track.attributes)
        track.shapes = [
            {**keyframe, "attributes": _without(spec.id, keyframe.get("attributes", []))}
            for keyframe in track.shapes
        ]
    db.flush()


def _without(spec_id: int, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [value for value in values if value["spec_id"] != spec_id]
