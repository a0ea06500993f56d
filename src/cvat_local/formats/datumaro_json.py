"""Datumaro 1.0: one JSON file for each subset, with all kinds of objects but cuboids.

annotations/<subset>.json
images/<subset>/<frame name>
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec

from cvat_local.formats.archive import ArchiveWriter, Source
from cvat_local.formats.collector import Collector, number_of
from cvat_local.formats.dataset import (
    DEFAULT_SUBSET,
    Dataset,
    Document,
    Frame,
    FrameAnnotations,
    Label,
)
from cvat_local.formats.errors import FormatError
from cvat_local.formats.masks import pixels_of, points_of
from cvat_local.formats.outline import Outline
from cvat_sdk.core.shapes.coco import to_rle
from cvat_sdk.core.shapes.geometry import ellipse_from_box, ellipse_to_box, from_xywh, to_xywh

_encode = msgspec.json.Encoder().encode

_ABSENT, _HIDDEN, _VISIBLE = 0, 1, 2
"""Visibility of a point of a skeleton."""


# --- export ----------------------------------------------------------------------------------------


def export_datumaro(dataset: Dataset, archive: ArchiveWriter, *, save_images: bool) -> None:
    """Write the dataset, one annotation file for each subset."""
    header = {"info": {}, "categories": _categories(dataset)}
    for subset, parts in dataset.subsets().items():
        with archive.text(f"annotations/{subset}.json") as file:
            file.write(_encode(header)[:-1] + b',"items":[')
            separator = b""
            for part in parts:
                for frame, found in part.annotated_frames():
                    file.write(separator + _encode(_item(dataset, frame, found)))
                    separator = b","
            file.write(b"]}")
    if save_images:
        archive.images_of(
            dataset, lambda part, frame: f"images/{part.subset_name}/{frame.file_name}"
        )


def _categories(dataset: Dataset) -> dict[str, Any]:
    names = dataset.label_by_id
    labels = [
        {
            "name": label.name,
            "parent": "" if label.parent_id is None else names[label.parent_id].name,
            "attributes": sorted(attribute.name for attribute in label.attributes),
        }
        for label in dataset.labels
    ]
    skeletons = [
        {
            "label_id": index,
            "labels": [sub.name for sub in dataset.labels if sub.parent_id == label.id],
            "joints": joints(label.svg),
        }
        for index, label in enumerate(dataset.labels)
        if label.type == "skeleton"
    ]
    names_of_all = {attribute.name for label in dataset.labels for attribute in label.attributes}
    categories: dict[str, Any] = {
        "label": {"labels": labels, "attributes": sorted(names_of_all | {"occluded"})}
    }
    if skeletons:
        categories["points"] = {"items": skeletons}
    return categories


def joints(svg: str) -> list[list[int]]:
    """Which points of a skeleton are joined, by their numbers in its drawing (from 1)."""
    joints = []
    for line in re.findall(r"<line\b[^>]*>", svg):
        start = re.search(r'data-node-from="(\d+)"', line)
        end = re.search(r'data-node-to="(\d+)"', line)
        if start and end:
            joints.append([int(start[1]), int(end[1])])
    return joints


def _item(dataset: Dataset, frame: Frame, found: FrameAnnotations) -> dict[str, Any]:
    annotations = [
        _common(dataset, "label", tag, dataset.attribute_values(tag)) for tag in found.tags
    ]
    annotations += [
        _shape(dataset, shape, frame) for shape in found.shapes if shape["type"] in _GEOMETRIES
    ]
    return {
        "id": frame.stem,
        "annotations": annotations,
        "attr": {"frame": frame.source_number},
        "image": {"path": frame.file_name, "size": [frame.height, frame.width]},
    }


def _common(
    dataset: Dataset, kind: str, annotation: Mapping[str, Any], attributes: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "id": 0,
        "type": kind,
        "attributes": attributes,
        "group": annotation["group"] or 0,
        "label_id": dataset.label_indexes[annotation["label_id"]],
    }


def _shape(dataset: Dataset, shape: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    kind, geometry = _GEOMETRIES[shape["type"]]
    attributes: dict[str, Any] = dataset.attribute_values(shape)
    attributes["occluded"] = shape["occluded"]
    if shape["type"] in ("rectangle", "ellipse"):
        attributes["rotation"] = shape["rotation"]
    for key in ("track_id", "keyframe"):
        if key in shape:
            attributes[key] = shape[key]
    written = _common(dataset, kind, shape, attributes)
    written["z_order"] = shape["z_order"]
    if shape["type"] == "skeleton":
        written["elements"] = [_element(dataset, element) for element in shape["elements"]]
    else:
        written |= geometry(shape, frame)
    return written


def _element(dataset: Dataset, element: Mapping[str, Any]) -> dict[str, Any]:
    visibility = _VISIBLE
    if element["outside"]:
        visibility = _ABSENT
    elif element["occluded"]:
        visibility = _HIDDEN
    attributes: dict[str, Any] = dataset.attribute_values(element)
    if "keyframe" in element:
        attributes["keyframe"] = element["keyframe"]
    return {
        **_common(dataset, "points", {"group": 0, **element}, attributes),
        "points": element["points"],
        "visibility": [visibility] * (len(element["points"]) // 2),
        "z_order": element["z_order"],
    }


def _bbox(shape: Mapping[str, Any], _frame: Frame) -> dict[str, Any]:
    return {"bbox": to_xywh(shape["points"])}


def _points(shape: Mapping[str, Any], _frame: Frame) -> dict[str, Any]:
    return {"points": shape["points"]}


def _ellipse(shape: Mapping[str, Any], _frame: Frame) -> dict[str, Any]:
    # Datumaro describes an ellipse by the rectangle around it (before it is rotated).
    return {"points": ellipse_to_box(shape["points"])}


def _mask(shape: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    return {"rle": to_rle(pixels_of(shape["points"], frame))}


_GEOMETRIES: Mapping[str, tuple[str, Callable[[Mapping[str, Any], Frame], dict[str, Any]]]] = {
    "rectangle": ("bbox", _bbox),
    "polygon": ("polygon", _points),
    "polyline": ("polyline", _points),
    "points": ("points", _points),
    "ellipse": ("ellipse", _ellipse),
    "mask": ("mask", _mask),
    "skeleton": ("skeleton", _points),
}
"""By shape type: what Datumaro calls it, and how its geometry is written."""


# --- import ----------------------------------------------------------------------------------------


class _LabelCategory(msgspec.Struct):
    name: str
    parent: str | None = None


class _LabelCategories(msgspec.Struct):
    labels: list[_LabelCategory]


class _Categories(msgspec.Struct):
    label: _LabelCategories


class _Annotation(msgspec.Struct):
    type: str
    label_id: int | None = None
    attributes: dict[str, Any] = {}
    group: int = 0
    z_order: int = 0
    points: list[float] = []
    bbox: list[float] = []
    rle: dict[str, Any] = {}
    visibility: list[int] = []
    elements: list[_Annotation] = []


class _Image(msgspec.Struct):
    path: str = ""


class _Item(msgspec.Struct):
    id: str
    annotations: list[_Annotation] = []
    attr: dict[str, Any] = {}
    image: _Image | None = None


class _File(msgspec.Struct):
    categories: _Categories
    items: list[_Item]


# Made before there are threads: two that decode to a class for the first time crash the process.
_decoder = msgspec.json.Decoder(_File)

_IGNORED = frozenset({"caption", "cuboid_3d", "cuboid_2d", "depth_annotation", "hash_key"})
"""Kinds of annotations that images here do not have."""


def import_datumaro(source: Source, target: Dataset) -> Document:
    """Read an annotation file, or an archive with one or several.

    Raises:
        FormatError: The file is not Datumaro JSON, or does not fit the frames and labels.
    """
    collector = Collector(target)
    for _, content in _contents(source):
        _Reader(collector, content).read()
    return collector.document()


def outline_datumaro(source: Source) -> Outline:
    """The subsets and labels of a dataset; labels with parents are parts of skeletons.

    Raises:
        FormatError: The file is not Datumaro JSON.
    """
    outline = Outline()
    for subset, content in _contents(source):
        outline.subsets.append(subset)
        categories = content.categories.label.labels
        labels = [
            outline.label(category.parent).part(category.name)
            if category.parent
            else outline.label(category.name)
            for category in categories
        ]
        for item in content.items:
            for annotation in item.annotations:
                index = annotation.label_id
                if index is not None and 0 <= index < len(labels):
                    labels[index].found(annotation.attributes)
    return outline


def _contents(source: Source) -> Iterator[tuple[str, _File]]:
    """Annotation files, each with the subset that it is about."""
    names: list[str | None] = list(source.names(".json")) if source.is_archive else [None]
    found = False
    for name in names:
        subset = DEFAULT_SUBSET if name is None else PurePosixPath(name).stem
        if source.subset not in (None, subset):
            continue
        found = True
        with source.open(name) as reader:
            try:
                content = _decoder.decode(reader.read())
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise FormatError(
                    f"{name or 'The file'} is not a Datumaro file: {error}"
                ) from error
        yield subset, content
    if not found:
        raise FormatError("The archive has no annotations/<subset>.json.")


class _Reader:
    """Reads one annotation file."""

    def __init__(self, collector: Collector, content: _File) -> None:
        self._collector = collector
        self._content = content
        self._categories = content.categories.label.labels

    def read(self) -> None:
        for item in self._content.items:
            number = item.attr.get("frame")
            path = item.image.path if item.image and item.image.path else item.id
            frame = self._collector.frame(path, number if isinstance(number, int) else None)
            for annotation in item.annotations:
                if annotation.type not in _IGNORED:
                    self._read(annotation, frame)

    def _label(self, annotation: _Annotation, parent: Label | None = None) -> Label:
        index = annotation.label_id
        if index is None or not 0 <= index < len(self._categories):
            raise FormatError(f"A {annotation.type} has the unknown label id {index}.")
        return self._collector.label(self._categories[index].name, parent)

    def _read(self, annotation: _Annotation, frame: Frame) -> None:
        label, attributes = self._label(annotation), annotation.attributes
        if annotation.type == "label":
            self._collector.add_tag(frame, label, attributes, annotation.group)
            return
        kind, points = _read_geometry(annotation, frame)
        if kind == "mask" and not points:
            return
        shape = self._collector.shape(
            frame,
            label,
            kind,
            points,
            attributes,
            occluded=attributes.get("occluded") is True,
            z_order=annotation.z_order,
            rotation=number_of(attributes.get("rotation")),
            group=annotation.group,
            elements=[self._element(element, frame, label) for element in annotation.elements],
        )
        self._collector.add_found(shape, label, attributes)

    def _element(self, element: _Annotation, frame: Frame, parent: Label) -> dict[str, Any]:
        seen = element.visibility[0] if element.visibility else _VISIBLE
        return self._collector.shape(
            frame,
            self._label(element, parent),
            "points",
            element.points,
            element.attributes,
            occluded=seen == _HIDDEN or element.attributes.get("occluded") is True,
            outside=seen == _ABSENT or element.attributes.get("outside") is True,
            z_order=element.z_order,
        )


def _read_geometry(annotation: _Annotation, frame: Frame) -> tuple[str, list[float]]:
    kind, points = annotation.type, annotation.points
    if kind == "bbox" and len(annotation.bbox) == 4:
        return "rectangle", from_xywh(annotation.bbox)
    if kind == "mask":
        return "mask", points_of(annotation.rle, frame) or []
    if kind == "ellipse" and len(points) == 4:
        return "ellipse", _read_ellipse(points)
    if kind in ("polygon", "polyline", "points"):
        return kind, points
    if kind == "skeleton":
        return "skeleton", []
    raise FormatError(f"A {kind} in {frame.name!r} cannot be read.")


def _read_ellipse(points: list[float]) -> list[float]:
    if points[3] < points[1]:  # not a box: CVAT's own form, centre, right end and upper end
        return points
    return ellipse_from_box(points)
