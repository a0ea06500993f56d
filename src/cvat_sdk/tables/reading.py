"""Annotations to tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, cast

import msgspec

from cvat_sdk.api_client import models
from cvat_sdk.api_client.runtime.collector import PAUSE
from cvat_sdk.api_client.runtime.model import UNSET
from cvat_sdk.core.shapes.geometry import corners, ellipse_outline
from cvat_sdk.core.shapes.masks import from_points
from cvat_sdk.core.shapes.measures import boxes_and_areas
from cvat_sdk.core.shapes.outlines import to_polygons
from cvat_sdk.core.shapes.tracks import Object, visible
from cvat_sdk.tables import types
from cvat_sdk.tables.frames import Frames, frames_of
from cvat_sdk.tables.labels import Labels
from cvat_sdk.tables.table import COLUMNS, AnnotationTable, Kind

TAG = "tag"
"""The type of rows that are tags."""

# What is read of each object, with what stands for a field that is not set.
_FIELDS: Mapping[str, Any] = {
    "frame": 0,
    "type": TAG,
    "id": None,
    "label_id": None,
    "group": 0,
    "source": "manual",
    "occluded": False,
    "outside": False,
    "z_order": 0,
    "rotation": 0.0,
    "score": 1.0,
    "points": (),
    "attributes": (),
    "elements": (),
    "track_id": None,
    "keyframe": None,
    "parent": None,
}
_LABELED = frozenset(
    {
        models.LabeledImage,
        models.LabeledImageRequest,
        models.LabeledShape,
        models.LabeledShapeRequest,
    }
)
"""Models that are read all fields at once."""


def annotation_table(
    source: types.Source,
    labels: Iterable[models.ILabel] | None = None,
    meta: models.IDataMetaRead | None = None,
    *,
    polygons: bool = False,
) -> AnnotationTable:
    """A table with a row for each tag, shape, visible position of a track, and point of a skeleton.

    Tracks are interpolated as CVAT does; frames in which an object is outside have no row of it. Deleted frames have
    no rows either, nor have intervals of audio. Rows come tags first, then shapes, then tracks, each in its order; points follow their skeletons.

    Args:
        source: A task, job or project; or annotations, as a model or as plain data of the API.
        labels: Labels of annotations that come without a task, for names of labels and attributes. Without them
            these names are missing, and attributes are called by their ids.
        meta: Frames of annotations that come without a task, for names of frames, and for which of them there are.
            Without it, tracks end in the last frame that any annotation has.
        polygons: Add the column ``polygons``.

    Raises:
        TypeError: The source is none.
    """
    builder = _Builder()
    if isinstance(source, Mapping) or not hasattr(source, "get_annotations"):
        builder.add(source, Labels(labels or ()), None if meta is None else frames_of(meta), None)
    else:
        _add_entity(builder, source)
    return builder.table(polygons)


def _add_entity(builder: _Builder, entity: Any) -> None:
    if not hasattr(entity, "get_tasks"):
        _add_part(builder, entity, Labels(entity.get_labels()))
        return
    labels = Labels(entity.get_labels())
    for task in entity.get_tasks():
        if task.size:  # a task without data has no annotations that could be asked for
            _add_part(builder, task, labels)


def _add_part(builder: _Builder, entity: Any, labels: Labels) -> None:
    meta = entity.get_meta()
    if hasattr(entity, "task_id"):  # a job
        frames = frames_of(meta, entity.start_frame, entity.stop_frame)
        builder.add(entity.get_annotations(), labels, frames, entity.task_id)
    else:
        builder.add(entity.get_annotations(), labels, frames_of(meta), entity.id)


class _Builder:
    """Collects columns."""

    def __init__(self) -> None:
        self._columns: dict[str, list[Any]] = {name: [] for name in _FIELDS}
        self._columns |= {name: [] for name in ("task_id", "frame_name", "label")}
        self._specs: dict[str, set[int]] = {}
        self._values: dict[str, dict[int, str]] = {}
        """By column of an attribute: texts by row."""
        self._labels = Labels(())
        self._tracks = 0
        self._frames: Frames | None = None

    def add(
        self, annotations: Any, labels: Labels, frames: Frames | None, task_id: int | None
    ) -> None:
        """Add the rows of a task or job."""
        self._labels, self._frames = labels, frames
        first = len(self._columns["frame"])
        with PAUSE:  # none of the many objects that are made is garbage
            for kind in ("tags", "shapes"):
                self._add_rows(_read(_list_of(annotations, kind), frames))
            tracks = [_completed(track) for track in map(_plain, _list_of(annotations, "tracks"))]
            if tracks:
                self._add_tracks(tracks, first)
            columns = self._columns
            names: Mapping[int, str] = {} if frames is None else frames.names
            columns["frame_name"] += map(names.get, columns["frame"][first:])
            columns["label"] += map(labels.names.get, columns["label_id"][first:])
            columns["task_id"] += [task_id] * (len(columns["frame"]) - first)

    def _add_tracks(self, tracks: Sequence[Object], first: int) -> None:
        if self._frames is not None:
            wanted = self._frames.numbers
        else:
            ends = [
                shape["frame"]
                for track in tracks
                for part in (track, *track["elements"])
                for shape in part["shapes"]
            ]
            wanted = list(range(max(chain(ends, self._columns["frame"][first:]), default=-1) + 1))
        chosen = set(wanted)
        found = []
        for track in tracks:
            if wanted and track["shapes"]:
                found += [
                    {**shape, "id": track["id"], "track_id": self._tracks}
                    for shape in visible(track, wanted[0], wanted[-1])
                    if shape["frame"] in chosen
                ]
            self._tracks += 1
        self._add_rows(_columns_of(found))

    def _add_rows(self, read: Mapping[str, Sequence[Any]]) -> None:
        row = len(self._columns["frame"])
        if any(read["elements"]):
            read = _with_elements(read, row)
        for name, values in read.items():
            self._columns[name] += values
        self._add_attributes(read["attributes"], row)

    def _add_attributes(self, attributes: Sequence[Any], row: int) -> None:
        by_spec: dict[int, dict[int, str]] = {}
        for values in attributes:
            for value in values or ():
                spec_id, text = (
                    (value["spec_id"], value["value"])
                    if isinstance(value, dict)
                    else (value.spec_id, value.value)
                )
                by_row = by_spec.get(spec_id)
                if by_row is None:
                    by_row = by_spec[spec_id] = {}
                by_row[row] = text
            row += 1
        for spec_id, texts in by_spec.items():
            column = self._labels.column_of(spec_id)
            self._specs.setdefault(column, set()).add(spec_id)
            self._values.setdefault(column, {}).update(texts)

    def table(self, polygons: bool) -> AnnotationTable:
        """Everything that was added."""
        columns = self._columns
        count = len(columns["frame"])
        columns["type"] = _texts(columns["type"])
        boxes, areas = boxes_and_areas(columns["type"], columns["points"], columns["rotation"])
        _spread_over_skeletons(boxes, columns)
        columns["row"] = list(range(count))
        edges = zip(("left", "top", "right", "bottom"), boxes.T, strict=True)
        numbers = {**dict(edges), "area": areas}
        for name, values in numbers.items():
            columns[name] = [None if value != value else value for value in values.tolist()]
        kinds: dict[str, Kind] = dict(COLUMNS)
        result = {name: columns[name] for name in COLUMNS}
        if polygons:
            kinds["polygons"] = "lists"
            result["polygons"] = list(
                map(_polygons, columns["type"], columns["points"], columns["rotation"])
            )
        for name in sorted(self._values):
            texts = list(map(self._values[name].get, range(count)))
            kinds[name], result[name] = self._labels.reader_of(self._specs[name])(texts)
        return AnnotationTable(result, kinds)


def _list_of(annotations: Any, kind: str) -> list[Any]:
    found = (
        annotations.get(kind)
        if isinstance(annotations, Mapping)
        else getattr(annotations, kind, None)
    )
    if found is None and not isinstance(annotations, (Mapping, msgspec.Struct)):
        raise TypeError(
            "Expected a task, job or project, or annotations as a model or a dict, "
            f"got a value of type {type(annotations).__name__}"
        )
    return list(found or ())


def _read(objects: Sequence[Any], frames: Frames | None) -> dict[str, list[Any]]:
    """The fields of tags or shapes by columns, without those of frames that are not there."""
    read = _columns_of(objects)
    if frames is None:
        return read
    wanted = set(frames.numbers)
    if wanted.issuperset(read["frame"]):
        return read
    kept = [frame in wanted for frame in read["frame"]]
    return {
        name: [value for value, keep in zip(values, kept, strict=True) if keep]
        for name, values in read.items()
    }


def _columns_of(objects: Sequence[Any]) -> dict[str, list[Any]]:
    """Each field of objects of one kind: of models or of plain data."""
    kinds = set(map(type, objects))
    if len(kinds) == 1 and (model := kinds.pop()) in _LABELED:
        try:
            # All fields of all objects in C, ten times as fast as one field after the other.
            table = zip(*map(msgspec.structs.astuple, objects), strict=True)
            given: dict[str, Sequence[Any]] = dict(zip(model.__struct_fields__, table, strict=True))
        except AttributeError:  # a required field that the server left out
            given = {}
        if given and all(extra is UNSET for extra in given["_extra"]):
            return {
                name: _filled(given[name], default) if name in given else [default] * len(objects)
                for name, default in _FIELDS.items()
            }
    return {
        name: _filled([_field(item, name) for item in objects], default)
        for name, default in _FIELDS.items()
    }


def _filled(values: Sequence[Any], default: Any) -> list[Any]:
    return [default if value is UNSET or value is None else value for value in values]


def _field(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def _with_elements(read: Mapping[str, Sequence[Any]], row: int) -> dict[str, list[Any]]:
    """The rows with those of the points of skeletons behind them."""
    mixed: dict[str, list[Any]] = {name: [] for name in _FIELDS}
    inherited = ("frame", "group", "track_id", "keyframe")
    for index, elements in enumerate(read["elements"]):
        parent = row + len(mixed["frame"])
        for name, values in read.items():
            mixed[name].append(values[index])
        if elements:
            for name, values in _columns_of(list(elements)).items():
                if name == "keyframe" and read["keyframe"][index] is not None:
                    mixed[name] += values  # each point of a track has keyframes of its own
                elif name in inherited:
                    mixed[name] += [read[name][index]] * len(elements)
                elif name in ("parent", "id"):
                    mixed[name] += [parent if name == "parent" else None] * len(elements)
                else:
                    mixed[name] += values
    return mixed


def _spread_over_skeletons(boxes: Any, columns: Mapping[str, Sequence[Any]]) -> None:
    """Give each skeleton the box around its points that are not outside."""
    for row, parent in enumerate(columns["parent"]):
        if parent is not None and not columns["outside"][row]:
            left, top, right, bottom = boxes[parent]
            own = boxes[row]
            # NaN, which a skeleton has at first, is greater and less than nothing.
            boxes[parent] = (
                own
                if left != left
                else (min(left, own[0]), min(top, own[1]), max(right, own[2]), max(bottom, own[3]))
            )


def _texts(kinds: Sequence[Any]) -> list[str]:
    """The types as plain texts: members of enumerations, of which there is one each, are slow to ask."""
    members = dict(zip(map(id, kinds), kinds, strict=True))
    texts = {number: str(kind) for number, kind in members.items()}
    return list(map(texts.__getitem__, map(id, kinds)))


def _polygons(kind: str, points: Sequence[float], rotation: float) -> list[list[float]]:
    if kind == "rectangle":
        return [corners(points, rotation)]
    if kind == "ellipse":
        return [ellipse_outline(points, rotation)]
    if kind == "polygon":
        return [list(points)]
    return to_polygons(from_points(points)) if kind == "mask" else []


def _plain(item: Any) -> Object:
    return dict(item) if isinstance(item, Mapping) else cast(Object, item.to_dict())


_TRACK: Mapping[str, Any] = {"id": None, "group": 0, "source": "manual"}
_POSITION: Mapping[str, Any] = {
    name: _FIELDS[name] for name in ("occluded", "outside", "z_order", "rotation")
}


def _completed(track: Object) -> Object:
    """A track with all keys of all of its objects."""
    given = {name: value for name, value in track.items() if value is not None}
    shapes = [
        {
            **_POSITION,
            **{name: value for name, value in _plain(shape).items() if value is not None},
            "points": list(_field(shape, "points") or ()),
            "attributes": list(map(_plain, _field(shape, "attributes") or ())),
        }
        for shape in given.get("shapes", ())
    ]
    return {
        **_TRACK,
        **given,
        "shapes": shapes,
        "attributes": list(map(_plain, given.get("attributes", ()))),
        "elements": [_completed(_plain(element)) for element in given.get("elements", ())],
    }
