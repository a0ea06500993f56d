"""Import of "CVAT 1.1": both XML files that CVAT writes, for images and for video.

In a file for images each ``<image>`` holds its shapes and tags. In one for video each ``<track>``
holds the positions of an object; a shape is written as a short track and comes back as one, except
masks, which have no tracks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element  # only the type: defusedxml parses

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from cvat_local.formats.archive import Source
from cvat_local.formats.collector import FROM_FILE, Collector
from cvat_local.formats.cvat_images import CUBOID_CORNERS
from cvat_local.formats.dataset import DEFAULT_SUBSET, Dataset, Document, Frame, Label
from cvat_local.formats.errors import FormatError
from cvat_local.formats.outline import Outline


def import_cvat(source: Source, target: Dataset) -> Document:
    """Read an annotation file, or an archive with one or several.

    Raises:
        FormatError: The file is not CVAT XML, or does not fit the frames and labels.
    """
    collector = Collector(target)
    for element in _elements(source):
        if source.subset not in (None, element.get("subset", DEFAULT_SUBSET)):
            continue
        if element.tag == "image":
            _read_image(collector, element)
        elif element.tag == "track":
            _read_track(collector, element)
    return collector.document()


def outline_cvat(source: Source) -> Outline:
    """The subsets and labels of a dataset.

    Raises:
        FormatError: The file is not CVAT XML.
    """
    outline = Outline()
    for element in _elements(source):
        if element.tag == "meta":
            labels = next(iter(element.iter("labels")), None)
            for label in labels if labels is not None else ():
                _outline_label(outline, label)
        elif element.tag in ("image", "track"):
            subset = element.get("subset", DEFAULT_SUBSET)
            if subset not in outline.subsets:
                outline.subsets.append(subset)
    return outline


def _outline_label(outline: Outline, element: Element) -> None:
    name, parent = element.findtext("name", ""), element.findtext("parent")
    label = outline.label(parent).part(name) if parent else outline.label(name)
    label.color = element.findtext("color", "")
    label.type = element.findtext("type", label.type)
    label.svg = element.findtext("svg", "")
    for entry in element.iter("attribute"):
        label.attributes[entry.findtext("name", "")] = {
            "name": entry.findtext("name", ""),
            "mutable": entry.findtext("mutable", "") == "True",
            "input_type": entry.findtext("input_type", "text"),
            "default_value": entry.findtext("default_value") or "",
            "values": (entry.findtext("values") or "").split("\n"),
        }


def _elements(source: Source) -> Iterator[Element]:
    """The children of the roots of all annotation files."""
    names: list[str | None] = list(source.names(".xml")) if source.is_archive else [None]
    if not names:
        raise FormatError("The archive has no annotations.xml.")
    for name in names:
        with source.open(name) as reader:
            try:
                yield from _top_elements(reader)
            except ParseError as error:
                raise FormatError(f"{name or 'The file'} is not an XML file: {error}") from error
            except DefusedXmlException as error:
                raise FormatError(
                    f"{name or 'The file'} has a document type or entities, which are not read."
                ) from error


def _top_elements(reader: Any) -> Iterator[Element]:
    """The children of the root, each complete; they are forgotten once they were used."""
    depth = 0
    root: Element | None = None
    for event, element in iterparse(reader, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            depth += 1
            if root is None:
                root = element
                if root.tag != "annotations":
                    raise FormatError(
                        f"The file has <{root.tag}> where CVAT annotations have <annotations>."
                    )
            continue
        depth -= 1
        if depth == 1 and root is not None:
            yield element
            root.clear()


# --- files for images ------------------------------------------------------------------------------


def _read_image(collector: Collector, image: Element) -> None:
    number = _integer(image, "id") if "id" in image.attrib else None
    frame = collector.frame(_get(image, "name"), number)
    for element in image:
        label = collector.label(_get(element, "label"))
        attributes = _attributes(element)
        if element.tag == "tag":
            collector.add_tag(frame, label, attributes, _integer(element, "group_id", "0"))
            continue
        elements = []
        if element.tag == "skeleton":
            elements = [
                _shape(collector, frame, collector.label(_get(point, "label"), label), point)
                for point in element
                if point.tag != "attribute"
            ]
        collector.add_shape(_shape(collector, frame, label, element, elements))


def _shape(
    collector: Collector,
    frame: Frame,
    label: Label,
    element: Element,
    elements: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    kind, points = _points(element)
    return collector.shape(
        frame,
        label,
        kind,
        points,
        _attributes(element),
        occluded=element.get("occluded") == "1",
        outside=element.get("outside") == "1",
        z_order=_integer(element, "z_order", "0"),
        rotation=_number(element, "rotation", "0"),
        group=_integer(element, "group_id", "0"),
        elements=elements or [],
    )


# --- files for video -------------------------------------------------------------------------------


def _read_track(collector: Collector, track: Element) -> None:
    label = collector.label(_get(track, "label"))
    group = _integer(track, "group_id", "0")
    source = track.get("source", FROM_FILE)
    positions: list[tuple[Element, dict[str, Any]]] = []
    of_points: defaultdict[int, list[tuple[Element, dict[str, Any]]]] = defaultdict(list)
    for element in track:
        frame = collector.frame_at(_integer(element, "frame"))
        if element.tag == "skeleton":
            for point in element:
                if point.tag != "attribute":
                    sublabel = collector.label(_get(point, "label"), label)
                    shape = _shape(collector, frame, sublabel, point)
                    of_points[sublabel.id].append((point, shape))
        positions.append((element, _shape(collector, frame, label, element, [])))
    if not positions:
        return
    if positions[0][1]["type"] == "mask":
        for _, shape in positions:
            if not shape["outside"]:
                collector.add_shape({**shape, "group": group, "source": source})
        return
    elements = [
        _track(collector, collector.label_by_id(label_id), found, source)
        for label_id, found in of_points.items()
    ]
    collector.add_track(
        {**_track(collector, label, positions, source), "group": group, "elements": elements}
    )


def _track(
    collector: Collector,
    label: Label,
    positions: list[tuple[Element, dict[str, Any]]],
    source: str,
) -> dict[str, Any]:
    fixed, _ = collector.split_attributes(label, positions[0][1]["attributes"])
    keyframes = [
        {**shape, "attributes": collector.split_attributes(label, shape["attributes"])[1]}
        for index, (element, shape) in enumerate(positions)
        if element.get("keyframe") == "1" or index == 0
    ]
    return collector.track(label, keyframes, source=source, attributes=fixed)


# --- reading elements ------------------------------------------------------------------------------


def _box(element: Element) -> list[float]:
    return [_number(element, name) for name in ("xtl", "ytl", "xbr", "ybr")]


def _point_list(element: Element) -> list[float]:
    try:
        return [
            float(value) for pair in _get(element, "points").split(";") for value in pair.split(",")
        ]
    except ValueError:
        raise FormatError(f"A <{element.tag}> has points that are not numbers.") from None


def _ellipse(element: Element) -> list[float]:
    cx, cy, rx, ry = (_number(element, name) for name in ("cx", "cy", "rx", "ry"))
    return [cx, cy, cx + rx, cy - ry]


def _mask(element: Element) -> list[float]:
    left, top, width, height = (
        _integer(element, name) for name in ("left", "top", "width", "height")
    )
    try:
        runs = [int(value) for value in _get(element, "rle").split(",")]
    except ValueError:
        raise FormatError("A <mask> has run lengths that are not whole numbers.") from None
    if min(runs) < 0 or width < 1 or height < 1 or sum(runs) > width * height:
        raise FormatError("A <mask> has run lengths that do not fit into its box.")
    return [*runs, left, top, left + width - 1, top + height - 1]


def _cuboid(element: Element) -> list[float]:
    return [_number(element, name) for name in CUBOID_CORNERS]


_READERS: Mapping[str, tuple[str, Callable[[Element], list[float]]]] = {
    "box": ("rectangle", _box),
    "polygon": ("polygon", _point_list),
    "polyline": ("polyline", _point_list),
    "points": ("points", _point_list),
    "ellipse": ("ellipse", _ellipse),
    "mask": ("mask", _mask),
    "cuboid": ("cuboid", _cuboid),
    "skeleton": ("skeleton", lambda _: []),
}


def _points(element: Element) -> tuple[str, list[float]]:
    if element.tag not in _READERS:
        raise FormatError(f"The element <{element.tag}> is not a kind of annotation.")
    kind, read = _READERS[element.tag]
    return kind, read(element)


def _attributes(element: Element) -> dict[str, str]:
    return {_get(item, "name"): item.text or "" for item in element.iterfind("attribute")}


def _get(element: Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise FormatError(f"An element <{element.tag}> has no attribute {name!r}.")
    return value


def _number(element: Element, name: str, default: str | None = None) -> float:
    value = _get(element, name) if default is None else element.get(name, default)
    try:
        return float(value)
    except ValueError:
        raise FormatError(f"{name}={value!r} in <{element.tag}> is not a number.") from None


def _integer(element: Element, name: str, default: str | None = None) -> int:
    value = _number(element, name, default)
    if not value.is_integer():
        raise FormatError(f"{name}={value!r} in <{element.tag}> is not a whole number.")
    return int(value)
