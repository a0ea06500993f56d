"""Tables to annotations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cvat_sdk.api_client import models
from cvat_sdk.api_client.runtime.collector import PAUSE
from cvat_sdk.core.shapes.tracks import Object, keyframes_of
from cvat_sdk.tables import types
from cvat_sdk.tables.frames import Frames, frames_of
from cvat_sdk.tables.labels import Labels, text_of
from cvat_sdk.tables.reading import TAG
from cvat_sdk.tables.table import ATTRIBUTE, COLUMNS

_POSITION = ("type", "frame", "occluded", "outside", "z_order", "rotation", "points", "attributes")
"""Keys of a keyframe."""


def annotation_request(
    table: types.AnyTable,
    labels: Iterable[models.ILabel],
    meta: models.IDataMetaRead | None = None,
) -> models.LabeledDataRequest:
    """The annotations of a table, to be sent to a task or job.

    Rows are those of `annotation_table`, in any order, and any of them may be left out, added or changed. Rows of one
    ``track_id`` become a track: where ``keyframe`` is true there is a keyframe, and the rows between are
    interpolated. Where a track has no row in a frame, the object is outside. Ids are not sent, so what is sent is new.

    Args:
        table: Needs the columns ``frame``, ``type`` and ``label`` or ``label_id``, and ``points`` for shapes. Columns
            that are missing, and values that are None, NaN or NA, have the defaults of the API. Columns of attributes
            are called ``attributes.<name>``. All others of `COLUMNS` are derived from these, and are not read.
        labels: Labels of the task or project, as `get_labels()` gives them.
        meta: Frames of the task. Without it, there are those up to the last one in the table.

    Raises:
        ValueError: A column is missing, rows belong to several tasks, a label is not known, or a value does not fit.
        TypeError: This is no table.
    """
    with PAUSE:  # none of the many objects that are made is garbage
        return _request(_columns(table), Labels(labels), meta)


def _request(
    columns: Mapping[str, Sequence[Any]], labels: Labels, meta: models.IDataMetaRead | None
) -> models.LabeledDataRequest:
    if len({task for task in columns.get("task_id", ()) if task is not None}) > 1:
        raise ValueError("Expected the rows of one task, there are several values of task_id")
    rows = _rows(columns, labels)
    tracks: defaultdict[Any, list[Object]] = defaultdict(list)
    document: dict[str, Any] = {"tags": [], "shapes": [], "tracks": []}
    for row in rows:
        if row["track_id"] is not None:
            tracks[row["track_id"]].append(row)
        elif row["type"] == TAG:
            document["tags"].append(_chosen(row, _TAG))
        else:
            elements = [_chosen(element, _SHAPE) for element in row["elements"]]
            document["shapes"].append({**_chosen(row, _SHAPE), "elements": elements})
    if tracks:
        stop = max(row["frame"] for row in rows)
        frames = Frames(list(range(stop + 1)), {}) if meta is None else frames_of(meta)
        following = frames.following
        mutable = {spec_id for spec_id, spec in labels.specs.items() if spec.mutable}
        document["tracks"] = [
            _track(positions, following, mutable) for positions in tracks.values()
        ]
    return models.LabeledDataRequest(**document)


_TAG = ("frame", "label_id", "group", "source", "attributes")
_SHAPE = (*_TAG, "type", "occluded", "outside", "z_order", "rotation", "score", "points")


def _chosen(row: Object, names: Iterable[str]) -> Object:
    return {name: row[name] for name in names}


# --- rows -------------------------------------------------------------------------------------------


def _columns(table: Any) -> dict[str, Sequence[Any]]:
    """The columns as Python values, with None for what is missing."""
    library = type(table).__module__.partition(".")[0]
    if isinstance(table, Mapping):
        found = dict(table)
    elif library == "pandas":
        found = table.to_dict("list")
    elif library == "polars":
        found = table.to_dict(as_series=False)
    elif library == "pyarrow":
        found = table.to_pydict()
    else:
        raise TypeError(
            "Expected a table of pandas, polars or pyarrow, or columns by name, "
            f"got a value of type {type(table).__name__}"
        )
    lengths = {len(values) for values in found.values()}
    if len(lengths) > 1:
        raise ValueError(f"Expected columns of one length, got {sorted(lengths)}")
    return {
        name: _without_missing(values)
        for name, values in found.items()
        if name in COLUMNS or name.startswith(ATTRIBUTE)
    }


def _without_missing(values: Sequence[Any]) -> list[Any]:
    kinds = set(map(type, values))
    if kinds <= {int, str, bool, list, tuple, type(None)}:
        return list(values)
    return [None if _is_missing(value) else value for value in values]


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ == "NAType":
        return True
    return isinstance(value, float) and value != value


_DEFAULTS: Mapping[str, Any] = {
    "label": None,
    "label_id": None,
    "track_id": None,
    "keyframe": True,
    "parent": None,
    "group": 0,
    "source": "manual",
    "occluded": False,
    "outside": False,
    "z_order": 0,
    "rotation": 0.0,
    "score": 1.0,
    "points": (),
}
_PLAIN: Mapping[str, type] = {
    "frame": int,
    "label_id": int,
    "keyframe": bool,
    "group": int,
    "occluded": bool,
    "outside": bool,
    "z_order": int,
    "rotation": float,
    "score": float,
}
"""Python's types, where libraries have their own."""


def _rows(columns: Mapping[str, Sequence[Any]], labels: Labels) -> list[Object]:
    """The rows that stand for themselves, those of skeletons with their points as ``elements``."""
    for name in ("frame", "type"):
        if name not in columns:
            raise ValueError(f"Expected a column {name!r}, there are {', '.join(columns)}")
    count = len(columns["frame"])
    numbers = columns.get("row") or range(count)
    rows: list[Object] = []
    by_number: dict[Any, Object] = {}
    for index in range(count):
        row: Object = {name: columns[name][index] for name in ("frame", "type")}
        for name, default in _DEFAULTS.items():
            value = columns[name][index] if name in columns else None
            row[name] = default if value is None else value
        _check(row, index)
        rows.append(row)
        by_number[numbers[index]] = row
    if len(by_number) < count and any(row["parent"] is not None for row in rows):
        raise ValueError("Expected a number of its own in the column row for each row")
    own = []
    for index, row in enumerate(rows):
        parent = row["parent"]
        if parent is None:
            own.append(row)
        elif parent not in by_number or by_number[parent] is row:
            raise ValueError(
                f"Row {index}: expected the row of its skeleton, there is no row {parent}"
            )
        else:
            by_number[parent]["elements"].append(row)
    for row in own:
        row["label_id"] = _label_of(row, labels, None)
        for element in row["elements"]:
            element["label_id"] = _label_of(element, labels, row["label_id"])
    specs = {
        (label_id, f"{ATTRIBUTE}{spec.name}"): spec.id
        for label_id, of_label in labels.attributes.items()
        for spec in of_label
    }
    for name in (name for name in columns if name.startswith(ATTRIBUTE)):
        for row, value in zip(rows, columns[name], strict=True):
            # All labels share the column; only some of them have the attribute.
            if value is not None and (spec_id := specs.get((row["label_id"], name))) is not None:
                row["attributes"].append({"spec_id": spec_id, "value": text_of(value)})
    return own


def _check(row: Object, index: int) -> None:
    """Make plain values of those that libraries have; see also `models.LabeledDataRequest`, which checks the rest."""
    for name, kind in _PLAIN.items():
        value = row[name]
        if value is None and name == "label_id":
            continue
        try:
            row[name] = kind(value)
        except (TypeError, ValueError):
            raise ValueError(
                f"Row {index}: expected {name} as {kind.__name__}, "
                f"got a value of type {type(value).__name__}"
            ) from None
    row["type"] = str(row["type"])
    row["points"] = [float(value) for value in row["points"]]
    row["elements"], row["attributes"] = [], []


def _label_of(row: Object, labels: Labels, parent: int | None) -> int:
    """The label by its name, which people change, or else by its id."""
    if row["label"] is not None:
        return labels.find(str(row["label"]), parent)
    if row["label_id"] is None:
        raise ValueError("Expected a label or a label_id in each row")
    return int(row["label_id"])


# --- tracks -----------------------------------------------------------------------------------------


def _track(rows: list[Object], following: Mapping[int, int], mutable: set[int]) -> Object:
    rows.sort(key=lambda row: int(row["frame"]))
    track = _part(rows, following, mutable)
    by_label: defaultdict[int, list[Object]] = defaultdict(list)
    for row in rows:
        for element in row["elements"]:
            by_label[element["label_id"]].append(element)
    track["elements"] = [_part(part, following, mutable) for part in by_label.values()]
    return track


def _part(rows: Sequence[Object], following: Mapping[int, int], mutable: set[int]) -> Object:
    """A track, or that of a point of a skeleton."""
    first = rows[0]
    labels = {row["label_id"] for row in rows}
    frames = {row["frame"] for row in rows}
    if len(labels) > 1 or len(frames) < len(rows):
        raise ValueError(
            f"Expected one label, and one row in each frame, in the rows of track_id {first['track_id']}"
        )
    keyframes = keyframes_of(((row["keyframe"], row) for row in rows), following)
    return {
        "label_id": first["label_id"],
        "frame": first["frame"],
        "group": first["group"],
        "source": first["source"],
        "attributes": [value for value in first["attributes"] if value["spec_id"] not in mutable],
        "shapes": [
            {
                **_chosen(row, _POSITION),
                "attributes": [value for value in row["attributes"] if value["spec_id"] in mutable],
            }
            for row in keyframes
        ],
    }
