"""COCO 1.0: objects as boxes, polygons and run length encoded masks.

    annotations/instances_<subset>.json
    images/<subset>/<frame name>

Rectangles, polygons, masks and ellipses (as masks) are written; the format has no place for points,
polylines, cuboids, skeletons and tags. The members of a group are one object with several parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from pycocotools import mask as coco_mask

from cvat_local.formats.archive import ArchiveWriter, Source
from cvat_local.formats.collector import Collector, number_of
from cvat_local.formats.dataset import DEFAULT_SUBSET, Dataset, Document, Frame, Label
from cvat_local.formats.errors import FormatError
from cvat_local.formats.masks import pixels_of, points_of
from cvat_local.formats.outline import Outline
from cvat_sdk.core.shapes import masks
from cvat_sdk.core.shapes.coco import to_rle
from cvat_sdk.core.shapes.geometry import bounds, clip_polygon, from_xywh, to_xywh

HEADER = {
    "licenses": [{"name": "", "id": 0, "url": ""}],
    "info": {
        "contributor": "",
        "date_created": "",
        "description": "",
        "url": "",
        "version": "",
        "year": "",
    },
}
"""What files of all kinds of COCO begin with."""
_WRITTEN = frozenset({"rectangle", "polygon", "mask", "ellipse"})
_encode = msgspec.json.Encoder().encode


# --- export ----------------------------------------------------------------------------------------


def export_coco(dataset: Dataset, archive: ArchiveWriter, *, save_images: bool) -> None:
    """Write the dataset, one annotation file for each subset."""
    first_image_id = 1
    for subset, parts in dataset.subsets().items():
        annotated = [item for part in parts for item in part.annotated_frames()]
        images = [
            image_entry(image_id, frame)
            for image_id, (frame, _) in enumerate(annotated, first_image_id)
        ]
        header = {**HEADER, "categories": _categories(dataset), "images": images}
        with archive.text(f"annotations/instances_{subset}.json") as file:
            file.write(_encode(header)[:-1] + b',"annotations":[')
            annotation_id = 0
            for image, (frame, found) in zip(images, annotated, strict=True):
                for instance in _instances(found.shapes):
                    annotation_id += 1
                    entry = {
                        "id": annotation_id,
                        "image_id": image["id"],
                        **_annotation(dataset, instance, frame),
                    }
                    file.write((b"," if annotation_id > 1 else b"") + _encode(entry))
            file.write(b"]}")
        first_image_id += len(images)
    if save_images:
        archive.images_of(
            dataset, lambda part, frame: f"images/{part.subset_name}/{frame.file_name}"
        )


def _categories(dataset: Dataset) -> list[dict[str, Any]]:
    names = dataset.label_by_id
    return [
        {
            "id": index,
            "name": label.name,
            "supercategory": "" if label.parent_id is None else names[label.parent_id].name,
        }
        for index, label in enumerate(dataset.labels, 1)
    ]


def image_entry(image_id: int, frame: Frame) -> dict[str, Any]:
    """What a file says about an image."""
    return {
        "id": image_id,
        "width": frame.width,
        "height": frame.height,
        "file_name": frame.file_name,
        "license": 0,
        "flickr_url": "",
        "coco_url": "",
        "date_captured": 0,
    }


def _instances(shapes: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Shapes that make one object: first those outside groups, then the groups."""
    groups: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for shape in shapes:
        if shape["type"] not in _WRITTEN:
            continue
        if shape["group"]:
            groups[shape["group"]].append(shape)
        else:
            yield [shape]
    for _, members in sorted(groups.items()):
        yield members


class _Part:
    """One shape of an instance: its box and, unless it is a rectangle, what it covers."""

    def __init__(self, shape: dict[str, Any], frame: Frame) -> None:
        points, kind = shape["points"], shape["type"]
        self.shape = shape
        self.outline: list[float] | None = None
        self.pixels: masks.Pixels | None = None
        if kind == "polygon":
            self.outline = points
            self.box = bounds(points)
            self.area = _polygon_area([points], frame)
            return
        if kind == "rectangle":
            x, y, width, height = to_xywh(points)
            self.box = (x, y, x + width, y + height)
            self.area = width * height
            return
        if kind == "mask":
            self.pixels = pixels_of(points, frame)
        else:
            self.pixels = masks.ellipse_pixels(points, shape["rotation"], frame.width, frame.height)
        self.box = masks.pixel_bounds(self.pixels)
        self.area = float(self.pixels.sum())


def _annotation(
    dataset: Dataset, instance: Sequence[dict[str, Any]], frame: Frame
) -> dict[str, Any]:
    parts = [_Part(shape, frame) for shape in instance]
    leader = max(parts, key=lambda part: part.area)
    left, top, right, bottom = zip(*(part.box for part in parts), strict=True)
    bbox = to_xywh((min(left), min(top), max(right), max(bottom)))
    segmentation, area = _segmentation(parts, frame)
    return {
        "category_id": dataset.label_indexes[leader.shape["label_id"]] + 1,
        "segmentation": segmentation,
        "area": bbox[2] * bbox[3] if area is None else area,
        "bbox": bbox,
        "iscrowd": int(isinstance(segmentation, dict)),
        "attributes": _attributes(dataset, leader.shape),
    }


def _segmentation(parts: Sequence[_Part], frame: Frame) -> tuple[Any, float | None]:
    """What an instance covers and how many pixels that are (None: as many as its box)."""
    outlines = [part.outline for part in parts if part.outline is not None]
    covered = [part.pixels for part in parts if part.pixels is not None]
    if not covered:
        if len(parts) == 1:
            return outlines, parts[0].area
        return outlines, _polygon_area(outlines, frame) if outlines else None
    # Run lengths have no polygons beside them, so everything becomes one mask.
    covered += [_polygon_pixels(outline, frame) for outline in outlines]
    union = np.logical_or.reduce(covered)
    return to_rle(union, compressed=False), float(union.sum())


def _polygon_rle(outlines: Iterable[list[float]], frame: Frame) -> Any:
    # pycocotools takes memory for each pixel along an edge, wherever the edge lies.
    inside = [clip_polygon(points, frame.width, frame.height) for points in outlines]
    inside = [points for points in inside if len(points) >= 6]
    if not inside:
        return None
    return coco_mask.merge(coco_mask.frPyObjects(inside, frame.height, frame.width))


def _polygon_area(outlines: Iterable[list[float]], frame: Frame) -> float:
    rle = _polygon_rle(outlines, frame)
    return 0.0 if rle is None else float(coco_mask.area(rle))


def _polygon_pixels(outline: list[float], frame: Frame) -> masks.Pixels:
    rle = _polygon_rle([outline], frame)
    if rle is None:
        return np.zeros((frame.height, frame.width), dtype=np.bool_)
    return np.asarray(coco_mask.decode(rle), dtype=np.bool_)


def _attributes(dataset: Dataset, shape: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {**dataset.attribute_values(shape), "occluded": shape["occluded"]}
    if shape["type"] in ("rectangle", "ellipse"):
        values["rotation"] = shape["rotation"]
    for key in ("track_id", "keyframe"):
        if key in shape:
            values[key] = shape[key]
    return values


# --- import ----------------------------------------------------------------------------------------


class Image(msgspec.Struct):
    """An image of a file."""

    id: int | str
    file_name: str


class Category(msgspec.Struct):
    """A label of a file, with the points of a skeleton."""

    id: int
    name: str
    keypoints: list[str] = []


class Annotation(msgspec.Struct):
    """An object of a file."""

    image_id: int | str
    category_id: int
    bbox: list[float] | None = None
    segmentation: list[list[float]] | dict[str, Any] | None = None
    keypoints: list[float] | None = None
    attributes: dict[str, Any] | None = None


class File(msgspec.Struct):
    """What is read of a file."""

    images: list[Image]
    categories: list[Category]
    annotations: list[Annotation]

    def placed(self, collector: Collector) -> Iterator[tuple[Annotation, Frame, Category]]:
        """The objects, each with its frame and category.

        Raises:
            FormatError: An object has the id of none, or an image is none of the frames.
        """
        frames = {image.id: collector.frame(image.file_name) for image in self.images}
        categories = {category.id: category for category in self.categories}
        for annotation in self.annotations:
            frame = frames.get(annotation.image_id)
            if frame is None:
                raise FormatError(f"An annotation has the unknown image id {annotation.image_id}.")
            category = categories.get(annotation.category_id)
            if category is None:
                raise FormatError(
                    f"An annotation has the unknown category id {annotation.category_id}."
                )
            yield annotation, frame, category

    def outline(self, outline: Outline) -> None:
        """Tell the labels, and the attributes that their objects have."""
        names = {category.id: category.name for category in self.categories}
        for category in self.categories:
            label = outline.label(category.name)
            for point in category.keypoints:
                label.part(point)
        for annotation in self.annotations:
            if annotation.category_id in names:
                outline.label(names[annotation.category_id]).found(annotation.attributes or {})


# Made before there are threads: two that decode to a class for the first time crash the process.
_decoder = msgspec.json.Decoder(File)


def read_file(source: Source, name: str | None) -> File:
    """Read one file.

    Raises:
        FormatError: It is not COCO.
    """
    with source.open(name) as reader:
        try:
            return _decoder.decode(reader.read())
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise FormatError(f"{name or 'The file'} is not a COCO file: {error}") from error


def import_coco(source: Source, target: Dataset) -> Document:
    """Read a COCO annotation file, or an archive with one or several.

    Raises:
        FormatError: The file is not COCO, or does not fit the frames and labels.
    """
    collector = Collector(target)
    group = 0
    for name in _annotation_files(source):
        for annotation, frame, category in read_file(source, name).placed(collector):
            group += 1
            _collect(collector, annotation, frame, collector.label(category.name), group)
    return collector.document()


def _annotation_files(source: Source) -> list[str | None]:
    if not source.is_archive:
        return [None]
    names = source.names(".json")
    # Archives of COCO itself hold captions and key points beside the instances.
    chosen = [name for name in names if name.rpartition("/")[2].startswith("instances_")] or names
    if source.subset is not None:
        chosen = [name for name in chosen if subset_of(name) == source.subset]
    if not chosen:
        raise FormatError("The archive has no annotations/instances_<subset>.json.")
    return list(chosen)


def subset_of(name: str) -> str:
    """The subset that an annotation file is about."""
    stem = name.rpartition("/")[2].removesuffix(".json")
    return stem.partition("_")[2] if "_" in stem else stem


def outline_coco(source: Source) -> Outline:
    """The subsets and labels of a dataset, which say nothing of types and colours.

    Raises:
        FormatError: The file is not COCO.
    """
    outline = Outline()
    for name in _annotation_files(source):
        outline.subsets.append(subset_of(name or DEFAULT_SUBSET))
        read_file(source, name).outline(outline)
    return outline


def _collect(
    collector: Collector, annotation: Annotation, frame: Frame, label: Label, group: int
) -> None:
    attributes = annotation.attributes or {}
    segmentation = annotation.segmentation
    rotation = 0.0
    shapes: list[tuple[str, list[float]]]
    if isinstance(segmentation, dict):
        points = points_of(segmentation, frame)
        shapes = [] if points is None else [("mask", points)]
    elif segmentation and any(segmentation):
        shapes = [("polygon", outline) for outline in segmentation]
    elif annotation.bbox is not None and len(annotation.bbox) == 4:
        shapes = [("rectangle", from_xywh(annotation.bbox))]
        rotation = number_of(attributes.get("rotation"))
    else:
        raise FormatError(f"An annotation in {frame.name!r} has neither a segmentation nor a box.")
    for kind, values in shapes:
        collector.add_found(
            collector.shape(
                frame,
                label,
                kind,
                values,
                attributes,
                occluded=attributes.get("occluded") is True,
                rotation=rotation,
                group=group,
            ),
            label,
            attributes,
        )
