"""From what a function finds to annotations of a task: labels, sublabels and attributes by their names."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from cvat_sdk import models
from cvat_sdk.attributes import attribute_value_validator
from cvat_sdk.auto_annotation.exceptions import BadFunctionError
from cvat_sdk.auto_annotation.interface import DetectionAnnotation

__all__ = ["AnnotationMapper", "SpecNameMapping"]


@attrs.frozen
class _Names:
    """What a function's names are called in the task; None leaves all names as they are."""

    name: str
    attributes: Mapping[str, str] | None = None
    sublabels: Mapping[str, Any] | None = (
        None  # `_Names`, of which attrs cannot resolve the name here
    )

    def attribute(self, name: str) -> str | None:
        return name if self.attributes is None else self.attributes.get(name)

    def sublabel(self, name: str) -> _Names | None:
        found: _Names | None = _Names(name) if self.sublabels is None else self.sublabels.get(name)
        return found


@attrs.frozen
class SpecNameMapping:
    """Other names for labels; what is not among them is left out. None leaves all names as they are."""

    labels: Mapping[str, _Names] | None = None

    @classmethod
    def from_api(cls, mapping: Mapping[str, Any]) -> SpecNameMapping:
        """The mapping as a server gives it: `models.LabelMappingEntryRequest` by label."""
        return cls({name: _names_of(entry) for name, entry in mapping.items()})

    def label(self, name: str) -> _Names | None:
        """What a label is called; None where it is left out."""
        return _Names(name) if self.labels is None else self.labels.get(name)


def _names_of(entry: Any) -> _Names:
    sublabels = entry.get("sublabels")
    return _Names(
        entry.name,
        entry.get("attributes"),
        None
        if sublabels is None
        else {name: _names_of(value) for name, value in sublabels.items()},
    )


@attrs.frozen
class _Attribute:
    id: int
    is_value: Callable[[str], bool]


@attrs.frozen
class _Sublabel:
    id: int
    attributes: Mapping[int, _Attribute | None]


@attrs.frozen
class _Label:
    id: int
    attributes: Mapping[int, _Attribute | None]
    sublabels: Mapping[int, _Sublabel | None]
    elements: int
    type: str


class AnnotationMapper:
    """Checks what a function finds, and makes annotations of the task of it.

    Args:
        logger: Told of what is left out.
        fun_labels: Labels of the function.
        ds_labels: Labels of the task.
        allow_unmatched_labels: Leave out what the task does not have, in place of an error.
        conv_mask_to_poly: Whether polygons are wanted in the place of masks.
        spec_nm: Other names for the labels of the function.

    Raises:
        BadFunctionError: The labels do not fit together.
    """

    def __init__(
        self,
        logger: logging.Logger,
        fun_labels: Sequence[Any],
        ds_labels: Sequence[Any],
        *,
        allow_unmatched_labels: bool,
        conv_mask_to_poly: bool,
        spec_nm: SpecNameMapping = SpecNameMapping(),
    ) -> None:
        self._logger = logger
        self._allow_unmatched = allow_unmatched_labels
        self._conv_mask_to_poly = conv_mask_to_poly
        task_labels = {label.name: label for label in ds_labels}
        self._labels: dict[int, _Label | None] = {}
        for label in fun_labels:
            names = spec_nm.label(label.name)
            text = f"label {label.name!r}"
            found = self._find(text, names.name if names else None, task_labels)
            self._labels[label.id] = found and self._match_label(label, found, text, names)

    # -- labels -----------------------------------------------------------------------------------

    def _find(self, text: str, name: str | None, among: Mapping[str, Any]) -> Any:
        """What has a name in the task; None where it is left out, or may be."""
        if name is None:
            return None
        found = among.get(name)
        if found is None:
            if not self._allow_unmatched:
                raise BadFunctionError(f"{text} is not in dataset")
            self._logger.info(f"{text} is not in dataset; any annotations using it will be ignored")
        return found

    def _match_label(self, label: Any, found: Any, text: str, names: _Names | None) -> _Label:
        names = names or _Names(label.name)
        kind = self._expected_type(label, found, text)
        own = {sublabel.name: sublabel for sublabel in found.get("sublabels") or ()}
        sublabels: dict[int, _Sublabel | None] = {}
        for sublabel in label.get("sublabels") or ():
            sub_text = f"sublabel {sublabel.name!r} of {text}"
            sub_names = names.sublabel(sublabel.name)
            match = self._find(sub_text, sub_names.name if sub_names else None, own)
            sublabels[sublabel.id] = match and _Sublabel(
                match.id, self._match_attributes(sublabel, match, sub_text, sub_names)
            )
        attributes = self._match_attributes(label, found, text, names)
        return _Label(found.id, attributes, sublabels, len(own), kind)

    def _expected_type(self, label: Any, found: Any, text: str) -> str:
        given, task_type = (str(entry.get("type") or "any") for entry in (label, found))
        if given == "any":
            return task_type
        made = "polygon" if given == "mask" and self._conv_mask_to_poly else given
        if task_type not in ("any", made):
            raise BadFunctionError(
                f"{text} has type {given!r} in the function, but {task_type!r} in the dataset"
            )
        return made

    def _match_attributes(
        self, owner: Any, found: Any, text: str, names: _Names | None
    ) -> dict[int, _Attribute | None]:
        own = {attribute.name: attribute for attribute in found.get("attributes") or ()}
        result: dict[int, _Attribute | None] = {}
        for attribute in owner.get("attributes") or ():
            attr_text = f"attribute {attribute.name!r} of {text}"
            name = attribute.name if names is None else names.attribute(attribute.name)
            match = self._find(attr_text, name, own)
            if match is not None:
                _check_attribute(attribute, match, attr_text)
            result[attribute.id] = match and _Attribute(
                match.id, attribute_value_validator(attribute)
            )
        return result

    # -- annotations ------------------------------------------------------------------------------

    def validate_and_remap(
        self, annotations: Sequence[DetectionAnnotation], ds_frame: int
    ) -> tuple[list[models.LabeledImageRequest], list[models.LabeledShapeRequest]]:
        """Annotations of a frame of the task.

        Args:
            annotations: What the function has found; they stay as they are.
            ds_frame: Number of the frame.

        Raises:
            BadFunctionError: One is not as a function may return it.
        """
        tags: list[models.LabeledImageRequest] = []
        shapes: list[models.LabeledShapeRequest] = []
        for annotation in annotations:
            if isinstance(annotation, models.LabeledImageRequest):
                tag = copy.deepcopy(annotation)
                if self._remap(tag, ds_frame, "tag") is not None:
                    tags.append(tag)
            elif isinstance(annotation, models.LabeledShapeRequest):
                shape = copy.deepcopy(annotation)
                label = self._remap(shape, ds_frame, "shape")
                if label is not None:
                    self._remap_shape(shape, ds_frame, label)
                    shapes.append(shape)
            else:
                raise BadFunctionError(
                    f"function output contains an object of unexpected type {type(annotation).__name__}"
                )
        return tags, shapes

    def _remap(self, annotation: Any, ds_frame: int, kind: str) -> _Label | None:
        _check_preset(annotation, kind)
        if annotation.label_id not in self._labels:
            raise BadFunctionError(f"{kind} has unknown label ID {annotation.label_id}")
        label = self._labels[annotation.label_id]
        if label is None:
            return None
        own_type = "tag" if kind == "tag" else str(annotation.type)
        if label.type not in ("any", own_type):
            raise BadFunctionError(
                f"{kind} of type {own_type!r} has a label of type {label.type!r} (expected {label.type!r})"
            )
        self._remap_attributes(annotation, label.attributes, kind)
        annotation.label_id = label.id
        annotation.frame = ds_frame
        annotation.source = "auto"
        return label

    def _remap_shape(self, shape: models.LabeledShapeRequest, ds_frame: int, label: _Label) -> None:
        kind = str(shape.type)
        if kind == "mask" and self._conv_mask_to_poly:
            raise BadFunctionError(
                "function output contains mask shapes, although conv_mask_to_poly is True"
            )
        # One by one: a function may return the same object twice.
        elements = [copy.deepcopy(element) for element in shape.get("elements") or ()]
        if kind != "skeleton":
            if elements:
                raise BadFunctionError(f"non-skeleton shape of type {kind!r} with elements")
            return
        seen: set[int] = set()
        kept = [
            element for element in elements if self._remap_element(element, ds_frame, label, seen)
        ]
        if len(kept) != label.elements:
            raise BadFunctionError(
                f"skeleton with {'fewer' if len(kept) < label.elements else 'more'} elements than expected "
                f"({len(kept)}, expected {label.elements})"
            )
        shape.elements = kept

    def _remap_element(self, element: Any, ds_frame: int, label: _Label, seen: set[int]) -> bool:
        _check_preset(element, "element")
        if str(element.type) != "points":
            raise BadFunctionError(f"element type other than 'points': {str(element.type)!r}")
        if element.label_id not in label.sublabels:
            raise BadFunctionError(f"element has unknown sublabel ID {element.label_id}")
        sublabel = label.sublabels[element.label_id]
        if sublabel is None:
            return False
        if sublabel.id in seen:
            raise BadFunctionError("skeleton with multiple elements with same sublabel")
        seen.add(sublabel.id)
        self._remap_attributes(element, sublabel.attributes, "element")
        element.label_id = sublabel.id
        element.frame = ds_frame
        element.source = "auto"
        return True

    def _remap_attributes(
        self, annotation: Any, known: Mapping[int, _Attribute | None], kind: str
    ) -> None:
        seen: set[int] = set()
        kept = []
        for value in annotation.get("attributes") or ():
            if value.spec_id not in known:
                raise BadFunctionError(f"{kind} has an attribute with unknown ID {value.spec_id}")
            attribute = known[value.spec_id]
            if attribute is None:
                continue
            if attribute.id in seen:
                raise BadFunctionError(
                    f"{kind} has several values of the attribute {value.spec_id}"
                )
            seen.add(attribute.id)
            if not attribute.is_value(value.value):
                raise BadFunctionError(
                    f"{kind} has the unsuitable value {value.value!r} of the attribute {value.spec_id}"
                )
            value.spec_id = attribute.id
            kept.append(value)
        if "attributes" in annotation:
            annotation.attributes = kept


def _check_preset(annotation: Any, kind: str) -> None:
    for field in ("id", "source"):
        if annotation.get(field) is not None:
            raise BadFunctionError(f"{kind} with preset {field}")
    if annotation.frame != 0:
        raise BadFunctionError(
            f"{kind} with unexpected frame number {annotation.frame} (expected 0)"
        )


def _check_attribute(attribute: Any, found: Any, text: str) -> None:
    kind, own = (str(entry.input_type) for entry in (attribute, found))
    if kind != own:
        raise BadFunctionError(
            f"{text} has type {kind!r} in the function, but {own!r} in the dataset"
        )
    given, known = list(attribute.values), list(found.values)
    if kind in ("select", "radio"):
        given, known = sorted(given), sorted(known)
    if kind in ("number", "select", "radio") and given != known:
        raise BadFunctionError(
            f"{text} has values {given} in the function, but {known} in the dataset"
        )
