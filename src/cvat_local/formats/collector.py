"""Turns what was read from a file into a document for the labels and frames of a task or job."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cvat_local.formats.dataset import Dataset, Document, Frame, Label, empty_document
from cvat_local.formats.errors import FormatError
from cvat_local.formats.matching import FrameIndex
from cvat_sdk.core.shapes.kinds import POINTS
from cvat_sdk.core.shapes.tracks import keyframes_of

FROM_FILE = "file"
"""The ``source`` of objects that were imported."""


@dataclass
class _TrackedShapes:
    """Positions of one track that were found as shapes with a track id."""

    label: Label
    group: int
    source: str
    attributes: list[dict[str, Any]]
    positions: list[tuple[bool, dict[str, Any]]] = field(default_factory=list)
    """Each with whether it is a keyframe."""


class Collector:
    """Collects the annotations of a file.

    Args:
        target: Labels and frames that the file is imported to.
    """

    def __init__(self, target: Dataset) -> None:
        self._frames = [frame for part in target.parts for frame in part.frames]
        self._index = FrameIndex(self._frames)
        self._labels = {(label.parent_id, label.name): label for label in target.labels}
        self._label_ids = {label.id: label for label in target.labels}
        self._attributes = {
            label.id: {attribute.name: attribute for attribute in label.attributes}
            for label in target.labels
        }
        self._document = empty_document()
        self._tracks: dict[int, _TrackedShapes] = {}

    # --- looking up -------------------------------------------------------------------------------

    def frame(self, name: str, number: int | None = None) -> Frame:
        """The frame of an item, see `FrameIndex.find`."""
        return self._index.find(name, number)

    def frame_at(self, source_number: int) -> Frame:
        """The frame with that number in the uploaded media.

        Raises:
            FormatError: There is none.
        """
        return self._index.at(source_number)

    def label_by_id(self, label_id: int) -> Label:
        """The label or sublabel with an id of a label found before."""
        return self._label_ids[label_id]

    def label(self, name: str, parent: Label | None = None) -> Label:
        """The label of that name, or the sublabel of ``parent``.

        Raises:
            FormatError: There is none.
        """
        found = self._labels.get((parent.id if parent else None, name))
        if found is None:
            of_parent = f" in the label {parent.name!r}" if parent else ""
            raise FormatError(f"The label {name!r} is not known{of_parent}.")
        return found

    # --- adding -----------------------------------------------------------------------------------

    def add_tag(
        self, frame: Frame, label: Label, attributes: Mapping[str, Any], group: int = 0
    ) -> None:
        """Add a tag of a frame. Attributes that the label does not have are left out."""
        self._document["tags"].append(
            {
                "label_id": label.id,
                "frame": frame.number,
                "group": group,
                "source": FROM_FILE,
                "attributes": self._attribute_values(label, attributes),
            }
        )

    def shape(
        self,
        frame: Frame,
        label: Label,
        kind: str,
        points: Sequence[float],
        attributes: Mapping[str, Any],
        *,
        occluded: bool = False,
        outside: bool = False,
        z_order: int = 0,
        rotation: float = 0.0,
        group: int = 0,
        elements: Sequence[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        """Make a shape, to be added or to be an element of a skeleton.

        Raises:
            FormatError: The number of points does not fit the kind of shape.
        """
        _check_points(kind, points, frame)
        return {
            "type": kind,
            "label_id": label.id,
            "frame": frame.number,
            "group": group,
            "source": FROM_FILE,
            "occluded": occluded,
            "outside": outside,
            "z_order": z_order,
            "rotation": rotation % 360,
            "points": [float(value) for value in points],
            "attributes": self._attribute_values(label, attributes),
            "elements": list(elements),
        }

    def add_shape(self, shape: dict[str, Any]) -> None:
        """Add a shape made by `shape`."""
        self._document["shapes"].append(shape)

    def add_found(self, shape: dict[str, Any], label: Label, attributes: Mapping[str, Any]) -> None:
        """Add a shape, or the position of a track if the file marks it as one.

        The marks are ``track_id`` and ``keyframe`` among the ``attributes`` in the file; the track
        is put together in `document`.

        Raises:
            FormatError: Two positions of one track have different labels.
        """
        track_id, keyframe = attributes.get("track_id"), attributes.get("keyframe")
        if not isinstance(track_id, int) or keyframe is None:
            self.add_shape(shape)
            return
        fixed, changing = self.split_attributes(label, shape["attributes"])
        track = self._tracks.setdefault(
            track_id, _TrackedShapes(label, shape["group"], shape["source"], fixed)
        )
        if track.label.id != label.id:
            raise FormatError(
                f"The track {track_id} has the labels {track.label.name!r} and {label.name!r}."
            )
        track.positions.append((bool(keyframe), {**shape, "attributes": changing}))

    def add_track(self, track: dict[str, Any]) -> None:
        """Add a whole track, a document's item."""
        self._document["tracks"].append(track)

    def track(
        self,
        label: Label,
        shapes: Sequence[Mapping[str, Any]],
        *,
        group: int = 0,
        source: str = FROM_FILE,
        attributes: Sequence[Mapping[str, Any]] = (),
        elements: Sequence[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        """Make a track, to be added or to be an element of a skeleton's track.

        Args:
            label: Its label.
            shapes: Keyframes by frame, made by `shape`, with changing attributes only.
            group: Its group.
            source: Who made it.
            attributes: Values of the attributes that do not change.
            elements: Tracks of a skeleton's points.
        """
        keys = (
            "type",
            "frame",
            "occluded",
            "outside",
            "z_order",
            "rotation",
            "points",
            "attributes",
        )
        return {
            "label_id": label.id,
            "frame": min(shape["frame"] for shape in shapes),
            "group": group,
            "source": source,
            "attributes": list(attributes),
            "shapes": [{key: shape[key] for key in keys} for shape in shapes],
            "elements": list(elements),
        }

    def split_attributes(
        self, label: Label, values: Sequence[dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The values of the attributes that stay the same in a track, and of those that change."""
        mutable = {a.id for a in label.attributes if a.mutable}
        return (
            [value for value in values if value["spec_id"] not in mutable],
            [value for value in values if value["spec_id"] in mutable],
        )

    # --- result -----------------------------------------------------------------------------------

    def document(self) -> Document:
        """Everything that was added; the tracks are put together and the groups renumbered."""
        for tracked in self._tracks.values():
            self.add_track(self._track_of(tracked))
        self._tracks.clear()
        for shape in self._document["shapes"]:
            for element in shape["elements"]:
                element.pop("elements", None)
        _renumber_groups(self._document["tags"], self._document["shapes"])
        return self._document

    def _track_of(self, tracked: _TrackedShapes) -> dict[str, Any]:
        tracked.positions.sort(key=lambda position: position[1]["frame"])
        shapes = self._keyframes(tracked.positions)
        common: dict[str, Any] = {
            "group": tracked.group,
            "source": tracked.source,
            "attributes": tracked.attributes,
        }
        if shapes[0]["type"] != "skeleton":
            return self.track(tracked.label, shapes, **common)
        by_label: defaultdict[int, list[tuple[bool, dict[str, Any]]]] = defaultdict(list)
        for keyframe, position in tracked.positions:
            for element in position["elements"]:
                by_label[element["label_id"]].append((keyframe, element))
        elements = []
        for label_id, positions in by_label.items():
            sublabel = self._label_ids[label_id]
            fixed, _ = self.split_attributes(sublabel, positions[0][1]["attributes"])
            positions = [
                (
                    keyframe,
                    {
                        **element,
                        "attributes": self.split_attributes(sublabel, element["attributes"])[1],
                    },
                )
                for keyframe, element in positions
            ]
            elements.append(
                self.track(
                    sublabel,
                    self._keyframes(positions),
                    source=tracked.source,
                    attributes=fixed,
                )
            )
        # The points move in the elements; the skeleton itself only says from where on it exists.
        return self.track(tracked.label, shapes[:1], elements=elements, **common)

    def _keyframes(self, positions: Iterable[tuple[bool, dict[str, Any]]]) -> list[dict[str, Any]]:
        following = {
            frame.number: after.number
            for frame, after in zip(self._frames, self._frames[1:], strict=False)
        }
        return keyframes_of(positions, following)

    # --- attributes -------------------------------------------------------------------------------

    def _attribute_values(
        self, label: Label, attributes: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        known = self._attributes[label.id]
        return [
            {"spec_id": known[name].id, "value": _text(value)}
            for name, value in attributes.items()
            if name in known
        ]


def _check_points(kind: str, points: Sequence[float], frame: Frame) -> None:
    _, fits = POINTS[kind]
    if not fits(len(points)) or not all(math.isfinite(value) for value in points):
        raise FormatError(
            f"A {kind} in {frame.name!r} has no valid points ({len(points)} numbers)."
        )


def number_of(value: Any) -> float:
    """The number that an attribute in a file has, 0 when it is none."""
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else 0.0


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _renumber_groups(*lists: list[dict[str, Any]]) -> None:
    """Number the groups of each frame from 1; what is alone in its group is in none."""
    members: defaultdict[int, Counter[int]] = defaultdict(Counter)
    items = [item for each in lists for item in each]
    for item in items:
        members[item["frame"]][item["group"]] += 1
    numbers: dict[int, dict[int, int]] = {}
    for frame, counts in members.items():
        groups = sorted(group for group, count in counts.items() if group and count > 1)
        numbers[frame] = {group: number for number, group in enumerate(groups, 1)}
    for item in items:
        item["group"] = numbers[item["frame"]].get(item["group"], 0)
