"""What a function for auto-annotation is: a specification, and a method that looks at images.

Any object will do that has these members: a module, an instance, a namespace.
"""

from __future__ import annotations

import abc
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

import attrs
from PIL.Image import Image

from cvat_sdk import models
from cvat_sdk.attributes import attribute_value_validator
from cvat_sdk.auto_annotation.exceptions import BadFunctionError

__all__ = [
    "AutoAnnotationFunction",
    "DetectionAnnotation",
    "DetectionFunction",
    "DetectionFunctionContext",
    "DetectionFunctionSpec",
    "InteractionFunction",
    "InteractionFunctionContext",
    "InteractionFunctionSpec",
    "InteractionPrompts",
    "InteractionResultAttributes",
    "InteractionResultShape",
    "TrackableShape",
    "TrackingFunction",
    "TrackingFunctionContext",
    "TrackingFunctionShapeContext",
    "TrackingFunctionSpec",
    "attribute_spec",
    "checkbox_attribute_spec",
    "keypoint",
    "keypoint_spec",
    "label_spec",
    "mask",
    "number_attribute_spec",
    "polygon",
    "radio_attribute_spec",
    "rectangle",
    "select_attribute_spec",
    "shape",
    "skeleton",
    "skeleton_label_spec",
    "tag",
    "text_attribute_spec",
]

StateT = TypeVar("StateT")
GivenT_contra = TypeVar("GivenT_contra", contravariant=True)


class AutoAnnotationFunction(Protocol):
    """A function of any kind."""

    @property
    def spec(self) -> object:
        """What it can do."""
        ...


# -- detection --------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class DetectionFunctionSpec:
    """What a detection function finds.

    Attributes:
        labels: The labels, made by `label_spec` and `skeleton_label_spec`; their ids are the function's own.

    Raises:
        BadFunctionError: A label, a sublabel or an attribute has no id, or that of another one; or they contradict
            themselves.
    """

    labels: Sequence[models.PatchedLabelRequest] = attrs.field()

    @labels.validator
    def _validate_labels(self, attribute: Any, value: Sequence[models.PatchedLabelRequest]) -> None:
        seen: set[int] = set()
        for label in value:
            name = f"label {label.get('name')!r}"
            _require_id(label, name, seen, "label")
            _validate_attributes(label.get("attributes") or (), name)
            _validate_sublabels(label, name)


def _require_id(spec: Any, name: str, seen: set[int], kind: str) -> None:
    identity = spec.get("id")
    if identity is None:
        raise BadFunctionError(f"{name} has no ID")
    if identity in seen:
        raise BadFunctionError(f"{name} has the same ID as another {kind} ({identity})")
    seen.add(identity)


def _validate_attributes(attributes: Sequence[Any], owner: str) -> None:
    seen: set[int] = set()
    for spec in attributes:
        name = f"attribute {spec.get('name')!r} of {owner}"
        _require_id(spec, name, seen, "attribute")
        try:
            attribute_value_validator(spec)
        except ValueError as error:
            raise BadFunctionError(f"{name} has bad values: {error}") from error


def _validate_sublabels(label: Any, name: str) -> None:
    sublabels = label.get("sublabels") or ()
    kind = str(label.get("type") or "any")
    if sublabels and kind != "skeleton":
        raise BadFunctionError(f"{name} with sublabels has type {kind!r} (should be 'skeleton')")
    seen: set[int] = set()
    for sublabel in sublabels:
        own = f"sublabel {sublabel.get('name')!r} of {name}"
        _require_id(sublabel, own, seen, "sublabel")
        sub_kind = str(sublabel.get("type") or "any")
        if sub_kind != "points":
            raise BadFunctionError(f"{own} has type {sub_kind!r} (should be 'points')")
        _validate_attributes(sublabel.get("attributes") or (), own)


class DetectionFunctionContext(abc.ABC):
    """What a detection function is told beside the image."""

    @property
    @abc.abstractmethod
    def frame_name(self) -> str:
        """Name of the frame."""

    @property
    @abc.abstractmethod
    def conf_threshold(self) -> float | None:
        """Confidence from 0 to 1 below which nothing is to be found; None leaves it to the function."""

    @property
    @abc.abstractmethod
    def conv_mask_to_poly(self) -> bool:
        """Whether polygons are wanted in the place of masks."""


DetectionAnnotation: TypeAlias = models.LabeledImageRequest | models.LabeledShapeRequest
"""What a detection function finds: a tag or a shape."""


class DetectionFunction(AutoAnnotationFunction, Protocol):
    """Finds objects in an image."""

    @property
    def spec(self) -> DetectionFunctionSpec:
        """What it finds."""
        ...

    def detect(
        self, context: DetectionFunctionContext, image: Image
    ) -> Sequence[DetectionAnnotation]:
        """What is in an image; frames are 0, and ids are those of the specification."""
        ...


# -- tracking ---------------------------------------------------------------------------------------


def _shape_types(values: Any) -> frozenset[str]:
    return frozenset(models.ShapeType(str(value)).value for value in values)


@attrs.frozen(kw_only=True)
class TrackingFunctionSpec:
    """What a tracking function follows.

    Attributes:
        supported_shape_types: Types of shapes.
    """

    supported_shape_types: frozenset[str] = attrs.field(converter=_shape_types)


class TrackingFunctionContext(abc.ABC):  # noqa: B024 - nothing is told yet
    """What a tracking function is told."""


class TrackingFunctionShapeContext(TrackingFunctionContext):
    """What a tracking function is told of a shape."""

    @property
    @abc.abstractmethod
    def original_shape_type(self) -> str:
        """Type of the shape that is followed."""


@attrs.frozen(kw_only=True)
class TrackableShape:
    """A shape on one frame."""

    type: str
    points: list[float] = attrs.field(converter=list)


class TrackingFunction(AutoAnnotationFunction, Protocol[GivenT_contra, StateT]):
    """Follows a shape from frame to frame. ``preprocess_image(context, image)`` may be left out."""

    @property
    def spec(self) -> TrackingFunctionSpec:
        """What it follows."""
        ...

    def init_tracking_state(
        self, context: TrackingFunctionShapeContext, pp_image: GivenT_contra, shape: TrackableShape
    ) -> StateT:
        """Begin to follow a shape."""
        ...

    def track(
        self, context: TrackingFunctionShapeContext, pp_image: GivenT_contra, state: StateT
    ) -> TrackableShape | None:
        """Where the shape is on the next frame; None where it is not."""
        ...


# -- interaction ------------------------------------------------------------------------------------


def _at_least_0(instance: Any, attribute: Any, value: Any) -> None:
    if value is not None and value < 0:
        raise ValueError(f"{attribute.name}: expected a number from 0, got {value}")


@attrs.frozen(kw_only=True)
class InteractionFunctionSpec:
    """What an interaction function needs; None for what it does not take.

    Attributes:
        min_pos_points: Points of the object, at least.
        min_neg_points: Points beside the object, at least.
        min_bounding_boxes: Boxes of the object, at least: 0 or 1.
    """

    min_pos_points: int = attrs.field(validator=_at_least_0)
    min_neg_points: int | None = attrs.field(default=None, validator=_at_least_0)
    min_bounding_boxes: Literal[0, 1] | None = attrs.field(
        default=None, validator=attrs.validators.in_((0, 1, None))
    )


class InteractionFunctionContext(abc.ABC):  # noqa: B024 - nothing is told yet
    """What an interaction function is told."""


class InteractionPrompts(abc.ABC):
    """What a user points at."""

    @property
    @abc.abstractmethod
    def pos_points(self) -> Sequence[tuple[float, float]]:
        """Points of the object."""

    @property
    @abc.abstractmethod
    def neg_points(self) -> Sequence[tuple[float, float]]:
        """Points beside the object."""

    @property
    @abc.abstractmethod
    def bounding_box(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Two corners of a box around the object."""


class InteractionResultAttributes(IntEnum):
    """Attributes of a result."""

    CONFIDENCE = 0


@attrs.frozen(kw_only=True)
class InteractionResultShape:
    """A shape that an interaction function has found."""

    type: str
    points: list[float] = attrs.field(converter=list)
    attributes: list[models.AttributeValRequest] = attrs.field(factory=list)

    @attributes.validator
    def _validate_attributes(self, attribute: Any, value: list[models.AttributeValRequest]) -> None:
        known = {int(member) for member in InteractionResultAttributes}
        for entry in value:
            if entry.spec_id not in known:
                raise BadFunctionError(
                    f"a shape has an attribute of the unknown ID {entry.spec_id}"
                )


class InteractionFunction(AutoAnnotationFunction, Protocol[GivenT_contra]):
    """Finds the object that a user points at. ``preprocess_image(context, image)`` may be left out."""

    @property
    def spec(self) -> InteractionFunctionSpec:
        """What it needs."""
        ...

    def detect(
        self,
        context: InteractionFunctionContext,
        pp_image: GivenT_contra,
        prompts: InteractionPrompts,
    ) -> list[InteractionResultShape]:
        """The shapes of the object."""
        ...


# -- specifications ---------------------------------------------------------------------------------


def label_spec(name: str, id: int, **kwargs: Any) -> models.PatchedLabelRequest:
    """A label of a function; keywords are further fields."""
    return models.PatchedLabelRequest(name=name, id=id, **kwargs)


def skeleton_label_spec(
    name: str, id: int, sublabels: Sequence[models.SublabelRequest], **kwargs: Any
) -> models.PatchedLabelRequest:
    """A label of skeletons, with its points."""
    return models.PatchedLabelRequest(
        name=name, id=id, type="skeleton", sublabels=list(sublabels), **kwargs
    )


def keypoint_spec(name: str, id: int, **kwargs: Any) -> models.SublabelRequest:
    """A point of a skeleton."""
    return models.SublabelRequest(name=name, id=id, type="points", **kwargs)


def attribute_spec(
    name: str, id: int, input_type: str, values: list[str], **kwargs: Any
) -> models.AttributeRequest:
    """An attribute."""
    kind: Any = input_type
    return models.AttributeRequest(
        name=name, id=id, input_type=kind, values=values, mutable=False, **kwargs
    )


def checkbox_attribute_spec(name: str, id: int, **kwargs: Any) -> models.AttributeRequest:
    """An attribute that is true or false."""
    return attribute_spec(name, id, "checkbox", [], **kwargs)


def number_attribute_spec(
    name: str, id: int, values: list[str], **kwargs: Any
) -> models.AttributeRequest:
    """An attribute that is a number; see `cvat_sdk.attributes.number_attribute_values`."""
    return attribute_spec(name, id, "number", values, **kwargs)


def radio_attribute_spec(
    name: str, id: int, values: list[str], **kwargs: Any
) -> models.AttributeRequest:
    """An attribute that is one of some values, all of which are shown."""
    return attribute_spec(name, id, "radio", values, **kwargs)


def select_attribute_spec(
    name: str, id: int, values: list[str], **kwargs: Any
) -> models.AttributeRequest:
    """An attribute that is one of some values."""
    return attribute_spec(name, id, "select", values, **kwargs)


def text_attribute_spec(name: str, id: int, **kwargs: Any) -> models.AttributeRequest:
    """An attribute that is a text."""
    return attribute_spec(name, id, "text", [], **kwargs)


# -- annotations ------------------------------------------------------------------------------------


def tag(label_id: int, **kwargs: Any) -> models.LabeledImageRequest:
    """A label of the whole image; keywords are further fields."""
    return models.LabeledImageRequest(label_id=label_id, frame=0, **kwargs)


def shape(label_id: int, **kwargs: Any) -> models.LabeledShapeRequest:
    """A shape; ``type`` and ``points`` are among the keywords."""
    return models.LabeledShapeRequest(label_id=label_id, frame=0, **kwargs)


def mask(label_id: int, points: Sequence[float], **kwargs: Any) -> models.LabeledShapeRequest:
    """A mask; see `cvat_sdk.masks.encode_mask`."""
    return shape(label_id, type="mask", points=points, **kwargs)


def polygon(label_id: int, points: Sequence[float], **kwargs: Any) -> models.LabeledShapeRequest:
    """A polygon: ``x1, y1, x2, y2, ...`` in pixels."""
    return shape(label_id, type="polygon", points=points, **kwargs)


def rectangle(label_id: int, points: Sequence[float], **kwargs: Any) -> models.LabeledShapeRequest:
    """A rectangle: left, top, right and bottom in pixels."""
    return shape(label_id, type="rectangle", points=points, **kwargs)


def skeleton(
    label_id: int, elements: Sequence[models.SubLabeledShapeRequest], **kwargs: Any
) -> models.LabeledShapeRequest:
    """A skeleton of points that `keypoint` makes."""
    return shape(label_id, type="skeleton", elements=list(elements), **kwargs)


def keypoint(
    label_id: int, points: Sequence[float], **kwargs: Any
) -> models.SubLabeledShapeRequest:
    """A point of a skeleton: x and y in pixels."""
    return models.SubLabeledShapeRequest(
        label_id=label_id, type="points", points=points, frame=0, **kwargs
    )
