"""COCO Keypoints 1.0: skeletons.

    annotations/person_keypoints_<subset>.json
    images/<subset>/<frame name>

Nothing but skeletons is written and read. Points keep whether they are seen, and no attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cvat_local.formats.archive import ArchiveWriter, Source
from cvat_local.formats.coco import HEADER, Annotation, Category, File, image_entry, read_file
from cvat_local.formats.collector import Collector
from cvat_local.formats.dataset import DEFAULT_SUBSET, Dataset, Document, Frame, Label
from cvat_local.formats.datumaro_json import joints
from cvat_local.formats.errors import FormatError
from cvat_local.formats.outline import Outline
from cvat_sdk.core.shapes.geometry import bounds, to_xywh

_PREFIX = "person_keypoints_"
_ABSENT, _HIDDEN, _VISIBLE = 0, 1, 2
"""Visibility of a point."""
_DIGITS = 2
"""Decimals of a pixel that are written."""
_encode = msgspec.json.Encoder().encode


# --- export ----------------------------------------------------------------------------------------


def export_coco_keypoints(dataset: Dataset, archive: ArchiveWriter, *, save_images: bool) -> None:
    """Write the dataset, one annotation file for each subset."""
    labels = [label for label in dataset.labels if label.parent_id is None]
    numbers = {label.id: number for number, label in enumerate(labels, 1)}
    points = {
        label.id: [sub for sub in dataset.labels if sub.parent_id == label.id] for label in labels
    }
    categories = [
        {
            "id": numbers[label.id],
            "name": label.name,
            "supercategory": "",
            "keypoints": [sub.name for sub in points[label.id]],
            "skeleton": joints(label.svg),
        }
        for label in labels
    ]
    for subset, parts in dataset.subsets().items():
        frames = [item for part in parts for item in part.annotated_frames()]
        images = [image_entry(image_id, frame) for image_id, (frame, _) in enumerate(frames, 1)]
        annotations: list[dict[str, Any]] = []
        for image, (_, found) in zip(images, frames, strict=True):
            for shape in sorted(found.shapes, key=lambda shape: shape["z_order"]):
                if shape["type"] == "skeleton":
                    number = numbers[shape["label_id"]]
                    entry = {"id": len(annotations) + 1, "image_id": image["id"]}
                    entry |= {"category_id": number, "iscrowd": 0, "segmentation": []}
                    annotations.append(entry | _skeleton(dataset, shape, points[shape["label_id"]]))
        content = {**HEADER, "categories": categories, "images": images, "annotations": annotations}
        with archive.text(f"annotations/{_PREFIX}{subset}.json") as file:
            file.write(_encode(content))
    if save_images:
        archive.images_of(
            dataset, lambda part, frame: f"images/{part.subset_name}/{frame.file_name}"
        )


def _skeleton(dataset: Dataset, shape: Mapping[str, Any], points: list[Label]) -> dict[str, Any]:
    by_label = {element["label_id"]: element for element in shape["elements"]}
    keypoints: list[float] = []
    seen: list[float] = []
    for label in points:
        element = by_label.get(label.id)
        if element is None:
            keypoints += [0.0, 0.0, _ABSENT]
            continue
        place = [round(value, _DIGITS) for value in element["points"][:2]]
        if element["outside"]:
            keypoints += [*place, _ABSENT]
            continue
        keypoints += [*place, _HIDDEN if element["occluded"] else _VISIBLE]
        seen += place
    box = to_xywh(bounds(seen)) if seen else [0.0, 0.0, 0.0, 0.0]
    attributes: dict[str, Any] = {
        **dataset.attribute_values(shape),
        "occluded": shape["occluded"],
    }
    if "track_id" in shape:
        attributes["track_id"] = shape["track_id"]
    attributes["keyframe"] = shape.get("keyframe", False)
    return {
        "keypoints": keypoints,
        "num_keypoints": len(seen) // 2,
        "bbox": box,
        "area": round(box[2] * box[3], _DIGITS),
        "attributes": attributes,
    }


# --- import ----------------------------------------------------------------------------------------


def import_coco_keypoints(source: Source, target: Dataset) -> Document:
    """Read an annotation file, or an archive with one or several; what are no skeletons is passed over.

    Raises:
        FormatError: The file is not COCO, or does not fit the frames and labels.
    """
    collector = Collector(target)
    for _, content in _contents(source):
        for annotation, frame, category in content.placed(collector):
            if annotation.keypoints:
                _collect(collector, frame, category, annotation.keypoints, annotation)
    return collector.document()


def outline_coco_keypoints(source: Source) -> Outline:
    """The subsets and labels of a dataset; categories with points are skeletons.

    Raises:
        FormatError: The file is not COCO.
    """
    outline = Outline()
    for subset, content in _contents(source):
        outline.subsets.append(subset)
        content.outline(outline)
    return outline


def _contents(source: Source) -> Iterator[tuple[str, File]]:
    """Annotation files, each with the subset that it is about."""
    files: list[tuple[str, str | None]] = [(DEFAULT_SUBSET, None)]
    if source.is_archive:
        bases = [(name.rpartition("/")[2], name) for name in source.names(".json")]
        files = [
            (base.removeprefix(_PREFIX).removesuffix(".json"), name)
            for base, name in bases
            if base.startswith(_PREFIX)
        ]
        if not files:
            raise FormatError(f"The archive has no annotations/{_PREFIX}<subset>.json.")
    for subset, name in files:
        if source.subset not in (None, subset):
            continue
        yield subset, read_file(source, name)


def _collect(
    collector: Collector,
    frame: Frame,
    category: Category,
    keypoints: list[float],
    annotation: Annotation,
) -> None:
    label, attributes = collector.label(category.name), annotation.attributes or {}
    if len(keypoints) != 3 * len(category.keypoints):
        raise FormatError(
            f"A skeleton in {frame.name!r} has {len(keypoints)} numbers for "
            f"{len(category.keypoints)} points, which have three each."
        )
    elements = [
        collector.shape(
            frame,
            collector.label(name, label),
            "points",
            [x, y],
            {},
            occluded=visibility == _HIDDEN,
            outside=visibility == _ABSENT,
        )
        for name, x, y, visibility in zip(
            category.keypoints, keypoints[::3], keypoints[1::3], keypoints[2::3], strict=True
        )
    ]
    shape = collector.shape(
        frame,
        label,
        "skeleton",
        [],
        attributes,
        occluded=attributes.get("occluded") is True,
        elements=elements,
    )
    collector.add_found(shape, label, attributes)
