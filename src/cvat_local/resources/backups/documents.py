"""The JSON of a backup: labels, and annotations that name their labels instead of numbering them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cvat_local.background.work import WorkFailed
from cvat_local.resources.annotations import KINDS, Document, Object
from cvat_local.resources.shared.labels.skeletons import ids_to_names
from cvat_local.storage.tables import Label

VERSION = "1.0"

GUIDE = "annotation_guide.md"
"""File with the guide of a task or project."""
ASSETS = "assets/"
"""Folder of what the guide shows: ``assets/<uuid>/<file name>``."""

_OURS = frozenset({"id", "label_id", "attributes", "elements", "shapes", "keyframe"})


# --- written ---------------------------------------------------------------------------------------


def labels(items: Iterable[Label]) -> list[dict[str, Any]]:
    """Top-level labels with their attributes and the parts of skeletons."""
    return [_label(item) for item in items]


def _label(item: Label) -> dict[str, Any]:
    written = {**_part(item), "sublabels": [_part(part) for part in item.sublabels]}
    if item.type == "skeleton":
        written["svg"] = ids_to_names(item.svg, {part.id: part.name for part in item.sublabels})
    return written


def _part(item: Label) -> dict[str, Any]:
    return {
        "name": item.name,
        "color": item.color,
        "attributes": [
            {
                "name": spec.name,
                "mutable": spec.mutable,
                "input_type": spec.input_type,
                "default_value": spec.default_value,
                "values": spec.values,
            }
            for spec in item.attributes
        ],
        "type": item.type,
    }


class Names:
    """Names of labels and attributes by their ids, and the other way round.

    Args:
        items: Top-level labels that a task uses.
    """

    def __init__(self, items: Sequence[Label]) -> None:
        every = [*items, *(part for item in items for part in item.sublabels)]
        self._labels = {label.id: label.name for label in every}
        self._attributes = {spec.id: spec.name for label in every for spec in label.attributes}
        self._by_name = {item.name: item for item in items}

    # --- written ------------------------------------------------------------------------------

    def written(self, document: Document) -> dict[str, Any]:
        """A document as a backup has it."""
        kinds = {kind: [self._named(item) for item in document[kind]] for kind in KINDS}
        return {"version": 0, **kinds, "intervals": []}

    def _named(self, item: Object) -> dict[str, Any]:
        named = {key: value for key, value in item.items() if key not in _OURS}
        named["attributes"] = [
            {"value": entry["value"], "name": self._attributes[entry["spec_id"]]}
            for entry in item["attributes"]
            if entry["spec_id"] in self._attributes
        ]
        for key in ("shapes", "elements"):
            if key in item:
                named[key] = [self._named(part) for part in item[key]]
        if "label_id" in item:
            named["label"] = self._labels[item["label_id"]]
        return named

    # --- read ---------------------------------------------------------------------------------

    def read(self, document: Any) -> Document:
        """A document of a backup, with ids; not checked otherwise.

        Raises:
            WorkFailed: It names what the task has not, or is no document.
        """
        if not isinstance(document, dict):
            raise WorkFailed("annotations.json does not hold a document for each job.")
        return {
            kind: [self._numbered(item, self._by_name) for item in _objects(document.get(kind))]
            for kind in KINDS
        }

    def _numbered(self, item: Mapping[str, Any], known: Mapping[str, Label]) -> Object:
        name = item.get("label")
        label = known.get(name) if isinstance(name, str) else None
        if label is None:
            raise WorkFailed(f"The annotations name a label that there is not: {name!r}.")
        specs = {spec.name: spec.id for spec in label.attributes}
        numbered = _attributes(item, specs, label.name) | {"label_id": label.id}
        if "shapes" in item:
            numbered["shapes"] = [
                _attributes(shape, specs, label.name) for shape in _objects(item["shapes"])
            ]
        parts = {part.name: part for part in label.sublabels}
        if "elements" in item:
            numbered["elements"] = [
                self._numbered(part, parts) for part in _objects(item["elements"])
            ]
        return numbered


def _attributes(item: Mapping[str, Any], specs: Mapping[str, int], label: str) -> Object:
    numbered = {key: value for key, value in item.items() if key != "label"}
    values = []
    for entry in _objects(item.get("attributes")):
        spec_id = specs.get(entry.get("name", ""))
        if spec_id is None:
            raise WorkFailed(f"The label {label!r} has no attribute {entry.get('name')!r}.")
        values.append({"spec_id": spec_id, "value": entry.get("value")})
    numbered["attributes"] = values
    return numbered


def _objects(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise WorkFailed("annotations.json holds something else than lists of objects.")
    return value
