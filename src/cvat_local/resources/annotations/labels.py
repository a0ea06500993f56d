"""What the labels of a task allow: which objects may have which label and attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from cvat_local.resources.annotations.document import InvalidDocument
from cvat_local.resources.annotations.objects import (
    Attribute,
    Element,
    Keyframe,
    Mark,
    Objects,
    Tag,
    TrackElement,
)
from cvat_local.storage.tables import AttributeSpec, Label

_Filter = Callable[[AttributeSpec], bool]
_Labeled = TypeVar("_Labeled", Element, TrackElement)


class LabelRules:
    """Checks and completes documents by the labels of a task.

    Args:
        labels: The top-level labels, with their sublabels and attributes loaded.
    """

    def __init__(self, labels: Iterable[Label]) -> None:
        self._labels: dict[int, Label] = {}
        self._sublabels: dict[int, dict[int, Label]] = {}
        self._defaults: dict[tuple[int, str], dict[int, Attribute]] = {}
        for label in labels:
            self._labels[label.id] = label
            self._sublabels[label.id] = {sublabel.id: sublabel for sublabel in label.sublabels}
            for item in (label, *label.sublabels):
                for use, wanted in _USES.items():
                    # The values are shared by all objects that get them.
                    self._defaults[item.id, use] = {
                        spec.id: Attribute(spec.id, spec.default_value)
                        for spec in item.attributes
                        if wanted(spec)
                    }

    def check(self, document: Objects) -> None:
        """Make sure that labels and attributes are the task's own.

        Of a track, the attributes that cannot change are on the track, the others on its keyframes.
        Values are not checked: clients store what they like.

        Raises:
            InvalidDocument: With a text about the first object that does not fit.
        """
        for tag in document.tags:
            self._check_object(tag, self._labels, "any")
        for shape in document.shapes:
            self._check_object(shape, self._labels, "any")
            for element in shape.elements:
                self._check_object(element, self._sublabels[shape.label_id], "any")
        for track in document.tracks:
            self._check_track(track, self._labels)
            for part in track.elements:
                self._check_track(part, self._sublabels[track.label_id])

    def complete(self, document: Objects) -> None:
        """Give each object the attributes that it lacks, with their default values, in place.

        A keyframe of a track has the values of the keyframe before it.
        """
        for tag in document.tags:
            self._fill(tag, tag.label_id, "any")
        for shape in document.shapes:
            self._fill(shape, shape.label_id, "any")
            shape.elements = self._known(shape.elements)
            for element in shape.elements:
                self._fill(element, element.label_id, "any")
        for track in document.tracks:
            track.elements = self._known(track.elements)
            for part in (track, *track.elements):
                self._fill(part, part.label_id, "fixed")
                self._fill_keyframes(part)

    def _check_object(self, item: Tag | Element, labels: dict[int, Label], use: str) -> None:
        label_id = item.label_id
        if label_id not in labels:
            raise InvalidDocument([f"label_id {label_id} is no label that this object may have."])
        self._check_attributes(item.attributes, label_id, use)

    def _check_track(self, track: TrackElement, labels: dict[int, Label]) -> None:
        self._check_object(track, labels, "fixed")
        for shape in track.shapes:
            self._check_attributes(shape.attributes, track.label_id, "changing")

    def _check_attributes(self, attributes: Sequence[Attribute], label_id: int, use: str) -> None:
        allowed = self._defaults[label_id, use]
        for attribute in attributes:
            if attribute.spec_id not in allowed:
                raise InvalidDocument(
                    [
                        f"spec_id {attribute.spec_id} is no attribute of label {label_id}"
                        f"{_PLACES[use]}."
                    ]
                )

    def _known(self, elements: list[_Labeled]) -> list[_Labeled]:
        """Elements whose sublabel still exists: they are not rows that could go along with it."""
        return [item for item in elements if (item.label_id, "any") in self._defaults]

    def _fill(self, item: Mark, label_id: int, use: str) -> None:
        defaults = self._defaults.get((label_id, use))
        if defaults:
            given = {attribute.spec_id for attribute in item.attributes}
            item.attributes += [
                default for spec_id, default in defaults.items() if spec_id not in given
            ]

    def _fill_keyframes(self, track: TrackElement) -> None:
        first, *others = track.shapes
        self._fill(first, track.label_id, "changing")
        previous = first
        for shape in others:
            shape.attributes = _carried(previous, shape)
            previous = shape


def _carried(previous: Keyframe, shape: Keyframe) -> list[Attribute]:
    """Values in force at a keyframe: its own, and those before it that it does not set."""
    given = {attribute.spec_id for attribute in shape.attributes}
    kept = [value for value in previous.attributes if value.spec_id not in given]
    return [*shape.attributes, *kept]


_USES: dict[str, _Filter] = {
    "any": lambda spec: True,
    "fixed": lambda spec: not spec.mutable,
    "changing": lambda spec: spec.mutable,
}

_PLACES = {
    "any": "",
    "fixed": " that belongs on a track as a whole",
    "changing": " that belongs on the shapes of a track",
}
