"""Export of "CVAT for images 1.1": one XML file that describes every frame.

    annotations.xml
    images/<frame name>              of a task or job
    images/<subset>/<frame name>     of a project

Its import is `cvat_local.formats.cvat_import`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from cvat_local.formats.archive import ArchiveWriter
from cvat_local.formats.dataset import DEFAULT_SUBSET, Dataset, Frame, Part, Person, TaskInfo
from cvat_local.formats.xml_writer import XmlWriter


def export_cvat_images(dataset: Dataset, archive: ArchiveWriter, *, save_images: bool) -> None:
    """Write the dataset."""
    with archive.text("annotations.xml") as file:
        xml = XmlWriter(file)
        with xml.element("annotations"):
            write_head(xml, dataset)
            for part in dataset.parts:
                for frame, found in part.annotated_frames():
                    with xml.element("image", _image(dataset, part, frame)):
                        for shape in found.shapes:
                            _write_shape(xml, dataset, shape)
                        for tag in found.tags:
                            write_annotation(
                                xml,
                                dataset,
                                "tag",
                                tag,
                                {"label": label_name(dataset, tag), "source": tag["source"]},
                            )
    if save_images:
        add_images(dataset, archive)


def add_images(dataset: Dataset, archive: ArchiveWriter) -> None:
    """Add the images, in the folders that both CVAT formats have."""
    archive.images_of(dataset, lambda part, frame: _image_path(dataset, part, frame))


def _image(dataset: Dataset, part: Part, frame: Frame) -> dict[str, str]:
    attributes = {"id": str(frame.source_number), "name": frame.name}
    if dataset.project is not None:
        attributes["subset"] = part.subset_name
        attributes["task_id"] = str(part.task_id)
    return {**attributes, "width": str(frame.width), "height": str(frame.height)}


def _image_path(dataset: Dataset, part: Part, frame: Frame) -> str:
    # CVAT writes frames of videos with an upper case extension in this format.
    name = frame.name + frame.extension.upper()
    if dataset.project is None:
        return f"images/{name}"
    return f"images/{part.subset_name}/{name}"


# --- annotations -----------------------------------------------------------------------------------


def _write_shape(xml: XmlWriter, dataset: Dataset, shape: Mapping[str, Any]) -> None:
    kind = shape["type"]
    attributes = {"label": label_name(dataset, shape), "source": shape["source"]}
    if kind != "skeleton":
        attributes["occluded"] = str(int(shape["occluded"]))
        attributes |= GEOMETRIES[kind](shape)
    attributes["z_order"] = str(shape["z_order"])
    if shape["group"]:
        attributes["group_id"] = str(shape["group"])
    name = "box" if kind == "rectangle" else kind
    write_annotation(xml, dataset, name, shape, attributes, shape.get("elements", ()))


def _write_element(xml: XmlWriter, dataset: Dataset, element: Mapping[str, Any]) -> None:
    kind = element["type"]
    attributes = {
        "label": label_name(dataset, element),
        "source": element["source"],
        "outside": str(int(element["outside"])),
        "occluded": str(int(element["occluded"])),
        **GEOMETRIES[kind](element),
    }
    write_annotation(xml, dataset, "box" if kind == "rectangle" else kind, element, attributes)


def write_annotation(
    xml: XmlWriter,
    dataset: Dataset,
    name: str,
    annotation: Mapping[str, Any],
    attributes: Mapping[str, str],
    elements: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write a tag or shape with its attribute values, and the points of a skeleton in it."""
    with xml.element(name, attributes):
        for element in elements:
            _write_element(xml, dataset, element)
        for attribute, value in dataset.attribute_texts(annotation).items():
            xml.leaf("attribute", value, {"name": attribute})


def label_name(dataset: Dataset, annotation: Mapping[str, Any]) -> str:
    """Name of the label that a tag or shape has."""
    return dataset.label_by_id[annotation["label_id"]].name


def _number(value: float) -> str:
    return f"{value:.2f}"


def _rotation(shape: Mapping[str, Any]) -> dict[str, str]:
    return {"rotation": _number(shape["rotation"])} if shape["rotation"] else {}


def _box(shape: Mapping[str, Any]) -> dict[str, str]:
    corners = zip(("xtl", "ytl", "xbr", "ybr"), shape["points"], strict=True)
    return {name: _number(value) for name, value in corners} | _rotation(shape)


def _points(shape: Mapping[str, Any]) -> dict[str, str]:
    points = shape["points"]
    pairs = zip(points[::2], points[1::2], strict=True)
    return {"points": ";".join(f"{_number(x)},{_number(y)}" for x, y in pairs)}


def _ellipse(shape: Mapping[str, Any]) -> dict[str, str]:
    cx, cy, right, upper = shape["points"]
    return {
        "cx": _number(cx),
        "cy": _number(cy),
        "rx": _number(right - cx),
        "ry": _number(cy - upper),
    } | _rotation(shape)


def _mask(shape: Mapping[str, Any]) -> dict[str, str]:
    *runs, left, top, right, bottom = (int(value) for value in shape["points"])
    return {
        "rle": ", ".join(map(str, runs)),
        "left": str(left),
        "top": str(top),
        "width": str(right - left + 1),
        "height": str(bottom - top + 1),
    }


CUBOID_CORNERS = tuple(
    f"{axis}{corner}{side}"
    for side in (1, 2)
    for corner in ("tl", "bl", "tr", "br")
    for axis in ("x", "y")
)
"""Names of a cuboid's points, in their order: ``xtl1``, ``ytl1``, ``xbl1`` ... ``ybr2``."""


def _cuboid(shape: Mapping[str, Any]) -> dict[str, str]:
    corners = zip(CUBOID_CORNERS, shape["points"], strict=True)
    return {name: _number(value) for name, value in corners}


GEOMETRIES: dict[str, Callable[[Mapping[str, Any]], dict[str, str]]] = {
    "rectangle": _box,
    "polygon": _points,
    "polyline": _points,
    "points": _points,
    "ellipse": _ellipse,
    "mask": _mask,
    "cuboid": _cuboid,
}
"""By shape type: its geometry as attributes of an element."""


# --- description of the task, job or project -------------------------------------------------------


def write_head(xml: XmlWriter, dataset: Dataset) -> None:
    """Write the version of the format, and what the annotations are of."""
    xml.leaf("version", "1.1")
    with xml.element("meta"):
        _write_meta(xml, dataset)
        xml.leaf("dumped", _date(datetime.now(timezone.utc)))


def _write_meta(xml: XmlWriter, dataset: Dataset) -> None:
    project = dataset.project
    if project is None:
        for part in dataset.parts:
            if part.info is not None:
                with xml.element("job" if part.info.name is None else "task"):
                    _write_task(xml, part.info)
                    _write_labels(xml, dataset)
                    _write_video(xml, part)
        return
    with xml.element("project"):
        xml.leaf("id", str(project.id))
        xml.leaf("name", project.name)
        xml.leaf("bugtracker", project.bug_tracker)
        xml.leaf("created", _date(project.created))
        xml.leaf("updated", _date(project.updated))
        with xml.element("tasks"):
            for part in dataset.parts:
                if part.info is not None:
                    with xml.element("task"):
                        _write_task(xml, part.info)
                        _write_video(xml, part)
        xml.leaf("subsets", "\n".join(dataset.subsets()))
        _write_person(xml, "owner", project.owner)
        _write_person(xml, "assignee", project.assignee)
        _write_labels(xml, dataset)


def _write_task(xml: XmlWriter, info: TaskInfo) -> None:
    xml.leaf("id", str(info.id))
    if info.name is not None:
        xml.leaf("name", info.name)
    xml.leaf("size", str(info.size))
    xml.leaf("mode", info.mode)
    xml.leaf("overlap", str(info.overlap))
    xml.leaf("bugtracker", info.bug_tracker)
    xml.leaf("created", _date(info.created))
    xml.leaf("updated", _date(info.updated))
    xml.leaf("subset", info.subset or DEFAULT_SUBSET)
    xml.leaf("start_frame", str(info.start_frame))
    xml.leaf("stop_frame", str(info.stop_frame))
    xml.leaf("frame_filter", info.frame_filter)
    with xml.element("segments"):
        for segment in info.segments:
            with xml.element("segment"):
                xml.leaf("id", str(segment.id))
                xml.leaf("start", str(segment.start))
                xml.leaf("stop", str(segment.stop))
                xml.leaf("url", segment.url)
    _write_person(xml, "owner", info.owner)
    _write_person(xml, "assignee", info.assignee)


def _write_video(xml: XmlWriter, part: Part) -> None:
    if part.info is None or part.info.video is None or not part.frames:
        return
    with xml.element("original_size"):
        xml.leaf("width", str(part.frames[0].width))
        xml.leaf("height", str(part.frames[0].height))
    xml.leaf("source", part.info.video)


def _write_person(xml: XmlWriter, name: str, person: Person | None) -> None:
    if person is None:
        xml.leaf(name)
        return
    with xml.element(name):
        xml.leaf("username", person.username)
        xml.leaf("email", person.email)


def _write_labels(xml: XmlWriter, dataset: Dataset) -> None:
    with xml.element("labels"):
        for label in dataset.labels:
            with xml.element("label"):
                xml.leaf("name", label.name)
                xml.leaf("color", label.color)
                xml.leaf("type", label.type)
                with xml.element("attributes"):
                    for attribute in label.attributes:
                        with xml.element("attribute"):
                            xml.leaf("name", attribute.name)
                            xml.leaf("mutable", str(attribute.mutable))
                            xml.leaf("input_type", attribute.input_type)
                            xml.leaf("default_value", attribute.default_value)
                            xml.leaf("values", "\n".join(attribute.values))
                if label.svg:
                    xml.leaf("svg", label.svg)
                if label.parent_id is not None:
                    xml.leaf("parent", dataset.label_by_id[label.parent_id].name)


def _date(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(sep=" ", timespec="microseconds")
