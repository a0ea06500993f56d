"""Export of "CVAT for video 1.1": one XML file with the objects, each with its way through the frames.

    annotations.xml
    images/<frame name>              of a task or job
    images/<subset>/<frame name>     of a project

A shape becomes a track that is over with the next frame. The format has no place for tags. Its import
is `cvat_local.formats.cvat_import`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from cvat_local.formats.archive import ArchiveWriter
from cvat_local.formats.cvat_images import (
    GEOMETRIES,
    add_images,
    label_name,
    write_annotation,
    write_head,
)
from cvat_local.formats.dataset import Dataset, Frame, Part
from cvat_local.formats.xml_writer import XmlWriter

_Positions = list[dict[str, Any]]
"""Where one object is, in the order of frames."""


def export_cvat_video(dataset: Dataset, archive: ArchiveWriter, *, save_images: bool) -> None:
    """Write the dataset: first the tracks of all tasks, then the shapes, as servers do."""
    found = [(part, *_objects(part)) for part in dataset.parts]
    tracks = [(part, positions) for part, of_part, _ in found for positions in of_part]
    shapes = [(part, [shape]) for part, _, of_part in found for shape in of_part]
    with archive.text("annotations.xml") as file:
        xml = XmlWriter(file)
        with xml.element("annotations"):
            write_head(xml, dataset)
            for number, (part, positions) in enumerate([*tracks, *shapes]):
                with xml.element("track", _track(dataset, part, number, positions[0])):
                    _write_positions(xml, dataset, part, positions)
    if save_images:
        add_images(dataset, archive)


def _objects(part: Part) -> tuple[list[_Positions], list[dict[str, Any]]]:
    """The tracks of a part, each as its positions, and its shapes outside tracks."""
    tracks: dict[int, _Positions] = {}
    shapes = []
    for _, found in part.annotated_frames():
        for shape in found.shapes:
            if "track_id" in shape:
                tracks.setdefault(shape["track_id"], []).append(shape)
            else:
                shapes.append(shape)
    return [positions for _, positions in sorted(tracks.items())], shapes


def _track(dataset: Dataset, part: Part, number: int, first: Mapping[str, Any]) -> dict[str, str]:
    attributes = {
        "id": str(number),
        "label": label_name(dataset, first),
        "source": first["source"],
    }
    if dataset.project is not None:
        attributes["task_id"] = str(part.task_id)
        attributes["subset"] = part.subset_name
    if first["group"]:
        attributes["group_id"] = str(first["group"])
    return attributes


def _write_positions(
    xml: XmlWriter, dataset: Dataset, part: Part, positions: Sequence[dict[str, Any]]
) -> None:
    frames = {frame.number: frame for frame in part.frames}
    for shape in _with_ends(part.frames, positions):
        _write_position(xml, dataset, frames[shape["frame"]], shape)


def _with_ends(
    frames: Sequence[Frame], positions: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The positions, and where the object is gone one that says so."""
    following = {frame.number: after.number for frame, after in pairwise(frames)}
    taken = {shape["frame"] for shape in positions}
    for shape in positions:
        yield shape
        after = following.get(shape["frame"])
        if after is not None and after not in taken:
            gone = {"frame": after, "keyframe": True, "outside": True}
            elements = [{**element, **gone} for element in shape.get("elements", ())]
            yield {**shape, **gone, "elements": elements}


def _write_position(
    xml: XmlWriter, dataset: Dataset, frame: Frame, shape: Mapping[str, Any]
) -> None:
    keyframe = shape.get("keyframe", True)
    attributes = {"frame": str(frame.source_number), "keyframe": str(int(keyframe))}
    if shape["type"] != "skeleton":
        attributes |= _state(shape)
    attributes["z_order"] = str(shape["z_order"])
    elements = [
        (element, element_keyframe)
        for element in shape.get("elements", ())
        # A point that is away and was so before needs no entry.
        if (element_keyframe := element.get("keyframe", keyframe)) or not element["outside"]
    ]
    with xml.element(_element_name(shape), attributes):
        for element, element_keyframe in elements:
            write_annotation(
                xml,
                dataset,
                _element_name(element),
                element,
                {
                    "label": label_name(dataset, element),
                    "keyframe": str(int(element_keyframe)),
                    **_state(element),
                },
            )
        for name, value in dataset.attribute_texts(shape).items():
            xml.leaf("attribute", value, {"name": name})


def _state(shape: Mapping[str, Any]) -> dict[str, str]:
    return {
        "outside": str(int(shape["outside"])),
        "occluded": str(int(shape["occluded"])),
        **GEOMETRIES[shape["type"]](shape),
    }


def _element_name(shape: Mapping[str, Any]) -> str:
    kind: str = shape["type"]
    return "box" if kind == "rectangle" else kind
